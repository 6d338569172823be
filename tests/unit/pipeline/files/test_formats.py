"""Formats of files are recognized by their bytes, and what is no price list is refused by name."""

import io
import zipfile

import pytest
from bad_files import encrypted, scan, truncated, workbook

from monito_ray import errors
from monito_ray.pipeline.files.formats import FileFormat, sniff_format
from monito_ray.pipeline.files.ole import MAGIC

_XML_2003 = b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


def _zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (workbook(), FileFormat.XLSX),
        (_zipped("xl/workbook.bin"), FileFormat.XLSB),
        (_zipped("xl\\workbook.xml"), FileFormat.XLSX),
        (_zipped("content.xml"), FileFormat.ODS),
        (_zipped("word/document.xml"), FileFormat.DOCX),
        (_zipped("june.xlsx"), FileFormat.ZIP),
        (b"{\\rtf1 x}", FileFormat.RTF),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", FileFormat.EML),
        (b"\r\nReceived: by x\r\n (y)\r\nFrom: a@b.c\r\nTo: d\r\n\r\nTea 5", FileFormat.EML),
        (b"From: Berlin\nTea: 5\nCoffee: 6\n", FileFormat.TEXT),
        (b"<div class='card'>Tea</div>", FileFormat.HTML),
        (scan(), FileFormat.PDF),
        (b"\r\n" + scan(), FileFormat.PDF),
        (b"name\tprice\nplums\t4,50\n", FileFormat.TEXT),
        ("имя;цена\n".encode("cp1251"), FileFormat.TEXT),
        ("имя;цена\n".encode("utf-16"), FileFormat.TEXT),
        (b"<5 pcs;100\n", FileFormat.TEXT),
        (b"BMW filters;100\nBM;5", FileFormat.TEXT),
        (b"MZ-1 motor;100\n", FileFormat.TEXT),
        (b"\n <HTML><body><table><tr><td>a</td></tr></table>", FileFormat.HTML),
        (b"\xef\xbb\xbf<table><tr><td>a</td></tr></table>", FileFormat.HTML),
        (_XML_2003, FileFormat.XML_2003),
    ],
)
def test_bytes_decide_and_not_the_suffix(data: bytes, expected: FileFormat):
    """Whatever the name, the format is that of the content."""
    assert {sniff_format(data, f"list{suffix}") for suffix in (".xls", ".xlsx", ".pdf", ".csv", "")} == {expected}


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (b"", errors.FileEmpty, "empty"),
        (b"\xef\xbb\xbf \r\n\t\n", errors.FileEmpty, "empty"),
        (b"GIF89a\x01\x00\x01\x00", errors.FileFormatUnknown, "a GIF picture, not a price list"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", errors.FileFormatUnknown, "a BMP picture"),
        (b"Rar!\x1a\x07\x01\x00", errors.FileFormatUnknown, "a RAR archive"),
        (b"MZ\x90\x00\x03\x00\x00\x00", errors.FileFormatUnknown, "a Windows program"),
        (_zipped("word/styles.xml"), errors.FileFormatUnknown, "a Word document without its text"),
        (_zipped("ppt/presentation.xml"), errors.FileFormatUnknown, "a PowerPoint presentation"),
        (b"<?xml version='1.0'?><catalog/>", errors.FileFormatUnknown, "an XML file"),
        (bytes(range(256)) * 9, errors.FileFormatUnknown, "no workbook"),
        (encrypted(), errors.FileEncrypted, "password"),
        (truncated(), errors.FileDamaged, "incomplete download"),
        (MAGIC + b"\x00" * 600, errors.FileDamaged, "incomplete download"),
    ],
)
def test_a_file_that_is_no_list_is_called_by_its_name(data: bytes, error: type[errors.FileUnusable], reason: str):
    """A file that cannot be a price list is refused in one line with the file's name and what it is."""
    with pytest.raises(error) as raised:
        sniff_format(data, "june.xlsx")
    message = str(raised.value)
    assert message.startswith("june.xlsx: ")
    assert reason in message
    assert "\n" not in message
    assert raised.value.remedy
