"""PDF pages become sheets of cells."""

from dataclasses import replace

import pytest
from papers import GOODS, HEADER, Paper, pdf, ruled_table
from pdf_reading import rows_of

from monito_ray import errors
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.pdf.document import read_pdf


def test_ruled_table_gives_its_cells():
    """Rulings are the grid, and a page is a paged sheet with its number as name."""
    (sheet,) = read_pdf(pdf(ruled_table([HEADER, *GOODS])))
    assert replace(sheet, lines=()) == Sheet("page 1", [list(HEADER), *map(list, GOODS)], paged=True)


def test_first_sheet_of_a_page_has_its_running_lines():
    """A page with two tables of different columns is two sheets, and one text."""
    page = ruled_table([HEADER, *GOODS]).text(40, 300, "DRINKS").grid([40, 200, 300], [310, 330, 350])
    page.row(323, [(43, "Name"), (203, "Price")]).row(343, [(43, "Cola"), (203, "7.000")])
    first, second = read_pdf(pdf(page))
    assert [line.text for line in first.lines][3:6] == ["3\tSea salt\t250 g\tRp 9.750", "DRINKS", "Name\tPrice"]
    assert not second.lines


def test_letterhead_and_notes_are_rows_with_one_cell():
    """Lines outside tables keep their text, the page's number goes."""
    page = (
        ruled_table([HEADER, *GOODS])
        .text(40, 60, "Harvest Trading, price list July 2024")
        .text(40, 220, "Prices include 11% tax")
        .text(300, 820, "1")
    )
    rows = rows_of(pdf(page))
    assert rows[0] == ["Harvest Trading, price list July 2024", "", "", ""]
    assert rows[-1] == ["Prices include 11% tax", "", "", ""]


def test_tables_of_different_columns_are_sheets_of_their_own():
    """They follow each other from the top, a title with the table below it."""
    page = ruled_table([HEADER, *GOODS]).text(40, 300, "DRINKS").grid([40, 200, 300], [310, 330, 350])
    page.row(323, [(43, "Name"), (203, "Price")]).row(343, [(43, "Cola"), (203, "7.000")])
    sheets = read_pdf(pdf(page))
    assert [sheet.name for sheet in sheets] == ["page 1", "page 1"]
    assert [list(row) for row in sheets[1].rows] == [["DRINKS", ""], ["Name", "Price"], ["Cola", "7.000"]]


PASSWORD = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 " + f"/O <{'5a' * 32}> /U <{'a5' * 32}> >> /ID [<00> <00>]"


UNREADABLE = {
    "encrypted": (pdf(ruled_table([HEADER, *GOODS]), trailer=PASSWORD), errors.FileEncrypted),
    "a scan": (pdf(Paper().bar(50, 50, 500, 700, "0.5 g")), errors.FileWithoutText),
    "cut short": (pdf(ruled_table([HEADER, *GOODS]))[:40], errors.FileDamaged),
    "no pdf": (b"Item;Price\nOil;1000\n", errors.FileDamaged),
    "no pages": (pdf(), errors.FileDamaged),
}


@pytest.mark.parametrize(("data", "error"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_files_say_why(data: bytes, error: type[errors.FileUnusable]):
    """Each cause has its own error."""
    with pytest.raises(error):
        read_pdf(data)
