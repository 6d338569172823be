"""The shape of words that can be a brand."""

import pytest

from monito_ray.pipeline.products.brands import brand_words

TITLES = [("KOPI LUWAK", "Kopi Luwak"), ("ABC", "ABC"), ("ABC KOPI", "ABC Kopi"), ("iPhone", "iPhone"), ("L'OREAL", "L'OREAL"), ("", "")]


@pytest.mark.parametrize(("written", "spelled"), TITLES)
def test_capitals_become_a_name(written: str, spelled: str):
    """Abbreviations, mixed case and words with marks stay as they are written."""
    assert brand_words.titlecase(written) == spelled


WORDS = [
    ("zarvex", True),
    ("zarvex2", True),
    ("lancôme", True),
    ("zx4567", False),  # an article number
    ("zx", False),  # a code
    ("zarvex-", False),  # the head of a model's number
    ("tomato", False),
    ("tomatoes", False),
    ("chicory", False),  # common goods that no glossary has
    ("кефир", False),
    ("płaski", False),  # letters of one language
    ("三星", False),
]


@pytest.mark.parametrize(("word", "may_be"), WORDS)
def test_words_of_the_trade_and_numbers_are_no_brands(word: str, may_be: bool):
    """A brand has letters that travel, and means nothing in the trade, in singular or plural."""
    assert brand_words.may_be_brand(word) is may_be


@pytest.mark.parametrize("word", ["for", "для", "untuk", "para"])
def test_words_before_what_goods_fit_are_known(word: str):
    """The lexicon has them by language."""
    assert word in brand_words.fit_words()
