"""The extent of a workbook's sheets is measured before they are read."""

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from raw_workbooks import BLANK, cell_at, ods, ods_empty, ods_row, ods_text, xls_book, xlsx_with_cells

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.isolation.limits import MAX_CELLS
from monito_ray.pipeline.files import biff, sheet_limits
from monito_ray.pipeline.files.open import open_sheets

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
        open_sheets(xlsx_with_cells(_FAR[way]), "a.xlsx")
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
    start = time.process_time()
    with pytest.raises(FileDamaged):
        open_sheets(xlsx_with_cells(_COSTLY[way]), "a.xlsx")
    assert time.process_time() - start < 5


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
    sheet = open_sheets(xlsx_with_cells(cells), "a.xlsx")[0]
    assert (len(sheet.rows), len(sheet.rows[0])) == (height, width)


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=4))
def test_the_measured_extent_is_the_real_one(cells: list[tuple[int, int]]):
    """A sheet's XML is refused exactly when its rectangle has more cells than the limit."""
    rows = b"".join(b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (row, get_column_letter(column).encode(), row) for row, column in cells)
    too_far = max(row for row, _ in cells) * max(column for _, column in cells) > MAX_CELLS
    try:
        sheet_limits.check_xlsx_extent(b"<sheetData>" + rows + b"</sheetData>", "S", "a.xlsx")
    except FileTooLarge:
        assert too_far
    else:
        assert not too_far


def _claims(top: int, bottom: int, left: int, right: int) -> tuple[int, bytes]:
    return biff.DIMENSIONS, struct.pack("<IIHHH", top, bottom, left, right, 0)


@pytest.mark.parametrize(
    ("book", "error"),
    [
        (xls_book([], [(biff.NUMBER, cell_at(65535, 300)), (biff.LABEL_SST, cell_at(0, 0))]), None),
        (xls_book([], [(biff.NUMBER, cell_at(65535, 0)), (biff.LABEL_SST, cell_at(0, 400))]), FileTooLarge),
        (xls_book([], [(biff.NUMBER, cell_at(65535, 0))], [(biff.NUMBER, cell_at(0, 400))]), None),
        (xls_book([], [], [(biff.NUMBER, cell_at(65535, 400))]), FileTooLarge),
        (xls_book([], [(biff.MUL_RK, cell_at(65535, 250, bytes(6 * 90 + 2)))]), FileTooLarge),
        (xls_book([], [(BLANK, cell_at(65535, 65535))]), None),
        (xls_book([], [(biff.NUMBER, b"\x00")]), None),
        (xls_book([], [_claims(0, 65536, 0, 256)]), None),
        (xls_book([], [_claims(0, 4_000_000_000, 0, 256)]), FileTooLarge),
        (xls_book([], [_claims(9, 5, 0, 256)]), FileTooLarge),
        (xls_book([], [_claims(9, 0, 0, 256)]), None),
        (xls_book([(biff.SST, struct.pack("<II", 1, 0x7FFFFFFF))]), FileDamaged),
        (xls_book([(biff.BOUND_SHEET, struct.pack("<I", 1 << 30) + bytes(4))]), FileDamaged),
        (xls_book([(biff.BOUND_SHEET, struct.pack("<I", 20) + bytes(4))] * 9, [(biff.NUMBER, cell_at(1, 1))] * 99), None),
        (
            xls_book([(biff.BOUND_SHEET, struct.pack("<I", 12 + 9 * 12 + 12 + 4) + bytes(4))] * 9, [(biff.NUMBER, cell_at(1, 1))] * 99),
            FileDamaged,
        ),
    ],
)
def test_xls_records_are_measured(book: bytes, error: type[Exception] | None):
    """The sheets of an xls are measured where the workbook says they are, blanks aside, and so is what they and the texts claim to hold."""
    if error is None:
        sheet_limits.check_xls_extent(book, "a.xls")
    else:
        with pytest.raises(error, match=r"^a\.xls: "):
            sheet_limits.check_xls_extent(book, "a.xls")


def _xlsb(*cells: tuple[int, int]) -> bytes:
    rows = (
        bytes((0, 17)) + struct.pack("<I", row) + bytes(13) + bytes((5, 16)) + struct.pack("<I", column) + bytes(12)
        for row, column in cells
    )
    return b"\x81\x01\x00" + b"".join(rows) + b"\x82\x01\x00"


def test_xlsb_records_are_measured():
    """The cells of an xlsb's sheet are measured by their rows and columns."""
    sheet_limits.check_xlsb_extent(_xlsb((0, 0), (1_048_575, 10)), "S", "a.xlsb")
    with pytest.raises(FileTooLarge, match=r"^a\.xlsb: sheet 'S' reaches to row 1,048,576 and column 16,384"):
        sheet_limits.check_xlsb_extent(_xlsb((0, 0), (1_048_575, 16_383)), "S", "a.xlsb")


def test_ods_is_read_without_its_empty_rest():
    """The empty rows and columns that an ods repeats to the end of the grid are nothing, those between cells keep their places."""
    data = ods(
        ods_row(ods_text("Item"), ods_empty(16383))
        + ods_row(ods_empty(16384), times=2)
        + ods_row(ods_empty(1), ods_text("Plums"))
        + ods_row(ods_empty(16384), times=1048572)
    )
    assert [list(row) for row in open_sheets(data, "a.ods")[0].rows] == [["Item", ""], ["", ""], ["", ""], ["", "Plums"]]


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_text("x", 16384), times=1048576),
        ods_row(ods_text("x")) + ods_row(ods_empty(16384), times=1048574) + ods_row(ods_empty(16383), ods_text("x")),
        ods_row(ods_text("x", 4_000_000_000), times=4_000_000_000),
    ],
)
def test_ods_that_repeats_too_often_is_refused(rows: str):
    """Cells that an ods repeats over the whole grid are refused before they are read."""
    with pytest.raises(FileTooLarge, match=r"^a\.ods: sheet 'number 1'"):
        open_sheets(ods(rows), "a.ods")
