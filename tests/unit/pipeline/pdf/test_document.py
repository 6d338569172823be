"""PDF pages become sheets of cells."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from papers import Paper, pdf

from monito_ray import errors
from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.pdf.document import read_pdf


def rows(data: bytes) -> list[list[str]]:
    """All rows of all sheets."""
    return [list(map(str, row)) for sheet in read_pdf(data) for row in sheet.rows]


XS = [40.0, 70.0, 260.0, 330.0, 420.0]
GOODS = [
    ("1", "Coconut oil", "500 ml", "Rp 45.000"),
    ("2", "Palm sugar", "1 kg", "Rp 28.500"),
    ("3", "Sea salt", "250 g", "Rp 9.750"),
]
HEADER = ("No", "Item", "Size", "Price")


def ruled(lines: Sequence[tuple[str, ...]], top: float = 100, *, page: Paper | None = None) -> Paper:
    """A ruled table with a row of 20 points for each tuple."""
    page = page or Paper()
    page.grid(XS, [top + 20 * i for i in range(len(lines) + 1)])
    for i, line in enumerate(lines):
        page.row(top + 20 * i + 13, [(x + 3, cell) for x, cell in zip(XS[:-1], line, strict=True) if cell])
    return page


def unruled(lines: Sequence[tuple[str, ...]], top: float = 100, *, page: Paper | None = None, pitch: float = 16) -> Paper:
    """The same without rulings."""
    page = page or Paper()
    for i, line in enumerate(lines):
        page.row(top + pitch * i, [(x, cell) for x, cell in zip(XS[:-1], line, strict=True) if cell])
    return page


def test_ruled_table_gives_its_cells():
    """Rulings are the grid, and a page is a paged sheet with its number as name."""
    (sheet,) = read_pdf(pdf(ruled([HEADER, *GOODS])))
    assert sheet == Sheet("page 1", [list(HEADER), *map(list, GOODS)], paged=True)


def test_rulings_drawn_as_thin_rectangles():
    """A spreadsheet program draws a border as a filled bar, in pieces."""
    page = Paper()
    for i in range(5):
        for left, right in pairwise(XS):
            page.bar(left, 100 + 20 * i, right, 101 + 20 * i)
    for x in XS:
        for i in range(4):
            page.bar(x, 100 + 20 * i, x + 1, 121 + 20 * i)
    for i, line in enumerate([HEADER, *GOODS]):
        page.row(113 + 20 * i, [(x + 3, cell) for x, cell in zip(XS[:-1], line, strict=True)])
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_unruled_table_gives_its_cells():
    """White rivers between aligned texts are the columns."""
    assert rows(pdf(unruled([HEADER, *GOODS]))) == [list(HEADER), *map(list, GOODS)]


def test_currency_far_from_its_number_is_one_cell():
    """Accounting formats set the sign left and the digits right."""
    page = Paper()
    for i, (name, digits) in enumerate([("Coconut oil", "45.000"), ("Palm sugar", "28.500"), ("Sea salt", "9.750")]):
        page.row(100 + 16 * i, [(40, name), (300, "Rp"), (380 - 5 * len(digits), digits)])
    assert rows(pdf(page)) == [["Coconut oil", "Rp 45.000"], ["Palm sugar", "Rp 28.500"], ["Sea salt", "Rp 9.750"]]


def test_kerning_does_not_split_a_price():
    """Digits that are moved by a fifth of an em stay one number."""
    page = ruled([HEADER, *GOODS]).grid(XS, [180, 200])
    page.row(193, [(43, "4"), (73, "Rice"), (263, "5 kg")]).text(333, 193, "", spread="(Rp 9) -120 (0.) -150 (000)")
    assert rows(pdf(page))[-1] == ["4", "Rice", "5 kg", "Rp 90.000"]


def test_wrapped_cell_is_joined():
    """Lines of a cell are one text, a hyphen at the end of a line as written."""
    page = ruled([HEADER, *GOODS]).grid(XS, [180, 216])
    page.row(192, [(73, "Hazelnut kernels (size 13-")]).row(204, [(73, "15mm) roasted")])
    page.row(198, [(43, "4"), (333, "Rp 88.000")]).row(192, [(263, "12 x 500")]).row(204, [(263, "gr")])
    assert rows(pdf(page))[-1] == ["4", "Hazelnut kernels (size 13-15mm) roasted", "12 x 500 gr", "Rp 88.000"]


def test_ruled_band_of_several_rows_is_split():
    """Where only columns are ruled, prices on several lines tell the rows."""
    page = Paper().grid(XS, [100, 120, 180]).row(113, [(x + 3, cell) for x, cell in zip(XS[:-1], HEADER, strict=True)])
    for i, line in enumerate(GOODS):
        page.row(133 + 18 * i, [(x + 3, cell) for x, cell in zip(XS[:-1], line, strict=True)])
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_wrapped_name_without_rulings_is_joined():
    """A line whose first word had no room above continues the cell above; a section title does not."""
    lines = [
        HEADER,
        *GOODS,
        ("", "SPICES", "", ""),
        ("4", "Black peppercorns from Lampung", "1 kg", "Rp 98.000"),
        ("5", "White peppercorns from Bangka of", "1 kg", "Rp 99.000"),
        ("", "washed quality", "", ""),
        ("6", "Cloves", "1 kg", "Rp 97.000"),
    ]
    found = rows(pdf(unruled(lines, pitch=12)))
    assert ["5", "White peppercorns from Bangka of washed quality", "1 kg", "Rp 99.000"] in found
    assert ["", "SPICES", "", ""] in found
    assert len(found) == 8


def test_values_at_half_the_height_of_a_wrapped_name():
    """Where cells are centred, the lines of a name stand above and below its price and are one row with it."""
    page = unruled([HEADER], 64)
    for i in range(4):
        top = 91 + 54 * i
        page.text(70, top, f"Sunflower oil no. {i}, refined").text(70, top + 18, "and deodorized")
        page.row(top + 9, [(40, f"{i}"), (260, "1 l"), (330, f"{45 + i}.500")])
        page.row(top + 36, [(40, f"{i + 10}"), (70, f"Rapeseed oil no. {i}"), (260, "1 l"), (330, f"{35 + i}.500")])
    found = rows(pdf(page))
    assert found[1::2] == [[f"{i}", f"Sunflower oil no. {i}, refined and deodorized", "1 l", f"{45 + i}.500"] for i in range(4)]
    assert found[2::2] == [[f"{i + 10}", f"Rapeseed oil no. {i}", "1 l", f"{35 + i}.500"] for i in range(4)]


def test_a_header_close_over_the_first_row_does_not_take_it_in():
    """Rows that stand wider apart than the header above them stay rows of their own."""
    page = unruled(GOODS, 126, pitch=27, page=unruled([HEADER], 108))
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_annotation_covers_the_price_beneath():
    """What a person laid over the page is what the page says."""
    page = ruled([HEADER, *GOODS]).note(331, 141, 419, 159, "30.250")
    assert [row[3] for row in rows(pdf(page))] == ["Price", "Rp 45.000", "30.250", "Rp 9.750"]


def test_overflowing_name_keeps_off_the_next_column():
    """A name drawn over the next cell stays one name, and what stands in that cell stays there."""
    long = "Passion fruit syrup with pieces of real fruit in glass 500 ml"
    page = ruled([HEADER, *GOODS]).grid(XS, [180, 200]).row(193, [(43, "4"), (73, long), (318, "6"), (333, "Rp 58.000")])
    assert rows(pdf(page))[-1] == ["4", long, "6", "Rp 58.000"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rotated_page_reads_like_an_upright_one(rotate: int):
    """The way the text runs decides, not the flag of the page."""
    assert rows(pdf(ruled([HEADER, *GOODS], page=Paper(rotate=rotate)))) == [list(HEADER), *map(list, GOODS)]


@pytest.mark.parametrize("matrix", ["0 1 -1 0 842 0", "-1 0 0 -1 595 842", "0 -1 1 0 0 595"])
def test_sideways_text_reads_like_upright_text(matrix: str):
    """A landscape page is often portrait with everything turned."""
    page = ruled([HEADER, *GOODS])
    page.marks.insert(0, f"{matrix} cm")
    if matrix[:2] != "-1":
        page.width, page.height = page.height, page.width
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_table_goes_on_over_pages_in_the_same_columns():
    """Pages without a header come out as wide as the first, an empty column among them."""
    first = ruled([("No", "Item", "Note", "Price"), ("1", "Oil", "new", "Rp 1.000")])
    second = ruled([("2", "Sugar", "", "Rp 2.000"), ("3", "Salt", "", "Rp 3.000")])
    assert rows(pdf(first, second))[2:] == [["2", "Sugar", "", "Rp 2.000"], ["3", "Salt", "", "Rp 3.000"]]


def test_unruled_table_goes_on_over_pages_in_the_same_columns():
    """A last page with one row has the columns of the page before."""
    pages = unruled([HEADER, *GOODS]), unruled([("4", "Rice", "", "Rp 75.000")])
    assert rows(pdf(*pages))[-1] == ["4", "Rice", "", "Rp 75.000"]


def test_letterhead_and_notes_are_rows_with_one_cell():
    """Lines outside tables keep their text, the page's number goes."""
    page = (
        ruled([HEADER, *GOODS])
        .text(40, 60, "Harvest Trading, price list July 2024")
        .text(40, 220, "Prices include 11% tax")
        .text(300, 820, "1")
    )
    found = rows(pdf(page))
    assert found[0] == ["Harvest Trading, price list July 2024", "", "", ""]
    assert found[-1] == ["Prices include 11% tax", "", "", ""]


