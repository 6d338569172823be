"""Names and prices that take turns, and gaps between tables."""

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.shapes.turns import are_apart, starts_behind_gaps, starts_in_turn
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title

NAMES = ["Beras Ramos", "Gula Pasir", "Minyak Goreng", "Garam Halus", "Tepung Beras", "Kopi Bubuk"]
PRICES = [62000.0, 17500.0, 38500.0, 4500.0, 12000.0, 21500.0]


def _starts(rows: list[list[Value]], *titles: str) -> list[int]:
    return starts_in_turn(rows, [parse_title(title) for title in titles] or [NO_TITLE] * len(rows[0]))


def test_three_tables_with_running_numbers_take_turns():
    """The number in front of a name belongs to its table."""
    rows: list[list[Value]] = [
        [float(n), name, price, n + 7.0, f"{name} super", price + 500, n + 14.0, f"{name} lokal", price + 900]
        for n, (name, price) in enumerate(zip(NAMES, PRICES, strict=True))
    ]
    assert _starts(rows) == [0, 3, 6]


def test_a_remark_behind_the_price_is_no_name():
    """No price follows it before the next name."""
    rows: list[list[Value]] = [
        [name, price, f"{name} from the north", f"{name} super", price + 500, "fresh"] for name, price in zip(NAMES, PRICES, strict=True)
    ]
    assert _starts(rows) == [0, 3]


def test_a_titled_description_begins_no_table():
    """Under a header only untitled columns and those of names do."""
    rows: list[list[Value]] = [[name, price, f"{name} super", price + 500] for name, price in zip(NAMES, PRICES, strict=True)]
    assert _starts(rows, "Item", "Price", "Remarks", "Stock") == []
    assert _starts(rows, "Item", "Price", "", "") == [0, 2]


def test_a_gap_parts_tables_that_could_be_ones():
    """A column of numbers behind a gap belongs to the table on its left."""
    pairs = list(zip(NAMES, PRICES, strict=True))
    assert starts_behind_gaps([[name, price, "", f"{name} super", price] for name, price in pairs], [NO_TITLE] * 5) == [0, 3]
    assert starts_behind_gaps([[name, price, "", price * 2, price] for name, price in pairs], [NO_TITLE] * 5) == []


def test_a_blank_column_within_a_table_parts_nothing():
    """Names before it belong to the amounts behind it."""
    rows: list[list[Value]] = [[name, "", price, "", f"{name} super", "", price + 3] for name, price in zip(NAMES, PRICES, strict=True)]
    assert starts_behind_gaps(rows, [NO_TITLE] * 7) == [0, 4]


def test_rows_are_apart_where_one_table_goes_on_alone():
    """One row alone may be a slip."""
    assert are_apart({1, 2, 3, 4}, {1, 2, 3, 4, 5, 6})
    assert not are_apart({1, 2, 3, 4}, {1, 2, 3, 4, 5})


def test_a_sheet_without_a_filled_column_is_in_one_part():
    """Lone remarks, each in a row of its own, are no columns."""
    assert starts_behind_gaps([["remark", "", "", "", ""], ["", "", "", "", ""]], [NO_TITLE] * 5) == []
