"""Planned sheets drawn as an xlsx that a person likes to open: styled, filtered, frozen, and unable to command."""

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

LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
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
_NUMBER_FORMATS = {ColumnKind.NUMBER: "#,##0.######", ColumnKind.SHARE: "0.00", ColumnKind.DATE: "yyyy-mm-dd"}


def draw_workbook(sheets: Sequence[PlannedSheet], path: Path) -> Path:
    """Draw `sheets` into an xlsx at `path`, whole or not at all, in memory that does not grow with the rows.

    Every text is written as text, cut at what a cell can hold; money has thousands separators, and decimals where its column has any.

    Raises:
        OutputNotWritable: the place refuses the file, or a sheet has more rows than xlsx can hold.
    """
    for sheet in sheets:
        if len(sheet.rows) >= MOST_ROWS:
            raise OutputNotWritable(
                f"cannot write {path}: {sheet.title!r} has {len(sheet.rows):,} rows, an xlsx sheet holds {MOST_ROWS - 1:,}",
                "Take --format csv or parquet.",
            )
    with atomic_write(path) as made, TemporaryDirectory(prefix="monito-") as scratch:
        book = xlsxwriter.Workbook(str(made), _OPTIONS | {"tmpdir": scratch})
        ink = _Ink(book, {})
        for sheet in sheets:
            _draw_sheet(book.add_worksheet(sheet.title), sheet, ink)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OutputNotWritable(f"cannot write {path}: {error}") from error
    return path


@dataclass(frozen=True, slots=True)
class _Ink:
    """The workbook's cell formats, each made once."""

    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any]

    def __call__(self, **looks: Any) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(looks)
        return self.made[key]


def _draw_sheet(target: Any, sheet: PlannedSheet, ink: _Ink) -> None:
    target.set_row(0, 34)
    target.freeze_panes(1, sheet.frozen_columns)
    target.set_landscape()
    target.set_paper(9)  # A4
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        target.set_column(place, place, column.width, None, {"hidden": column.hidden})
        aligned = _TEXT if column.kind is ColumnKind.TEXT else {"align": "right"}
        target.write_string(0, place, column.title[:LONGEST_TEXT], ink(**_HEADER, **aligned))
    target.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    pens = [_pen(target, _number_format(sheet, place), ink) for place in range(len(sheet.columns))]
    for row, cells in enumerate(sheet.rows):
        for place, cell in enumerate(cells):
            if cell is not None and cell != "":
                pens[place](row + 1, place, cell, (row, place) in sheet.marked)


def _number_format(sheet: PlannedSheet, place: int) -> str:
    kind = sheet.columns[place].kind
    if kind is ColumnKind.MONEY:
        return "#,##0" if all(_is_whole(cells[place]) for cells in sheet.rows) else "#,##0.00"
    if kind is ColumnKind.NUMBER:
        return "#,##0" if all(_is_whole(cells[place]) for cells in sheet.rows) else "General"
    return _NUMBER_FORMATS.get(kind, "General")


def _is_whole(cell: Cell) -> bool:
    return cell is None or isinstance(cell, str | int) or (isinstance(cell, Decimal | float) and cell == int(cell))


def _pen(target: Any, number_format: str, ink: _Ink) -> Callable[[int, int, Any, bool], None]:
    """The function that writes a cell of one column; a text in a column of numbers stays text."""
    texts = ink(**_TEXT), ink(**_TEXT, **_MARK)
    numbers = ink(num_format=number_format), ink(num_format=number_format, **_MARK)
    write_date, write_number, write_string = target.write_datetime, target.write_number, target.write_string

    def put(row: int, place: int, cell: Any, is_marked: bool) -> None:
        if isinstance(cell, str):
            write_string(row, place, cell[:LONGEST_TEXT], texts[is_marked])
        elif isinstance(cell, date):
            write_date(row, place, cell, numbers[is_marked])
        else:
            write_number(row, place, cell, numbers[is_marked])

    return put
