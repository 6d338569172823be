"""Workbooks as sheets: positions, types, merges, hidden sheets and rows."""

import io
import struct
import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from bad_files import saved, workbook
from raw_workbooks import BOF, FIRST_ROW, SPREADSHEET, biff8, cell_at, cell_values, xlsx_with_sheet

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files import biff, ole
from monito_ray.pipeline.files.excel import read_packed_workbook
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.open import open_sheets


def test_cells_keep_their_positions_and_types():
    """Leading empty rows and columns stay, trailing ones go; numbers are floats, dates are dates, a formula's error is empty."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("June")
    sheet.write("B3", "Plums")
    sheet.write("C3", 25500)
    sheet.write_datetime("D4", datetime(2023, 7, 1), book.add_format({"num_format": "dd.mm.yyyy"}))  # noqa: DTZ001 - as workbooks have them
    sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
    sheet.write_blank("H9", None, book.add_format({"bold": True}))
    book.close()
    sheets = open_sheets(content.getvalue(), "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["June"]
    assert cell_values(sheets[0])[:3] == [["", "", "", ""], ["", "", "", ""], ["", "Plums", 25500.0, ""]]
    assert cell_values(sheets[0])[3][2] == ""
    assert str(sheets[0].rows[3][3]).startswith("2023-07-01")
    assert len(sheets[0].rows) == 4
    assert sheets[0].row_number(2) == 3


def test_merges_end_where_the_cells_end():
    """Merged cells end with the rows and columns that hold something; absurd ones cost nothing."""
    cells = FIRST_ROW + b'<row r="2"><c r="C2"><v>2</v></c></row>'
    merges = b"".join(b'<mergeCell ref="%s"/>' % ref for ref in (b"A1:C1", b"A2:A9", b"B1:C7", b"D1:XFD1048576", b"C2:A1"))
    xml = b"<worksheet " + SPREADSHEET + b"><sheetData>" + cells + b"</sheetData><mergeCells>" + merges + b"</mergeCells></worksheet>"
    assert open_sheets(xlsx_with_sheet(xml), "a.xlsx")[0].merges == (Merge(0, 0, 0, 2), Merge(0, 1, 1, 2))


def test_hidden_sheets_are_left_out_and_hidden_rows_are_marked():
    """Hidden sheets are skipped while one is visible; the sheet has the indexes of rows that the workbook hides."""
    book = openpyxl.Workbook()
    shown = book.worksheets[0]
    for row in range(1, 6):
        shown.append([f"Item {row}", row])
    shown.row_dimensions[2].hidden = True
    shown.row_dimensions[40].hidden = True
    for name, state in (("old", "hidden"), ("older", "veryHidden")):
        book.create_sheet(name)["A1"] = name
        book[name].sheet_state = state
    sheets = open_sheets(saved(book), "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", frozenset({1}))]


def test_when_all_sheets_are_hidden_all_are_read():
    """A workbook without a visible sheet still has a list."""
    data = workbook()
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(content, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name).replace(b'state="visible"', b'state="hidden"'))
    assert b'state="hidden"' in content.getvalue()
    assert len(open_sheets(content.getvalue(), "a.xlsx")[0].rows) == 3


def test_sheets_are_limited_together():
    """Sheets that could each be held are refused when all of them together cannot."""
    book = openpyxl.Workbook()
    for name in "abc":
        book.create_sheet(name)["B3"] = "x"
    assert len(read_packed_workbook(saved(book), "a.xlsx", FileFormat.XLSX, limit_cells=18)) == 4
    with pytest.raises(FileTooLarge, match="together"):
        read_packed_workbook(saved(book), "a.xlsx", FileFormat.XLSX, limit_cells=17)


def test_an_xls_is_read():
    """A workbook of plain records, in a container of its own, has its cells."""
    number = cell_at(1, 2, struct.pack("<Hd", 0, 25500.0))
    named = (biff.BOUND_SHEET, struct.pack("<IBBBB", 52, 0, 0, 4, 0) + b"June")
    book = biff8((BOF, struct.pack("<HHI", 0x600, 5, 0)), (0x42, b"\xb0\x04"), named, (biff.EOF, b""))
    book = book.ljust(52, b"\0") + biff8((BOF, struct.pack("<HHI", 0x600, 16, 0)), (biff.NUMBER, number), (biff.EOF, b""))
    sheet = open_sheets(ole.build_compound_file("Workbook", book), "a.xlsx")[0]
    assert (sheet.name, [list(row) for row in sheet.rows]) == ("June", [["", "", ""], ["", "", 25500.0]])
