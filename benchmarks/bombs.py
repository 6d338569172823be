"""Small files that ask for gigabytes, or for hours: the ones that were found, and as many more as wanted, grown from a seed.

Each maker takes its sizes, so that the same trick comes small enough to be read and large enough to hurt.
"""

import io
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import documents
import papers
import raw_workbooks
from bad_files import picture, workbook

from monito_ray.pipeline.files import biff, ole

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_HEAD = ("Item", "Price")
_OFFERS = "".join(f"<tr><td>Oat biscuits {n} g</td><td>{n}500</td></tr>" for n in range(1, 9))

#: Texts that costly regular expressions go over again and again; `{}` is where they grow.
CHAINS = (
    "@1", "1*1*", "1x1x", "1,1.", "1 1 ", "(1)", "((", "[", "- ", "1-", "1/", "10 kg x ", "6 x 330 ml ", "9.", "..", "a.b@", "www.", "$1", "Rp 1",
    "1%", "1+1+", "½", "+1(", "0", "9", "kg", "kgkg ", "x", "A", "Aa", "é", "\u0301", "\u200b", "\u202e", "\u00a0", "\u3000 ", "🙂", "人", "ب", "я", "'", '"', "''", ";", "|", "&amp;", "&#1;", "{", "}", "\\", "=1+", "\u0660", "１", "1e9", "00:00 ", "1.1.1", "2026-", "of ", "per ", "-\n", ".\n", "\n", "\t",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file made to hurt."""

    what: str
    file_name: str
    make: Callable[[], bytes]


def known() -> Iterator[Bomb]:
    """Yield those that once took more than a gigabyte or ten seconds, as they were found."""
    for number, (what, suffix, make) in enumerate(_KNOWN):
        yield Bomb(what, f"known-{number:02}.{suffix}", make)


def grown(count: int, seed: int = 1) -> Iterator[Bomb]:
    """Yield `count` others, each kind in turn, their sizes drawn from `seed`."""
    for number in range(count):
        suffix, kind, make = _KINDS[number % len(_KINDS)]
        dice = random.Random(seed * 1_000_003 + number)
        yield Bomb(kind, f"grown-{seed}-{number:04}.{suffix}", partial(make, dice))


# --- pages of the web, mails ---


def html_spans(cells: int, columns: int, rows: int) -> bytes:
    """A table whose cells span columns and rows."""
    spanning = f"<td colspan={columns} rowspan={rows}>Rice 5 kg</td>" * cells
    return f"<html><table><tr>{spanning}</tr>{_OFFERS}</table></html>".encode()


def html_depth(tag: str, depth: int) -> bytes:
    """Elements within elements."""
    return f"<html><body>{f'<{tag}>Rice 1' * depth}{f'</{tag}>' * depth}<table>{_OFFERS}</table></body></html>".encode()


def html_rows(rows: int, cell: str, columns: int) -> bytes:
    """A table of many cells."""
    return f"<html><table>{('<tr>' + f'<td>{cell}' * columns) * rows}</table></html>".encode()


def html_cell(text: str, times: int) -> bytes:
    """A cell of a long text, as a name and as a price."""
    long = text * times
    return f"<html><table><tr><th>Item<th>Price</tr><tr><td>{long}<td>5000</tr><tr><td>Rice<td>{long}</tr>{_OFFERS}</table></html>".encode()


def html_attribute(times: int) -> bytes:
    """Tags with attributes beyond counting."""
    attributes = " ".join(f"a{n}={n}" for n in range(times))
    return f"<html><table {attributes}>{_OFFERS}</table><div {'x' * times}".encode()


def mht(body: bytes) -> bytes:
    """A page as a browser saves it with everything in it."""
    head = b'From: a\r\nSubject: List\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b; type="text/html"\r\n\r\n'
    return head + b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body + b"\r\n--b--\r\n"


def eml(parts: int, body: bytes, header_lines: int = 1) -> bytes:
    """A mail of many parts."""
    head = b"From: a@example.com\r\n" + b"X-Note: " + b"Rice\r\n 5 kg\r\n" * header_lines + b"MIME-Version: 1.0\r\n"
    one = b"--b\r\nContent-Type: text/html\r\n\r\n" + body + b"\r\n"
    return head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + one * parts + b"--b--\r\n"


# --- workbooks ---


def xml_2003(cells: str, sheets: int = 1) -> bytes:
    """A workbook of Excel 2003 with `cells` in each sheet."""
    sheet = f'<Worksheet ss:Name="S"><Table>{cells}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{_2003}" xmlns:ss="{_2003}">{sheet * sheets}</Workbook>'.encode()


def xml_2003_merges(cells: int, across: int, down: int) -> bytes:
    """Cells that span columns and rows."""
    one = f'<Row><Cell ss:MergeAcross="{across}" ss:MergeDown="{down}"><Data ss:Type="String">Rice</Data></Cell></Row>'
    return xml_2003(one * cells)


def xml_2003_far(row: int, sheets: int) -> bytes:
    """A row far below."""
    return xml_2003(f'<Row ss:Index="{row}"><Cell><Data ss:Type="Number">5</Data></Cell></Row>', sheets)


def xlsx(sheet: str, strings: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with this content of its sheet, and these shared strings."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet_name = next(name for name in parts if name.endswith("sheet1.xml"))
    parts[sheet_name] = f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'.encode()
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{strings}</sst>'.encode()
    return documents.zipped(parts | (more or {}))


def xlsx_shared(chars: int, rows: int, text: str = "x") -> bytes:
    """One long shared string in many cells."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{n}500</v></c></row>' for n in range(1, rows + 1))
    return xlsx(cells, f"<si><t>{text * (chars // len(text))}</t></si>")


def xlsx_corner(row: int, column: str = "B") -> bytes:
    """Two cells far from each other."""
    return xlsx(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>5</v></c></row>')


def xlsx_merged_names(chars: int, rows: int) -> bytes:
    """A long name in a cell merged over many rows, and a variant beside it in each."""
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c><c r="B1" t="inlineStr"><is><t>Size</t></is></c><c r="C1" t="inlineStr"><is><t>Price</t></is></c></row>'
    long = f'<c r="A2" t="inlineStr"><is><t>{"Rice " * (chars // 5)}</t></is></c>'
    lines = "".join(
        f'<row r="{n}">{long if n == 2 else ""}<c r="B{n}" t="inlineStr"><is><t>size {n}</t></is></c><c r="C{n}"><v>{n}500</v></c></row>'
        for n in range(2, rows + 2)
    )
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="A2:A{rows + 1}"/></mergeCells><sheetData>'
    return xlsx(head + lines + merged)


def xlsx_merges(count: int) -> bytes:
    """As many merged cells as wanted, each over the same place."""
    merges = "".join(f'<mergeCell ref="A{1 + n % 50}:XFD{2 + n % 1000}"/>' for n in range(count))
    return xlsx(f'<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>{merges}</mergeCells><sheetData>')


def xlsx_tags(tags: str, times: int, part: str) -> bytes:
    """A part of tags that nothing closes."""
    return xlsx('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1</v></c></row>', more={part: f"<a>{tags * times}</a>".encode()})


def xlsx_cells(text: str, times: int) -> bytes:
    """A list of a few rows with one long text as a name, a unit, a section and a price."""
    long = text.replace("&", "").replace("<", "").replace("\x00", "") * times
    rows = (
        (*_HEAD, "Unit"),
        (long, "5000", "pcs"),
        ("Rice 5 kg", long, "pcs"),
        ("Sugar 1 kg", "7000", long),
        (long, "", ""),
        ("Tea", "9000", "box"),
    )
    lines = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{"ABC"[m]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for m, cell in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    return xlsx(lines)


def ods_repeated(chars: int, columns: int, rows: int) -> bytes:
    """One long text, repeated over columns and rows."""
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>{"x" * chars}</text:p></table:table-cell>'
    return raw_workbooks.ods(f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>')


def xls_far(rows: int, columns: int, sheets: int) -> bytes:
    """Numbers in the corners of several sheets."""
    sheet = [(biff.NUMBER, struct.pack("<HHHd", row, column, 0, 5.0)) for row, column in ((0, 0), (rows, columns))]
    return ole.build_compound_file("Workbook", raw_workbooks.xls_book([], *[sheet] * sheets))


def xls_labels(chars: int, rows: int) -> bytes:
    """Long labels in many rows."""
    text = struct.pack("<HB", min(chars, 8000), 0) + b"x" * min(chars, 8000)
    sheet = [(biff.LABEL, struct.pack("<HHH", row, 0, 0) + text) for row in range(rows)]
    return ole.build_compound_file("Workbook", raw_workbooks.xls_book([], sheet))


def xls_shared(chars: int, rows: int) -> bytes:
    """One long shared text in many rows."""
    chars = min(chars, 8000)
    table = struct.pack("<II", rows, 1) + struct.pack("<HB", chars, 0) + b"x" * chars
    sheet = [(biff.LABEL_SST, struct.pack("<HHHI", row % 65536, row // 65536, 0, 0)) for row in range(rows)]
    return ole.build_compound_file("Workbook", raw_workbooks.xls_book([(biff.SST, table)], sheet))


# --- PDFs ---


def pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects; 1 is its catalogue."""
    content = b"%PDF-1.5\n"
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(content)
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    last = max(objects)
    table = b"".join(b"%010d 00000 n \n" % offsets.get(number, 0) for number in range(1, last + 1))
    start = len(content)
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, start)
    )


def _stream(body: bytes, extra: bytes = b"", deflations: int = 0) -> bytes:
    for _ in range(deflations):
        body = zlib.compress(body, 9)
    filters = b"/Filter[" + b"/FlateDecode" * deflations + b"]" if deflations else b""
    return b"<<%s%s/Length %d>>stream\n" % (filters, extra, len(body)) + body + b"\nendstream"


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def _one_page(
    contents: bytes, forms: dict[int, bytes] | None = None, xobjects: bytes = b"", kids: int = 1, box: bytes = b"[0 0 595 842]"
) -> bytes:
    resources = b"/Resources<</Font<</F 5 0 R>>/XObject<<%s>>>>" % xobjects
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * kids, kids),
            3: b"<</Type/Page/Parent 2 0 R/MediaBox%s%s/Contents 4 0 R>>" % (box, resources),
            4: contents,
            5: _FONT,
            **(forms or {}),
        }
    )


def pdf_form_in_itself() -> bytes:
    """A form that draws itself, twice."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
    body = b"BT /F 9 Tf 40 700 Td (Rice 12000) Tj ET /X Do /X Do"
    return _one_page(_stream(b"/X Do"), {6: _stream(body, form)}, b"/X 6 0 R")


def pdf_forms(width: int, depth: int) -> bytes:
    """Forms within forms, each of which draws the next so many times."""
    forms = {}
    for level in range(depth):
        number = 6 + level
        within = b"/X %d 0 R" % (number + 1) if level + 1 < depth else b""
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>/XObject<<%s>>>>" % within
        forms[number] = _stream(b"/X Do " * width if within else b"BT /F 9 Tf 40 700 Td (Rice 12000) Tj ET", head)
    return _one_page(_stream(b"/X Do"), forms, b"/X 6 0 R")


def pdf_blanks(megabytes: int, deflations: int) -> bytes:
    """A stream of blanks, deflated again and again."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    for _ in range(deflations - 1):
        packed = zlib.compress(packed, 9)
    body = b"<</Filter[%s]/Length %d>>stream\n" % (b"/FlateDecode" * deflations, len(packed)) + packed + b"\nendstream"
    return _one_page(body)


def pdf_chars(count: int, each: int = 80) -> bytes:
    """A page of so many characters."""
    line = b"(" + b"Rice 12000 " * (each // 11) + b") Tj 0 -9 Td "
    return _one_page(_stream(b"BT /F 9 Tf 40 800 Td " + line * (count // each) + b"ET", deflations=1))


def pdf_pages(count: int, lines: int = 40) -> bytes:
    """One page named again and again."""
    body = b"".join(b"BT /F 9 Tf 40 %d Td (Rice %d kg) Tj 300 0 Td (%d500) Tj ET " % (800 - 15 * n, n, n) for n in range(1, lines))
    return _one_page(_stream(body), kids=count)


def pdf_paths(count: int) -> bytes:
    """A page of so many drawn lines."""
    body = b"".join(b"%d %d m %d %d l S " % (n % 595, n % 842, (n * 7) % 595, n % 842) for n in range(count))
    return _one_page(_stream(b"BT /F 9 Tf 40 800 Td (Rice 5 kg  12000) Tj ET " + body, deflations=1))


def pdf_grid(columns: int, rows: int) -> bytes:
    """A page ruled into so many cells."""
    paper = papers.Paper().grid([20 + 550 * n / columns for n in range(columns + 1)], [20 + 800 * n / rows for n in range(rows + 1)])
    return papers.pdf(paper.row(40, [(44, "Rice"), (384, "12000")]))


def pdf_page_tree(depth: int) -> bytes:
    """Nodes of pages within each other, the last of which holds the first."""
    nodes = {2 + n: b"<</Type/Pages/Kids[%d 0 R]/Count 1000000>>" % (3 + n) for n in range(depth)}
    nodes[2 + depth] = b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>"
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", **nodes})


def pdf_box(side: int) -> bytes:
    """A page larger than any paper."""
    return _one_page(_stream(b"BT /F 9 Tf 40 800 Td (Rice 5 kg) Tj 9000000 0 Td (12000) Tj ET"), box=b"[0 0 %d %d]" % (side, side))


# --- texts, documents, archives ---


def table_text(text: str, times: int, separator: str = ";") -> bytes:
    """A csv with a long text as a name, a unit, a price and a line of its own."""
    long = text * times
    rows = (
        ("Item", "Price", "Unit"),
        ("Rice 5 kg", "5000", "pcs"),
        (long, "6000", "pcs"),
        ("Sugar", long, "pcs"),
        ("Tea", "7000", long),
        (long,),
    )
    return "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows).encode("utf-8", "replace")


def line_text(text: str, times: int, lines: int) -> bytes:
    """Running text of long lines."""
    return "\n".join(f"Rice {n} kg {text * times} {n}500" for n in range(1, lines + 1)).encode("utf-8", "replace")


def wide_text(columns: int, rows: int, separator: str = ";") -> bytes:
    """Many columns of prices."""
    return "\n".join(
        separator.join([f"Item {row}", *(f"{(row * 7919 + n * 31) % 97 * 500 + 500}" for n in range(columns))]) for row in range(rows)
    ).encode()


def quoted_text(lines: int) -> bytes:
    """Quotation marks that nothing closes."""
    return b'Item;Price\n"Rice;5000\n' * lines


def docx(text: str, times: int, rows: int) -> bytes:
    """A document with long cells."""
    long = text.replace("&", "").replace("<", "") * times
    return documents.docx(documents.p(long), documents.table(list(_HEAD), *[[long, f"{n}500"] for n in range(1, rows + 1)]))


def docx_depth(depth: int) -> bytes:
    """Tables within tables."""
    return documents.docx("<w:tbl><w:tr><w:tc>" * depth + documents.p("Rice 5000") + "</w:tc></w:tr></w:tbl>" * depth)


def docx_spans(cells: int, span: int) -> bytes:
    """Cells that span columns."""
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{documents.p("Rice")}</w:tc>'
    return documents.docx(f"<w:tbl>{f'<w:tr>{cell}</w:tr>' * cells}</w:tbl>")


def odt_repeated(columns: int, rows: int, chars: int) -> bytes:
    """Cells that say how often they are repeated."""
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" table:number-columns-spanned="{columns}"><text:p>{"Rice " * (chars // 5)}</text:p></table:table-cell>'
    return documents.odt(f'<table:table><table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row></table:table>')


def odt_spaces(count: int, times: int) -> bytes:
    """Blanks that stand for many."""
    return documents.odt(f'<text:p>Rice<text:s text:c="{count}"/>5000</text:p>' * times)


def rtf(words: str, times: int) -> bytes:
    """Rich text of one thing again and again."""
    return (
        b"{\\rtf1\\ansi\\trowd\\cellx1000\\cellx2000\\intbl Rice\\cell 5000\\cell\\row " + (words * times).encode("ascii", "replace") + b"}"
    )


def zipped(copies: int, suffix: str, data: bytes) -> bytes:
    """An archive of copies."""
    return documents.zipped({f"{n}.{suffix}": data for n in range(copies)})


def zip_nested(depth: int, data: bytes) -> bytes:
    """Archives within archives."""
    for _ in range(depth):
        data = documents.zipped({"a.zip": data, "b.zip": data})
    return data


def zip_overlapping(entries: int, megabytes: int) -> bytes:
    """A directory whose entries all name the same deflated bytes."""
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = content.compress(b"Rice;5000\n" * (megabytes * 100_000)) + content.flush()
    size, crc = megabytes * 1_000_000, zlib.crc32(b"Rice;5000\n" * (megabytes * 100_000))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 33, crc, len(packed), size, 5, 0) + b"a.csv" + packed
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 33, crc, len(packed), size, 5, 0, 0, 0, 0, 0, 0) + b"a.csv"
    return local + entry * entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, entries, entries, len(entry) * entries, len(local), 0)


def png(size: int) -> bytes:
    """A picture that says it is huge."""
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return picture()[:8] + chunk + picture()[33:]


_KNOWN: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("a cell of a page over 20M cells", "html", lambda: html_spans(1, 16384, 1220)),
    ("three such cells", "html", lambda: html_spans(3, 16384, 1220)),
    ("three such cells in XML of 2003", "xml", lambda: xml_2003_merges(3, 16383, 1219)),
    ("a form that draws itself", "pdf", pdf_form_in_itself),
    ("forms within forms, 10 x 4", "pdf", lambda: pdf_forms(10, 4)),
    ("forms within forms, 10 x 5", "pdf", lambda: pdf_forms(10, 5)),
    ("forms within forms, 10 x 8", "pdf", lambda: pdf_forms(10, 8)),
    ("2 GB of blanks deflated twice", "pdf", lambda: pdf_blanks(2000, 2)),
    ("20M characters on a page", "pdf", lambda: pdf_chars(20_000_000)),
    ("a page named 2,000 times", "pdf", lambda: pdf_pages(2000)),
    ("a text of 100 kB repeated 100 x 500", "ods", lambda: ods_repeated(100_000, 100, 500)),
    ("a string of 1 MB in 200 cells", "xlsx", lambda: xlsx_shared(1_000_000, 200)),
    ("a string of 1 MB in 1,500 cells", "xlsx", lambda: xlsx_shared(1_000_000, 1500)),
    ("a string of 32 kB in 1,000 rows", "xlsx", lambda: xlsx_shared(32_000, 1000)),
    ("a string of 32 kB in 2,000 rows", "xlsx", lambda: xlsx_shared(32_000, 2000)),
    ("a string of 32 kB in 100,000 rows", "xlsx", lambda: xlsx_shared(32_000, 100_000)),
    ("row 6,666,660 in XML of 2003", "xml", lambda: xml_2003_far(6_666_660, 1)),
    ("row 6,666,660 on six sheets", "xml", lambda: xml_2003_far(6_666_660, 6)),
    ("cells A1 and B1000000", "xlsx", lambda: xlsx_corner(1_000_000)),
    ("cells A1 and T1000000", "xlsx", lambda: xlsx_corner(1_000_000, "T")),
    ("a name of 1 MB over 5,000 rows", "xlsx", lambda: xlsx_merged_names(1_000_000, 5000)),
    ("a name of 100 kB over 200 rows", "xlsx", lambda: xlsx_merged_names(100_000, 200)),
    ("a cell of sizes, 32,000 characters", "csv", lambda: table_text("@1", 16_000)),
    ("a cell of factors, 32,000 characters", "xlsx", lambda: xlsx_cells("1*1*", 8000)),
    ("a cell of factors, 1 MB", "csv", lambda: table_text("1*1*", 250_000)),
    ("200,000 formats that nothing closes", "xlsx", lambda: xlsx_tags("<cellXfs>", 200_000, "xl/styles.xml")),
    ("160,000 errors without an end", "xlsx", lambda: xlsx_tags('<c t="e" ', 160_000, "xl/worksheets/sheet1.xml")),
    ("a million empty rows", "xlsx", lambda: xlsx("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)))),
)

_Maker = Callable[[random.Random], bytes]


def _log(dice: random.Random, low: float, high: float) -> int:
    """Draw a size, as likely between 10 and 100 as between 1,000 and 10,000."""
    return round(low * (high / low) ** dice.random())


def _chain(dice: random.Random) -> tuple[str, int]:
    """Draw a text and how often it is repeated: up to a few cells as long as Excel allows, now and then a megabyte."""
    text = dice.choice(CHAINS) if dice.random() < 0.6 else dice.choice(CHAINS) + dice.choice(CHAINS)
    most = 1_000_000 if dice.random() < 0.15 else 40_000
    return text, max(1, _log(dice, 200, most) // len(text))


#: Suffix, what it is, and how one is drawn.
_KINDS: tuple[tuple[str, str, _Maker], ...] = (
    ("csv", "a long cell", lambda d: table_text(*_chain(d), d.choice(";,\t|"))),
    ("xlsx", "a shared string", lambda d: xlsx_shared(_log(d, 100, 2_000_000), _log(d, 10, 100_000), d.choice(CHAINS).replace("&", "").replace("<", "") or "x")),
    ("pdf", "forms in forms", lambda d: pdf_forms(_log(d, 2, 200), _log(d, 2, 12))),
    ("html", "spans", lambda d: html_spans(_log(d, 1, 2000), _log(d, 1, 20_000), _log(d, 1, 70_000))),
    ("txt", "long lines", lambda d: line_text(*_chain(d), _log(d, 1, 40))),
    ("ods", "repeated cells", lambda d: ods_repeated(_log(d, 1, 300_000), _log(d, 1, 16_384), _log(d, 1, 1_048_576))),
    ("xml", "merged cells", lambda d: xml_2003_merges(_log(d, 1, 2000), _log(d, 1, 20_000), _log(d, 1, 1_000_000))),
    ("xls", "corners", lambda d: xls_far(_log(d, 1, 65_535), _log(d, 1, 255), _log(d, 1, 200))),
    ("docx", "long cells", lambda d: docx(*_chain(d), _log(d, 1, 200))),
    ("rtf", "one thing again", lambda d: rtf(d.choice(("\\par ", "\\cell ", "\\row ", "{", "\\u8364?", "\\'e9", "\\trowd\\cellx9999 Rice\\cell 5\\cell\\row ", "{\\b Rice} 5\\line ")), _log(d, 100, 300_000))),
    ("eml", "parts", lambda d: eml(_log(d, 1, 3000), html_cell(*_chain(d)) if d.random() < 0.3 else html_rows(_log(d, 1, 300), "5000", 3), _log(d, 1, 30_000))),
    ("zip", "copies", lambda d: zipped(_log(d, 1, 120), "html", html_spans(_log(d, 1, 20), _log(d, 1, 5000), _log(d, 1, 5000)))),
    ("png", "a huge picture", lambda d: png(_log(d, 1, 2**31 - 1))),
    ("xlsx", "long cells", lambda d: xlsx_cells(*_chain(d))),
    ("pdf", "characters", lambda d: pdf_chars(_log(d, 10_000, 20_000_000), _log(d, 11, 5000))),
    ("mht", "a page in a mail", lambda d: mht(html_cell(*_chain(d)))),
    ("odt", "repeated cells", lambda d: odt_repeated(_log(d, 1, 100_000), _log(d, 1, 1_000_000), _log(d, 5, 30_000))),
    ("xlsx", "far corners", lambda d: xlsx_corner(_log(d, 1000, 1_048_576), d.choice(("B", "J", "T", "AZ", "ZZ", "XFD")))),
    ("pdf", "pages", lambda d: pdf_pages(_log(d, 10, 20_000), _log(d, 2, 50))),
    ("csv", "many columns", lambda d: wide_text(_log(d, 10, 16_384), _log(d, 2, 60))),
    ("xml", "far rows", lambda d: xml_2003_far(_log(d, 1000, 9_999_999), _log(d, 1, 60))),
    ("html", "depth", lambda d: html_depth(d.choice(("div", "table><tr><td", "b", "ul><li", "p", "span", "section")), _log(d, 10, 200_000))),
    ("xlsx", "names over rows", lambda d: xlsx_merged_names(_log(d, 100, 1_000_000), _log(d, 10, 20_000))),
    ("pdf", "drawn lines", lambda d: pdf_paths(_log(d, 1000, 1_000_000))),
    ("xls", "long labels", lambda d: xls_labels(_log(d, 100, 8000), _log(d, 10, 4000))),
    ("docx", "tables in tables", lambda d: docx_depth(_log(d, 5, 50_000))),
    ("txt", "digits and points", lambda d: (d.choice(("1.", "9 ", "12,5 ", "1-", "0")) * _log(d, 1000, 2_000_000)).encode()),
    ("html", "many cells", lambda d: html_rows(_log(d, 10, 100_000), d.choice(("Rice", "5000", "Rice 5 kg 12000")), _log(d, 1, 30))),
    ("pdf", "blanks", lambda d: pdf_blanks(_log(d, 1, 1000), d.choice((1, 2, 3)))),
    ("xlsx", "unclosed tags", lambda d: xlsx_tags(d.choice(("<cellXfs>", "<numFmt ", "<row ", '<c t="e" ', "<xf>", "<mergeCell ", "<![CDATA[")), _log(d, 1000, 300_000), d.choice(("xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml")))),
    ("ods", "long texts", lambda d: ods_repeated(_log(d, 1000, 2_000_000), 1, _log(d, 1, 3000))),
    ("zip", "archives in archives", lambda d: zip_nested(_log(d, 1, 8), documents.zipped({"a.csv": table_text(*_chain(d))}))),
    ("pdf", "a grid", lambda d: pdf_grid(_log(d, 2, 300), _log(d, 2, 1000))),
    ("xls", "a shared text", lambda d: xls_shared(_log(d, 100, 8000), _log(d, 100, 100_000))),
    ("odt", "blanks", lambda d: odt_spaces(_log(d, 10, 2_000_000_000), _log(d, 1, 2000))),
    ("zip", "one file many times", lambda d: zip_overlapping(_log(d, 2, 3000), _log(d, 1, 20))),
    ("xlsx", "merges", lambda d: xlsx_merges(_log(d, 100, 200_000))),
    ("csv", "open quotation marks", lambda d: quoted_text(_log(d, 10, 100_000))),
    ("pdf", "a tree of pages", lambda d: pdf_page_tree(_log(d, 1, 3000))),
    ("docx", "spans", lambda d: docx_spans(_log(d, 1, 5000), _log(d, 1, 2_000_000))),
    ("html", "attributes", lambda d: html_attribute(_log(d, 100, 200_000))),
    ("pdf", "a huge page", lambda d: pdf_box(_log(d, 1000, 2**31))),
    ("html", "a long cell", lambda d: html_cell(*_chain(d))),
)  # fmt: skip
