"""Titles of sheets."""

import pytest

from monito_ray.catalog.sheets.sheet_titles import sheet_titles, with_room_for
from monito_ray.sheet_model import Column


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["PT Sari: [Bali]/Lombok?"], ["PT Sari Bali Lombok"]),
        (["x" * 40], ["x" * 31]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
        (["Alpha", "ALPHA"], ["Alpha", "ALPHA (2)"]),
        (["master table", "History", "review"], ["master table (2)", "History (2)", "review (2)"]),
        (["'Toko'", "", "[]"], ["Toko", "Supplier", "Supplier (2)"]),
        (["🍋" * 20], ["🍋" * 15]),
        (["a\x00b\nc"], ["a b c"]),
    ],
)
def test_sheet_titles(names: list[str], titles: list[str]):
    """Titles are legal in a workbook and distinct in any case, whatever suppliers are called."""
    assert list(sheet_titles(names, ("Master Table", "Review", "History")).values()) == titles


def test_columns_of_suppliers_have_room_for_their_names():
    """The longest name is read whole, within a limit; a column is never narrower than planned."""
    columns = Column("Best Supplier", width=26), Column("Product", width=9)
    widths = [[column.width for column in with_room_for([name], columns)] for name in ("A", "A" * 30, "A" * 90)]
    assert widths == [[26, 9], [32, 9], [44, 9]]
