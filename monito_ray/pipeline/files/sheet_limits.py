"""The extent of a workbook's sheets, measured before the workbook is read.

calamine holds each sheet as a full rectangle from A1 to its last cell with content (550 GB for a cell in the last corner of an xlsx), and ends
the whole process when there is no memory for it. So each sheet's extent is measured first: in xlsx by a pattern that only plain, near cells
match, and cell by cell where one does not.
"""

import re
import struct

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.isolation.limits import MAX_CELLS
from monito_ray.pipeline.files import biff

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
_XLS_CELLS = frozenset({biff.FORMULA, biff.NUMBER, biff.LABEL, biff.BOOL_ERR, biff.RK, biff.MUL_RK, biff.LABEL_SST})
_ODS_TOKEN = re.compile(
    rb"""<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>(?=(</)?)"""
)
_ODS_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d{1,12})""")
_ODS_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d{1,12})""")


def check_xlsx_extent(part: bytes, sheet_name: str, file_name: str) -> None:
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


def check_xls_extent(book: bytes, file_name: str) -> None:
    """Refuse the records of an xls workbook when the cells of a sheet, or the extent that it claims, reach too far.

    Raises:
        FileTooLarge: naming the sheet by its number.
        FileDamaged: sheets overlap or begin nowhere, or the table of texts claims more of them than the file has room for.
    """
    for kind, offset, size_bytes in biff.xls_records(book, 0):
        if kind == biff.SST and size_bytes >= 8 and struct.unpack_from("<I", book, offset + 4)[0] > len(book):
            raise FileDamaged(f"{file_name}: its table of texts is broken")
    # Sheets lie one behind the other; only a forged file has them read the same bytes again and again.
    room = 2 * len(book)
    for number, start in enumerate(biff.xls_sheet_offsets(book), start=1):
        height, width, size_bytes = _xls_extent(book, start)
        _refuse_far(height, width, f"number {number}", file_name)
        room -= size_bytes
        if room < 0 or start > len(book):
            raise FileDamaged(f"{file_name}: its sheets are not where it says")


def check_xlsb_extent(part: bytes, sheet_name: str, file_name: str) -> None:
    """Refuse a worksheet's records in an xlsb workbook when its cells reach too far.

    Raises:
        FileTooLarge: naming the sheet.
    """
    height = width = row = 0
    for kind, offset, size_bytes in biff.xlsb_records(part):
        if size_bytes < 4:
            continue
        if kind == biff.XLSB_ROW:
            row = int.from_bytes(part[offset : offset + 4], "little")
        elif kind in biff.XLSB_CELLS:
            height, width = max(height, row + 1), max(width, int.from_bytes(part[offset : offset + 4], "little") + 1)
    _refuse_far(height, width, sheet_name, file_name)


def check_ods_extent(content: bytes, file_name: str) -> None:
    """Refuse the content of an ods workbook when cells, repeated as often as it says, reach too far.

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
            repeat, column = 0 if closing else _repetitions(_ODS_ROWS, attributes), 0
        elif not closing:
            column += _repetitions(_ODS_COLUMNS, attributes)
            if not attributes.endswith(b"/") and not empty:
                height, width = max(height, row + repeat), max(width, column)


def column_number(letters: bytes) -> int:
    """Return a column's number, from 1, by its letters."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _xls_extent(book: bytes, start: int) -> tuple[int, int, int]:
    """Return the rows and columns of the sheet that begins at `start`, up to its last cell or as many as it claims, and its length in bytes."""
    height = width = 0
    end = start
    for kind, offset, size_bytes in biff.xls_records(book, start):
        end = offset + size_bytes
        if kind in _XLS_CELLS and size_bytes >= 4:
            row, column = struct.unpack_from("<HH", book, offset)
            if kind == biff.MUL_RK:
                column += size_bytes // biff.MUL_RK_CELL_BYTES
            height, width = max(height, row + 1), max(width, column + 1)
        elif kind == biff.DIMENSIONS and size_bytes in (10, 14):
            rows, columns = _claimed_extent(book, offset, size_bytes)
            if rows * columns > MAX_CELLS:
                return rows, columns, 0
    return height, width, end - start


def _claimed_extent(book: bytes, offset: int, size_bytes: int) -> tuple[int, int]:
    """Return how many rows and columns calamine makes room for; where the last stands before the first it wraps around, too."""
    top, bottom, left, right = struct.unpack_from("<HHHH" if size_bytes == 10 else "<IIHH", book, offset)
    if not bottom or not right:
        return 1, 1
    return (bottom - top) % (1 << 32), (right - left) % (1 << 32)


def _refuse_far(height: int, width: int, sheet_name: str, file_name: str) -> None:
    if height * width > MAX_CELLS:
        raise FileTooLarge(f"{file_name}: sheet {sheet_name!r} reaches to row {height:,} and column {width:,}, too far to be held", _REMEDY)


def _repetitions(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match.group(1)) if match else 1
