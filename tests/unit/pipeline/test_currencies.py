"""Currencies and their marks."""

from datetime import date
from decimal import Decimal

import pytest
from papers import Paper, pdf

from monito_ray.pipeline import prices
from monito_ray.pipeline.currencies import currencies_stated, currency_named, currency_of_mark, currency_on_day, marks
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.words import TextRun, Word, join_lone_currencies
from monito_ray.pipeline.rows.price_list import read_price_list

ALL_MARKS = sorted({**marks().any_case, **marks().capitals}.items())
CODES = sorted(set(marks().any_case.values()) | set(marks().capitals))


def run(text: str, left: float) -> TextRun:
    """A run at the height 0."""
    box = Box(left, 0, left + 5 * len(text), 10)
    return TextRun((Word(text, box, 1),), box)


def test_all_currencies_of_lists_are_known():
    """CLDR brings the codes in circulation; the two old ones are what lists of before 2016 and 1998 are in."""
    assert len(CODES) > 140
    assert {"IDR", "RUB", "UAH", "KZT", "BYN", "BYR", "USD", "EUR", "GBP", "INR", "TRY", "PHP", "BDT", "ARS", "CNY", "BGN"} <= set(CODES)


def test_each_mark_counts_beside_the_digits():
    """Before or behind the digits, with a blank or without, with a full stop or without, a mark is the amount's currency and no unit."""
    for mark, code in ALL_MARKS:
        texts = [f"{mark} 45.50", f"{mark}45.50", f"45.50 {mark}", f"45.50{mark}", f"{mark}. 45.50", f"45.50 {mark}."]
        assert [prices.parse_price(text) for text in texts] == [prices.Amount(Decimal("45.50"), code)] * len(texts), mark
        assert prices.parse_price(f"45.50 {mark}/box") == prices.Amount(Decimal("45.50"), code, "box"), mark


def test_case_does_not_matter():
    """A mark that is no other word counts in capitals, too."""
    for mark, code in marks().any_case.items():
        assert currency_of_mark(mark.upper()) == currency_of_mark(mark.capitalize()) == code, mark


def test_codes_that_may_be_words_count_in_capitals_alone():
    """A "pen", a "gel" and to "try" are no currencies."""
    assert {code: currency_of_mark(code) for code in marks().capitals} == {code: code for code in marks().capitals}
    assert {code for code in marks().capitals if currency_of_mark(code.lower())} == set()


@pytest.mark.parametrize("text", ["ALL 45.50", "TOP 45.50", "45.50 CUP", "45.50 KGS", "45.50 kgs", "45.50 pcs", "45.50 L", "45.50 ft"])
def test_words_and_units_are_no_currencies(text: str):
    """Codes that lists write for other things are never a currency's, nor are the letters of units."""
    amount = prices.parse_price(text)
    assert amount is None or amount.currency == ""


def test_each_mark_joins_the_number_on_its_right():
    """A mark that a PDF sets apart from the digits belongs to them, however wide the gap."""
    for mark, code in ALL_MARKS:
        name, price = join_lone_currencies([run("Sea salt", 40), run(mark, 300), run("45.50", 400)])
        assert name.text == "Sea salt", mark
        assert currency_named(price.text) == code, mark


@pytest.mark.parametrize(
    ("mark", "code"),
    [("Rp", "IDR"), ("GBP", "GBP"), ("INR", "INR"), ("TL", "TRY"), ("RM", "MYR"), ("A$", "AUD"), ("PEN", "PEN"), ("€", "EUR")],
)
def test_a_pdf_that_sets_the_currency_apart_has_one_column_of_prices(mark: str, code: str):
    """Without rulings, a column of marks and one of digits are one column of prices in that currency."""
    goods = [("Coconut oil", "45.00"), ("Palm sugar", "28.50"), ("Sea salt", "9.75"), ("Rice flour", "12.20"), ("Black pepper", "64.90")]
    page = Paper().row(100, [(40, "Item"), (350, "Price")])
    for line, (name, digits) in enumerate(goods, start=1):
        page.row(100 + 16 * line, [(40, name), (350, mark), (420, digits)])
    rows = read_price_list(pdf(page), "list.pdf").rows
    assert [(row["original_name"], f"{row['price']:.2f}", row["currency"]) for row in rows.to_pylist()] == [
        (name, digits, code) for name, digits in goods
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Price, USD", "USD"),
        ("Цена, руб.", "RUB"),
        ("Harga (Rp)", "IDR"),
        ("Price US$", "USD"),
        ("Price HK$", "HKD"),
        ("Price S$", "SGD"),
        ("Precio $ (AUD)", "AUD"),
        ("Precio (PEN)", "PEN"),
        ("Pens and markers", ""),
        ("EUR / USD / GBP", ""),
        ("Precio s/IVA", ""),
        ("Price", ""),
    ],
)
def test_a_title_names_one_currency(text: str, code: str):
    """The longest mark in one place counts; of a bare dollar sign and another currency it is the other; of several it is none."""
    assert currency_named(text) == code


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("All prices are in rupiah", ["IDR"]),
        ("Prices in USD and EUR", ["USD", "EUR"]),
        ("Minimum order Rp 500.000", ["IDR"]),
        ("Prices in (TL)", ["TRY"]),
        ("Rp. list of June", []),
        ("PENS GEL TRY OUR TOP PRODUCTS", []),
        ("LAVANDINA EN GEL X700ML", []),
        ("Delivery AMD 5000, Ryzen by AMD", ["AMD"]),
        ("€ 45 and more", ["EUR"]),
    ],
)
def test_running_text_states_a_currency(line: str, codes: list[str]):
    """Short words and rare codes count beside an amount or in brackets alone."""
    assert currencies_stated(line) == codes


@pytest.mark.parametrize(
    ("code", "day", "then"),
    [
        ("BYN", date(2011, 5, 1), "BYR"),
        ("BYN", date(2016, 7, 1), "BYN"),
        ("BYN", None, "BYN"),
        ("TRY", date(2004, 12, 31), "TRL"),
        ("IDR", date(1999, 1, 1), "IDR"),
    ],
)
def test_a_list_of_before_a_reform_is_in_the_money_of_then(code: str, day: date | None, then: str):
    """A country's currency has another code before the day that it was replaced."""
    assert currency_on_day(code, day) == then
