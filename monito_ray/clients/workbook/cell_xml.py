"""Rows of cells as the XML of a worksheet, written some ten times as fast as a library that serves every case can."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import compress, islice
from typing import Any, NamedTuple

from monito_ray.clients.workbook.styles import DECIMAL, GENERAL, NUMBER_FORMATS, TEXT, WHOLE, StyleNumbers
from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import Cell, CellMark, ColumnKind, FilledRow, PlannedSheet, filled_rows

#: Excel's limit for the text of a cell.
LONGEST_TEXT = 32_767
#: Day 0 of spreadsheets' dates, counted as `date.toordinal`.
_EPOCH = date(1899, 12, 30).toordinal()
# What XML cannot hold is written as _xHHHH_ (ECMA-376, part 1, 22.9.2.19), and so is a text that looks like that.
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# What few texts have of it.
_RARE = re.compile(r"[\x01-\x1f\ud800-\udfff\ufffe\uffff]")
_KEEPS_SPACE = ' xml:space="preserve"'
#: Rows of more shapes than these are rare, and cost the time of making them.
_MOST_SHAPES = 5_000
#: Stands between texts that are looked at together; no text that needs no care has it.
_BETWEEN = "\x00"
_ROWS_A_CHUNK = 500
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}


def row_chunks(sheet: PlannedSheet, styles: StyleNumbers, start: int = 0, end: int | None = None) -> Iterator[str]:
    """Yield the XML of the sheet's rows below the header from `start` to `end`, some rows at a time. Empty cells are left out.

    Most rows have the shape of others: cells of equal kinds and marks in equal columns. The XML of a shape is made once, with gaps, and the
    gaps of some hundred rows are filled at once.
    """
    shapes = _Shapes(sheet, styles)
    rows = islice(enumerate(filled_rows(sheet.rows)), start, end)
    while chunk := list(islice(rows, _ROWS_A_CHUNK)):
        yield _chunk_xml(chunk, shapes) or _careful_xml(chunk, shapes)


def _chunk_xml(rows: Iterable[tuple[int, FilledRow]], shapes: "_Shapes") -> str:
    """Return the XML of rows with their numbers, counted from 0; "" where a text needs care."""
    lines: list[str] = []
    texts: list[Any] = []
    numbers: list[Any] = []
    for row, (columns, cells) in rows:
        shape = shapes.of(row, columns, cells)
        lines.append(str(row + 2).join(shape.pieces))
        texts += compress(cells, shape.is_text)
        numbers += compress(cells, shape.is_number)
    joined = _BETWEEN.join(("", *texts, ""))
    if _needs_care(joined, texts):
        return ""
    if "&" in joined or "<" in joined or ">" in joined:
        texts = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split(_BETWEEN)[1:-1]
    return _filled(lines, texts, numbers)


def _careful_xml(rows: Iterable[tuple[int, FilledRow]], shapes: "_Shapes") -> str:
    """Return the XML of rows of which some have texts that need care: these say that spaces are theirs."""
    lines: list[str] = []
    texts: list[Any] = []
    numbers: list[Any] = []
    for row, (columns, cells) in rows:
        own = [cell for cell in cells if isinstance(cell, str) and cell]
        shape = shapes.of(row, columns, cells, keeps_space=_needs_care(_BETWEEN.join(("", *own, "")), own))
        lines.append(str(row + 2).join(shape.pieces))
        texts += map(_escape, own)
        numbers += compress(cells, shape.is_number)
    return _filled(lines, texts, numbers)


def _filled(lines: Iterable[str], texts: Iterable[str], numbers: Iterable[Any]) -> str:
    days = tuple([_day_number(number) if isinstance(number, date) else number for number in numbers])
    return "".join(lines) % days % tuple(texts)


class _RowShape(NamedTuple):
    """The XML of rows of one shape."""

    #: Between them goes the row's number. In them are gaps, `%s` for each number and `%%s` for each text.
    pieces: tuple[str, ...]
    is_text: tuple[bool, ...]
    is_number: tuple[bool, ...]


class _Shapes:
    """The shapes of a sheet's rows."""

    def __init__(self, sheet: PlannedSheet, styles: StyleNumbers) -> None:
        self._styles = styles
        self._marked = sheet.marked
        self._looks = [number_look(sheet, index) for index in range(len(sheet.columns))]
        self._letters = [column_letters(index) for index in range(len(sheet.columns))]
        self._shapes: dict[object, _RowShape] = {}

    def of(self, row: int, columns: tuple[int, ...], cells: tuple[Cell, ...], *, keeps_space: bool = False) -> _RowShape:
        """Return the shape of a row with `cells` in `columns`."""
        marks = self._marked.get(row)
        # Of two texts one may be empty, which is no cell; a number that is 0 is one.
        key = columns, (*map(type, cells),), (*map(bool, cells),), (*marks.items(),) if marks else None, keeps_space
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            shape = self._shapes[key] = self._made(columns, cells, marks or {}, _KEEPS_SPACE if keeps_space else "")
        return shape

    def _made(self, columns: tuple[int, ...], cells: tuple[Cell, ...], marks: Mapping[int, CellMark], space: str) -> _RowShape:
        is_text = tuple(isinstance(cell, str) and bool(cell) for cell in cells)
        is_number = tuple(cell is not None and not isinstance(cell, str) for cell in cells)
        pieces = ['<row r="', '">']
        for column, has_text, has_number in zip(columns, is_text, is_number, strict=True):
            if has_text or has_number:
                style = self._styles[marks.get(column), TEXT if has_text else self._looks[column]]
                content = f' t="inlineStr"><is><t{space}>%%s</t></is></c>' if has_text else "><v>%s</v></c>"
                pieces[-1] += f'<c r="{self._letters[column]}'
                pieces.append(f'" s="{style}"{content}')
        pieces[-1] += "</row>"
        return _RowShape(tuple(pieces), is_text, is_number)


def _needs_care(joined: str, texts: Sequence[str]) -> bool:
    """Return whether one of `texts`, joined with something around each, has to be escaped by itself, cut, or says that its spaces are its own."""
    is_odd = f" {_BETWEEN}" in joined or f"{_BETWEEN} " in joined or "_x" in joined or joined.count(_BETWEEN) != len(texts) + 1
    return is_odd or _RARE.search(joined) is not None or max(map(len, texts), default=0) > LONGEST_TEXT


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
