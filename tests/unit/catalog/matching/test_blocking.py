"""Block keys: articles that are one share a key."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.blocking import block_keys, least_shared, words_shared_in
from monito_ray.catalog.matching.verdict import LIKE_PRICE, VerdictKind, compare
from monito_ray.catalog.questions.word_keys import keys_of_words, word_keys
from tests.support.articles import article
from tests.unit.catalog.matching.test_verdict import ONE

WORDS = st.lists(
    st.sampled_from(
        "Zarvex Kuvo turmeric turmerik tumeric coconut coconutmilk milk carrots wortel red merah zero 20 16x25 S10+ refill bwg bawang mrh".split()
    ),
    min_size=1,
    max_size=6,
)
SIZES = st.sampled_from(("", "330 ml", "0,33 l", "1 kg", "1000 g", "24x330ml", "12 fl oz", "355 ml", "(24/dus)"))
FIELDS = st.fixed_dictionaries(
    {
        "price_unit": st.sampled_from(("", "kg", "pcs", "carton", "pack")),
        "price": st.sampled_from((Decimal(100), Decimal(120), Decimal(900))),
        "sku": st.sampled_from(("", "12", "52318", "8991234567899")),
    }
)
ARTICLES = st.builds(lambda words, size, fields: article(f"{' '.join(words)} {size}".strip(), **fields), WORDS, SIZES, FIELDS)


def _finds(one: Article, other: Article) -> bool:
    """Whether an article is looked at for another one where all blocks are large."""
    words, others = words_shared_in(one), set(word_keys(other))

    def has_most(key: str) -> bool:
        own = keys_of_words(one, words[key])
        return len(others.intersection(own)) >= least_shared(len(own))

    return any(key not in words or has_most(key) for key in set(block_keys(one)).intersection(block_keys(other)))


def test_the_articles_of_the_table_share_keys():
    """What is one is looked up by one key at least."""
    for name, fields, other_name, other_fields, _ in ONE:
        one, other = article(name, **fields), article(other_name, **other_fields)
        assert _finds(one, other), (name, other_name)
        assert _finds(other, one), (name, other_name)


@settings(max_examples=300, deadline=None)
@given(ARTICLES, ARTICLES, st.booleans())
def test_articles_that_are_one_share_a_key(one, other, numbers_agree):
    """Whatever made them one: nothing that could be joined is overlooked, also where large blocks are read in parts."""
    if compare(one, other, numbers_agree=numbers_agree).kind is VerdictKind.ONE:
        assert _finds(one, other)
        assert _finds(other, one)


@given(ARTICLES)
def test_words_of_blocks_are_those_that_an_article_is_stored_under(one):
    """Else nobody would be in a part of a block."""
    assert {key for words in words_shared_in(one).values() for key in keys_of_words(one, words)} <= set(word_keys(one))


@settings(max_examples=200, deadline=None)
@given(ARTICLES, ARTICLES, st.booleans())
def test_verdicts_are_symmetric(one, other, numbers_agree):
    """The kind and the strength do not depend on which article stands first."""
    verdict, turned = compare(one, other, numbers_agree=numbers_agree), compare(other, one, numbers_agree=numbers_agree)
    assert (verdict.kind, verdict.strength) == (turned.kind, turned.strength)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.0001, 1e12), st.floats(1, LIKE_PRICE))
def test_abbreviations_at_like_prices_share_a_key(price, ratio):
    """Wherever the ranges of prices begin."""
    one, other = (article(name)._replace(price=amount) for name, amount in (("Kuvo turmeric", price), ("Kuvo tmrc", price * ratio)))
    assert set(block_keys(one)) & set(block_keys(other)) or price * ratio > LIKE_PRICE * price


@given(ARTICLES)
def test_keys_are_few_and_short(one):
    """They stand in an index of the store."""
    assert bool(one.written) <= len(block_keys(one)) <= 12
    assert all(len(key) == 16 for key in block_keys(one))


def test_a_running_number_is_no_key():
    """Every list has an article 12."""
    assert len(block_keys(article("Kuvo tuna", sku="12"))) == len(block_keys(article("Kuvo tuna")))
