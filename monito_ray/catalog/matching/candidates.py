"""Candidates: the articles of other suppliers that are most likely to be a given one, for a person to choose from."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.queue_features import PairFeatures, features_beside
from monito_ray.catalog.matching.queue_order import p_same
from monito_ray.catalog.matching.verdict import Verdict, VerdictKind, compare
from monito_ray.catalog.matching.word_habits import NO_HABITS, OfferedArticle, WordHabits

#: A person chooses among so many.
MOST_CANDIDATES = 3
#: Letters that are looked up together, the gaps around words among them.
_GRAM = 3
#: So many of the nearest are looked at closely. Of our own pairs the right one is among the first 12 in 99 %.
_NEAREST = 15
#: Articles that are looked up by the letters of one, the rarest letters first: more find nobody else, and cost most of the time.
_MOST_LOOKED_UP = 20_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the articles that may be the given one."""

    #: Its place among the articles that were looked at.
    place: int
    #: The chance that both are one product.
    p: float
    verdict: Verdict


def candidates(
    one: OfferedArticle, others: Sequence[OfferedArticle], habits: WordHabits = NO_HABITS, most: int = MOST_CANDIDATES
) -> list[Candidate]:
    """Return the most likely of a few articles, best first; `habits` are what people taught of the words of suppliers.

    Those of the same supplier are none, nor those that a guard holds apart. For a whole list of others make a `CandidateSearch`.
    """
    ranked = [Candidate(place, p_same(features), verdict) for place, features, verdict in possible_articles(one, others, habits)]
    return sorted(ranked, key=lambda it: (it.verdict.kind is not VerdictKind.ONE, -it.p, it.place))[:most]


def possible_articles(
    one: OfferedArticle, others: Sequence[OfferedArticle], habits: WordHabits = NO_HABITS
) -> list[tuple[int, PairFeatures, Verdict]]:
    """Return place, features and verdict of those articles of other suppliers that no guard holds apart."""
    compared = [(place, compare(one.article, other.article)) for place, other in enumerate(others) if other.supplier != one.supplier]
    possible = [(place, verdict) for place, verdict in compared if verdict.kind is not VerdictKind.APART]
    features = features_beside(one, [others[place] for place, _ in possible], habits)
    return [(place, own, verdict) for (place, verdict), own in zip(possible, features, strict=True)]


class CandidateSearch:
    """An index of the articles of other lists, by the letters of their words."""

    def __init__(self, others: Sequence[OfferedArticle]) -> None:
        """Index `others`."""
        self._others = others
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for place, other in enumerate(others):
            for gram in _grams(other.article):
                postings[gram].append(place)
        self._rarity = {gram: math.log(1 + len(others) / len(places)) for gram, places in postings.items()}
        self._postings = dict(postings)
        self._lengths = [self._length(other.article) for other in others]

    def best(self, one: OfferedArticle, habits: WordHabits = NO_HABITS, most: int = MOST_CANDIDATES) -> list[Candidate]:
        """Return `candidates` among all the articles; places are theirs."""
        near = self.nearest(one)
        best = candidates(one, [self._others[place] for place in near], habits, most)
        return [Candidate(near[it.place], it.p, it.verdict) for it in best]

    def nearest(self, one: OfferedArticle) -> list[int]:
        """Return the places of the articles that are most alike to one (cosine of rarity-weighted letters), nearest first."""
        products: defaultdict[int, float] = defaultdict(float)
        looked_up = 0
        for gram, places in self._rarest_first(one.article):
            looked_up += len(places)
            if looked_up > _MOST_LOOKED_UP and products:
                break
            weight = self._rarity[gram] ** 2
            for place in places:
                products[place] += weight
        cosines = ((product / self._lengths[place], -place) for place, product in products.items())
        return [-place for _, place in nlargest(_NEAREST, cosines)]

    def _rarest_first(self, article: Article) -> list[tuple[str, list[int]]]:
        """Return the letters of an article that others have too, each with the places of these."""
        shared = [(gram, self._postings[gram]) for gram in sorted(_grams(article)) if gram in self._postings]
        return sorted(shared, key=lambda entry: len(entry[1]))

    def _length(self, article: Article) -> float:
        return math.sqrt(sum(self._rarity[gram] ** 2 for gram in _grams(article))) or 1.0


def _grams(article: Article) -> set[str]:
    padded = (f" {word} " for word in {*article.english, *article.written})
    return {word[start : start + _GRAM] for word in padded for start in range(len(word) - _GRAM + 1)}
