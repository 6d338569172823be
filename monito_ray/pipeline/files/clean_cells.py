"""Cells that no later stage has to guard itself against: numbers that are numbers, and texts that every output can hold.

The sheets of every format come through here. A number that is none becomes empty. A character that nothing can write becomes "\ufffd", where a
person sees it: it is no part of a price, so that such a cell is rejected with its text rather than read as another number. A text longer than a
cell can be is cut, and the list says so.
"""

import html
import math
import re
from collections.abc import Sequence
from dataclasses import replace

from monito_ray.errors import FileTooCostly
from monito_ray.isolation.limits import LONGEST_CELL, most_characters
from monito_ray.pipeline.cells import Sheet, Value

_REPLACEMENT = "\ufffd"
# Controls that are no white space, which databases and XML refuse; lone surrogates, which no encoding can write; two that are no characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]++")

# 1,114,111 is the last character. Python refuses to read a number of thousands of digits at all.
_IMPOSSIBLE_REFERENCE = re.compile(r"&#(?:[0-9]{12,}+|[xX][0-9a-fA-F]{12,}+);?")

_XML_REFERENCE = re.compile(rb"&#(?:([0-9]++)|x([0-9a-fA-F]++));")
_WHITE_SPACE = (0x9, 0xA, 0xD)
_MOST_DIGITS = 12
_REPLACEMENT_REFERENCE = b"&#65533;"


def clean_sheet(sheet: Sheet) -> Sheet:
    """Return the sheet with finite numbers alone, and its texts as `clean_text` has them."""
    rows = [row if all(map(_is_clean, row)) else [_clean(value) for value in row] for row in sheet.rows]
    lines = [line if line.text.isprintable() else replace(line, text=clean_text(line.text)) for line in sheet.lines]
    name, member, unread = map(clean_text, (sheet.name, sheet.member, sheet.unread))
    return replace(sheet, rows=rows, lines=lines, name=name, member=member, unread=unread)


def clean_text(text: str) -> str:
    """Return a text without characters that cannot be written; what some programs fill up fields with at the ends is left out."""
    return text if text.isprintable() else _UNWRITABLE.sub(_REPLACEMENT, text.strip("\x00"))


def unescape(text: str) -> str:
    """As `html.unescape`, with "\ufffd" for references too long to be characters."""
    return html.unescape(_IMPOSSIBLE_REFERENCE.sub(_REPLACEMENT, text) if "&#" in text else text)


def repair_references(xml: bytes) -> bytes:
    """Return XML in which "\ufffd" stands for references to what is no character, for which parsers refuse all of it; UTF-8 and the like alone."""
    return _XML_REFERENCE.sub(_legal_reference, xml) if b"&#" in xml else xml


def _legal_reference(match: re.Match[bytes]) -> bytes:
    digits, base = (match[1], 10) if match[1] else (match[2], 16)
    code = int(digits, base) if len(digits) < _MOST_DIGITS else 0
    is_legal = code in _WHITE_SPACE or (code >= 0x20 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF) and code <= 0x10FFFF)
    return match[0] if is_legal else _REPLACEMENT_REFERENCE


def _is_clean(value: Value) -> bool:
    if type(value) is str:
        return value.isprintable()
    return type(value) is not float or math.isfinite(value)


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        return clean_text(value)
    return "" if isinstance(value, float) and not math.isfinite(value) else value


def limit_texts(sheets: Sequence[Sheet], size_bytes: int, file_name: str) -> list[Sheet]:
    """Return the sheets with cells of at most `LONGEST_CELL` characters; `cut_cells` says how many are cut.

    Raises:
        FileTooCostly: all texts together have more characters than a file of that size may hold.
    """
    most = left = most_characters(size_bytes)
    limited = []
    for sheet in sheets:
        characters, has_long = _count_characters(sheet)
        left -= characters
        if left < 0:
            raise FileTooCostly(f"{file_name}: its {size_bytes / 1000:,.0f} kB unpack to more than {most:,} characters of text")
        limited.append(_cut_cells(sheet) if has_long else sheet)
    return limited


def _count_characters(sheet: Sheet) -> tuple[int, bool]:
    """Return how many characters the texts of a sheet have, and whether a cell may have too many."""
    total, has_long = sum(len(line.text) for line in sheet.lines), False
    for row in sheet.rows:
        characters = 0
        for value in row:
            if type(value) is str:
                characters += len(value)
        total += characters
        has_long = has_long or characters > LONGEST_CELL
    return total, has_long


def _cut_cells(sheet: Sheet) -> Sheet:
    cut = sum(_is_long(value) for row in sheet.rows for value in row)
    rows = [
        [value[:LONGEST_CELL] if isinstance(value, str) else value for value in row] if any(map(_is_long, row)) else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows, cut_cells=cut)


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and len(value) > LONGEST_CELL
