"""Rows of cells as the XML of a worksheet, written some ten times as fast as a library that serves every case can."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import compress, repeat
from operator import is_not
from typing import Any

from monito_ray.clients.workbook.styles import DECIMAL, GENERAL, NUMBER_FORMATS, TEXT, WHOLE, StyleNumbers
from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import Cell, CellMark, ColumnKind, PlannedSheet

#: Excel's limit for the text of a cell.
LONGEST_TEXT = 32_767
#: Day 0 of spreadsheets' dates, counted as `date.toordinal`.
_EPOCH = date(1899, 12, 30).toordinal()
# What XML cannot hold is written as _xHHHH_ (ECMA-376, part 1, 22.9.2.19), and so is a text that looks like that.
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}


def row_chunks(sheet: PlannedSheet, styles: StyleNumbers, rows_a_chunk: int = 500) -> Iterator[str]:
    """Yield the XML of the sheet's rows below the header, some rows at a time. Empty cells are left out."""
    looks = [number_look(sheet, index) for index in range(len(sheet.columns))]
    texts = {mark: styles[mark, TEXT] for mark in (None, *CellMark)}
    numbers = [{mark: styles[mark, look] for mark in (None, *CellMark)} for look in looks]
    places = [f'<c r="{column_letters(index)}' for index in range(len(sheet.columns))]
    plain_numbers = [f'" s="{own[None]}"><v>' for own in numbers]
    plain_text = f'" s="{texts[None]}" t="inlineStr"><is><t xml:space="preserve">'
    unmarked: dict[int, CellMark] = {}
    is_special = _SPECIAL.search
    parts: list[str] = []
    for row, cells in enumerate(sheet.rows):
        number = row + 2
        marks = sheet.marked.get(row, unmarked)
        parts.append(f'<row r="{number}">')
        # Most cells of a table with many suppliers are empty: they are passed over without Python's help.
        for index, cell in compress(enumerate(cells), map(is_not, cells, repeat(None))):
            if isinstance(cell, str):
                if cell:
                    start = f'" s="{texts[marks[index]]}" t="inlineStr"><is><t xml:space="preserve">' if index in marks else plain_text
                    text = _escape(cell) if len(cell) > LONGEST_TEXT or is_special(cell) else cell
                    parts.append(f"{places[index]}{number}{start}{text}</t></is></c>")
            else:
                start = f'" s="{numbers[index][marks[index]]}"><v>' if index in marks else plain_numbers[index]
                value = cell.toordinal() - _EPOCH if isinstance(cell, date) else cell
                parts.append(f"{places[index]}{number}{start}{value}</v></c>")
        parts.append("</row>")
        if number % rows_a_chunk == 0:
            yield "".join(parts)
            parts.clear()
    yield "".join(parts)


def number_look(sheet: PlannedSheet, column: int) -> str:
    """Return the number format of a column: money and numbers have thousands separators, and decimals where the column has any."""
    own = sheet.columns[column]
    if own.kind not in (ColumnKind.MONEY, ColumnKind.NUMBER):
        return NUMBER_FORMATS.get(own.kind, GENERAL)
    has_decimals = own.has_decimals if own.has_decimals is not None else not all(_is_whole(cells[column]) for cells in sheet.rows)
    if not has_decimals:
        return WHOLE
    return DECIMAL if own.kind is ColumnKind.MONEY else GENERAL


def _is_whole(cell: Cell) -> bool:
    return cell is None or isinstance(cell, str | int) or (isinstance(cell, Decimal | float) and cell == int(cell))


def _escape(text: str) -> str:
    return _SPECIAL.sub(_entity, text[:LONGEST_TEXT])


def _entity(match: "re.Match[str]") -> str:
    character: Any = match[0]
    return _ENTITIES.get(character) or ("\ufffd" if "\ud800" <= character <= "\udfff" else f"_x{ord(character):04X}_")
