"""The records of Excel's binary workbooks: BIFF8 in xls, BIFF12 in xlsb.

A record is a kind, a length and that many bytes. Sheets of an xls follow the workbook's own records in one stream; each part of an xlsb is a
sequence of records of its own.
"""

import struct
from collections.abc import Iterator

#: Kinds of records of an xls ([MS-XLS] 2.3), by their names there.
EOF = 0x0A
FILE_PASS = 0x2F
BOUND_SHEET = 0x85
MUL_RK = 0xBD
XF = 0xE0
SST = 0xFC
DIMENSIONS = 0x200
FORMAT = 0x41E
FORMULA, NUMBER, LABEL, BOOL_ERR, RK, LABEL_SST = 0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD

#: Kinds of records of an xlsb ([MS-XLSB] 2.3.2): the head of a row, and cells with content.
XLSB_ROW = 0
XLSB_CELLS = frozenset(range(2, 12)) | {62}

#: Before a MUL_RK's cells stand its row and first column, behind them its last column; each cell is a style and a number.
_MUL_RK_FRAME_BYTES, MUL_RK_CELL_BYTES = 6, 6


def xls_records(book: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, offset of the content and its length for each record from `offset` to the record that ends the sheet or the workbook."""
    end = len(book) - 3
    unpack_head = struct.Struct("<HH").unpack_from
    while offset < end:
        kind, size_bytes = unpack_head(book, offset)
        if kind == EOF:
            return
        yield kind, offset + 4, min(size_bytes, len(book) - offset - 4)
        offset += 4 + size_bytes


def xls_sheet_offsets(book: bytes) -> list[int]:
    """Return where each sheet of an xls workbook begins among its records, in order."""
    records = xls_records(book, 0)
    return [struct.unpack_from("<I", book, offset)[0] for kind, offset, size_bytes in records if kind == BOUND_SHEET and size_bytes >= 4]


def mul_rk_cells(size_bytes: int) -> int:
    """Return how many cells a MUL_RK record of `size_bytes` holds."""
    return (size_bytes - _MUL_RK_FRAME_BYTES) // MUL_RK_CELL_BYTES


def xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, offset of the content and its length for each record; kind and length take seven bits from each of up to four bytes."""
    offset, end = 0, len(part)
    while offset < end:
        kind = part[offset]
        offset += 1
        if kind & 0x80 and offset < end:
            kind = kind & 0x7F | (part[offset] & 0x7F) << 7
            offset += 1
        size_bytes = shift = 0
        while offset < end:
            byte = part[offset]
            offset += 1
            size_bytes |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        yield kind, offset, min(size_bytes, end - offset)
        offset += size_bytes
