"""In whose money small lists of our own are, read to the end."""

import csv
import io

import pytest

from monito_ray.pipeline.rows.price_list import Hints, read_price_list

GOODS = ("Zarvex", "Mivex", "Brolin", "Tarkon", "Velmar", "Quendo")
ENGLISH = ("Brown sugar", "Corn flour", "Dried figs", "Egg noodles", "Fish sauce", "Green tea")
RUSSIAN = ("Сахар тростниковый", "Мука кукурузная", "Инжир сушёный", "Лапша яичная", "Соус рыбный", "Чай зелёный")
RUSSIAN_FROM_ABROAD = ("Вода павлодарская", "Мука кукурузная", "Квас павлодарский", "Лапша яичная", "Хлеб павлодарский", "Чай зелёный")
RUSSIAN_OF_ORIGIN = ("Кофе Индонезия Ява", "Сандал индонезийский", "Мука кукурузная", "Лапша яичная", "Перец из Индонезии", "Чай зелёный")
SPANISH = ("Azúcar morena", "Harina de maíz", "Higos secos", "Fideos al huevo", "Salsa de pescado", "Té verde")
GREEK = ("Ζάχαρη καστανή", "Αλεύρι καλαμποκιού", "Σύκα ξερά", "Ζυμαρικά αυγού", "Σάλτσα ψαριού", "Τσάι πράσινο")
DUTCH = ("Rundvlees vers", "Rijst biologisch", "Zwarte thee zonder suiker", "Eieren", "Boter gezouten", "Aardappelen en uien")
BRAZILIAN = ("Suco de abacaxi", "Sorvete de goiaba", "Farofa pronta", "Coxinha congelada", "Palmito em conserva", "Paçoca")
POUNDS = ("Sugar 10 lb", "Flour 25 lb", "Figs 12 oz", "Noodles 16 oz", "Sauce 1 gal", "Tea bags 100 ct")

LISTS = [
    # letterhead, title of prices, what is written for "12.50", names, currency
    ("", "Price, US$", "12.50", ENGLISH, "USD"),
    ("", "Цена US$", "12,50", RUSSIAN, "USD"),
    ("", "Price (US$)", "12.50", GOODS, "USD"),
    ("", "Preço R $", "12,50", GOODS, "BRL"),
    ("", "Price NT$", "1,250", ENGLISH, "TWD"),
    ("", "Price", "S$12.50", ENGLISH, "SGD"),
    ("", "Price", "A $12.50", ENGLISH, "AUD"),
    ("", "Price", "HK$ 12.50", ENGLISH, "HKD"),
    ("", "Price", "J$1,250", ENGLISH, "JMD"),
    ("", "Price", "TT$ 12.50", ENGLISH, "TTD"),
    ("Managua, +505 2255 5010", "Precio", "C$12.50", SPANISH, "NIO"),
    ("г. Алматы, тел. +7 (727) 355-01-01", "Цена", "1250", RUSSIAN, "KZT"),
    ("ТОО Зарвекс", "Цена", "1250", RUSSIAN, "KZT"),
    ("", "Цена", "1250", RUSSIAN, "RUB"),
    ("", "Цена", "1250", RUSSIAN_FROM_ABROAD, ""),
    ("", "Цена", "1250", RUSSIAN_OF_ORIGIN, "RUB"),
    ("Tlf. +47 22 55 50 10", "Pris", "12,50 kr", GOODS, "NOK"),
    ("", "Pris", "12,50 kr", GOODS, ""),
    ("", "Цена", "12,50 лв.", GOODS, "BGN"),
    ("RUT 76.123.456-7", "Precio", "$ 12.500", SPANISH, "CLP"),
    ("Tel. +598 2 355 5010", "Precio", "$ 125,50", SPANISH, "UYU"),
    ("", "Precio", "$ 125,50", SPANISH, ""),
    ("", "Price", "$12.50", ENGLISH, ""),
    ("", "Price", "$12.50", POUNDS, "USD"),
    ("", "Price", "12.50", POUNDS, "USD"),
    ("Springdale, Ohio 43612", "Price", "$12.50", ENGLISH, "USD"),
    ("Auckland, +64 9 355 5010", "Price", "$12.50", ENGLISH, "NZD"),
    ("Addis Ababa, +251 11 555 0101", "Price", "1250 Br", ENGLISH, "ETB"),
    ("", "Price", "1250 Br", ENGLISH, ""),
    ("", "Ár", "1 250 Ft", GOODS, "HUF"),
    ("Leicester, +44 116 555 0101", "Price", "₤12.50", ENGLISH, "GBP"),
    ("", "Price", "₤12.50", ENGLISH, ""),
    ("", "Price", "12.500 KD", ENGLISH, "KWD"),
    ("", "Precio", "S/ 12.50", SPANISH, "PEN"),
    ("", "Price", "R125.00", ENGLISH, "ZAR"),
    ("", "Price", "P125", ENGLISH, "PHP"),
    ("Gaborone, +267 355 5010", "Price", "P125", ENGLISH, "BWP"),
    ("", "قیمت", "125,000 تومان", GOODS, ""),
    ("", "Τιμή", "12,50", GREEK, "EUR"),
    ("", "Prijs", "12,50", DUTCH, "EUR"),
    ("", "Preço", "12,50", BRAZILIAN, "BRL"),
    ("", "Prix", "0,50e", GOODS, "EUR"),
    ("Rates in Rs.", "Rate", "125.00", ENGLISH, "INR"),
    ("Alcohol en gel", "Precio", "125.00", SPANISH, ""),
    ("Harga dalam Rp", "Harga", "12500", GOODS, "IDR"),
]


