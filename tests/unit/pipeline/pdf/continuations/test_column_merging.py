"""Columns that are one, decided over all pages of a table."""

from collections.abc import Sequence

from papers import Paper, pdf, ruled_table
from pdf_reading import rows_of

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.continuations.column_merging import has_header, merge_columns
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.pdf_table import PdfTable


def test_columns_that_only_a_heading_parts_are_one():
    """A title over the right part of a wide name column names that column."""
    page = Paper()
    for y in (100, 120, 140, 160):
        page.line(40, y, 420, y)
    for x in (40, 300, 420):
        page.line(x, 100, x, 160)
    page.line(80, 100, 80, 120).row(113, [(85, "DESCRIPTION"), (303, "PRICE")])
    page.row(133, [(43, "Potato starch"), (303, "35.000")]).row(153, [(43, "Corn starch"), (303, "31.000")])
    assert rows_of(pdf(page)) == [["DESCRIPTION", "PRICE"], ["Potato starch", "35.000"], ["Corn starch", "31.000"]]


def test_table_goes_on_over_pages_in_the_same_columns():
    """Pages without a header come out as wide as the first, an empty column among them."""
    first = ruled_table([("No", "Item", "Note", "Price"), ("1", "Oil", "new", "Rp 1.000")])
    second = ruled_table([("2", "Sugar", "", "Rp 2.000"), ("3", "Salt", "", "Rp 3.000")])
    assert rows_of(pdf(first, second))[2:] == [["2", "Sugar", "", "Rp 2.000"], ["3", "Salt", "", "Rp 3.000"]]


def _table(*rows: list[str], merges: Sequence[Merge] = ()) -> PdfTable:
    edges = tuple(float(50 * i) for i in range(len(rows[0]) + 1))
    return PdfTable(edges, Box(0, 0, edges[-1], 20 * len(rows)), list(rows), list(merges))


def test_columns_that_one_row_fills_on_both_sides_stay_two():
    """However many cells reach over their border."""
    merges = [Merge(0, 0, 0, 1), Merge(1, 0, 1, 1)]
    table = _table(["Name", "", "Price"], ["Oil", "", "1.000"], ["Rice", "5 kg", "2.000"], merges=merges)
    assert merge_columns([table])[0].width == 3


def test_a_page_that_continues_a_table_has_its_columns():
    """The same edges and no header of its own: what the first page decides holds for it."""
    merges = [Merge(0, 0, 0, 1), Merge(1, 0, 1, 1)]
    first = _table(["Name", "", "Price"], ["Oil", "", "1.000"], ["", "Rice", "2.000"], merges=merges)
    later = _table(["Salt", "", "3.000"], ["Tea", "", "4.000"])
    assert [table.rows for table in merge_columns([first, later])] == [
        [["Name", "Price"], ["Oil", "1.000"], ["Rice", "2.000"]],
        [["Salt", "3.000"], ["Tea", "4.000"]],
    ]


def test_a_header_is_a_row_of_words_over_rows_with_numbers():
    """A page that begins with goods has none."""
    assert has_header(_table(["Name", "Price"], ["Oil", "1.000"]))
    assert not has_header(_table(["Oil", "1.000"], ["Rice", "2.000"]))
    assert not has_header(_table(["Name", "Price"], ["Oil", "on request"]))
