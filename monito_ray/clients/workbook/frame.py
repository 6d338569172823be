"""The frame of a workbook: everything but its cells, by xlsxwriter."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter

from monito_ray.clients.workbook import styles
from monito_ray.clients.workbook.charts import add_charts
from monito_ray.sheet_model import Column, ColumnKind, PlannedSheet

_A4 = 9
_HEADER_HEIGHT = 34  # points: two lines of a title
_OPTIONS = {
    "constant_memory": True,  # texts stand in their cells: a sheet drawn earlier does not depend on the texts of other sheets
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_TITLE = 255
_LONGEST_NOTE = 32_000
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
#: The grounds of changes: a fifth dearer is as red, a fifth cheaper as green as it gets. Bars to both sides of 0 would be an extension of
#: the format, of which other readers of workbooks warn.
_SCALE = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": -0.2,
    "mid_value": 0,
    "max_value": 0.2,
    "min_color": "#8FD0A8",
    "mid_color": "#FFFFFF",
    "max_color": "#F0A39E",
}
_CHOICES_TITLE = "Choices"


def draw_frame(sheets: Sequence[PlannedSheet], tmpdir: str) -> ZipFile:
    """Return the workbook with headers, widths, filters, choices, comments and charts; each sheet has one row, the palette of styles."""
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS | {"tmpdir": tmpdir})
    formats = _HeaderFormats(workbook)
    palette = [workbook.add_format(properties) for properties in styles.palette()]
    lists = _choice_lists(sheets)
    choices_title = _free_title(_CHOICES_TITLE, [sheet.title for sheet in sheets])
    for sheet in sheets:
        target = workbook.add_worksheet(legal_title(sheet.title))
        _draw_header(target, sheet, formats)
        for column, cell_format in enumerate(palette):
            target.write_blank(1, column, None, cell_format)
        _add_aids(target, sheet, lists, choices_title)
        add_charts(workbook, target, sheet)
    if lists:
        _draw_lists(workbook.add_worksheet(choices_title), lists)
    workbook.close()
    return ZipFile(buffer)


def legal_title(title: str) -> str:
    """Return a sheet's title without the characters that Excel refuses."""
    return _FORBIDDEN.sub("", title)


class _HeaderFormats:
    """The formats of headers."""

    def __init__(self, workbook: Any) -> None:
        self._formats = {
            (is_input, is_text): workbook.add_format(
                (styles.INPUT_HEADER if is_input else styles.HEADER) | (styles.TEXT_ALIGNMENT if is_text else styles.NUMBER_ALIGNMENT)
            )
            for is_input in (False, True)
            for is_text in (True, False)
        }

    def of(self, column: Column) -> Any:
        return self._formats[column.is_input, column.kind is ColumnKind.TEXT]


def _draw_header(target: Any, sheet: PlannedSheet, formats: _HeaderFormats) -> None:
    target.set_row(0, _HEADER_HEIGHT)
    target.freeze_panes(1, sheet.frozen_columns)
    target.set_landscape()
    target.set_paper(_A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)
    for index, column in enumerate(sheet.columns):
        target.set_column(index, index, column.width, None, {"hidden": column.hidden})
        target.write_string(0, index, column.title[:_LONGEST_TITLE], formats.of(column))
        if column.note:
            target.write_comment(0, index, column.note, {"x_scale": 2})
    target.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _add_aids(target: Any, sheet: PlannedSheet, lists: Sequence[tuple[str, ...]], choices_title: str) -> None:
    """Add what helps people in the cells: choices, colors, comments."""
    last = len(sheet.rows)
    for index, column in enumerate(sheet.columns):
        if column.choices and last:
            letter = xlsxwriter.utility.xl_col_to_name(lists.index(column.choices))
            source = f"='{choices_title}'!${letter}$1:${letter}${len(column.choices)}"
            target.data_validation(1, index, last, index, {"validate": "list", "source": source, "error_type": "warning"})
        if column.has_scale and last:
            target.conditional_format(1, index, last, index, _SCALE)
    for (row, column_index), text in sheet.comments.items():
        target.write_comment(row + 1, column_index, text[:_LONGEST_NOTE])


def _choice_lists(sheets: Sequence[PlannedSheet]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(column.choices for sheet in sheets for column in sheet.columns if column.choices))


def _draw_lists(target: Any, lists: Sequence[tuple[str, ...]]) -> None:
    for row in range(max(map(len, lists))):
        for column, choices in enumerate(lists):
            if row < len(choices):
                target.write_string(row, column, choices[row])
    target.hide()


def _free_title(title: str, taken: Sequence[str]) -> str:
    folded = {other.casefold() for other in taken}
    number = 1
    free = title
    while free.casefold() in folded:
        number += 1
        free = f"{title} {number}"
    return free
