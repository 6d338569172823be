"""What stands beside amounts and is none of them."""

import pytest

from monito_ray.pipeline.price_remarks import currency_word, least_order, may_say_minus, says_from, says_minus, without_remarks
from monito_ray.pipeline.prices import parse_price

REMARKS = [
    ("17,40 € *", "17,40 €"),
    ("$236.00**", "$236.00"),
    ("Our Price: $8.45", "$8.45"),
    ("Cena : 740 Kč", "740 Kč"),
    ("P.V.P. 6,15 €", "6,15 €"),
    ("a partir de 6,15 €", "6,15 €"),
    ("US$:18.20", "US$ 18.20"),
    (": 6 500 €", "6 500 €"),
    ("€7.35 + VAT", "€7.35"),
    ("26,14 € (bez DPH)", "26,14 €"),
    ("163.50 Inc GST", "163.50"),
    ("£45.00 (incl. 20% VAT)", "£45.00"),
    ("$31.99 with card", "$31.99"),
    ("18,20 € brutto", "18,20 €"),
    ("3*", "3*"),
    ("list price 3999", "list price 3999"),
    ("Was $45", "Was $45"),
    ("VAT 20.00", "VAT 20.00"),
]


@pytest.mark.parametrize(("text", "bare"), REMARKS)
def test_labels_taxes_and_stars_are_left_out(text: str, bare: str):
    """What says which other price it is, or what kind of goods, stays."""
    assert without_remarks(text) == bare


def test_an_amount_is_read_among_remarks():
    """A label, a currency, a tax and a star may all stand in one cell."""
    assert parse_price("Price: £45.00 incl. VAT *") == parse_price("£45.00")


WORDS = [
    (["12 Nfk", "7 Nfk", "230 Nfk", "18 Nfk"], "nfk"),
    (["Zlo 12", "Zlo 7.50", "Zlo 230"], "zlo"),
    (["12 ƒ", "7 ƒ", "230 ƒ"], "ƒ"),
    (["12 kg", "7 kg", "230 kg"], ""),
    (["12 ft", "7 ft", "230 ft"], ""),
    (["12 Nfk", "7 Nfk"], ""),
    (["12 red", "7 blue", "230 green"], ""),
    (["12", "7", "230"], ""),
    (["May, 2021", "May, 2022", "May, 2023"], ""),
]


@pytest.mark.parametrize(("texts", "word"), WORDS)
def test_the_word_beside_all_prices_is_their_currency(texts: list[str], word: str):
    """Whatever it is called, unless it is a unit; several words, or too few cells, say nothing."""
    assert currency_word(texts) == word


def test_from_is_said_in_many_languages():
    """A word for "from" counts as a whole word."""
    assert says_from("ab 12 €")
    assert not says_from("abc 12 €")


@pytest.mark.parametrize(
    ("text", "order"),
    [("25.000 (min 5kg)", "5kg"), ("40k/kg min. 2 kg", "2 kg"), ("12 € mind. 6 St", "6 St"), ("45 min 5", "5"), ("min 5", "")],
)
def test_the_least_order_may_stand_behind_a_price(text: str, order: str):
    """With or without brackets."""
    assert least_order(text) == order


@pytest.mark.parametrize(
    ("text", "is_said", "is_possible"),
    [
        ("Rp -14.000", True, False),
        ("from -14.000", True, False),
        ("- US-$ 5", True, False),
        ("(14.000)/kg", True, False),
        ("5.00- €", True, True),
        ("5.00-kg", False, False),
        ("US-$5", False, False),
        ("10-12", False, False),
        ("14.000 (-10)", False, False),
        ("14-", False, True),
        ("$-.75", False, True),
        ("$--.75", False, False),
        ("14.--", False, False),
    ],
)
def test_a_sign_beside_an_amount_may_mean_minus(text: str, *, is_said: bool, is_possible: bool):
    """A dash behind whole money, or in place of it, may be a stroke; one behind a mark for decimals is one."""
    assert (says_minus(text), may_say_minus(text)) == (is_said, is_possible)
