"""Tables that stand side by side on one sheet."""

import pytest

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.tables.headers import titled_rows
from monito_ray.pipeline.tables.shapes.side_by_side import propose_blocks

GOODS = [
    (f"{name} {grade}", 500.0 + 175 * n * n)
    for n, (grade, name) in enumerate((g, name) for g in "ABC" for name in ("Beras", "Gula", "Kopi"))
]


def _blocks(*rows: list[Value]) -> list[tuple[int, int]]:
    """The last way to divide a sheet: the first one is a single table, where there are others."""
    sheet, width = Sheet("S", list(rows)), len(rows[0])
    return propose_blocks(sheet, width, titled_rows(sheet, 0, width))[-1]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Item", "Unit", "Price", "Item", "Unit", "Price"], [(0, 3), (3, 6)]),
        (["Item", "Price", "Item", "Price", "Item", "Price"], [(0, 2), (2, 4), (4, 6)]),
        (["Item", "Unit", "Price", "", "Stock", "Code"], [(0, 6)]),
        (["Item", "Unit", "Item", "Unit", "Price", "Code"], [(0, 6)]),  # the first copy has no price
    ],
)
def test_titles_that_repeat_themselves_part_a_sheet(titles: list[Value], expected: list[tuple[int, int]]):
    """Each copy of the sequence is a table."""
    rows: list[list[Value]] = [["Beras", "kg", 62000.0] * 2, ["Gula", "kg", 17500.0] * 2]
    assert _blocks(titles, *rows) == expected


def test_running_numbers_left_of_a_copy_belong_to_it():
    """Though they have no title."""
    rows: list[list[Value]] = [[float(n), name, price, float(n), name, price] for n, (name, price) in enumerate(GOODS, 1)]
    assert _blocks(["", "Item", "Price", "", "Item", "Price"], *rows) == [(0, 3), (3, 6)]


def test_names_and_prices_in_turn_part_a_sheet_without_titles():
    """Where the names are of the same make."""
    assert _blocks(*[[name, price, f"{name} lokal", price + 50] for name, price in GOODS]) == [(0, 2), (2, 4)]


def test_a_long_description_is_no_second_table():
    """Its texts are several times as long as the names."""
    rows: list[list[Value]] = [[name, price, f"{name}, kualitas terbaik dari pulau Jawa nomor {price}", price * 2] for name, price in GOODS]
    assert _blocks(*rows) == [(0, 4)]


def test_two_columns_of_names_before_one_price_are_one_table():
    """A price has to follow each name."""
    assert _blocks(*[[name, f"{name} lokal", price, price * 2] for name, price in GOODS]) == [(0, 4)]
