"""Characters of a page in reading coordinates."""

import pytest
from papers import GOODS, HEADER, Paper, pdf, ruled_table
from pdf_reading import rows_of, runs_of

from monito_ray.pipeline.pdf.document import read_pdf


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rotated_page_reads_like_an_upright_one(rotate: int):
    """The way the text runs decides, not the flag of the page."""
    assert rows_of(pdf(ruled_table([HEADER, *GOODS], page=Paper(rotate=rotate)))) == [list(HEADER), *map(list, GOODS)]


@pytest.mark.parametrize("matrix", ["0 1 -1 0 842 0", "-1 0 0 -1 595 842", "0 -1 1 0 0 595"])
def test_sideways_text_reads_like_upright_text(matrix: str):
    """A landscape page is often portrait with everything turned."""
    page = ruled_table([HEADER, *GOODS])
    page.marks.insert(0, f"{matrix} cm")
    if matrix[:2] != "-1":
        page.width, page.height = page.height, page.width
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


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


def test_a_tilted_stamp_is_not_read():
    """Watermarks lie askew over the page, and their letters belong to no row."""
    page = ruled_table([HEADER, *GOODS])
    page.marks.append("BT /F1 60 Tf 0.866 0.5 -0.5 0.866 100 600 Tm (COPY) Tj ET")
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_characters_know_the_font_that_they_are_set_in():
    """Names of goods and what describes them differ in it, and so do titles."""
    runs = runs_of(Paper().text(40, 100, "Walnut board").text(40, 120, "Kitchen", bold=True))
    assert [run.font for run in runs] == ["Helvetica", "Helvetica-Bold"]
