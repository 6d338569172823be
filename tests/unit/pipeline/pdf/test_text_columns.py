"""Tables without rulings, on one page or several."""

from papers import COLUMNS, GOODS, HEADER, Paper, pdf, unruled_table
from pdf_reading import rows_of

from monito_ray.pipeline.pdf.document import read_pdf


def test_unruled_table_gives_its_cells():
    """The columns of aligned texts are between white gutters."""
    assert rows_of(pdf(unruled_table([HEADER, *GOODS]))) == [list(HEADER), *map(list, GOODS)]


def test_unruled_table_goes_on_over_pages_in_the_same_columns():
    """A last page with one row has the columns of the page before."""
    pages = unruled_table([HEADER, *GOODS]), unruled_table([("4", "Rice", "", "Rp 75.000")])
    assert rows_of(pdf(*pages))[-1] == ["4", "Rice", "", "Rp 75.000"]


def test_unruled_tables_of_different_columns_are_sheets_of_their_own():
    """One below the other, each has the columns of its own rows."""
    page = unruled_table([HEADER, *GOODS])
    for i, (name, price) in enumerate([("Delivery in town", "50.000"), ("Delivery by boat", "175.000"), ("Packing", "15.000")]):
        page.row(260 + 16 * i, [(40, name), (180, price)])
    sheets = read_pdf(pdf(page))
    assert [len(sheet.rows[0]) for sheet in sheets] == [4, 2]
    assert list(sheets[1].rows[0]) == ["Delivery in town", "50.000"]


def test_level_rulings_alone_hold_wrapped_cells_together():
    """Between two lines across the page stands one row."""
    page = Paper().row(113, list(zip(COLUMNS, HEADER, strict=False)))
    for y in (100, 120, 150, 180, 210):
        page.line(40, y, 420, y)
    for y, line in zip((135, 165, 195), GOODS, strict=True):
        page.row(y, [(x, cell) for x, cell in zip(COLUMNS, line, strict=False) if cell != line[1]])
        page.text(70, y - 6, line[1]).text(70, y + 6, "first quality")
    assert rows_of(pdf(page)) == [list(HEADER), *([no, f"{name} first quality", size, price] for no, name, size, price in GOODS)]
