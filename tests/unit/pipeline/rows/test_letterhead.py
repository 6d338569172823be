"""What a list says of itself outside its tables."""

from datetime import date

import pytest

from monito_ray.pipeline.rows.letterhead import Shown, read_letterhead, supplier_of_file

SPANISH = ["Almendras peladas", "Nueces mariposa", "Pasas de uva", "Azúcar rubia"]
COLOMBIAN = [f"770{n:09}{-(sum(map(int, f'770{n:09}'[::2])) + 3 * sum(map(int, f'770{n:09}'[1::2]))) % 10}" for n in range(1, 31)]


@pytest.mark.parametrize(
    ("text", "supplier"),
    [
        ("CV Contoh Jaya, Denpasar", "CV Contoh Jaya"),
        ("PT. Zarvex Makmur Tel 0361 123456", "PT. Zarvex Makmur"),
        ("Прайс ООО «Пример» 644000 Омск", "ООО «Пример»"),
        ('ИП "Иванов тел. 8-800', 'ИП "Иванов"'),
        ("Zarvex Trading Ltd.", "Zarvex Trading Ltd"),
        ("Zarvex S.A.S", "Zarvex S.A.S"),
        ("Zarvex GmbH | Preisliste", "Zarvex GmbH"),
        ("TOKO SEMBAKO CONTOH", "TOKO SEMBAKO CONTOH"),
        ("Toko Contoh Jaya", "Toko Contoh Jaya"),
        ("HARGA TOKO BERLAKU JUNI", ""),
        ("CV attached below", ""),
        ("Co-op prices of June", ""),
        ("Incoming goods", ""),
    ],
)
def test_a_legal_form_shows_the_supplier(text: str, supplier: str):
    """Before or behind the name; post codes, telephone numbers and other fields of the line do not belong to it."""
    assert read_letterhead([text], [], []).supplier == supplier


def test_dates_and_taxes_stand_in_the_letterhead():
    """The first date counts, and the first short line that speaks of a tax."""
    head = read_letterhead(["Berlaku 1 Juni 2026", "x" * 250 + " PPN", "Harga termasuk PPN 11%", "2 Juli 2027"], [], [])
    assert (head.list_date, head.tax_note) == (date(2026, 6, 1), "Harga termasuk PPN 11%")


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
    assert read_letterhead(lines, [], samples).likely_currency == currency


def test_marks_on_rows_go_before_what_the_letterhead_names():
    """What stands beside most amounts is the list's currency."""
    assert read_letterhead(["Prices in USD"], ["EUR", "EUR", "USD"], []).currency == "EUR"


def test_two_currencies_in_the_letterhead_leave_it_open():
    """Which of them the amounts are in is not said."""
    assert read_letterhead(["Prices in EUR or USD"], [], ["Tea", "Coffee"]).currency == ""


def test_article_numbers_count_where_nothing_else_is_clear():
    """A letterhead speaks louder than where goods are registered."""
    assert read_letterhead(["Lista de precios"], [], SPANISH, COLOMBIAN).likely_currency == "COP"
    assert read_letterhead(["Jl. Contoh 1, Denpasar", "+62 361 555010"], [], SPANISH, COLOMBIAN).likely_currency == "IDR"


@pytest.mark.parametrize(
    ("names", "currency"),
    [
        ([f"Crisps {n} x 25 g £1.25" for n in range(5)] + ["Peas", "Beans"], "GBP"),
        (["Crisps £1.25", "Peas", "Beans"], ""),
        (["Crisps £1.25", "Peas £2", "Beans £3", "Tea € 4"], ""),
    ],
)
def test_prices_within_names_show_the_currency(names: list[str], currency: str):
    """Three of one currency, and none of another."""
    assert read_letterhead([], [], names).likely_currency == currency


def test_titles_of_columns_show_the_country():
    """Taxes have names of their own in each."""
    assert read_letterhead([], [], ["Tea"], (), Shown(["Item", "Rate", "HSN Code"])).likely_currency == "INR"
    assert read_letterhead([], [], ["Tea"], (), Shown(["Item", "Rate"])).likely_currency == ""


@pytest.mark.parametrize(
    ("file_name", "supplier"),
    [
        ("Zarvex_Jaya price list 2024-06-01 (2).xlsx", "Zarvex Jaya"),
        ("vegetables June 2024.xlsx", "vegetables June 2024"),
        ("harga sayur 3 Juni 2024.xlsx", "harga sayur 3 Juni 2024"),
        ("june.csv", "june"),
        ("2024-06-01.csv", "2024-06-01"),
        ("Q 2024.csv", "Q 2024"),
        ("x" * 99 + ".csv", "x" * 60),
        ("_.csv", "unknown"),
    ],
)
def test_next_weeks_file_is_of_the_same_supplier(file_name: str, supplier: str):
    """Unless what is left is no name, or names goods alone: two suppliers of vegetables are two."""
    assert supplier_of_file(file_name) == supplier
