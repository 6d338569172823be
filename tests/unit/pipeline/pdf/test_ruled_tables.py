"""Tables with rulings around their cells."""

from papers import COLUMNS, GOODS, HEADER, pdf, ruled_table, unruled_table
from pdf_reading import rows_of


def test_wrapped_cell_is_joined():
    """Lines of a cell are one text, a hyphen at the end of a line as written."""
    page = ruled_table([HEADER, *GOODS]).grid(COLUMNS, [180, 216])
    page.row(192, [(73, "Hazelnut kernels (size 13-")]).row(204, [(73, "15mm) roasted")])
    page.row(198, [(43, "4"), (333, "Rp 88.000")]).row(192, [(263, "12 x 500")]).row(204, [(263, "gr")])
    assert rows_of(pdf(page))[-1] == ["4", "Hazelnut kernels (size 13-15mm) roasted", "12 x 500 gr", "Rp 88.000"]


def test_header_alone_in_rulings_names_the_rows_below():
    """Where only the header is ruled, it stands in the columns of the rows."""
    page = (
        unruled_table(GOODS, top=135)
        .grid(COLUMNS, [100, 120])
        .row(113, [(x + 3, cell) for x, cell in zip(COLUMNS[:-1], HEADER, strict=True)])
    )
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_frame_around_an_unruled_table_is_no_column():
    """A box around the page parts nothing."""
    page = unruled_table([HEADER, *GOODS]).grid([30, 560], [50, 800])
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_a_ruling_across_one_column_makes_no_second_row():
    """Cells that reach over it stay beside what stands below it."""
    page = ruled_table([HEADER, GOODS[0]])
    page.grid(COLUMNS, [140, 170]).line(260, 150, 330, 150)
    page.row(158, [(43, "2"), (73, "Palm sugar"), (263, "1 kg"), (333, "Rp 28.500")])
    assert rows_of(pdf(page))[-1] == ["2", "Palm sugar", "1 kg", "Rp 28.500"]
