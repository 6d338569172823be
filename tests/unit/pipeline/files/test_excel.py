"""Workbooks as sheets: places, merges, hidden things, and extents that are measured before anything is read."""

import io
import subprocess
import sys
import time
import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from bad_files import saved, whole_grid, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.files import sheet_limits
from monito_ray.pipeline.files.excel import read_packed_workbook
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.open import open_sheets

_SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_FIRST = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def _with_sheet(xml: bytes) -> bytes:
    """A workbook whose one sheet has `xml` in place of its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else whole.read(name))
    return content.getvalue()


def _with_cells(cells: bytes) -> bytes:
    return _with_sheet(b"<worksheet " + _SPACE + b"><sheetData>" + _FIRST + cells + b"</sheetData></worksheet>")


def _values(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.rows]


def test_cells_keep_their_places_and_types():
    """Leading empty rows and columns stay, trailing ones go; numbers are floats, dates dates, a formula's error nothing."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("June")
    sheet.write("B3", "Plums")
    sheet.write("C3", 25500)
    sheet.write_datetime("D4", datetime(2023, 7, 1), book.add_format({"num_format": "dd.mm.yyyy"}))  # noqa: DTZ001 - as workbooks have them
    sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
    sheet.write_blank("H9", None, book.add_format({"bold": True}))
    book.close()
    found = open_sheets(content.getvalue(), "a.xlsx")
    assert [sheet.name for sheet in found] == ["June"]
    assert _values(found[0])[:3] == [["", "", "", ""], ["", "", "", ""], ["", "Plums", 25500.0, ""]]
    assert _values(found[0])[3][2] == ""
    assert str(found[0].rows[3][3]).startswith("2023-07-01")
    assert len(found[0].rows) == 4
    assert found[0].row_number(2) == 3


def test_merges_end_where_the_cells_end():
    """Merged cells are told, cut to the rows and columns that hold something; absurd ones cost nothing."""
    cells = _FIRST + b'<row r="2"><c r="C2"><v>2</v></c></row>'
    merges = b"".join(b'<mergeCell ref="%s"/>' % place for place in (b"A1:C1", b"A2:A9", b"B1:C7", b"D1:XFD1048576", b"C2:A1"))
    xml = b"<worksheet " + _SPACE + b"><sheetData>" + cells + b"</sheetData><mergeCells>" + merges + b"</mergeCells></worksheet>"
    assert open_sheets(_with_sheet(xml), "a.xlsx")[0].merges == (Merge(0, 0, 0, 2), Merge(0, 1, 1, 2))


def test_hidden_sheets_are_left_out_and_hidden_rows_told():
    """Hidden sheets are skipped while one is visible; rows that the workbook hides are known by index."""
    book = openpyxl.Workbook()
    shown = book.worksheets[0]
    for row in range(1, 6):
        shown.append([f"Item {row}", row])
    shown.row_dimensions[2].hidden = True
    shown.row_dimensions[40].hidden = True
    for name, state in (("old", "hidden"), ("older", "veryHidden")):
        book.create_sheet(name)["A1"] = name
        book[name].sheet_state = state
    found = open_sheets(saved(book), "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in found] == [("Sheet", frozenset({1}))]


def test_when_all_sheets_are_hidden_all_are_read():
    """A workbook without a visible sheet still has a list."""
    data = workbook()
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(content, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name).replace(b'state="visible"', b'state="hidden"'))
    assert b'state="hidden"' in content.getvalue()
    assert len(open_sheets(content.getvalue(), "a.xlsx")[0].rows) == 3


_FAR = {
    "plain": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "other quotes": b"<row r='1048576'><c r = 'XFD1048576'><v>1</v></c></row>",
    "small letters": b'<row r="9"><c r="xfd1048576"><v>1</v></c></row>',
    "lines": b'<row r="9"><c\n\tr\n=\n"XFD1048576"><v>1</v></c></row>',
    "named twice": b'<row r="9"><c r="A9" r="XFD1048576"><v>1</v></c></row>',
    "named twice behind text": b'<row r="9"><c r="A9" t="str" r="XFD1048576"><v>1</v></c></row>',
    "named twice behind a bracket": b'<row r="9"><c r="A9" s=">" r="XFD1048576"><v>1</v></c></row>',
    "style first": b'<row r="9"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    "counted": b'<row r="1048576">' + b"<c/>" * 16000 + b"<c><v>1</v></c></row>",
    "prefixed": b'<x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "no row": b'<c r="XFD1048576"><v>1</v></c>',
    "beyond the grid": b'<row r="99999999999"><c r="ZZZZZZZZZZ99999999999999"><v>1</v></c></row>',
    "very long number": b'<row r="9"><c r="A' + b"9" * 5000 + b'"><v>1</v></c></row>',
    "empty text": b'<row r="9"><c r="XFD1048576" t="str"><v></v></c></row>',
    "tall and wide": b'<row r="200000"><c r="A200000"><v>1</v></c></row><row r="200001"><c r="CZ2"><v>1</v></c></row>',
}


