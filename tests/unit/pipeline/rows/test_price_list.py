"""A price list as a whole."""

from datetime import date
from decimal import Decimal

import pytest
from lists import ALIKE

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list

GOODS = [
    [f"{name} {grade}", 12500.0 + 750 * i + 100 * k]
    for i, name in enumerate(("Beras", "Gula", "Garam", "Kopi"))
    for k, grade in enumerate(("A", "B", "C"))
]


def sheet(name: str, *lines: list) -> Sheet:
    width = max(map(len, lines))
    return Sheet(name, [[*line, *[""] * (width - len(line))] for line in lines])


def test_a_copied_sheet_is_read_once():
    """A sheet whose offers stand on a larger sheet adds nothing, and is named."""
    read = price_list.read_from_sheets(
        [sheet("Semua", ["Nama", "Harga"], *GOODS), sheet("Sebagian", ["Nama", "Harga"], *GOODS[:9])], "f.xlsx"
    )
    assert read.rows.num_rows == len(GOODS)
    assert any("'Sebagian' repeats" in note for note in read.notes)


def test_two_sheets_of_different_goods_are_both_read():
    """Every sheet with a table counts."""
    other = [[name + " super", price + 500] for name, price in GOODS]
    read = price_list.read_from_sheets([sheet("A", ["Nama", "Harga"], *GOODS), sheet("B", ["Nama", "Harga"], *other)], "f.xlsx")
    assert set(read.rows.column("source_sheet").to_pylist()) == {"A", "B"}
    assert read.rows.num_rows == 2 * len(GOODS)


def test_hints_go_before_what_was_read():
    """Supplier and currency of the hints stand on every row."""
    read = price_list.read_from_sheets(
        [sheet("A", ["PT Lain"], ["Nama", "Harga (Rp)"], *GOODS)], "f.xlsx", price_list.Hints(supplier="Toko Kita", currency="USD")
    )
    assert set(read.rows.column("supplier").to_pylist()) == {"Toko Kita"}
    assert set(read.rows.column("currency").to_pylist()) == {"USD"}


def test_letterhead_gives_supplier_date_and_tax():
    """What stands above the table is understood."""
    lines = [["CV Contoh Jaya, Denpasar"], ["Harga termasuk PPN 11%"], ["Berlaku 1 Juni 2026"], ["Nama", "Harga (Rp)"]]
    read = price_list.read_from_sheets([sheet("A", *lines, *GOODS)], "f.xlsx")
    assert (read.supplier, read.currency, read.list_date) == ("CV Contoh Jaya", "IDR", date(2026, 6, 1))
    assert read.tax_note == "Harga termasuk PPN 11%"


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        ("Green Farm Ltd\nPrice list 3 June 2026, USD", ("Green Farm Ltd", "USD", "")),
        ("UD Sayur Segar\nDaftar harga 3 Juni 2026\nHarga termasuk PPN 11%", ("UD Sayur Segar", "IDR", "Harga termasuk PPN 11%")),
        ("Price list 3 June 2026, USD", ("f", "USD", "")),
    ],
)
def test_the_heading_of_a_text_gives_date_and_currency(head: str, facts: tuple[str, str, str]):
    """The name of the firm above them, which is the title of the offers, does not hide them."""
    offers = "".join(f"{name} 1 kg - {price}\n" for name, price in (("Wortel", "12.000"), ("Kentang", "15.000"), ("Tomat", "14.500")))
    read = price_list.read_price_list(f"{head}\n\n{offers}".encode(), "f.txt")
    assert (read.supplier, read.currency, read.tax_note, read.list_date) == (*facts, date(2026, 6, 3))


def test_no_prices_is_an_error_that_names_file_and_sheets():
    """A list without any price says so."""
    with pytest.raises(NoPricesFound, match=r"stok\.xlsx.*Stok"):
        price_list.read_from_sheets([sheet("Stok", ["Nama", "Stok"], *[[name, 3.0] for name, _ in GOODS])], "stok.xlsx")


def test_pages_number_their_offers():
    """On a PDF's page rows are counted as priced offers."""
    page = sheet("page 1", ["Nama", "Harga"], *GOODS[:3], ["Kosong", "-"], *GOODS[3:])
    read = price_list.read_from_sheets([Sheet(page.name, page.rows, paged=True)], "f.pdf").rows
    priced = [row for row, price in zip(read.column("source_row").to_pylist(), read.column("price").to_pylist(), strict=True) if price]
    assert priced == list(range(1, len(GOODS) + 1))


def test_prices_are_money():
    """Typed cells with ten decimals are given as people see them."""
    read = price_list.read_from_sheets([sheet("A", ["Nama", "Harga"], *[[n, p + 0.71545456] for n, p in GOODS])], "f.xlsx")
    assert read.rows.column("price").to_pylist()[0] == Decimal("12500.720000")


def test_a_title_between_tables_is_the_section_of_the_next():
    """A row of one text above a header belongs to the table below it."""
    lines = [["No", "Nama", "Satuan", "Harga"], *[[float(i), n, "kg", p] for i, (n, p) in enumerate(GOODS[:6], 1)], ["DAGING"]]
    lines += [["No", "Nama", "Satuan", "Harga"], *[[float(i), n, "kg", p] for i, (n, p) in enumerate(GOODS[6:], 1)]]
    read = price_list.read_from_sheets([sheet("A", *lines)], "f.xlsx").rows
    assert read.column("section").to_pylist() == [""] * 6 + ["DAGING"] * 7
    assert read.column("role").to_pylist()[6] == "section"


@pytest.mark.parametrize("count", [30, 3_000])
def test_prices_that_rise_evenly_are_no_running_numbers(count: int):
    """Vouchers of 500, 1,000, 1,500, and so on, again and again: a sample of a long list of them has even steps, too."""
    text = "Nama;Harga\n" + "".join(f"Voucher {chr(97 + n % 26)}{chr(97 + n // 26 % 26)};{(n % 90 + 1) * 500}\n" for n in range(count))
    assert price_list.read_price_list(text.encode(), "list.csv").rows.num_rows == count


def _doubts(text: str) -> set[str]:
    return set(price_list.read_price_list(text.encode(), "list.csv").rows.column("doubt").to_pylist())


def test_rows_are_in_doubt_where_two_columns_could_be_the_prices():
    """A title settles which it is, and two prices that move together are no doubt."""
    assert _doubts(ALIKE) == {"column C may be the price instead of column B"}
    assert _doubts("Nama;Harga;Stok\n" + ALIKE) == {""}
    assert _doubts("".join(f"Barang {'abcdefghijkl'[n]};{n * n * 1750 + 500};{n * n * 1600 + 500}\n" for n in range(1, 11))) == {""}
