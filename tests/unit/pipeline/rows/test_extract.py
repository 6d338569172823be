"""From a located table to lines."""

import json
from decimal import Decimal

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.extract import extract_lines
from monito_ray.pipeline.rows.offer_line import OfferLine
from monito_ray.pipeline.tables.locate import find_tables

HEADER = ["No", "Nama", "Satuan", "Harga ecer", "Harga grosir"]


def goods(first: int, last: int) -> list[list]:
    """Rows with two prices."""
    return [[float(n), f"Barang {chr(96 + n)}", "pcs", 1000.0 * n, 900.0 * n] for n in range(first, last + 1)]


def lines(*rows: list, currencies: dict[int, str] | None = None) -> list[OfferLine]:
    """The lines of a sheet's tables."""
    width = max(map(len, rows))
    sheet = Sheet("A", [[*row, *[""] * (width - len(row))] for row in rows], currencies=currencies or {})
    return [line for table in find_tables(sheet) for line in extract_lines(sheet, table)]


def test_the_other_prices_of_a_row_are_its_tiers():
    """Each stands under its title; whole amounts are whole numbers."""
    line = lines(HEADER, *goods(1, 6))[1]
    assert line.price == Decimal(2000)
    assert json.loads(line.price_tiers) == {"Harga grosir": 1800}


def test_a_price_of_zero_gives_way_to_the_next():
    """Where the main column says nothing, another price is the row's."""
    rows = goods(1, 6)
    rows[2][3] = 0.0
    assert lines(HEADER, *rows)[2].price == Decimal(2700)


def test_a_title_between_rows_is_their_section_and_one_behind_them_a_note():
    """A section holds for the rows below it; behind the last offer stand remarks."""
    result = lines(HEADER, *goods(1, 4), ["", "MINUMAN"], *goods(5, 8), ["", "Harga dapat berubah"])
    assert [line.section for line in result] == [""] * 4 + ["MINUMAN"] * 6
    assert [line.role for line in result] == [""] * 4 + ["section"] + [""] * 4 + ["note"]


def test_rows_that_say_the_same_have_one_fingerprint():
    """Running numbers apart; another price makes another row."""
    rows = goods(1, 6)
    rows += [[7.0, *rows[0][1:]], [8.0, *rows[0][1:3], 1100.0, 900.0]]
    prints = [line.fingerprint for line in lines(HEADER, *rows)]
    assert prints[6] == prints[0]
    assert prints[7] != prints[0]


def test_a_repeated_header_is_no_line():
    """Titles that stand there again are not offers."""
    assert len(lines(HEADER, *goods(1, 5), HEADER, *goods(6, 9))) == 9


def test_the_currency_of_a_number_format_is_that_of_the_prices_column():
    """It stands beside a currency that a cell or a title names."""
    assert {(line.currency, line.drawn_currency) for line in lines(HEADER, *goods(1, 6), currencies={3: "IDR", 4: "USD"})} == {("", "IDR")}
