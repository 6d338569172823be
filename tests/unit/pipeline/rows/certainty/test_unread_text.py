"""Amounts in running text that became no price."""

from decimal import Decimal

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.certainty.unread_amounts import unread_outside
from monito_ray.pipeline.rows.offer_line import SheetTables

LINES = ["Menu", "Es teh Rp 5.000", "Nasi goreng Rp 25.000", "Ayam bakar Rp 35.000 / Rp 38.000", "Minimum order Rp 100.000", "Kopi 5.000"]


def read(*prices: int) -> SheetTables:
    """A text whose offers have these prices."""
    goods = [[f"Barang {n} kg", 10_000 + 730 * n] for n in range(12)]
    table = price_list.read_sheet_tables([Sheet("A", [["Nama", "Harga"], *goods])])[0]
    lines = [table.lines[0]._replace(price=Decimal(price)) for price in prices]
    return SheetTables(Sheet("text", [[line] for line in LINES]), (), lines)


def test_each_price_accounts_for_one_amount():
    """What is left is told with its line."""
    unread = unread_outside([read(5000, 25000, 35000)])
    assert [(cell.row, cell.text) for cell in unread.cells] == [(4, LINES[3]), (5, LINES[4])]
    assert unread.money_count == 2


def test_a_text_that_was_read_to_the_end_leaves_nothing():
    """All amounts are prices."""
    assert unread_outside([read(5000, 25000, 35000, 38000, 100000)]).count == 0
