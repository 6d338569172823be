"""The keys under which an article is found by others that may be the same."""

import offer_pairs
import pytest

from monito_ray.catalog.matching.article import article_of
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.catalog.questions.word_keys import lookup_keys, skeleton, word_keys
from tests.support.articles import article

LEAST_SHARING = 0.95


@pytest.mark.parametrize(
    ("one", "other"), [("keriting", "kriting"), ("zucchini", "zucchine"), ("mangga", "manga"), ("картофель", "картафель")]
)
def test_misspellings_have_one_skeleton(one: str, other: str):
    """Vowels and doubled letters are left out."""
    assert skeleton(one) == skeleton(other)


def test_other_words_have_other_skeletons():
    """The first letter stays, a vowel too."""
    assert len({skeleton(word) for word in ("apel", "pel", "mangga", "papaya", "a", "")}) == 6


def test_articles_of_one_content_are_found():
    """By a word that both have, whatever the others are; articles of another content are not."""
    one = article("Zarvex Mango Juice 250 ml")
    assert set(lookup_keys(one)) & set(word_keys(article("Zarvx Mango Jus 250 ml")))
    assert not set(lookup_keys(one)) & set(word_keys(article("Zarvex Mango Juice 500 ml")))


def test_an_article_without_content_is_found_by_one_with_it():
    """Somebody left the size out; the other way round both would be looked up twice."""
    assert set(lookup_keys(article("Zarvex Mango Juice 250 ml"))) & set(word_keys(article("Zarvex Mango Juice")))


def test_our_own_questions_share_a_key():
    """Nearly all sames that are left to ask are found by a key."""
    pairs = [(article_of(pair.a), article_of(pair.b)) for pair in offer_pairs.every_pair() if pair.label == "same"]
    asked = [pair for pair in pairs if compare(*pair).kind is VerdictKind.ASK]
    sharing = sum(bool(set(lookup_keys(one)) & set(word_keys(other))) for one, other in asked)
    assert sharing / len(asked) >= LEAST_SHARING
