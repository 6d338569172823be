"""How far the cells of a workbook reach, read before the workbook is.

The reader holds each sheet as a full rectangle from A1 to its last cell with content, and ends the whole process when that cannot be
had. So sheets are measured first: by a pattern that only plain, near cells match, and cell by cell where one does not.
"""

import re
import struct
from collections.abc import Iterator

from monito_ray.errors import FileDamaged, FileTooLarge

MAX_CELLS = 20_000_000
_REMEDY = "Delete what stands far outside of the list (Ctrl+End shows it), save, and send the file again."

# Finds a cell that is not named first of all by a near column and row, both small enough for their product to stay within MAX_CELLS, or
# that may be named a second time. Cells without content are not held, and yet counted here: only nearness matters.
_NOT_NEAR = tuple(
    re.compile(rb'<c(?! r="' + reference + rb'"(?:>|(?: [a-qs-z]++="[^"<>]*+")*+ ?/?>)|[^\s/>])')
    for reference in (rb"[A-F]?[A-Z][0-9]{1,5}", rb"[A-T][0-9]{1,6}", rb"A?[A-Z]{1,2}[0-9]{1,4}")
)
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_TOKEN = re.compile(rb"""<(?:[^\s<>/:!?"']++:)?(c|row)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>(?!</)""")
_TAG_IN_TAG = re.compile(rb"<(?!!)[^<>]*+<")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,8})(\d{0,12})""")

_XLS_CELLS = frozenset({0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD})
XLS_MANY_NUMBERS, _XLS_TEXTS, _XLS_SHEET, _XLS_DIMENSIONS, _XLS_END = 0xBD, 0xFC, 0x85, 0x200, 0x0A
_XLSB_ROW, _XLSB_CELLS = 0, frozenset(range(2, 12)) | {62}
_ODS_TOKEN = re.compile(
    rb"""<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>(?=(</)?)"""
)
_ODS_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d{1,12})""")
_ODS_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d{1,12})""")


def check_xlsx(part: bytes, sheet_name: str, file_name: str) -> None:
    """Refuse a worksheet's XML whose cells with content reach too far.

    Raises:
        FileTooLarge: naming the sheet.
        FileDamaged: a tag begins within a tag.
    """
    if b"sheetData" not in part or (not _PREFIXED_CELL.search(part) and any(not far.search(part) for far in _NOT_NEAR)):
        return
    if _TAG_IN_TAG.search(part):
        raise FileDamaged(f"{file_name}: the XML of sheet {sheet_name!r} is broken")
    height = width = row = column = 0
    for kind, attributes in _TOKEN.findall(part):
        references = _REFERENCE.findall(attributes)
        if kind == b"row":
            row, column = max((int(digits or 0) for _, digits in references), default=row + 1), 0
            continue
        column += 1
        for letters, digits in references:
            column = max(column, column_number(letters))
            row = max(row, int(digits or 0))
        if not attributes.endswith(b"/"):
            height, width = max(height, row), max(width, column)
    _refuse_far(height, width, sheet_name, file_name)


def check_xls(book: bytes, file_name: str) -> None:
    """Refuse the records of an xls workbook when the cells of a sheet, or what it claims to hold, reach too far.

    Raises:
        FileTooLarge: naming the sheet by its number.
        FileDamaged: sheets overlap or begin nowhere, or the table of texts claims more of them than the file has room for.
    """
    for kind, place, size_bytes in xls_records(book, 0):
        if kind == _XLS_TEXTS and size_bytes >= 8 and struct.unpack_from("<I", book, place + 4)[0] > len(book):
            raise FileDamaged(f"{file_name}: its table of texts is broken")
    begins = xls_sheets(book)
    # Sheets lie one behind the other; only a forged file has them read the same bytes again and again.
    room = 2 * len(book)
    for number, begin in enumerate(begins, start=1):
        height, width, size_bytes = _xls_extent(book, begin)
        _refuse_far(height, width, f"number {number}", file_name)
        room -= size_bytes
        if room < 0 or begin > len(book):
            raise FileDamaged(f"{file_name}: its sheets are not where it says")


def xls_sheets(book: bytes) -> list[int]:
    """Where each sheet of an xls workbook begins among its records, in order."""
    records = xls_records(book, 0)
    return [struct.unpack_from("<I", book, place)[0] for kind, place, size_bytes in records if kind == _XLS_SHEET and size_bytes >= 4]


def _xls_extent(book: bytes, begin: int) -> tuple[int, int, int]:
    """Rows and columns up to the last cell, or as many as the sheet that begins there claims; and the bytes it takes."""
    height = width = 0
    end = begin
    for kind, place, size_bytes in xls_records(book, begin):
        end = place + size_bytes
        if kind in _XLS_CELLS and size_bytes >= 4:
            row, column = struct.unpack_from("<HH", book, place)
            if kind == XLS_MANY_NUMBERS:
                column += size_bytes // 6
            height, width = max(height, row + 1), max(width, column + 1)
        elif kind == _XLS_DIMENSIONS and size_bytes in (10, 14):
            rows, columns = _xls_claimed(book, place, size_bytes)
            if rows * columns > MAX_CELLS:
                return rows, columns, 0
    return height, width, end - begin


def _xls_claimed(book: bytes, place: int, size_bytes: int) -> tuple[int, int]:
    """How many rows and columns the reader makes room for; with the last before the first it takes the difference for huge, too."""
    top, bottom, left, right = struct.unpack_from("<HHHH" if size_bytes == 10 else "<IIHH", book, place)
    if not bottom or not right:
        return 1, 1
    return (bottom - top) % (1 << 32), (right - left) % (1 << 32)


def check_xlsb(part: bytes, sheet_name: str, file_name: str) -> None:
    """Refuse a worksheet's records in an xlsb workbook when its cells reach too far.

    Raises:
        FileTooLarge: naming the sheet.
    """
    height = width = row = 0
    for kind, place, size_bytes in _xlsb_records(part):
        if size_bytes < 4:
            continue
        if kind == _XLSB_ROW:
            row = int.from_bytes(part[place : place + 4], "little")
        elif kind in _XLSB_CELLS:
            height, width = max(height, row + 1), max(width, int.from_bytes(part[place : place + 4], "little") + 1)
    _refuse_far(height, width, sheet_name, file_name)


def check_ods(content: bytes, file_name: str) -> None:
    """Refuse the content of an ods workbook when cells, repeated as it says, reach too far.

    Raises:
        FileTooLarge: naming the sheet by its number.
    """
    sheet = row = repeat = column = height = width = 0
    for closing, kind, attributes, empty in _ODS_TOKEN.findall(content):
        if kind == b"table":
            _refuse_far(height, width, f"number {sheet}", file_name)
            height = width = row = 0
            sheet += not closing
        elif kind == b"table-row":
            row += repeat
            repeat, column = 0 if closing else _repeated(_ODS_ROWS, attributes), 0
        elif not closing:
            column += _repeated(_ODS_COLUMNS, attributes)
            if not attributes.endswith(b"/") and not empty:
                height, width = max(height, row + repeat), max(width, column)


def _refuse_far(height: int, width: int, sheet_name: str, file_name: str) -> None:
    if height * width > MAX_CELLS:
        raise FileTooLarge(f"{file_name}: sheet {sheet_name!r} reaches to row {height:,} and column {width:,}, too far to be held", _REMEDY)


def column_number(letters: bytes) -> int:
    """A column's number from 1, by its letters."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found.group(1)) if found else 1


def xls_records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, where its content begins, and how long that is, from `place` to the record that ends a part."""
    end = len(book) - 3
    head = struct.Struct("<HH").unpack_from
    while place < end:
        kind, size_bytes = head(book, place)
        if kind == _XLS_END:
            return
        yield kind, place + 4, min(size_bytes, len(book) - place - 4)
        place += 4 + size_bytes


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, where its content begins, and how long that is; kind and length are of one to four bytes of seven bits."""
    place, end = 0, len(part)
    while place < end:
        kind = part[place]
        place += 1
        if kind & 0x80 and place < end:
            kind = kind & 0x7F | (part[place] & 0x7F) << 7
            place += 1
        size_bytes = shift = 0
        while place < end:
            byte = part[place]
            place += 1
            size_bytes |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        yield kind, place, min(size_bytes, end - place)
        place += size_bytes
