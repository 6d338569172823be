"""Rows of cells as the XML of a worksheet, written some ten times as fast as a library that serves every case can."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import compress
from typing import Any, NamedTuple

from monito_ray.clients.workbook.styles import DECIMAL, GENERAL, NUMBER_FORMATS, TEXT, WHOLE, StyleNumbers
from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import Cell, CellMark, ColumnKind, PlannedSheet, filled_rows

#: Excel's limit for the text of a cell.
LONGEST_TEXT = 32_767
#: Day 0 of spreadsheets' dates, counted as `date.toordinal`.
_EPOCH = date(1899, 12, 30).toordinal()
# What XML cannot hold is written as _xHHHH_ (ECMA-376, part 1, 22.9.2.19), and so is a text that looks like that.
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# What few texts have of it.
_RARE = re.compile(r"[\x01-\x1f\ud800-\udfff\ufffe\uffff]")
_KEEPS_SPACE = ' xml:space="preserve"'
#: Rows of more shapes than these are rare, and cost the time of their patterns.
_MOST_PATTERNS = 5_000
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}


def row_chunks(sheet: PlannedSheet, styles: StyleNumbers, rows_a_chunk: int = 500) -> Iterator[str]:
    """Yield the XML of the sheet's rows below the header, some rows at a time. Empty cells are left out.

    Most rows have the shape of others: cells of equal kinds and marks in equal columns. The XML of a shape is made once, with gaps.
    """
    patterns = _Patterns(sheet, styles)
    parts: list[str] = []
    for row, (columns, cells) in enumerate(filled_rows(sheet.rows)):
        marks = sheet.marked.get(row)
        pattern = patterns.of(columns, cells, marks)
        values = list(cells)
        joined = "\x00".join(("", *compress(cells, pattern.is_text), ""))  # type: ignore[arg-type]
        if _is_rare(joined, len(pattern.texts)):
            pattern = patterns.of(columns, cells, marks, keeps_space=True)
            values = [_escape(cell) if isinstance(cell, str) else cell for cell in values]
        elif "&" in joined or "<" in joined or ">" in joined:
            escaped = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\x00")
            for place, text in zip(pattern.texts, escaped[1:-1], strict=True):
                values[place] = text
        for place in pattern.dates:
            values[place] = _day_number(cells[place])
        number = str(row + 2)
        pieces = pattern.pieces.copy()
        pieces[1] = number
        pieces[3::4] = [number] * pattern.cell_count
        pieces[5::4] = map(str, compress(values, pattern.is_filled))
        parts += pieces
        if row % rows_a_chunk == 0:
            yield "".join(parts)
            parts.clear()
    yield "".join(parts)


class _RowPattern(NamedTuple):
    """The XML of rows of one shape."""

    #: Every second one is a gap: the row's number, then for each cell that is not empty the row's number and the cell's value.
    pieces: list[str]
    cell_count: int
    is_filled: tuple[bool, ...]
    is_text: tuple[bool, ...]
    #: The places of texts and of dates among the cells.
    texts: tuple[int, ...]
    dates: tuple[int, ...]


class _Patterns:
    """The patterns of a sheet's rows."""

    def __init__(self, sheet: PlannedSheet, styles: StyleNumbers) -> None:
        self._styles = styles
        self._looks = [number_look(sheet, index) for index in range(len(sheet.columns))]
        self._letters = [column_letters(index) for index in range(len(sheet.columns))]
        self._patterns: dict[object, _RowPattern] = {}

    def of(
        self, columns: tuple[int, ...], cells: tuple[Cell, ...], marks: Mapping[int, CellMark] | None, *, keeps_space: bool = False
    ) -> _RowPattern:
        """Return the pattern of a row with `cells` in `columns`."""
        # Of two texts one may be empty, which is no cell; a number that is 0 is one.
        key = columns, tuple(map(type, cells)), tuple(map(bool, cells)), tuple(marks.items()) if marks else None, keeps_space
        pattern = self._patterns.get(key)
        if pattern is None:
            if len(self._patterns) >= _MOST_PATTERNS:
                self._patterns.clear()
            pattern = self._patterns[key] = self._made(columns, cells, marks or {}, _KEEPS_SPACE if keeps_space else "")
        return pattern

    def _made(self, columns: tuple[int, ...], cells: tuple[Cell, ...], marks: Mapping[int, CellMark], space: str) -> _RowPattern:
        pieces = ['<row r="', "", '">']
        is_filled = tuple(cell is not None and cell != "" for cell in cells)
        is_text = tuple(isinstance(cell, str) and bool(cell) for cell in cells)
        for column, cell in compress(zip(columns, cells, strict=True), is_filled):
            style = self._styles[marks.get(column), TEXT if isinstance(cell, str) else self._looks[column]]
            start, end = (f' t="inlineStr"><is><t{space}>', "</t></is></c>") if isinstance(cell, str) else ("><v>", "</v></c>")
            pieces[-1] += f'<c r="{self._letters[column]}'
            pieces += ["", f'" s="{style}"{start}', "", end]
        pieces[-1] += "</row>"
        return _RowPattern(
            pieces,
            sum(is_filled),
            is_filled,
            is_text,
            tuple(compress(range(len(cells)), is_text)),
            tuple(place for place, cell in enumerate(cells) if isinstance(cell, date)),
        )


def _is_rare(joined: str, count: int) -> bool:
    """Return whether one of `count` texts, joined by zeros, has to be escaped by itself, cut, or says that its spaces are its own."""
    is_odd = " \x00" in joined or "\x00 " in joined or "_x" in joined
    return is_odd or len(joined) > LONGEST_TEXT or joined.count("\x00") != count + 1 or _RARE.search(joined) is not None


@cache
def _day_number(day: Any) -> int:
    return int(day.toordinal()) - _EPOCH


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
