"""Extents of the formats other than xlsx, and tables in markup."""

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files import ole, sheet_limits
from monito_ray.pipeline.files.open import open_sheets

_NUMBER, _TEXT, _RKS, _START, _BLANK, _TEXTS, _DIMENSIONS, _SHEET, _END = 0x203, 0xFD, 0xBD, 0x809, 0x201, 0xFC, 0x200, 0x85, 0x0A

Records = list[tuple[int, bytes]]


def _records(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def _xls(of_book: Records, *sheets: Records) -> bytes:
    """The records of a workbook: its own, with the place of each sheet, then the sheets."""
    parts = [_records((_START, bytes(8)), *records, (_END, b"")) for records in sheets]
    place = len(_records((_START, bytes(8)), *of_book, *[(_SHEET, bytes(8))] * len(sheets), (_END, b"")))
    listed = []
    for part in parts:
        listed.append((_SHEET, struct.pack("<I", place) + bytes(4)))
        place += len(part)
    return _records((_START, bytes(8)), *of_book, *listed, (_END, b"")) + b"".join(parts)


def _at(row: int, column: int, rest: bytes = bytes(10)) -> bytes:
    return struct.pack("<HH", row, column) + rest


def _claims(top: int, bottom: int, left: int, right: int) -> tuple[int, bytes]:
    return _DIMENSIONS, struct.pack("<IIHHH", top, bottom, left, right, 0)


@pytest.mark.parametrize(
    ("book", "error"),
    [
        (_xls([], [(_NUMBER, _at(65535, 300)), (_TEXT, _at(0, 0))]), None),
        (_xls([], [(_NUMBER, _at(65535, 0)), (_TEXT, _at(0, 400))]), FileTooLarge),
        (_xls([], [(_NUMBER, _at(65535, 0))], [(_NUMBER, _at(0, 400))]), None),
        (_xls([], [], [(_NUMBER, _at(65535, 400))]), FileTooLarge),
        (_xls([], [(_RKS, _at(65535, 250, bytes(6 * 90 + 2)))]), FileTooLarge),
        (_xls([], [(_BLANK, _at(65535, 65535))]), None),
        (_xls([], [(_NUMBER, b"\x00")]), None),
        (_xls([], [_claims(0, 65536, 0, 256)]), None),
        (_xls([], [_claims(0, 4_000_000_000, 0, 256)]), FileTooLarge),
        (_xls([], [_claims(9, 5, 0, 256)]), FileTooLarge),
        (_xls([], [_claims(9, 0, 0, 256)]), None),
        (_xls([(_TEXTS, struct.pack("<II", 1, 0x7FFFFFFF))]), FileDamaged),
        (_xls([(_SHEET, struct.pack("<I", 1 << 30) + bytes(4))]), FileDamaged),
        (_xls([(_SHEET, struct.pack("<I", 20) + bytes(4))] * 9, [(_NUMBER, _at(1, 1))] * 99), None),
        (_xls([(_SHEET, struct.pack("<I", 12 + 9 * 12 + 12 + 4) + bytes(4))] * 9, [(_NUMBER, _at(1, 1))] * 99), FileDamaged),
    ],
)
def test_xls_records_are_measured(book: bytes, error: type[Exception] | None):
    """The sheets of an xls are measured where the workbook says they are, blanks aside, and so is what they and the texts claim to hold."""
    if error is None:
        sheet_limits.check_xls_extent(book, "a.xls")
    else:
        with pytest.raises(error, match=r"^a\.xls: "):
            sheet_limits.check_xls_extent(book, "a.xls")


def test_an_xls_is_read():
    """A workbook of plain records, in a container of its own, has its cells."""
    number = _at(1, 2, struct.pack("<Hd", 0, 25500.0))
    named = (_SHEET, struct.pack("<IBBBB", 52, 0, 0, 4, 0) + b"June")
    book = _records((_START, struct.pack("<HHI", 0x600, 5, 0)), (0x42, b"\xb0\x04"), named, (_END, b""))
    book = book.ljust(52, b"\0") + _records((_START, struct.pack("<HHI", 0x600, 16, 0)), (_NUMBER, number), (_END, b""))
    sheet = open_sheets(ole.build_compound_file("Workbook", book), "a.xlsx")[0]
    assert (sheet.name, [list(row) for row in sheet.rows]) == ("June", [["", "", ""], ["", "", 25500.0]])


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


def _ods(rows: str) -> bytes:
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


def _row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def _empty(times: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def _filled(text: str, times: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{times}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def test_ods_is_read_without_its_empty_rest():
    """The empty rows and columns that an ods repeats to the end of the grid are nothing, those between cells keep their places."""
    data = _ods(
        _row(_filled("Item"), _empty(16383))
        + _row(_empty(16384), times=2)
        + _row(_empty(1), _filled("Plums"))
        + _row(_empty(16384), times=1048572)
    )
    assert [list(row) for row in open_sheets(data, "a.ods")[0].rows] == [["Item", ""], ["", ""], ["", ""], ["", "Plums"]]


@pytest.mark.parametrize(
    "rows",
    [
        _row(_filled("x", 16384), times=1048576),
        _row(_filled("x")) + _row(_empty(16384), times=1048574) + _row(_empty(16383), _filled("x")),
        _row(_filled("x", 4_000_000_000), times=4_000_000_000),
    ],
)
def test_ods_that_repeats_too_often_is_refused(rows: str):
    """Cells that an ods repeats over the whole grid are refused before they are made."""
    with pytest.raises(FileTooLarge, match=r"^a\.ods: sheet 'number 1'"):
        open_sheets(_ods(rows), "a.ods")


def test_ods_that_breaks_off_is_damaged():
    """In the middle of a row, a tag or a text: said at once, for the reader below would look for the end for ever."""
    whole = _ods(_row(_filled("Rice"), _filled("12000")) * 3)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml")
    for place in (content.rindex(b"<table:table-row") + 20, content.rindex(b"12000") + 2, content.rindex(b"</table:table-row") + 5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content[:place] + b"adsheet></office:body></office:document-content>")
        with pytest.raises(FileDamaged, match=r"^a\.ods: the XML of its part content\.xml is broken"):
            open_sheets(packed.getvalue(), "a.ods")


def test_an_html_page_named_xls_is_read():
    """Tables of a page stand beneath each other; spans keep columns in place, markup and entities are resolved."""
    page = (
        "<html><head><style>td {color: red}</style></head><body><table><tr><th colspan=2>Our list</th></tr>"
        "<tr><td rowspan=2>Jams &amp; honey</td><td>Plum<br>340 g</td><td>48,000</td></tr><tr><td>Fig</td><td>51,000"
        "</table><table><tr><td>Tea</td><td><b>20,000</b></td></tr></table></body></html>"
    )
    sheet = open_sheets(page.encode(), "a.xls")[0]
    assert [list(row) for row in sheet.rows] == [
        ["Our list", "", ""],
        ["Jams & honey", "Plum\n340 g", "48,000"],
        ["", "Fig", "51,000"],
        ["", "", ""],
        ["Tea", "20,000", ""],
    ]
    assert sheet.merges == (Merge(0, 0, 0, 1), Merge(1, 0, 2, 0))


def test_a_page_says_its_encoding():
    """A page in an encoding of one byte is read by the one it names."""
    page = '<html><meta charset="koi8-r"><table><tr><td>Ы</td></tr></table></html>'
    assert open_sheets(page.encode("koi8-r"), "a.xls")[0].rows[0][0] == "Ы"


def test_excel_xml_of_2003_is_read():
    """Sheets, skipped rows and cells, merges, hidden rows and types come as the XML says."""
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


@pytest.mark.parametrize(
    "table",
    [
        "<table>" + "<tr><td colspan=16384 rowspan=16384>x</td></tr>" * 2000 + "</table>",
        "<table>" + "<tr><td colspan=16384>x</td></tr>" * 2000 + "</table>",
    ],
)
def test_spans_cannot_fill_the_memory(table: str):
    """A page whose spans would make millions of cells is refused."""
    with pytest.raises(FileTooLarge, match=r"^a\.xls: "):
        open_sheets(table.encode(), "a.xls")


@pytest.mark.parametrize("piece", ["<!--", "<![", "<a ", "</", "<?", "<td a=\"<td b='", "<script", "</s", "&", "<"])
def test_no_page_costs_more_than_its_length(piece: str):
    """Markup that never ends is read as fast as any."""
    start = time.perf_counter()
    open_sheets(b"<table><td>" + piece.encode() * 60_000, "a.xls")
    assert time.perf_counter() - start < 5


def test_far_cells_of_xml_are_refused():
    """An index far outside of the list does not make the rows before it."""
    book = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="S"><Table><Row ss:Index="1048576"><Cell ss:Index="16384"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    with pytest.raises(FileTooLarge):
        open_sheets(book.encode(), "a.xls")


def _compound(name: str, content: bytes) -> bytes:
    """A compound file with one stream of at least 4,096 bytes."""
    sectors = -(-len(content) // 512)
    chain = [*range(3, 2 + sectors), 0xFFFFFFFE]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *chain] + [0xFFFFFFFF] * 128
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return (
        header
        + struct.pack("<128I", *table[:128])
        + _entry("Root Entry", 5, 0xFFFFFFFE, 0)
        + _entry(name, 2, 2, len(content))
        + bytes(256)
        + content
    )


def _entry(name: str, kind: int, first: int, size_bytes: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), kind)).ljust(116, b"\0") + struct.pack("<IQ", first, size_bytes)


@pytest.mark.parametrize("size_bytes", [0, 1, 4095, 4096, 4097, 5_000_000])
def test_a_rebuilt_compound_file_holds_the_same(size_bytes: int):
    """A stream comes back from the container made for it, filled up to the 4,096 bytes that make it a large one."""
    content = bytes(range(1, 251)) * (size_bytes // 250) + b"x" * (size_bytes % 250)
    found = ole.open_compound_file(ole.build_compound_file("Workbook", content), "a.xls").read_stream("Workbook")
    assert found == content.ljust(4096, b"\0")


def test_streams_of_compound_files_are_found():
    """A stream's content comes back whole, or as much of it as is asked for."""
    content = bytes(range(256)) * 40
    opened = ole.open_compound_file(_compound("Workbook", content), "a.xls")
    assert opened.read_stream("Workbook") == content
    assert opened.read_stream("Workbook", 1000) == content[:1000]


@settings(max_examples=80, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(8, 1800), st.integers(0, 255)), max_size=12), end=st.integers(0, 8000))
def test_broken_compound_files_are_damaged_or_read(changes: list[tuple[int, int]], end: int):
    """Chains in circles, wild sector numbers and cut ends neither hang nor raise anything else."""
    data = bytearray(_compound("Workbook", bytes(5000)))
    for place, value in changes:
        data[place] = value
    try:
        opened = ole.open_compound_file(bytes(data[: end + 76]), "a.xls")
    except FileDamaged:
        return
    for name in opened.streams:
        assert len(opened.read_stream(name)) < 1 << 20
