"""Workbooks written part by part and record by record, as no office program would write them."""

import io
import struct
import zipfile

from bad_files import workbook

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import biff

SPREADSHEET = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FIRST_ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'
BOF, BLANK = 0x809, 0x201

#: Kind and content of each record.
Records = list[tuple[int, bytes]]


def cell_values(sheet: Sheet) -> list[list[object]]:
    """The cells of a sheet as lists, which compare equal to lists."""
    return [list(row) for row in sheet.rows]


def xlsx_with_sheet(xml: bytes) -> bytes:
    """A workbook whose one sheet has `xml` in place of its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else whole.read(name))
    return content.getvalue()


def xlsx_with_cells(cells: bytes) -> bytes:
    """A workbook whose one sheet has a first row and then `cells`, in XML."""
    return xlsx_with_sheet(b"<worksheet " + SPREADSHEET + b"><sheetData>" + FIRST_ROW + cells + b"</sheetData></worksheet>")


def biff8(*records: tuple[int, bytes]) -> bytes:
    """Records of an xls, one behind the other."""
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def xls_book(of_book: Records, *sheets: Records) -> bytes:
    """The records of an xls workbook: its own, with the offset of each sheet, then the sheets."""
    parts = [biff8((BOF, bytes(8)), *records, (biff.EOF, b"")) for records in sheets]
    offset = len(biff8((BOF, bytes(8)), *of_book, *[(biff.BOUND_SHEET, bytes(8))] * len(sheets), (biff.EOF, b"")))
    listed = []
    for part in parts:
        listed.append((biff.BOUND_SHEET, struct.pack("<I", offset) + bytes(4)))
        offset += len(part)
    return biff8((BOF, bytes(8)), *of_book, *listed, (biff.EOF, b"")) + b"".join(parts)


def cell_at(row: int, column: int, rest: bytes = bytes(10)) -> bytes:
    """The content of a cell's record."""
    return struct.pack("<HH", row, column) + rest


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet with one table of `rows`, in XML."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content + "</office:spreadsheet></office:body></office:document-content>")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return packed.getvalue()


def ods_row(*cells: str, times: int = 1) -> str:
    """A row of an OpenDocument table that repeats itself."""
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def ods_empty(times: int) -> str:
    """Empty cells of an OpenDocument table."""
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def ods_text(text: str, times: int = 1) -> str:
    """Cells of an OpenDocument table with text in them."""
    return (
        f'<table:table-cell table:number-columns-repeated="{times}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )
