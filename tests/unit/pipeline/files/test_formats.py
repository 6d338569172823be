"""What a file is told to be, and how files are refused."""

import io
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from bad_files import bomb, encrypted, make_all, picture, scan, truncated, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monito_ray import errors
from monito_ray.pipeline.files.archive import repack_parts, unpack_parts
from monito_ray.pipeline.files.formats import FileFormat, sniff_format
from monito_ray.pipeline.files.ole import MAGIC
from monito_ray.pipeline.files.open import open_sheets

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
    ("data", "error", "said"),
    [
        (b"", errors.FileEmpty, "empty"),
        (b"\xef\xbb\xbf \r\n\t\n", errors.FileEmpty, "empty"),
        (picture(), errors.FileFormatUnknown, "a PNG picture, not a price list"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", errors.FileFormatUnknown, "a JPEG picture"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", errors.FileFormatUnknown, "a BMP picture"),
        (b"Rar!\x1a\x07\x01\x00", errors.FileFormatUnknown, "a RAR archive"),
        (b"MZ\x90\x00\x03\x00\x00\x00", errors.FileFormatUnknown, "a Windows program"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", errors.FileFormatUnknown, "a saved web page"),
        (_zipped("word/document.xml"), errors.FileFormatUnknown, "a Word document"),
        (_zipped("june.xlsx"), errors.FileFormatUnknown, "unpack it"),
        (b"<?xml version='1.0'?><catalog/>", errors.FileFormatUnknown, "an XML file"),
        (bytes(range(256)) * 9, errors.FileFormatUnknown, "no workbook"),
        (encrypted(), errors.FileEncrypted, "password"),
        (truncated(), errors.FileDamaged, "incomplete download"),
        (MAGIC + b"\x00" * 600, errors.FileDamaged, "incomplete download"),
    ],
)
def test_what_is_no_list_is_called_by_its_name(data: bytes, error: type[errors.FileUnusable], said: str):
    """A file that cannot be a price list is refused in one line with the file's name and what it is."""
    with pytest.raises(error) as raised:
        sniff_format(data, "june.xlsx")
    message = str(raised.value)
    assert message.startswith("june.xlsx: ")
    assert said in message
    assert "\n" not in message
    assert raised.value.remedy


_REFUSED = {
    "empty": errors.FileEmpty,
    "picture": errors.FileFormatUnknown,
    "truncated": errors.FileDamaged,
    "encrypted": errors.FileEncrypted,
    "scan": errors.FileWithoutText,
    "bomb": errors.FileTooLarge,
    "whole_grid": errors.FileTooLarge,
}


def test_bad_files_are_refused_by_their_fault(tmp_path: Path):
    """Every bad file of the collection is refused with the error of its fault and its own name; one is only too large, one only without prices."""
    paths = make_all(tmp_path)
    assert not paths["missing"].exists()
    for fault, error in _REFUSED.items():
        with pytest.raises(error, match=rf"^{paths[fault].name}: "):
            open_sheets(paths[fault].read_bytes(), paths[fault].name)
    assert open_sheets(paths["without_prices"].read_bytes(), "a.xlsx")[0].rows
    assert paths["over_size"].stat().st_size > 20 * 1024 * 1024


@pytest.mark.parametrize("announced_bytes", [0, 100, 5_000_000])
def test_a_part_larger_than_announced_is_not_unpacked(announced_bytes: int):
    """An archive that lies about a part of 2 GB is damaged, and costs no more memory than it announces."""
    resource = pytest.importorskip("resource")
    data = bomb(announced_bytes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(errors.FileDamaged, match=r"sheet2\.xml"):
        open_sheets(data, "lie.xlsx")
    unit = 1 if sys.platform == "darwin" else 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 100_000_000


def test_the_limit_counts_all_parts():
    """What an archive unpacks to is limited as a whole, unwanted parts included."""
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        total = sum(info.file_size for info in archive.infolist())
    assert open_sheets(data, "a.xlsx", total)
    with pytest.raises(errors.FileTooLarge):
        open_sheets(data, "a.xlsx", total - 1)


def test_repacking_keeps_every_part():
    """A repacked archive holds the same parts."""
    data = workbook()
    parts = unpack_parts(data, "a.xlsx", ("",))
    assert len(parts) > 5
    assert unpack_parts(repack_parts(parts).getvalue(), "a.xlsx", ("",)) == parts


def test_a_part_with_a_password_is_encrypted():
    """A zip archive whose parts want a password is refused as such."""
    data = bytearray(workbook())
    for place in _directory_entries(bytes(data)):
        struct.pack_into("<H", data, place + 8, 1)
    with pytest.raises(errors.FileEncrypted):
        open_sheets(bytes(data), "a.xlsx")


def _directory_entries(data: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place, places = archive.start_dir, []
    while data[place : place + 4] == b"PK\x01\x02":
        places.append(place)
        place += 46 + sum(struct.unpack_from("<HHH", data, place + 28))
    return places


_HEADS = st.sampled_from(
    [b"", b"PK\x03\x04", MAGIC, b"%PDF-1.4\n", b"<html><table>", _XML_2003[:-11], b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", workbook()]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(head=_HEADS, tail=st.binary(max_size=700), suffix=st.sampled_from(["xlsx", "xls", "csv", "pdf", "ods", ""]))
def test_any_bytes_give_sheets_or_a_clear_refusal(head: bytes, tail: bytes, suffix: str):
    """Random bytes, with the beginning of a real format or without, are read or refused, and nothing else happens."""
    try:
        found = open_sheets(head + tail, f"x.{suffix}")
    except errors.FileUnusable as error:
        found, message = [], str(error)
    else:
        message = "x."
    assert message.startswith("x.")
    assert "\n" not in message
    for sheet in found:
        assert len({len(row) for row in sheet.rows}) <= 1
        assert len(sheet.numbers) in (0, len(sheet.rows))
