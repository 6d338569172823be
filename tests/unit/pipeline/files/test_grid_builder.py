"""Sheets that are built cell by cell."""

import pytest

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files.grid_builder import GridBuilder


def test_cells_go_around_those_that_span_several_rows():
    """A cell without a column of its own stands in the first one that no cell above spans."""
    grid = GridBuilder("a.xls")
    grid.start_row(0)
    grid.append_cell("tall", 1, 2)
    grid.append_cell("b", 1, 1)
    grid.start_row(1)
    grid.append_cell("c", 1, 1)
    sheet = grid.to_sheet("S")
    assert sheet.rows == [["tall", "b"], ["", "c"]]
    assert sheet.merges == (Merge(0, 0, 1, 0),)


def test_rows_that_are_skipped_are_empty_and_all_rows_equally_wide():
    """A later row makes those before it; short rows are filled up."""
    grid = GridBuilder("a.xls")
    grid.start_row(2)
    assert grid.write_cell("x", 1, 2, 1) == 3
    assert grid.to_sheet("S").rows == [["", "", ""], ["", "", ""], ["", "x", ""]]


def test_a_span_over_more_cells_than_a_sheet_can_have_is_refused():
    """The span is refused when it is written, before any row is made for it."""
    grid = GridBuilder("a.xls")
    with pytest.raises(FileTooLarge, match=r"^a\.xls: "):
        grid.write_cell("x", 0, 16_384, 16_384)
