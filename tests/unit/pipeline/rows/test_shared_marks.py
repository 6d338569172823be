"""What marks of several currencies mean in a list."""

import pytest

from monito_ray.pipeline.rows.letterhead import Shown, read_letterhead

ENGLISH = ["Frozen chicken wings", "Sunflower oil", "Basmati rice", "Brown sugar"]
SPANISH = ["Almendras peladas", "Nueces mariposa", "Pasas de uva con chocolate", "Azúcar rubia"]
FRENCH = ["Pommes de terre", "Jus de pomme et de poire", "Beurre doux sans sel", "Jambon blanc avec couenne"]


@pytest.mark.parametrize(
    ("texts", "mark", "names", "currency"),
    [
        (["Price list"], "USD", ENGLISH, ""),
        (["Price list"], "USD", ["Brown sugar 10lb", "Sunflower oil 1 gal", "Corn chips 12 oz", "Paper cups 500ct"], "USD"),
        (["Price list"], "USD", ["Brown sugar 10lb", "Sunflower oil 1 gal", "Corn chips 340 g", "Brown rice 1 kg"], ""),
        (["Toledo, Ohio 43612"], "USD", ENGLISH, "USD"),
        (["Call (614) 555-0101"], "USD", ENGLISH, "USD"),
        (["Call (416) 555-0101"], "USD", ENGLISH, ""),
        (["Prijslijst"], "USD", ["Болт"], "USD"),
        (["Austin, TX 78701"], "USD", ENGLISH, "USD"),
        (["www.zarvex.com.ar"], "USD", SPANISH, "ARS"),
        (["CUIT 30-12345678-9"], "USD", SPANISH, "ARS"),
        (["RUT 76.123.456-7"], "USD", SPANISH, "CLP"),
        (["RUT 211234560018"], "USD", SPANISH, "UYU"),
        (["NIT 900123456-1"], "USD", SPANISH, "COP"),
        (["RFC ZAR010101AB1"], "USD", SPANISH, "MXN"),
        (["Zarvex SA de CV, CDMX"], "USD", SPANISH, "MXN"),
        (["Lista de precios"], "USD", SPANISH, ""),
        (["Lista de precios en dólares"], "USD", SPANISH, "USD"),
        (["All prices in Australian dollars"], "USD", ENGLISH, "AUD"),
        (["Цены указаны в белорусских рублях"], "RUB", ["Болт"], "BYN"),
        (["Tarif"], "USD", FRENCH, ""),
        (["12 Main Street, Toronto, ON M5V 2T6"], "USD", ENGLISH, "CAD"),
        (["+1 416 555 0101"], "USD", ENGLISH, "CAD"),
        (["GST/HST extra"], "USD", ENGLISH, "CAD"),
        (["Toronto"], "USD", ENGLISH, ""),
        (["ABN 12 345 678 901"], "USD", ENGLISH, "AUD"),
        (["Prices in AUD"], "USD", ENGLISH, "AUD"),
        (["+64 21 555 0101"], "USD", ENGLISH, "NZD"),
        (["Call 021 555 0101"], "USD", ENGLISH, ""),
        (["+886 2 2345 6789"], "USD", ENGLISH, "TWD"),
        (["台北市"], "USD", ENGLISH, ""),
        (["Windhoek, +264 61 555 010"], "USD", ENGLISH, "NAD"),
        (["Wines of Chile and Argentina"], "USD", ENGLISH, ""),
        (["Jl. Contoh 1, Denpasar, +62 361 555010"], "USD", ENGLISH, "USD"),
        (["Минск, +375 29 123-45-67"], "RUB", ["Болт"], "BYN"),
        (["Прайс-лист"], "RUB", ["Болт"], "RUB"),
        (["Tlf. +45 33 12 34 56"], "SEK", ["Ost"], "DKK"),
        (["Stockholm, +46 8 555 01 01"], "SEK", ["Ost"], "SEK"),
        (["Oversigt"], "SEK", ["Oksekød", "Kartofler, økologisk", "Mælk", "Fløde"], "DKK"),
        (["Pris"], "SEK", ["Ost"], ""),
        (["Karachi, +92 21 1234567"], "INR", ENGLISH, "PKR"),
        (["Price list"], "INR", ENGLISH, "INR"),
        (["Chișinău, tel. +373 22 123456"], "RON", ["Pâine"], "MDL"),
        (["株式会社サンプル"], "CNY", ["りんごジュース", "みかん"], "JPY"),
        (["报价单"], "CNY", ["绿茶", "大米"], "CNY"),
    ],
)
def test_country_and_language_tell_whose_mark_it_is(texts: list[str], mark: str, names: list[str], currency: str):
    """Marks such as "$", "kr", "руб", "Rs", "lei" and "¥" are another country's where the list says so clearly, else open."""
    head = read_letterhead(texts, [mark], names)
    assert (head.currency, head.currency_meant(mark)) == (currency, currency)


@pytest.mark.parametrize("title", ["Precio US$", "Precio (USD)", "Precio en dólares"])
def test_a_title_that_names_the_currency_settles_its_mark(title: str):
    """Also where country and language would not."""
    assert read_letterhead(["RUT 76.123.456-7"], ["USD"], SPANISH, (), Shown([title])).currency == "USD"


def test_a_number_format_with_a_shared_mark_is_as_open_as_a_cell():
    """Excel draws "$" in many countries."""
    head = read_letterhead(["Lista de precios"], [], SPANISH, (), Shown(drawn={"USD"}))
    assert (head.currency_meant("USD"), head.likely_currency) == ("", "")


def test_titles_show_the_language_where_names_do_not():
    """Goods have foreign names; titles are short."""
    head = read_letterhead([], ["USD"], ["Zarvex 12", "Mivex 40"], (), Shown(["Código", "Producto", "Precio"]))
    assert head.currency_meant("USD") == ""
