"""The candidates among which a person chooses."""

import offer_pairs
import pytest

from monito_ray.catalog.matching.article import article_of
from monito_ray.catalog.matching.candidates import MOST_CANDIDATES, CandidateSearch, candidates
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.catalog.matching.word_habits import AnsweredPair, OfferedArticle, learn_habits
from tests.support.articles import article

LEAST_AMONG_THREE = 0.95
NAMES = ["Zarvex Mango Juice 1 l", "Zarvex Guava Juice 1 l", "Kuvo Mango Juice 1 l", "Kuvo Shallots 1 l", "Zarvex Mango Juice 2 l"]


def _offered(name: str, supplier: str = "B") -> OfferedArticle:
    return OfferedArticle(supplier, article(name))


def test_the_most_likely_articles_come_first():
    """The article of the same words stands first, and no more than three are shown."""
    best = candidates(_offered("Zarvx Mango Juice 1 l", "A"), [_offered(name) for name in NAMES])
    assert best[0].place == 0
    assert len(best) <= MOST_CANDIDATES
    assert [it.p for it in best] == sorted((it.p for it in best), reverse=True)


def test_what_a_guard_holds_apart_is_no_candidate():
    """Another size is never asked about, however alike the names are."""
    best = candidates(_offered("Zarvx Mango Juice 1 l", "A"), [_offered(name) for name in NAMES])
    assert 4 not in {it.place for it in best}
    assert all(it.verdict.kind is not VerdictKind.APART for it in best)
    assert all(it.verdict.reason for it in best)


def test_an_article_of_the_same_supplier_is_no_candidate():
    """A supplier lists a thing once."""
    assert candidates(_offered("Zarvx Mango Juice 1 l", "B"), [_offered(name) for name in NAMES]) == []


def test_nothing_alike_has_no_candidates():
    """An article without a letter group in common finds none, nor does an empty list have any."""
    assert CandidateSearch([_offered("Kuvo Mango")]).best(_offered("Wyxqu", "A")) == []
    assert candidates(_offered("Kuvo Mango", "A"), []) == []


def test_answers_change_the_chance_and_no_verdict():
    """A word that was taught to say nothing raises the chance; the pair stays a question."""
    goods = ("Zarvex Mango", "Zarvex Papaya", "Zarvex Melon")
    habits = learn_habits(AnsweredPair(_offered(name, "A"), _offered(f"{name} qorvel"), is_same=True) for name in goods)
    search = CandidateSearch([_offered("Zarvex Guava qorvel")])
    before, after = (search.best(_offered("Zarvex Guava", "A"), *taught)[0] for taught in ((), (habits,)))
    assert after.p > before.p
    assert before.verdict == after.verdict
    assert after.verdict.kind is VerdictKind.ASK


@pytest.mark.parametrize("language", offer_pairs.LANGUAGES)
def test_the_right_article_is_among_three(language: str):
    """Of our own sames that are left to ask, each searched among all articles of the other lists of its language."""
    pairs = offer_pairs.read_pairs(language)
    search = CandidateSearch([OfferedArticle(pair.b.supplier, article_of(pair.b)) for pair in pairs])
    hits = []
    for pair in pairs:
        one = OfferedArticle(pair.a.supplier, article_of(pair.a))
        if pair.label == "same" and compare(one.article, article_of(pair.b)).kind is VerdictKind.ASK:
            names = {pairs[it.place].b.original_name for it in search.best(one)}
            hits.append(pair.b.original_name in names)
    assert sum(hits) / len(hits) >= LEAST_AMONG_THREE
