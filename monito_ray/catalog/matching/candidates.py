"""Candidates: the articles of another list that are most likely to be a given one, for a person to choose from."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.queue_features import PairFeatures, features_of
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

    #: Its place among the articles that were searched.
    place: int
    #: The chance that both are one product.
    p: float
    verdict: Verdict


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
        self._unseen = math.log(1 + len(others))
        self._lengths = [self._length(other.article) for other in others]

    def best(self, one: OfferedArticle, habits: WordHabits = NO_HABITS, most: int = MOST_CANDIDATES) -> list[Candidate]:
        """Return the most likely articles of other suppliers, best first; those that a guard holds apart are none."""
        candidates = [Candidate(place, p_same(features), verdict) for place, features, verdict in self.possible(one, habits)]
        return sorted(candidates, key=lambda it: (it.verdict.kind is not VerdictKind.ONE, -it.p, it.place))[:most]

    def possible(self, one: OfferedArticle, habits: WordHabits = NO_HABITS) -> list[tuple[int, PairFeatures, Verdict]]:
        """Return the nearest articles of other suppliers that no guard holds apart: place, features and verdict, nearest first."""
        near = [(likeness, place) for likeness, place in self._nearest(one) if self._others[place].supplier != one.supplier]
        compared = [(likeness, place, compare(one.article, self._others[place].article)) for likeness, place in near]
        possible = [entry for entry in compared if entry[2].kind is not VerdictKind.APART]
        likenesses = [likeness for likeness, _, _ in possible]
        return [
            (place, features_of(one, self._others[place], habits, _lead(likenesses, rank)), verdict)
            for rank, (_, place, verdict) in enumerate(possible)
        ]

    def _nearest(self, one: OfferedArticle) -> list[tuple[float, int]]:
        """Return how alike the nearest articles are to one (cosine of rarity-weighted letters), and their places, nearest first."""
        products: defaultdict[int, float] = defaultdict(float)
        looked_up = 0
        for gram, places in self._rarest_first(one.article):
            looked_up += len(places)
            if looked_up > _MOST_LOOKED_UP and products:
                break
            weight = self._rarity[gram] ** 2
            for place in places:
                products[place] += weight
        length = self._length(one.article)
        cosines = ((product / (length * self._lengths[place]), -place) for place, product in products.items())
        return [(likeness, -place) for likeness, place in nlargest(_NEAREST, cosines)]

    def _rarest_first(self, article: Article) -> list[tuple[str, list[int]]]:
        """Return the letters of an article that others have too, each with the places of these."""
        shared = [(gram, self._postings[gram]) for gram in sorted(_grams(article)) if gram in self._postings]
        return sorted(shared, key=lambda entry: len(entry[1]))

    def _length(self, article: Article) -> float:
        squares = sum(self._rarity.get(gram, self._unseen) ** 2 for gram in _grams(article))
        return math.sqrt(squares) or 1.0


def candidates(one: OfferedArticle, others: Sequence[OfferedArticle], habits: WordHabits = NO_HABITS) -> list[Candidate]:
    """Return up to three articles among `others` that are most likely `one`; for many articles make one `CandidateSearch`."""
    return CandidateSearch(others).best(one, habits)


def _lead(likenesses: Sequence[float], rank: int) -> float:
    """Return how far one of descending likenesses is before the best of the others."""
    others = [likeness for place, likeness in enumerate(likenesses) if place != rank]
    return likenesses[rank] - max(others, default=0.0)


def _grams(article: Article) -> set[str]:
    padded = (f" {word} " for word in {*article.english, *article.written})
    return {word[start : start + _GRAM] for word in padded for start in range(len(word) - _GRAM + 1)}
