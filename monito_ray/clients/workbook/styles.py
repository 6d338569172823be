"""The styles of cells, all of them in every workbook and in the same order, so that a sheet drawn earlier can be copied into a new one."""

import re
from collections.abc import Iterator
from typing import Any

from monito_ray.sheet_model import CellMark, ColumnKind

HEADER = {
    "bold": True,
    "text_wrap": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E5F",
    "valign": "vcenter",
    "bottom": 1,
    "bottom_color": "#163945",
}
INPUT_HEADER = HEADER | {"font_color": "#5C4400", "bg_color": "#FFE08A"}
TEXT_ALIGNMENT = {"align": "left", "indent": 1}  # keeps texts off the numbers on their left
NUMBER_ALIGNMENT = {"align": "right"}
_MARKS: dict[CellMark | None, dict[str, Any]] = {
    None: {},
    CellMark.BEST: {"bold": True, "font_color": "#0B5D3B", "bg_color": "#D9F2E3"},
    CellMark.OUTDATED: {"italic": True, "font_color": "#7A7A7A", "bg_color": "#EFEFEF"},
    CellMark.SUSPICIOUS: {"font_color": "#8A4B00", "bg_color": "#FFE3C2"},
    CellMark.DEARER: {"font_color": "#A61B1B"},
    CellMark.CHEAPER: {"font_color": "#0B5D3B"},
    CellMark.NOTICE: {"bold": True, "font_color": "#8A4B00"},
}
TEXT = "text"
WHOLE, DECIMAL, GENERAL = "#,##0", "#,##0.00", "General"
NUMBER_FORMATS = {ColumnKind.SHARE: "0.00", ColumnKind.DATE: "yyyy-mm-dd", ColumnKind.CHANGE: "+0.0%;-0.0%;0.0%"}
_PALETTE = [(mark, look) for mark in _MARKS for look in (TEXT, WHOLE, DECIMAL, GENERAL, *NUMBER_FORMATS.values())]
_STYLED_CELL = re.compile(r'<c r="[A-Z]+\d+"(?: s="(\d+)")?')

#: The number of each style in the workbook, by mark and by `TEXT` or number format.
StyleNumbers = dict[tuple[CellMark | None, str], int]


def palette() -> Iterator[dict[str, Any]]:
    """Yield the properties of every style of a cell, always in the same order."""
    for mark, look in _PALETTE:
        yield _MARKS[mark] | (TEXT_ALIGNMENT if look == TEXT else {"num_format": look, **NUMBER_ALIGNMENT})


def style_numbers(row: str) -> StyleNumbers:
    """Return the numbers of the styles from the XML of a row with a cell for each style of the palette."""
    numbers = [int(match[1] or 0) for match in _STYLED_CELL.finditer(row)]
    return dict(zip(_PALETTE, numbers, strict=True))
