"""Word documents."""

import time
from contextlib import suppress

import documents
import pytest

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files.open import open_sheets


def test_paragraphs_are_lines_and_wide_gaps_are_tabs():
    """Tabs and runs of blanks divide a line, two blanks are a slip, and a break within a paragraph begins a line."""
    data = documents.docx(
        documents.p("CV Contoh"), documents.p(), documents.p("Rose ", "cake  big\t", "4 pcs      $12"), documents.p("Tea\nCoffee")
    )
    sheet = open_sheets(data, "a.docx")[0]
    assert sheet.name == "docx"
    assert documents.line_texts(sheet) == ["CV Contoh", "Rose cake big\t4 pcs\t$12", "Tea", "Coffee"]
    assert documents.filled(sheet) == [["CV Contoh"], ["Rose cake big", "4 pcs", "$12"], ["Tea"], ["Coffee"]]
    assert [line.top for line in sheet.lines] == [0, 2, 3, 4]


def test_room_between_paragraphs_parts_them():
    """The room that a paragraph asks for before and behind it stands between its lines and the next ones."""
    spaced = documents.p("Tea\nfrom China").replace("<w:pPr>", '<w:pPr><w:spacing w:before="120" w:after="240"/>')
    lines = open_sheets(documents.docx(spaced, spaced, documents.p("Coffee")), "a.docx")[0].lines
    assert [line.top for line in lines] == [0.5, 1.5, 4.0, 5.0, 7.0]


def test_tables_are_cells_with_their_merges():
    """Cells over several columns and rows keep the others in position, and a table within a cell is its text."""
    inner = documents.table(["5", "pcs"])
    across = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{documents.p("Sweets")}'
    down = f'<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{documents.p("Jam")}'
    data = documents.docx(
        documents.p("June"),
        documents.table(
            [across, "Price"],
            [down, "plum", "48,000"],
            [f"<w:tcPr><w:vMerge/></w:tcPr>{documents.p()}", "fig", "51,000"],
            ["Tea", inner + documents.p(), "20,000"],
        ),
        documents.p("Thank you"),
    )
    sheet = open_sheets(data, "a.docx")[0]
    assert documents.filled(sheet) == [
        ["June"],
        ["Sweets", "", "Price"],
        ["Jam", "plum", "48,000"],
        ["", "fig", "51,000"],
        ["Tea", "5 pcs", "20,000"],
        [],
        ["Thank you"],
    ]
    assert sheet.merges == (Merge(1, 0, 1, 1), Merge(2, 0, 3, 0))
    assert documents.line_texts(sheet)[2] == "Jam\tplum\t48,000"


def test_a_table_that_arranges_the_page_is_read_column_by_column():
    """Cells with a page's worth of lines are columns of text, and lines of one column follow each other."""
    left = "".join(documents.p(f"Cake {n} ... {n}0") for n in range(1, 12))
    right = "".join(documents.p(f"Tea {n} ... {n}5") for n in range(1, 12))
    sheet = open_sheets(documents.docx(documents.table([left, right])), "a.docx")[0]
    assert documents.line_texts(sheet)[10:13] == ["Cake 11 ... 110", "Tea 1 ... 15", "Tea 2 ... 25"]
    assert [line.column for line in sheet.lines[10:12]] == [0, 1]


def test_a_table_for_each_offer_is_one_list():
    """Tables of a row or two that follow each other are pieces of one; a wider one, or words between them, part them."""
    pieces = [documents.table([name, price]) + documents.p() for name, price in (("Tea", "5.00"), ("Coffee", "6.50"))]
    sheet = open_sheets(documents.docx(*pieces, documents.p("Cakes"), documents.table(["Bun", "2.00", "90 g"])), "a.docx")[0]
    assert documents.filled(sheet) == [["Tea", "5.00"], ["Coffee", "6.50"], [], ["Cakes"], ["Bun", "2.00", "90 g"]]


def test_lines_beside_each_other_in_two_cells_are_rows():
    """Names in one cell and as many prices in the next, line by line, are a row each; an empty line keeps its place."""
    names, prices = ("".join(map(documents.p, lines)) for lines in (("Tea", "Coffee", "", "Milk"), ("5.00", "6.50", "", "4.20")))
    sheet = open_sheets(
        documents.docx(
            documents.table([names, prices], [documents.p("Bun") + documents.p("Bread"), documents.p("2.00") + documents.p("3.00")])
        ),
        "a.docx",
    )[0]
    assert [row for row in documents.filled(sheet) if row] == [
        ["Tea", "5.00"],
        ["Coffee", "6.50"],
        ["Milk", "4.20"],
        ["Bun", "2.00"],
        ["Bread", "3.00"],
    ]


def test_what_nobody_sees_is_left_out():
    """Deleted, moved and hidden words and the second copy of a text box are no text; a text box itself is."""
    text_box = f"<w:txbxContent>{documents.p('Boxed')}</w:txbxContent>"
    box = f"<mc:AlternateContent><mc:Choice>{text_box}</mc:Choice><mc:Fallback>{text_box}</mc:Fallback></mc:AlternateContent>"
    gone = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>7.00</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>Rice</w:t></w:r>"
    data = documents.docx(f"<w:p>{gone}{hidden}<w:r>{box}</w:r></w:p>")
    assert documents.line_texts(open_sheets(data, "a.docx")[0]) == ["Rice", "Boxed"]


def test_a_table_of_contents_is_left_out():
    """A line with the number of the page on which a chapter stands is no offer of that chapter."""
    entry = (
        "<w:p><w:r><w:t>Cakes</w:t><w:tab/></w:r><w:r><w:instrText> PAGEREF _Toc12 \\h </w:instrText></w:r><w:r><w:t>12</w:t></w:r></w:p>"
    )
    assert documents.line_texts(open_sheets(documents.docx(entry, documents.p("Rye bread\t4.20")), "a.docx")[0]) == ["Rye bread\t4.20"]


def test_a_document_is_recognized_by_its_bytes():
    """A Word document under another name is read as one."""
    assert open_sheets(documents.docx(documents.p("Rice")), "list.xls")[0].name == "docx"


@pytest.mark.parametrize(
    "data",
    [
        documents.docx(documents.p("&a;"), before='<!DOCTYPE x [<!ENTITY a "aaaa">]>'),
        documents.docx(documents.p("a"), before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        documents.docx("<w:p><w:r><w:t>cut"),
        documents.docx("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
        documents.zipped({"word/document.xml": b""}),
    ],
)
def test_broken_and_hostile_documents_are_refused(data: bytes):
    """Entities, broken XML and elements nested without end are refused in one line."""
    with pytest.raises(FileDamaged, match=r"^a\.docx: [^\n]*$"):
        open_sheets(data, "a.docx")


@pytest.mark.parametrize(
    "blocks",
    [
        "<w:p/>" * 30_000,
        documents.p("x\t" * 1_000) * 10,
        documents.p(" " * 1_000_000 + "x"),
        documents.p("a" * 500_000),
        "<w:tbl><w:tr><w:tc>" * 600 + "</w:tc></w:tr></w:tbl>" * 600,
        "<w:tbl>" + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/><w:vMerge/></w:tcPr></w:tc></w:tr>' * 1_000 + "</w:tbl>",
    ],
)
def test_no_document_costs_more_than_its_length(blocks: str):
    """Empty paragraphs by the million, endless lines and tables within tables are read, or refused, as fast as any text."""
    data = documents.docx(blocks)
    start = time.process_time()
    with suppress(FileTooLarge):
        open_sheets(data, "a.docx")
    assert time.process_time() - start < 10
