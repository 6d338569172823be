"""The parts of a package are checked and repaired before they are read."""

import io
import zipfile

import pytest
from raw_workbooks import FIRST_ROW, SPREADSHEET, cell_values, ods, ods_row, ods_text, xlsx_with_cells, xlsx_with_sheet

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.files.xlsx_parts import formulas_without_values


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
        open_sheets(xlsx_with_sheet(head + b"<worksheet " + SPREADSHEET + b"><sheetData>" + cell + b"</sheetData></worksheet>"), "a.xlsx")
    book = b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Data>&z;</Data></Workbook>'
    with pytest.raises(FileDamaged, match="entities"):
        open_sheets(b'<?xml version="1.0"?>' + head + book, "a.xls")


def test_errors_of_newer_kinds_do_not_lose_the_sheet():
    """A formula that failed in a way the reader does not know is an empty cell."""
    cells = b'<row r="2"><c r="A2" t="e"><f>X()</f><v>#SPOOKY!</v></c><c r="B2"><v>5</v></c></row>'
    assert cell_values(open_sheets(xlsx_with_cells(cells), "a.xlsx")[0]) == [[1.0, ""], ["", 5.0]]


def test_xml_in_utf_16_is_read():
    """A sheet whose XML is in UTF-16 has its cells."""
    xml = (
        '<?xml version="1.0" encoding="UTF-16"?><worksheet '
        + SPREADSHEET.decode()
        + "><sheetData>"
        + FIRST_ROW.decode()
        + "</sheetData></worksheet>"
    )
    assert cell_values(open_sheets(xlsx_with_sheet(xml.encode("utf-16")), "a.xlsx")[0]) == [[1.0]]


def test_parts_of_an_ods_that_nobody_needs_do_not_matter():
    """An empty list of key strokes, as LibreOffice 5 and OpenOffice write it, and a broken picture of a chart break nothing."""
    packed = io.BytesIO(ods(ods_row(ods_text("Rice"), ods_text("12000"))))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("Configurations2/accelerator/current.xml", b"")
        archive.writestr("Object 1/content.xml", b"<broken")
    assert cell_values(open_sheets(packed.getvalue(), "a.ods")[0]) == [["Rice", "12000"]]


def test_ods_that_breaks_off_is_damaged():
    """A file cut within a row, a tag or a text is refused at once: calamine would look for the end for ever."""
    whole = ods(ods_row(ods_text("Rice"), ods_text("12000")) * 3)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml")
    for cut in (content.rindex(b"<table:table-row") + 20, content.rindex(b"12000") + 2, content.rindex(b"</table:table-row") + 5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content[:cut] + b"adsheet></office:body></office:document-content>")
        with pytest.raises(FileDamaged, match=r"^a\.ods: the XML of its part content\.xml is broken"):
            open_sheets(packed.getvalue(), "a.ods")


def test_formulas_without_values_are_counted_by_column():
    """One that gives an empty text has a value."""
    cells = (
        b'<c r="A1"><f>B1*2</f><v></v></c><c r="B1"><v>4</v></c><c r="C1"><f>B1*2</f><v>8</v></c><c r="D1" t="str"><f>IF(1,"")</f><v></v></c>'
        b'<c r="A2" s="3"><f t="shared" si="0"/></c><c r="AB2"><f>SUM(A1:A2)</f><v/></c>'
    )
    assert formulas_without_values(cells) == {0: 2, 27: 1}
    assert formulas_without_values(b'<c r="B1"><v>4</v></c>') == {}
