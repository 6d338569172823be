"""Each amount of a list is read, is something else, or is told as unread."""

import sys
from collections import Counter
from collections.abc import Callable

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.certainty.unread_amounts import MOST_LISTED, UnreadAmounts

NAMES = (
    "Beras Pandan",
    "Gula Pasir",
    "Garam Halus",
    "Kopi Bubuk",
    "Teh Celup",
    "Kecap Manis",
    "Sambal Terasi",
    "Minyak Goreng",
    "Susu Bubuk",
)
PRICES = (72500, 18250, 9750, 31900, 12450, 21500, 15990, 38750, 64250)


def read(*rows: list, name: str = "Harga") -> UnreadAmounts:
    width = max(map(len, rows))
    return price_list.read_from_sheets([Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows])], "f.xlsx").certainty.unread


def test_a_table_of_names_and_prices_leaves_nothing_unread():
    """Prices, running numbers and quantities are accounted for."""
    goods = [[n, name, 3 + n % 2, price] for n, (name, price) in enumerate(zip(NAMES, PRICES, strict=True), 1)]
    assert read(["No", "Nama", "Stok", "Harga"], *goods).count == 0


def test_amounts_beside_a_table_are_counted_with_their_place():
    """A second column of prices that belongs to no table is told, cell by cell."""
    goods = [[name, price] for name, price in zip(NAMES, PRICES, strict=True)]
    beside = [[name, price, "", "", f"Rp {price + 500:,}"] for name, price in goods]
    unread = read(["Nama", "Harga"], *beside)
    assert unread.count == len(NAMES)
    assert (unread.cells[0].sheet, unread.cells[0].row, unread.cells[0].column, unread.cells[0].text) == ("Harga", 2, "E", "Rp 73,000")
    assert unread.money_count == len(NAMES)


def test_a_price_cell_that_is_no_amount_is_unread():
    """A row did not get the price that "340.36.1" is."""
    goods = [[name, price] for name, price in zip(NAMES, PRICES, strict=True)]
    unread = read(["Nama", "Harga"], *goods, ["Ban Luar", "340.36.1"])
    assert [cell.text for cell in unread.cells] == ["340.36.1"]


def test_an_amount_in_a_name_is_unread():
    """A price inside of a name that is not the row's own is told."""
    goods = [[name, price] for name, price in zip(NAMES, PRICES, strict=True)]
    unread = read(["Nama", "Harga"], *goods, ["Roti Tawar Rp 15.000", 17500])
    assert [(cell.text, cell.row, cell.column) for cell in unread.cells] == [("Roti Tawar Rp 15.000", 11, "A")]


def test_a_long_column_is_counted_and_its_first_cells_are_listed():
    """A result stays small, whatever was not read."""
    goods = [
        [f"{name} {n}", price + n, "", "", f"Rp {(price * 7919 + n * 104729) % 90000 + 500}"]
        for n in range(30)
        for name, price in zip(NAMES, PRICES, strict=True)
    ]
    unread = read(["Nama", "Harga"], *goods)
    assert unread.count == len(goods)
    assert len(unread.cells) == MOST_LISTED


def test_a_header_above_each_row_costs_no_more_than_its_table():
    """A list may have as many tables as rows: twice as many take twice the work, not four times."""
    tables = [["Item", "Price"], ["Rice", 5000]]
    read(*tables * 400)  # loads what is loaded once
    few, many = (calls_of(lambda count=count: read(*tables * count)) for count in (400, 800))
    assert many < 2.5 * few


def calls_of(work: Callable[[], object]) -> int:
    """Return how many calls of functions of Python some work takes."""
    calls: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _argument: calls.update((event,)))
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls["call"]
