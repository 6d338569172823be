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


def test_letterhead_beside_the_table_does_not_decide_its_columns():
    """Addresses and telephone numbers stand close above the rows, across their columns."""
    page = Paper().row(60, [(40, "Harbour Road 12, 40213 Porttown"), (300, "Tel. 020 7946 0123")])
    page.row(74, [(40, "Phone:"), (90, "020 7946 0123"), (200, "Date:"), (230, "12.05.2026")])
    rows = [
        ("No", "Item", "Size", "Price"),
        ("1", "Olive oil", "500 ml", "8,90"),
        ("2", "Sea salt", "250 g", "2,10"),
        ("3", "Tea", "100 g", "3,40"),
    ]
    for i, row in enumerate(rows):
        page.row(92 + 14 * i, zip((40, 62, 180, 260), row, strict=True))
    assert rows_of(pdf(page))[2:] == [list(row) for row in rows]


def test_running_head_does_not_part_a_page_from_the_columns_before():
    """A page with two rows left has the columns of the page before, though a line that is none of its rows stands above them."""
    columns = (40, 62, 180, 260)
    first, second = Paper(), Paper().row(40, [(40, "Porttown Trading, our prices"), (480, "sheet B")])
    for i in range(8):
        first.row(100 + 14 * i, zip(columns, (f"{i + 1}", f"Tea of hill {i + 1}", "100 g", f"{i + 3},40"), strict=True))
    for i in range(2):
        second.row(60 + 14 * i, zip(columns, (f"{i + 9}", f"Tea of hill {i + 9}", "100 g", f"{i + 11},40"), strict=True))
    assert rows_of(pdf(first, second))[-2:] == [["9", "Tea of hill 9", "100 g", "11,40"], ["10", "Tea of hill 10", "100 g", "12,40"]]


def test_currency_set_apart_stays_in_its_column():
    """A sign at the left of its cell, or a code behind the number, is never the next column's."""
    page = Paper()
    for i, (sign, number, note) in enumerate([("Rp", "27", "new"), ("Rp", "2", ""), ("Rp", "115", ""), ("Rp", "8", "new")]):
        page.row(100 + 14 * i, [(40, f"Tea of hill {i}"), (160, sign), (200, number), (240, note)])
    assert [row[1] for row in rows_of(pdf(page))] == ["Rp 27", "Rp 2", "Rp 115", "Rp 8"]
    page = Paper()
    for i, number in enumerate(["4,50", "18,20", "2,10", "7,00"]):
        page.row(100 + 14 * i, [(40, f"Tea of hill {i}"), (160, number), (188, "EUR"), (250, f"{i + 3}")])
    assert [row[1:] for row in rows_of(pdf(page))] == [["4,50 EUR", "3"], ["18,20 EUR", "4"], ["2,10 EUR", "5"], ["7,00 EUR", "6"]]


def test_name_that_runs_into_its_price_leaves_it_its_column():
    """A name ends so close to a price that they look like one text; the price ends where the others do."""
    page = Paper()
    for i, name in enumerate(["Tea", "Coffee", "Orange juice, cold", "Lemonade", "Onion soup, bread inside"]):
        page.row(100 + 16 * i, [(40, name), (142.5 if i == 4 else 160, "1.174,53" if i == 4 else "3,50")])
    page.row(196, [(40, "Trout"), (142.5, "1.174,53")])
    assert [row[0] for row in rows_of(pdf(page))][-2:] == ["Onion soup, bread inside", "Trout"]