def test_tables_of_different_columns_are_sheets_of_their_own():
    """They follow each other from the top, a title with the table below it."""
    page = ruled([HEADER, *GOODS]).text(40, 300, "DRINKS").grid([40, 200, 300], [310, 330, 350])
    page.row(323, [(43, "Name"), (203, "Price")]).row(343, [(43, "Cola"), (203, "7.000")])
    found = read_pdf(pdf(page))
    assert [sheet.name for sheet in found] == ["page 1", "page 1"]
    assert [list(row) for row in found[1].rows] == [["DRINKS", ""], ["Name", "Price"], ["Cola", "7.000"]]


def test_merged_cells_are_told():
    """A header over two columns stands in the first and is a merge."""
    page = Paper()
    for y in (100, 120, 140, 160):
        page.line(40, y, 420, y)
    for x in (40, 200, 420):
        page.line(x, 100, x, 160)
    page.line(310, 120, 310, 160)
    page.row(113, [(43, "Item"), (260, "Price")]).row(133, [(203, "piece"), (313, "box")])
    page.row(153, [(43, "Oil"), (203, "1.000"), (313, "9.000")])
    (sheet,) = read_pdf(pdf(page))
    assert [list(row) for row in sheet.rows] == [["Item", "Price", ""], ["", "piece", "box"], ["Oil", "1.000", "9.000"]]
    assert sheet.merges == (Merge(0, 1, 0, 2),)


