"""Cells that are no numbers and characters that nothing can write."""

import math
import zipfile
from io import BytesIO

import pytest
from bad_files import workbook

from monito_ray.pipeline.cells import Sheet, TextLine
from monito_ray.pipeline.files import clean_cells
from monito_ray.pipeline.files.open import open_sheets


def test_numbers_that_are_none_become_empty():
    """Those of a column that has other numbers, too; a row without any stays the very row."""
    rows = [["Rice", 5.0], ["Oil", math.nan], ["Salt", -math.inf]]
    cleaned = clean_cells.clean_sheet(Sheet("June", rows)).rows
    assert cleaned == [["Rice", 5.0], ["Oil", ""], ["Salt", ""]]
    assert cleaned[0] is rows[0]


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Rice\n5 kg\t\u00a0", "Rice\n5 kg\t\u00a0"),
        ("Ri\x00ce", "Ri\ufffdce"),
        ("Rice\x00\x00", "Rice"),
        ("12\x07\x08000", "12\ufffd000"),
        ("a\ud800\udfffb", "a\ufffdb"),
        ("\ufffe", "\ufffd"),
        ("\N{GRINNING FACE}é", "\N{GRINNING FACE}é"),
    ],
)
def test_characters_that_cannot_be_written_are_shown_as_such(written: str, cleaned: str):
    """In cells, in the lines of a text, and in names of sheets; what is white space stays."""
    sheet = clean_cells.clean_sheet(Sheet(written, [[written]], lines=[TextLine(1, written, 0, 1, 0, 1)]))
    assert (sheet.name, sheet.rows[0][0], sheet.lines[0].text) == (cleaned, cleaned, cleaned)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&amp;&#65;&#x42;", "&AB"),
        (f"a&#{'9' * 5_000};b", "a\ufffdb"),
        (f"&#x{'0' * 20};", "\ufffd"),
        ("&#55296;", "\ufffd"),
        ("R&D", "R&D"),
    ],
)
def test_references_too_long_to_be_characters_are_none(written: str, read: str):
    """Python refuses to read a number of 5,000 digits; a page may hold one."""
    assert clean_cells.unescape(written) == read


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        (b"<a>&#65;&#x42;&#10;&amp;</a>", b"<a>&#65;&#x42;&#10;&amp;</a>"),
        (b"<a>&#0;&#x1f;&#xD800;&#xfffe;&#1114112;</a>", b"<a>" + b"&#65533;" * 5 + b"</a>"),
        (b"<a>&#" + b"9" * 5_000 + b";</a>", b"<a>&#65533;</a>"),
    ],
)
def test_references_for_which_parsers_refuse_xml_are_repaired(written: bytes, repaired: bytes):
    """One cell with such a reference costs the cell, not the workbook."""
    assert clean_cells.repair_references(written) == repaired


@pytest.mark.parametrize("number", [b"NaN", b"INF", b"-inf", b"1e999"])
def test_a_workbook_with_no_number_in_a_number_cell_is_read(number: bytes):
    """Programs write 0/0 so; the other cells of the row are as they were."""
    packed, out = workbook([["Name", "Price"], ["Rice", 77_777], ["Oil", 5]]), BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<v>77777</v>", b"<v>" + number + b"</v>"))
    assert [list(row) for row in open_sheets(out.getvalue(), "june.xlsx")[0].rows] == [["Name", "Price"], ["Rice", ""], ["Oil", 5.0]]
