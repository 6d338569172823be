"""What a drawn workbook looks like when it is opened."""

import tracemalloc
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from monito_ray.clients.workbook import draw_workbook
from monito_ray.errors import OutputNotWritable
from monito_ray.sheet_model import Cell, Column, ColumnKind, PlannedSheet

COLUMNS = (
    Column("Product", width=36),
    Column("Price", ColumnKind.MONEY, 13),
    Column("Seen", ColumnKind.DATE),
    Column("Product ID", hidden=True),
)
SHEET = PlannedSheet(
    "Master Table",
    COLUMNS,
    [("=1+1", Decimal("25500.5"), date(2026, 6, 1), "p1"), ("Tea", None, None, "p2"), ("Oil", Decimal(9), None, "p3")],
    1,
    frozenset({(2, 1)}),
)


def test_a_sheet_is_ready_to_use(tmp_path: Path):
    """Header and first column are frozen, columns are filtered, sized, and hidden where planned."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:D4")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == pytest.approx(36, abs=1)
    assert sheet.column_dimensions["D"].hidden


def test_cells_are_values_of_their_kind(tmp_path: Path):
    """Numbers are numbers, dates are dates, and a text is a text whatever it begins with."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=1+1")
    assert (sheet["B2"].value, sheet["B2"].number_format) == (25500.5, "#,##0.00")
    assert sheet["C2"].value.date() == date(2026, 6, 1)
    assert sheet["B3"].value is None


def test_marked_cells_stand_out(tmp_path: Path):
    """A marked cell is bold on a ground of its own, its neighbours are not, and its number looks as theirs."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert sheet["B4"].font.bold
    assert sheet["B4"].fill.fgColor.rgb != sheet["B2"].fill.fgColor.rgb
    assert sheet["B4"].number_format == sheet["B2"].number_format
    assert not sheet["B2"].font.bold


def test_a_drawn_workbook_replaces_the_old_one_whole(tmp_path: Path):
    """The file is either the old or the new one, and nothing else stays in the folder."""
    path = tmp_path / "catalog.xlsx"
    draw_workbook([SHEET], path)
    draw_workbook([PlannedSheet("Other", COLUMNS, [])], path)
    assert openpyxl.load_workbook(path).sheetnames == ["Other"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_sheet_beyond_the_format_is_refused(tmp_path: Path):
    """More rows than an xlsx sheet holds are refused with a way out, not cut."""

    class Endless(Sequence[tuple[Cell, ...]]):
        def __len__(self) -> int:
            return 1_048_576

        def __getitem__(self, index: object) -> tuple[Cell, ...]:  # type: ignore[override]
            return ()

    with pytest.raises(OutputNotWritable, match="1,048,576 rows"):
        draw_workbook([PlannedSheet("All", COLUMNS, Endless())], tmp_path / "all.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path):
    """Drawing a long sheet takes the memory of a few rows."""
    rows = [(f"Product {n}", Decimal(n), date(2026, 6, 1), f"p{n}") for n in range(5_000)]
    tracemalloc.start()
    try:
        draw_workbook([PlannedSheet("All", COLUMNS, rows)], tmp_path / "all.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