@pytest.mark.parametrize("way", _FAR)
def test_a_far_cell_is_found_however_it_is_written(way: str):
    """A sheet that could not be held is refused by name before it is read, in every spelling that the reader takes."""
    with pytest.raises(FileTooLarge, match=r"^a\.xlsx: sheet 'Sheet' reaches to row") as raised:
        open_sheets(_with_cells(_FAR[way]), "a.xlsx")
    assert "far outside" in raised.value.remedy


_COSTLY = {
    "quotes": b'<c a="' * 60_000,
    "cells": b'<c t="e">' * 60_000,
    "rows": b'<row r="1" hidden="1 ' * 60_000,
    "near cells": b'<c r="A1" ' * 60_000,
    "blanks": b"<c" + b" " * 600_000,
    "brackets": b"<" * 600_000,
}


@pytest.mark.parametrize("way", _COSTLY)
def test_no_sheet_costs_more_than_its_length(way: str):
    """Broken XML made to be slow to search is read or refused as fast as any."""
    start = time.perf_counter()
    with pytest.raises(FileDamaged):
        open_sheets(_with_cells(_COSTLY[way]), "a.xlsx")
    assert time.perf_counter() - start < 5


_READ = {
    "stray cell far below": (b'<row r="300000"><c r="B300000"><v>2</v></c></row>', 300_000, 2),
    "stray cell far right": (b'<row r="2"><c r="XFD2"><v>2</v></c></row>', 2, 16_384),
    "stray cell of both": (b'<row r="5000"><c r="FZ5000"><v>2</v></c></row>', 5_000, 182),
    "style to the last corner": (b'<row r="1048576"><c r="XFD1048576" s="0"/></row>', 1, 1),
    "empty to the last corner": (b'<row r="1048576"><c r="XFD1048576"></c></row>', 1, 1),
}


@pytest.mark.parametrize("way", _READ)
def test_stray_cells_are_read_while_the_sheet_can_be_held(way: str):
    """Far cells alone are no reason to refuse: a tall or a wide sheet is read, formats without content are nothing."""
    cells, height, width = _READ[way]
    sheet = open_sheets(_with_cells(cells), "a.xlsx")[0]
    assert (len(sheet.rows), len(sheet.rows[0])) == (height, width)


def test_sheets_are_limited_together():
    """Sheets that could each be held are refused when all of them together cannot."""
    book = openpyxl.Workbook()
    for name in "abc":
        book.create_sheet(name)["B3"] = "x"
    assert len(read_packed_workbook(saved(book), "a.xlsx", FileFormat.XLSX, limit_cells=18)) == 4
    with pytest.raises(FileTooLarge, match="together"):
        read_packed_workbook(saved(book), "a.xlsx", FileFormat.XLSX, limit_cells=17)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=4))
def test_the_measured_extent_is_the_real_one(cells: list[tuple[int, int]]):
    """A sheet's XML is refused exactly when its rectangle has more cells than the limit."""
    rows = b"".join(b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (row, get_column_letter(column).encode(), row) for row, column in cells)
    too_far = max(row for row, _ in cells) * max(column for _, column in cells) > sheet_limits.MAX_CELLS
    try:
        sheet_limits.check_xlsx_extent(b"<sheetData>" + rows + b"</sheetData>", "S", "a.xlsx")
    except FileTooLarge:
        assert too_far
    else:
        assert not too_far


def test_a_far_cell_would_end_the_process():
    """Without the check the reader does not raise, it takes the process with it: the reason why sheets are measured."""
    code = "import io, sys; from python_calamine import CalamineWorkbook as W; W.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)"
    done = subprocess.run([sys.executable, "-c", code], input=whole_grid(), capture_output=True, check=False)
    assert done.returncode < 0


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b'<!ENTITY z "&j;">]>',
        b'<!DOCTYPE w [<!ENTITY z SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_resolved(head: bytes):
    """Neither a bomb of entities nor one that names a file does anything but break the sheet."""
    cell = b'<row r="1"><c r="A1" t="str"><v>&z;</v></c></row>'
    with pytest.raises(FileDamaged):
        open_sheets(_with_sheet(head + b"<worksheet " + _SPACE + b"><sheetData>" + cell + b"</sheetData></worksheet>"), "a.xlsx")
    book = b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Data>&z;</Data></Workbook>'
    with pytest.raises(FileDamaged, match="entities"):
        open_sheets(b'<?xml version="1.0"?>' + head + book, "a.xls")


def test_errors_of_newer_kinds_do_not_lose_the_sheet():
    """A formula that failed in a way the reader does not know is an empty cell."""
    cells = b'<row r="2"><c r="A2" t="e"><f>X()</f><v>#SPOOKY!</v></c><c r="B2"><v>5</v></c></row>'
    assert _values(open_sheets(_with_cells(cells), "a.xlsx")[0]) == [[1.0, ""], ["", 5.0]]


def test_xml_in_utf_16_is_read():
    """A sheet whose XML is in UTF-16 has its cells."""
    xml = (
        '<?xml version="1.0" encoding="UTF-16"?><worksheet '
        + _SPACE.decode()
        + "><sheetData>"
        + _FIRST.decode()
        + "</sheetData></worksheet>"
    )
    assert _values(open_sheets(_with_sheet(xml.encode("utf-16")), "a.xlsx")[0]) == [[1.0]]
