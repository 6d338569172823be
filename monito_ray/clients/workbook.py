"""Planned sheets drawn as an xlsx: styled, filtered, frozen, every text a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
import xlsxwriter.exceptions

from monito_ray.clients.output_paths import atomic_write
from monito_ray.errors import OutputNotWritable
from monito_ray.sheet_model import Cell, ColumnKind, PlannedSheet

# Excel's limits for the text of a cell and the rows of a sheet.
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
_A4 = 9
_HEADER_HEIGHT = 34  # points: two lines of a title
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,  # cells know no zone; what is drawn is UTC
}
_HEADER = {
    "bold": True,
    "text_wrap": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E5F",
    "valign": "vcenter",
    "bottom": 1,
    "bottom_color": "#163945",
}
_TEXT = {"align": "left", "indent": 1}  # keeps texts off the numbers on their left
_MARK = {"bold": True, "font_color": "#0B5D3B", "bg_color": "#D9F2E3"}
_NUMBER_FORMATS = {ColumnKind.SHARE: "0.00", ColumnKind.DATE: "yyyy-mm-dd"}


def draw_workbook(sheets: Sequence[PlannedSheet], path: Path) -> Path:
    """Draw `sheets` into an xlsx at `path`, whole or not at all, in memory that does not grow with the rows, and return `path`.

    Every text is written as text, cut at what a cell can hold; money has thousands separators, and decimals where its column has any.

    Raises:
        OutputNotWritable: the file cannot be written, or a sheet has more rows than xlsx can hold.
    """
    for sheet in sheets:
        if len(sheet.rows) >= MOST_ROWS:
            raise OutputNotWritable(
                f"cannot write {path}: {sheet.title!r} has {len(sheet.rows):,} rows, an xlsx sheet holds {MOST_ROWS - 1:,}",
                "Take --format csv or parquet.",
            )
    with atomic_write(path) as temporary, TemporaryDirectory(prefix="monito-") as scratch:
        workbook = xlsxwriter.Workbook(str(temporary), _OPTIONS | {"tmpdir": scratch})
        styles = _Styles(workbook, {})
        for sheet in sheets:
            _draw_sheet(workbook.add_worksheet(sheet.title), sheet, styles)
        try:
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OutputNotWritable(f"cannot write {path}: {error}") from error
    return path


@dataclass(frozen=True, slots=True)
class _Styles:
    """The cell formats of a workbook, each made once."""

    workbook: Any
    formats: dict[tuple[tuple[str, Any], ...], Any]

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]


def _draw_sheet(target: Any, sheet: PlannedSheet, styles: _Styles) -> None:
    target.set_row(0, _HEADER_HEIGHT)
    target.freeze_panes(1, sheet.frozen_columns)
    target.set_landscape()
    target.set_paper(_A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)
    for index, column in enumerate(sheet.columns):
        target.set_column(index, index, column.width, None, {"hidden": column.hidden})
        alignment = _TEXT if column.kind is ColumnKind.TEXT else {"align": "right"}
        target.write_string(0, index, column.title[:LONGEST_TEXT], styles(**_HEADER, **alignment))
    target.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    writers = [_cell_writer(target, _number_format(sheet, index), styles) for index in range(len(sheet.columns))]
    for row, cells in enumerate(sheet.rows):
        for column_index, cell in enumerate(cells):
            if cell is not None and cell != "":
                writers[column_index](row + 1, column_index, cell, (row, column_index) in sheet.marked)


def _number_format(sheet: PlannedSheet, column: int) -> str:
    kind = sheet.columns[column].kind
    if kind not in (ColumnKind.MONEY, ColumnKind.NUMBER):
        return _NUMBER_FORMATS.get(kind, "General")
    if all(_is_whole(cells[column]) for cells in sheet.rows):
        return "#,##0"
    return "#,##0.00" if kind is ColumnKind.MONEY else "General"


def _is_whole(cell: Cell) -> bool:
    return cell is None or isinstance(cell, str | int) or (isinstance(cell, Decimal | float) and cell == int(cell))


def _cell_writer(target: Any, number_format: str, styles: _Styles) -> Callable[[int, int, Any, bool], None]:
    """Return the function that writes a cell of one column; a text in a column of numbers stays text."""
    texts = styles(**_TEXT), styles(**_TEXT, **_MARK)
    numbers = styles(num_format=number_format), styles(num_format=number_format, **_MARK)
    write_date, write_number, write_string = target.write_datetime, target.write_number, target.write_string

    def write_cell(row: int, column: int, cell: Any, is_marked: bool) -> None:
        if isinstance(cell, str):
            write_string(row, column, cell[:LONGEST_TEXT], texts[is_marked])
        elif isinstance(cell, date):
            write_date(row, column, cell, numbers[is_marked])
        else:
            write_number(row, column, cell, numbers[is_marked])

    return write_cell
