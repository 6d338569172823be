"""The shape of words that can be a brand."""

import pytest

from monito_ray.pipeline.products import brand_words

TITLES = [("KOPI LUWAK", "Kopi Luwak"), ("ABC", "ABC"), ("ABC KOPI", "ABC Kopi"), ("iPhone", "iPhone"), ("L'OREAL", "L'OREAL"), ("", "")]


@pytest.mark.parametrize(("written", "spelled"), TITLES)
def test_capitals_become_a_name(written: str, spelled: str):
    """Abbreviations, mixed case and words with marks stay as they are written."""
    assert brand_words.titlecase(written) == spelled


WORDS = [
    ("zarvex", True),
    ("zarvex2", True),
    ("zx4567", False),  # an article number
    ("zx", False),  # a code
    ("tomato", False),
    ("tomatoes", False),
    ("кефир", False),
]


@pytest.mark.parametrize(("word", "may_be"), WORDS)
def test_words_of_the_trade_and_numbers_are_no_brands(word: str, may_be: bool):
    """A brand has letters, and means nothing else in the trade, in singular or plural."""
    assert brand_words.may_be_brand(word) is may_be


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("zarvex", True), ("gran zarvex", True), ("cheese", False), ("zx", False), ("заря", False), ("zarvex qorbit melvane trup", False)],
)
def test_few_strange_words_before_a_dash_are_a_brand(text: str, may_be: bool):
    """Many words, or one of the trade, describe the goods."""
    assert brand_words.may_be_brand_before_dash(text) is may_be
