"""Amounts of money as suppliers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline import prices
from monito_ray.pipeline.price_remarks import is_blank_price, is_on_request
from monito_ray.pipeline.prices import Convention

AMOUNTS = [
    # text, decimals of the column, amount, currency, unit
    ("Rp 25.500,-", Convention.COMMA, "25500", "IDR", ""),
    ("Rp. 12.000 / pcs", Convention.COMMA, "12000", "IDR", "pcs"),
    ("1,388.73р.", Convention.DOT, "1388.73", "RUB", ""),
    ("41.00р.", None, "41.00", "RUB", ""),
    ("847.500,00", None, "847500.00", "", ""),
    ("25rb", None, "25000", "", ""),
    ("1,5jt", None, "1500000", "", ""),
    ("600.000/KG", Convention.COMMA, "600000", "", "kg"),
    ("от 2000", None, "2000", "", ""),
    ("13o", None, "130", "", ""),
    ("8O", None, "80", "", ""),
    ("18,5", None, "18.5", "", ""),
    ("$1,250.00", None, "1250.00", "USD", ""),
    ("1 250,50 руб.", None, "1250.50", "RUB", ""),
    ("25.000", Convention.DOT, "25.000", "", ""),
    ("25.000", Convention.COMMA, "25000", "", ""),
    ("٤٢٫٥٠", None, "42.50", "", ""),
    ("١٬٢٥٠٫٧٥", None, "1250.75", "", ""),
    ("１，２００円", None, "1200", "JPY", ""),
    ("2€40", None, "2.40", "EUR", ""),
    ("0€95/kg", Convention.COMMA, "0.95", "EUR", "kg"),
    ("12 € 50", None, "12.50", "EUR", ""),
    ("5 руб. 40 коп.", None, "5.40", "RUB", ""),
    ("41,500", Convention.NEITHER, "41500", "", ""),
    (".85 €", None, "0.85", "EUR", ""),
    ("$.6", None, "0.6", "USD", ""),
    (".350", Convention.COMMA, "0.350", "", ""),
    ("Rp.6500", None, "6500", "IDR", ""),
    ("₹2,35,600", None, "235600", "INR", ""),
    ("1,04,00,000", None, "10400000", "", ""),
    ("65¢", None, "0.65", "", ""),
    ("30 коп.", None, "0.30", "", ""),
    ("R $ 17,40", None, "17.40", "BRL", ""),
    ("A $17.40", None, "17.40", "AUD", ""),
    ("from $17", None, "17", "USD", ""),
    ("2 450 Ft", None, "2450", "HUF", ""),
    ("R185.50", None, "185.50", "ZAR", ""),
    ("R15", None, "15", "", ""),
    ("R22.5", None, "22.5", "", ""),
    ("1.350 KD", Convention.COMMA, "1.350", "KWD", ""),
    ("OMR 2,400.500", None, "2400.500", "OMR", ""),
    ("$ 34.500 COP", Convention.COMMA, "34500", "COP", ""),
    ("MXN $120.00", None, "120.00", "MXN", ""),
]
NO_AMOUNTS = [
    "9" * 30,
    "999999999999999999 jt",
    "",
    "-",
    "call",
    "24x330ml",
    "10.00%",
    "2 - 3 kg",
    "07.11.2014",
    "+62 812 345",
    "Minyak 5 liter goreng enak",
    '20 x 1/2"',
    "12:30",
    "10€ 12€",
    "28.50 60",
    "1.234 56",
    "$..85",
    "Rs .850",
    "$.850.40",
    "12,350,40",
    "£6 2 kg",
    "€ 4.20 3",
    "6000 215",
    "Rp 5 Rp 10",
]


@pytest.mark.parametrize(("text", "decimals", "value", "currency", "unit"), AMOUNTS)
def test_an_amount_is_read_with_its_currency_and_unit(text, decimals, value, currency, unit):
    """Its marks are understood by the convention of its column."""
    amount = prices.parse_price(text, decimals)
    assert amount is not None
    assert (amount.value, amount.currency, amount.unit) == (Decimal(value), currency, unit)


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_other_texts_are_no_amounts(text):
    """Codes, dates, sizes, telephone numbers and words are no prices."""
    assert prices.parse_price(text) is None


@pytest.mark.parametrize(
    ("texts", "decimals"),
    [
        (["25.000", "1.250.000", "900"], Convention.COMMA),
        (["25.00", "1,250.00"], Convention.DOT),
        (["12,50", "7,25"], Convention.COMMA),
        (["1.234,56"], Convention.COMMA),
        (["12.500", "13.75"], None),
        (["41,500", "95.000", "98.000"], Convention.NEITHER),
        (["900", "1200"], None),
    ],
)
def test_convention_is_decided_by_the_whole_column(texts, decimals):
    """The mark of decimals follows from all texts of a column together; where they contradict each other it stays open."""
    assert prices.decimal_convention(texts) == decimals


@pytest.mark.parametrize("text", ["call", "По запросу", "hubungi kami", "price upon request", "consultar"])
def test_a_cell_may_tell_the_buyer_to_ask(text):
    """Words for "on request" count in any language, in short cells and among others."""
    assert is_on_request(text)


@pytest.mark.parametrize("text", ["-", "Rp -", "N/A", "н.д.", "--", " . "])
def test_a_cell_may_say_that_there_is_no_price(text):
    """Strokes, a currency alone, and words for "none"."""
    assert is_blank_price(text)


RANGES = [("700-900 р.", "700", "RUB"), ("от 100 до 250", "100", ""), ("$5 to $8", "5", "USD"), ("900-700", None, ""), ("5-500", None, "")]


@pytest.mark.parametrize(("text", "low", "currency"), RANGES)
def test_a_range_is_its_low_end(text, low, currency):
    """The thing is sold from there; two numbers far apart, or in falling order, are no range."""
    amount = prices.parse_price_or_range(text)
    assert (amount and amount.value, amount.currency if amount else "") == (low and Decimal(low), currency)


@pytest.mark.parametrize("text", ["10.000/-12.000", "10.000 / -12.000", "10.000;-12.000", "10.000|- 12.000"])
def test_a_dash_behind_what_parts_amounts_is_not_that_of_a_range(text):
    """It belongs to the second amount, or is the stroke of the first one."""
    assert prices.ends_of_range(text) == ()


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(999999999), places=2))
def test_formatted_amounts_come_back(value):
    """Any amount written with thousands and two decimals is read as itself, in both conventions."""
    english = f"{value:,.2f}"
    european = english.translate(str.maketrans(",.", ".,"))
    assert prices.parse_price(english, Convention.DOT).value == value
    assert prices.parse_price(european, Convention.COMMA).value == value


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_none(text):
    """Parsing never fails, and an amount has digits in its text."""
    amount = prices.parse_price(text)
    assert amount is None or any(map(str.isdigit, text))


@pytest.mark.parametrize("text", ["P280", "N12.50", "Fr. 12.50"])
def test_letters_that_stand_for_money_leave_its_currency_open(text: str):
    """Pesos, naira and francs of several countries: their digits are amounts all the same."""
    amount = prices.parse_price(text)
    assert amount is not None
    assert (amount.currency, amount.unit) == ("", "")
