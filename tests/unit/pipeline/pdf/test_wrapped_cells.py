"""Lines that stand alone between rows: rests of cells and titles."""

from papers import Paper, pdf
from pdf_reading import placed, rows_of

from monito_ray.pipeline.pdf.text_lines import ColumnRuns, cell_texts, group_into_lines
from monito_ray.pipeline.pdf.wrapped_cells import join_wrapped_lines, title_columns

HEADER = ("Item", "Price")


def _lines(*rows: tuple[str, ...], width: float = 100) -> list[ColumnRuns]:
    return group_into_lines(placed(rows, pitch=14, width=width))


def _rows(lines: list[ColumnRuns]) -> list[list[str]]:
    return [cell_texts(row, 2) for row in join_wrapped_lines(lines)]


def test_a_title_after_every_second_row_stays_a_title():
    """Each name has room for the first word of the title up to the next column, which begins at one place."""
    rows = [HEADER]
    for section, one, other in (
        ("Dairy", "Fresh milk", "Sour cream"),
        ("Spices", "Black pepper", "White pepper"),
        ("Drinks", "Iced tea", "Cola"),
    ):
        rows += [(section, ""), (one, "4.500"), (other, "12.750")]
    assert _rows(_lines(*rows, width=160)) == [list(row) for row in rows]


def test_a_cell_without_room_for_its_next_word_goes_on_below():
    """The next column begins where the word would have stood."""
    lines = _lines(
        HEADER, ("Black peppercorns", "4.500"), ("Lampung", ""), ("White peppercorns", "5.500"), ("Bangka", ""), ("Cloves", "4.100")
    )
    assert _rows(lines)[1:3] == [["Black peppercorns Lampung", "4.500"], ["White peppercorns Bangka", "5.500"]]


def test_all_pages_show_together_that_titles_stand_in_a_column():
    """One page may have a single title, behind a row as long as it can be; the others tell that it is none of its words."""
    crowded = [("Black peppercorns", "4.500"), ("Spices", ""), ("White peppercorns", "5.500"), ("Cloves", "4.100")]
    roomy = [("Tea", "4.500"), ("Dairy", ""), ("Milk", "5.500"), ("Drinks", ""), ("Cola", "4.100")]
    assert title_columns([_lines(*crowded)]) == frozenset()
    assert title_columns([_lines(*crowded), _lines(*roomy)]) == {0}


def _pepper(*, bold: bool) -> list[str]:
    """The names of a list in which each name has a line below that had no room beside it."""
    page = Paper()
    for i, name in enumerate(("Black peppercorns of", "White peppercorns of", "Green peppercorns of", "Pink peppercorns of")):
        page.row(100 + 24 * i, [(40, name), (135, f"{i + 4}.500")]).text(40, 112 + 24 * i, "Lampung", bold=bold)
    return [row[0] for row in rows_of(pdf(page))]


def test_a_line_in_another_font_is_no_rest_of_a_cell():
    """Titles are bold where names are not, whether or not there was room for them above."""
    assert [name.split()[-1] for name in _pepper(bold=False)] == ["Lampung"] * 4
    assert [name.split()[-1] for name in _pepper(bold=True)] == ["of", "Lampung"] * 4
