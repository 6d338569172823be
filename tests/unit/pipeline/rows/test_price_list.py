"""A price list as a whole."""

from datetime import date
from decimal import Decimal

import pytest
from lists import ALIKE

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.rows import letterhead, price_list

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
    found = price_list.read_from_sheets(
        [sheet("Semua", ["Nama", "Harga"], *GOODS), sheet("Sebagian", ["Nama", "Harga"], *GOODS[:9])], "f.xlsx"
    )
    assert found.rows.num_rows == len(GOODS)
    assert any("'Sebagian' repeats" in note for note in found.notes)


def test_two_sheets_of_different_goods_are_both_read():
    """Every sheet with a table counts."""
    other = [[name + " super", price + 500] for name, price in GOODS]
    found = price_list.read_from_sheets([sheet("A", ["Nama", "Harga"], *GOODS), sheet("B", ["Nama", "Harga"], *other)], "f.xlsx")
    assert set(found.rows.column("source_sheet").to_pylist()) == {"A", "B"}
    assert found.rows.num_rows == 2 * len(GOODS)


def test_what_the_user_told_beats_what_was_read():
    """Supplier and currency of the hints stand on every row."""
    found = price_list.read_from_sheets(
        [sheet("A", ["PT Lain"], ["Nama", "Harga (Rp)"], *GOODS)], "f.xlsx", price_list.Hints(supplier="Toko Kita", currency="USD")
    )
    assert set(found.rows.column("supplier").to_pylist()) == {"Toko Kita"}
    assert set(found.rows.column("currency").to_pylist()) == {"USD"}


def test_letterhead_gives_supplier_date_and_tax():
    """What stands above the table is understood."""
    lines = [["CV Contoh Jaya, Denpasar"], ["Harga termasuk PPN 11%"], ["Berlaku 1 Juni 2026"], ["Nama", "Harga (Rp)"]]
    found = price_list.read_from_sheets([sheet("A", *lines, *GOODS)], "f.xlsx")
    assert (found.supplier, found.currency, found.list_date) == ("CV Contoh Jaya", "IDR", date(2026, 6, 1))
    assert found.tax_note == "Harga termasuk PPN 11%"


def test_no_prices_is_an_error_that_names_file_and_sheets():
    """A list without any price says so."""
    with pytest.raises(NoPricesFound, match=r"stok\.xlsx.*Stok"):
        price_list.read_from_sheets([sheet("Stok", ["Nama", "Stok"], *[[name, 3.0] for name, _ in GOODS])], "stok.xlsx")


def test_pages_number_their_offers():
    """On a PDF's page rows are counted as priced offers."""
    page = sheet("page 1", ["Nama", "Harga"], *GOODS[:3], ["Kosong", "-"], *GOODS[3:])
    found = price_list.read_from_sheets([Sheet(page.name, page.rows, paged=True)], "f.pdf").rows
    priced = [row for row, price in zip(found.column("source_row").to_pylist(), found.column("price").to_pylist(), strict=True) if price]
    assert priced == list(range(1, len(GOODS) + 1))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07.11.2014", date(2014, 11, 7)),
        ("Jul-23 Prices are included", date(2023, 7, 1)),
        ("Denpasar, 9 June 2025", date(2025, 6, 9)),
        ("август 2024", date(2024, 8, 1)),
        ("остатки и цены 13102017", date(2017, 10, 13)),
        ("2026-06-01", date(2026, 6, 1)),
        ("tel 0361 123456", None),
        ("Beras 25 kg", None),
    ],
)
def test_dates(text, day):
    """Dates are read day before month, in the languages of the lists."""
    assert date_in(text) == day


@pytest.mark.parametrize(
    ("lines", "samples", "currency"),
    [
        (["Прайс-лист на продукцию", "г. Тула, ул. Мира"], ["Труба стальная", "Вентиль", "Муфта переходная латунная"], "RUB"),
        (["Прайс-лист, Минск", "тел. +375 17 1234567"], ["Краска фасадная белая", "Эмаль алкидная серая"], "BYN"),
        (["DAFTAR HARGA"], ["Bawang merah", "Bawang putih", "Minyak goreng", "Cabe hijau", "Jeruk manis"], "IDR"),
        (["Price list in USD"], ["Tea", "Coffee"], "USD"),
        (["Price list"], ["Tea", "Coffee"], ""),
    ],
)
def test_currency_is_inferred_only_where_it_is_clear(lines, samples, currency):
    """The supplier's country gives the currency, else a language that leaves no doubt; anything else leaves it empty."""
    assert letterhead.read_letterhead(lines, [], samples).likely_currency == currency


def test_prices_are_money():
    """Typed cells with ten decimals are given as people see them."""
    found = price_list.read_from_sheets([sheet("A", ["Nama", "Harga"], *[[n, p + 0.71545456] for n, p in GOODS])], "f.xlsx")
    assert found.rows.column("price").to_pylist()[0] == Decimal("12500.720000")


def test_a_title_between_tables_is_the_section_of_the_next():
    """A row of one text above a header belongs to the table below it."""
    lines = [["No", "Nama", "Satuan", "Harga"], *[[float(i), n, "kg", p] for i, (n, p) in enumerate(GOODS[:6], 1)], ["DAGING"]]
    lines += [["No", "Nama", "Satuan", "Harga"], *[[float(i), n, "kg", p] for i, (n, p) in enumerate(GOODS[6:], 1)]]
    found = price_list.read_from_sheets([sheet("A", *lines)], "f.xlsx").rows
    assert found.column("section").to_pylist() == [""] * 6 + ["DAGING"] * 7
    assert found.column("role").to_pylist()[6] == "section"


@pytest.mark.parametrize("count", [30, 3_000])
def test_prices_that_rise_evenly_are_no_running_numbers(count: int):
    """Vouchers of 500, 1,000, 1,500, and so on, again and again: a sample of a long list of them has even steps, too."""
    text = "Nama;Harga\n" + "".join(f"Voucher {chr(97 + n % 26)}{chr(97 + n // 26 % 26)};{(n % 90 + 1) * 500}\n" for n in range(count))
    assert price_list.read_price_list(text.encode(), "list.csv").rows.num_rows == count


def _doubts(text: str) -> set[str]:
    return set(price_list.read_price_list(text.encode(), "list.csv").rows.column("doubt").to_pylist())


def test_rows_are_in_doubt_where_two_columns_could_be_the_prices():
    """A title settles which it is, and two prices that move together are no doubt."""
    assert _doubts(ALIKE) == {"column C may hold the prices as well as B"}
    assert _doubts("Nama;Harga;Stok\n" + ALIKE) == {""}
    assert _doubts("".join(f"Barang {'abcdefghijkl'[n]};{n * n * 1750 + 500};{n * n * 1600 + 500}\n" for n in range(1, 11))) == {""}
