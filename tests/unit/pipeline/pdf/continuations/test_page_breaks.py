"""Rows that a page break cuts."""

import pytest
from papers import GOODS, HEADER, pdf, unruled_table
from pdf_reading import rows_of

from monito_ray.pipeline.pdf.continuations.page_breaks import join_broken_rows
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.pdf_table import PdfTable

EDGES = (0.0, 40.0, 200.0, 300.0)
FULL = [[str(n), f"Pepper no. {n} from Lampung", f"{n}.500"] for n in range(1, 7)]
MORE = [[str(n), f"Pepper no. {n} from Bangka", f"{n}.500"] for n in range(11, 17)]


def _table(rows: list[list[str]], line_counts: list[int] | None = None) -> PdfTable:
    return PdfTable(EDGES, Box(0, 0, 300, 700), [list(row) for row in rows], line_counts=line_counts or [1] * len(rows))


def _joined(before: PdfTable, after: PdfTable) -> list[list[list[str]]]:
    join_broken_rows([[before], [after]])
    return [before.rows, after.rows]


@pytest.mark.parametrize("rest", ["Lampung", "250 g"])
def test_a_row_with_fewer_lines_than_all_others_goes_on_on_the_next_page(rest):
    """All names have two lines; the last one of the page has one, and the next page begins with a line alone."""
    before = _table([*FULL, ["7", "Pepper no. 7 from", "7.500"]], [*[2] * len(FULL), 1])
    rows = _joined(before, _table([["", rest, ""], *MORE], [1, *[2] * len(FULL)]))
    assert rows[0][-1] == ["7", f"Pepper no. 7 from {rest}", "7.500"]
    assert rows[1] == MORE


def test_the_title_of_a_section_stays_at_the_top_of_its_page():
    """Rows of one line go on where the line above is open or the one below begins small, and nowhere else."""
    section, rest = ["", "Spices", ""], ["", "and chili", ""]
    assert _joined(_table(FULL), _table([section, *MORE])) == [FULL, [section, *MORE]]
    assert _joined(_table(FULL), _table([rest, *MORE]))[0][-1][1] == "Pepper no. 6 from Lampung and chili"
    assert (
        _joined(_table([*FULL, ["7", "Pepper (black,", "7.500"]]), _table([["", "White)", ""], *MORE]))[0][-1][1] == "Pepper (black, White)"
    )


def test_titles_that_each_page_repeats_and_numbers_of_pages_stand_between():
    """The rest stands below the titles; the number of the page stands below the row."""
    titles, foot = ["No", "Item", "Price"], ["", "Page 1 of 2", ""]
    rows = _joined(_table([titles, *FULL, foot]), _table([titles, ["", "or white", ""], *MORE]))
    assert rows[0][-2][1] == "Pepper no. 6 from Lampung or white"
    assert rows[1] == [titles, *MORE]


def test_a_rest_alone_on_the_last_page_is_no_page_of_its_own():
    """There is no table on that page."""
    lines = [cells for n, row in enumerate([*GOODS, *GOODS], start=1) for cells in ((*row[:3], f"{n}5.000"), ("", f"grade {n}", "", ""))]
    first = unruled_table([HEADER, *lines[:-1]], pitch=12)
    rows = rows_of(pdf(first, unruled_table([lines[-1]])))
    assert rows[-1][1] == "Sea salt grade 6"
