"""Excel workbooks in the XML of 2003."""

import pytest

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files.open import open_sheets


def test_excel_xml_of_2003_is_read():
    """Sheets, skipped rows and cells, merges, hidden rows and types are those of the XML."""
    book = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="June"><Table>'
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Our &amp; list</Data></Cell><Cell><Data ss:Type="String">c</Data></Cell></Row>'
        '<Row ss:Index="3" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">25500</Data></Cell>'
        '<Cell><Data ss:Type="Error">#N/A</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    sheet = open_sheets(book.encode(), "a.xls")[0]
    assert sheet.name == "June"
    assert [list(row) for row in sheet.rows] == [["Our & list", "", "c"], ["", "", ""], ["", 25500.0, ""]]
    assert sheet.merges == (Merge(0, 0, 0, 1),)
    assert sheet.hidden == {2}


def test_far_cells_of_xml_are_refused():
    """An index far outside of the list does not make the rows before it."""
    book = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="S"><Table><Row ss:Index="1048576"><Cell ss:Index="16384"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    with pytest.raises(FileTooLarge):
        open_sheets(book.encode(), "a.xls")
