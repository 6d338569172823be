"""The features by which questions are ordered."""

from decimal import Decimal

import pytest

from monito_ray.catalog.matching.queue_features import PairFeatures, feature_names, features_of, price_ratio
from monito_ray.catalog.matching.word_habits import AnsweredPair, OfferedArticle, learn_habits
from tests.support.articles import article


def _features(one: str, other: str, **fields: object) -> PairFeatures:
    return features_of(OfferedArticle("A", article(one)), OfferedArticle("B", article(other, **fields)))


def test_a_cut_or_misspelled_word_is_explained():
    """An abbreviation of a word, or the word with a wrong letter, is no other word."""
    assert _features("Zarvex kaleng", "Zarvex klg").explained == 1
    assert _features("Zarvex keriting", "Zarvex kriting").explained == 1
    assert _features("Zarvex mango", "Zarvex papaya").explained == 0


def test_words_that_the_trade_knows_on_both_sides_replace_each_other():
    """Mango in place of papaya are other goods; a made-up word is foreign."""
    assert _features("Zarvex mango", "Zarvex papaya").replaced > 0
    assert _features("Zarvex mango", "Zarvex mango qorvel").replaced == 0
    assert _features("Zarvex mango", "Zarvex mango qorvel").foreign > 0


@pytest.mark.parametrize("pair", [("Zarvex mango 1 kg", "Zarvex papaya klg 2 kg"), ("Kuvo", "Kuvo kering 5 l")])
def test_features_are_symmetric(pair: tuple[str, str]):
    """Which of two articles comes first does not matter."""
    assert _features(*pair) == _features(*reversed(pair))


def test_features_are_shares():
    """Each feature but the lead is between 0 and 1."""
    for pair in (("Zarvex mango 1 kg", "Zarvex papaya klg"), ("a", "Zarvex Cola Zero 24x330 ml"), ("Kuvo", "Kuvo")):
        values = dict(zip(feature_names(), _features(*pair).values(), strict=True))
        assert all(0 <= value <= 1 for name, value in values.items() if name != "lead")


def test_prices_compare_by_base_price_in_one_currency():
    """A kilogram beside half of it costs what a kilogram costs; other currencies do not compare."""
    whole = article("Kuvo 1 kg", price=Decimal(100), base_price=Decimal(100), base_unit="kg")
    half = article("Kuvo 500 g", price=Decimal(60), base_price=Decimal(120), base_unit="kg")
    assert price_ratio(whole, half) == pytest.approx(1.2)
    assert price_ratio(whole, article("Kuvo 500 g", price=Decimal(60), base_price=Decimal(120), base_unit="kg", currency="USD")) == 0


def test_an_empty_word_of_a_supplier_is_explained():
    """A word that people taught to say nothing is neither foreign nor left over."""
    answers = [
        AnsweredPair(OfferedArticle("A", article(name)), OfferedArticle("B", article(f"{name} qorvel")), is_same=True)
        for name in ("Zarvex Mango", "Zarvex Papaya")
    ]
    pair = OfferedArticle("A", article("Zarvex Guava")), OfferedArticle("B", article("Zarvex Guava qorvel"))
    taught = features_of(*pair, learn_habits(answers))
    assert (taught.explained, taught.foreign) == (1, 0)
    assert features_of(*pair).foreign > 0