def test_columns_that_only_a_heading_parts_are_one():
    """A title over the right part of a wide name column names that column."""
    page = Paper()
    for y in (100, 120, 140, 160):
        page.line(40, y, 420, y)
    for x in (40, 300, 420):
        page.line(x, 100, x, 160)
    page.line(80, 100, 80, 120).row(113, [(85, "DESCRIPTION"), (303, "PRICE")])
    page.row(133, [(43, "Potato starch"), (303, "35.000")]).row(153, [(43, "Corn starch"), (303, "31.000")])
    assert rows(pdf(page)) == [["DESCRIPTION", "PRICE"], ["Potato starch", "35.000"], ["Corn starch", "31.000"]]


def test_header_alone_in_rulings_names_the_rows_below():
    """Where only the header is ruled, it stands in the columns of the rows."""
    page = unruled(GOODS, top=135).grid(XS, [100, 120]).row(113, [(x + 3, cell) for x, cell in zip(XS[:-1], HEADER, strict=True)])
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_frame_around_an_unruled_table_is_no_column():
    """A box around the page parts nothing."""
    page = unruled([HEADER, *GOODS]).grid([30, 560], [50, 800])
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_dots_between_name_and_price_part_them():
    """Leaders are no text of either."""
    page = Paper()
    for i, (_, name, _, price) in enumerate(GOODS):
        page.text(40, 100 + 14 * i, name + "." * (70 - len(name)) + price)
    assert rows(pdf(page)) == [[name, price] for _, name, _, price in GOODS]


def test_overlong_names_do_not_hide_an_unruled_column():
    """Texts that begin below each other are a column, though names run into it."""
    names = [
        "Passion fruit syrup with pieces of fruit in glass",
        "Rice",
        "Cane sugar, brown, organic, in a paper bag of one",
        "Salt",
        "Tea",
    ]
    page = Paper()
    for i, name in enumerate(names):
        page.row(100 + 16 * i, [(40, name), (200, f"A{i}17"), (300, f"{i + 2}.500")])
    assert rows(pdf(page)) == [[name, f"A{i}17", f"{i + 2}.500"] for i, name in enumerate(names)]


