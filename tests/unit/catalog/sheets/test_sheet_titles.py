"""Titles of sheets."""

import pytest

from monito_ray.catalog.sheets.sheet_titles import sheet_titles


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