@pytest.mark.parametrize(("letterhead", "title", "written", "names", "currency"), LISTS)
def test_a_list_is_in_the_money_that_it_shows(letterhead: str, title: str, written: str, names: tuple[str, ...], currency: str):
    """All marks of one currency are one, the country tells what shared ones mean, and what nothing tells stays blank; no price is lost."""
    digits = ["1", "2", "3", "4", "6", "7"]
    file = io.StringIO()
    rows = [[letterhead, ""], ["Item", title], *([name, written.replace("1", digit, 1)] for name, digit in zip(names, digits, strict=True))]
    csv.writer(file).writerows(rows)
    offers = [row for row in read_price_list(file.getvalue().encode(), "list.csv").rows.to_pylist() if not row["role"] and row["price"]]
    assert [(row["original_name"], row["currency"]) for row in offers] == [(name, currency) for name in names]


@pytest.mark.parametrize(("own", "currency"), [("AUD", "AUD"), ("EUR", "")])
def test_an_open_mark_means_the_money_of_who_asks_where_it_may(own: str, currency: str):
    """The dollar sign of a list that nothing else tells of is the dollar that the settings name; it is no euro."""
    file = "Item,Price\n" + "\n".join(f"{name},${n}.50" for n, name in enumerate(ENGLISH, 2))
    rows = read_price_list(file.encode(), "list.csv", Hints(fallback_currency=own)).rows.to_pylist()
    assert {row["currency"] for row in rows if not row["role"]} == {currency}


def test_a_remark_in_several_cells_below_the_goods_names_the_currency():
    """It looks like an offer without a price."""
    file = (
        "Producto,Nota,Precio\n"
        + "".join(f"{name},,{n}2500\n" for n, name in enumerate(SPANISH, 1))
        + "Precios,en pesos colombianos (COP),\n"
    )
    assert read_price_list(file.encode(), "list.csv").currency == "COP"


@pytest.mark.parametrize(
    ("title", "hints", "is_guess"),
    [
        ("Price (USD)", Hints(fallback_currency="IDR"), False),
        ("Price", Hints(currency="USD"), False),
        ("Price", Hints(fallback_currency="IDR"), True),
        ("Price", Hints(), False),
    ],
)
def test_a_currency_that_nothing_says_is_a_guess(title: str, hints: Hints, is_guess: bool):
    """That of the settings is; what the list or a person says is none, and where there is no currency nothing was guessed."""
    file = f"Item,{title}\n" + "\n".join(f"{name},{n}.50" for n, name in enumerate(ENGLISH, 2))
    assert read_price_list(file.encode(), "list.csv", hints).is_currency_guess is is_guess