def test_title_set_left_over_numbers_set_right_is_theirs():
    """A header that touches no number below still names their column."""
    page = Paper().row(100, [(40, "Item"), (240, "Price per box")])
    for i, (name, digits) in enumerate([("Oil", "1.000"), ("Rice", "20.500"), ("Salt", "750"), ("Tea", "8.250"), ("Rum", "99.000")]):
        page.row(116 + 16 * i, [(40, name), (400 - 5 * len(digits), digits)])
    found = rows(pdf(page))
    assert found[:2] == [["Item", "Price per box"], ["Oil", "1.000"]]
    assert {len(row) for row in found} == {2}


def test_level_rulings_alone_hold_wrapped_cells_together():
    """Between two lines across the page stands one row."""
    page = Paper().row(113, list(zip(XS, HEADER, strict=False)))
    for y in (100, 120, 150, 180, 210):
        page.line(40, y, 420, y)
    for y, line in zip((135, 165, 195), GOODS, strict=True):
        page.row(y, [(x, cell) for x, cell in zip(XS, line, strict=False) if cell != line[1]])
        page.text(70, y - 6, line[1]).text(70, y + 6, "first quality")
    assert rows(pdf(page)) == [list(HEADER), *([no, f"{name} first quality", size, price] for no, name, size, price in GOODS)]


def test_a_ruling_across_one_column_makes_no_second_row():
    """Cells that reach over it stay beside what stands below it."""
    page = ruled([HEADER, GOODS[0]])
    page.grid(XS, [140, 170]).line(260, 150, 330, 150)
    page.row(158, [(43, "2"), (73, "Palm sugar"), (263, "1 kg"), (333, "Rp 28.500")])
    assert rows(pdf(page))[-1] == ["2", "Palm sugar", "1 kg", "Rp 28.500"]


def test_invisible_rulings_are_none():
    """Programs leave fully transparent boxes behind."""
    page = ruled([HEADER, *GOODS])
    page.marks += ["/Clear gs", f"410 {page.height - 150} 90 40 re S", f"410 {page.height - 180} 60 40 re S"]
    assert rows(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_unruled_tables_of_different_columns_are_sheets_of_their_own():
    """One below the other, each has the columns of its own rows."""
    page = unruled([HEADER, *GOODS])
    for i, (name, price) in enumerate([("Delivery in town", "50.000"), ("Delivery by boat", "175.000"), ("Packing", "15.000")]):
        page.row(260 + 16 * i, [(40, name), (180, price)])
    found = read_pdf(pdf(page))
    assert [len(sheet.rows[0]) for sheet in found] == [4, 2]
    assert list(found[1].rows[0]) == ["Delivery in town", "50.000"]


PASSWORD = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 " + f"/O <{'5a' * 32}> /U <{'a5' * 32}> >> /ID [<00> <00>]"
UNREADABLE = {
    "encrypted": (pdf(ruled([HEADER, *GOODS]), trailer=PASSWORD), errors.FileEncrypted),
    "a scan": (pdf(Paper().bar(50, 50, 500, 700, "0.5 g")), errors.FileWithoutText),
    "cut short": (pdf(ruled([HEADER, *GOODS]))[:40], errors.FileDamaged),
    "no pdf": (b"Item;Price\nOil;1000\n", errors.FileDamaged),
    "no pages": (pdf(), errors.FileDamaged),
}


@pytest.mark.parametrize(("data", "error"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_files_say_why(data: bytes, error: type[errors.FileUnusable]):
    """Each cause has its own error."""
    with pytest.raises(error):
        read_pdf(data)


def test_a_character_at_infinity_is_not_on_the_page():
    """A broken place of one text loses nothing but that text."""
    paper = (
        Paper()
        .row(50, [(40, "Item"), (300, "Price")])
        .row(65, [(40, "Rice 5 kg"), (300, "75.000")])
        .row(80, [(40, "Oil 2 L"), (300, "38.500")])
    )
    paper.marks.append(f"BT /F1 9.0 Tf 1{'9' * 40}.0 Tf 1 0 0 1 40 700 Tm (1) Tj ET")  # a font without end
    assert [cell for row in read_pdf(pdf(paper))[0].rows for cell in row if cell][:2] == ["Item", "Price"]
