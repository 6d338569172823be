"""Rows of goods whose names begin with a word for names, and whose prices are texts among numbers."""

import pytest

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.tables.choice.priced_rows import are_prices_of_goods, price_in_words
from monito_ray.pipeline.tables.headers import titled_rows

#: What stands in a price cell, and the price that it says, None where nobody can tell.
PRICES: list[tuple[str, int | None]] = [
    ("Rp 14.000", 14_000),
    ("Rp (1 400)", -1_400),
    ("-Rp 14.000", -14_000),
    ("Harga 14.000", 14_000),
    ("Price: Rp 14.000", 14_000),
    ("14.000 + PPN", 14_000),
    ("~Rp 14.000", 14_000),
    ("Was Rp 16.000 Now Rp 14.000", 14_000),
    ("Rp 14.000 per kg, washed", 14_000),
    ("Rp 14.000-15.000", 14_000),
    ("Rp minus 14.000", None),
    ("sale 14.000", None),
    ("Rp abc", None),
    ("$ abc", None),
    ("Rp ???", None),
    ("Rp tba", None),
    ("IDR x", None),
    ("Rp", None),
    ("Rp -", None),
]
TITLES: list[Value] = ["Product", "Price"]


def goods(name: str = "Item", count: int = 8) -> list[list[Value]]:
    """Rows of goods with prices that are numbers."""
    return [[f"{name} {chr(65 + n)}", 13_000.0 + 500 * n] for n in range(count)]


def prices_of(*rows: list[Value]) -> dict[str, int | None]:
    """The prices that a sheet's rows are read with, rejected ones, too."""
    found = validation.validate(price_list.read_from_sheets([Sheet("A", rows)], "list.xlsx").rows).to_pylist()
    return {row["original_name"]: None if row["price"] is None else int(row["price"]) for row in found}


@pytest.mark.parametrize("at", [0, 3, 7])
@pytest.mark.parametrize(("text", "price"), PRICES)
def test_a_row_with_a_price_in_words_among_numbers_is_one_of_goods(text: str, price: int | None, at: int):
    """The first, one in the middle and the last; it was taken for titles, and vanished."""
    rows = goods()
    rows[at][1] = text
    assert prices_of(TITLES, *rows) == {str(row[0]): price if row[1] == text else int(row[1]) for row in rows}  # type: ignore[call-overload]


@pytest.mark.parametrize("texts", [("Rp 14.000", "Rp 13.000"), ("-Rp 14.000", 13_000.0)])
def test_a_row_of_goods_may_have_several_prices(texts: tuple[Value, Value]):
    """All of them in words, or one."""
    rows = [[*row, 12_000.0 + 400 * n] for n, row in enumerate(goods())]
    rows[3][1:] = texts
    assert len(prices_of([*TITLES, "Price 2"], *rows)) == len(rows)


def test_a_share_among_prices_is_rejected():
    """It is no title of a discount."""
    rows = goods()
    rows[7][1] = "-10%"
    assert prices_of(TITLES, *rows)["Item H"] is None


def test_goods_below_a_title_of_a_section_are_no_titles():
    """The price before them, or the title of prices, stands farther above."""
    rows = [TITLES, ["FRUIT", ""], ["Item X", "Rp 14.000"], *goods(), ["TEA", ""], ["Item Y", "Rp 15.000"], *goods("Good")]
    prices = prices_of(*rows)
    assert (prices["Item X"], prices["Item Y"]) == (14_000, 15_000)


def test_a_currency_below_goods_is_a_title_where_no_name_begins_alike():
    """Each kind of goods has titles of its own."""
    rows: list[list[Value]] = [["Item list", "Rp"], *goods("Tea"), ["Product list", "Rp"], *goods("Jam")]
    assert titled_rows(Sheet("A", rows), 0, 2) == [0, 9]


def test_goods_of_a_list_without_titles_are_none():
    """Whatever the first row is called."""
    assert prices_of(["Item X", "Rp 14.000"], *goods())["Item X"] == 14_000


@pytest.mark.parametrize(
    "header",
    [
        ["Product", "Price 10 000 rub", "Price 50 000 rub"],
        ["Product", "10 000 rub", "50 000 rub"],
        ["Item list", "from 10 000 rub", "from 50 000 rub"],
        ["Item list", "Price", "-10%"],
        ["Product list", "Price 2025", "Price 2026"],
    ],
)
def test_titles_with_numbers_are_titles_where_they_stand_over_the_first_goods(header: list[Value]):
    """Sums from which prices hold, discounts and years."""
    rows = [[f"Apples {n}", 900.0 + n, 800.0 + n] for n in range(5)]
    assert titled_rows(Sheet("A", [header, *rows]), 0, 3) == [0]


def test_titles_with_numbers_that_come_again_are_titles():
    """Right below the goods before, too."""
    header: list[Value] = ["Item list", "Price 10 000 rub", "Price 50 000 rub"]
    rows = [[f"Apples {n}", 9000.0 + n, 8000.0 + n] for n in range(5)]
    assert titled_rows(Sheet("A", [header, *rows, header, *rows]), 0, 3) == [0, 6]


@pytest.mark.parametrize(
    ("text", "price"),
    [("Our price: $7.99", "7.99"), ("$5", "5"), ("Price 2", None), ("USD/100 kg", None), ("from $10", None), ("Price", None)],
)
def test_a_price_in_words_has_a_currency(text: str, price: str | None):
    """And is neither a rate nor a sum from which prices hold."""
    amount = price_in_words(text)
    assert (str(amount.value) if amount else None) == price


def test_sums_from_which_prices_hold_grow():
    """Prices of several kinds of one thing mostly fall."""
    assert are_prices_of_goods(["$14", "$13"])
    assert not are_prices_of_goods(["$1,000", "$5,000"])
    assert not are_prices_of_goods(["each", "dozen"])
