"""Planned and existing sheets as values."""

import pytest

from monito_ray.sheet_model import CellBlock, ColumnKind, ExistingSheet, Insertion, Scalar, SheetEdit, record_columns

SHEET = ExistingSheet(1, "Master Table", row_count=3, column_count=2, cells=(("a", "b"), ("c",)))


@pytest.mark.parametrize(("row", "column", "cell"), [(0, 1, "b"), (1, 0, "c"), (1, 1, ""), (2, 0, ""), (None, 0, ""), (0, None, "")])
def test_cells_beyond_the_trimmed_end_are_empty(row: int | None, column: int | None, cell: Scalar):
    """So are the cells of a row or column that does not exist."""
    assert SHEET.cell_at(row, column) == cell


@pytest.mark.parametrize(
    "change",
    [{"is_new": True}, {"more_rows": 1}, {"insertions": (Insertion(is_rows=True, at=1, count=1),)}, {"keys": (CellBlock(0, 0, ()),)}],
)
def test_an_edit_with_any_change_is_not_empty(change: dict[str, object]):
    """Frozen rows alone are no change."""
    assert SheetEdit(sheet_id=1, title="x").is_empty
    assert not SheetEdit(sheet_id=1, title="x", **change).is_empty  # type: ignore[arg-type]


def test_columns_of_a_record_have_the_style_of_their_field():
    """Money is formatted as money; a field without a style of its own is text."""
    price, other = record_columns(["price", "something"])
    assert (price.kind, other.kind) == (ColumnKind.MONEY, ColumnKind.TEXT)
