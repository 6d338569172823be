"""What speaks for and against two articles being one product where the verdict is a question: eight numbers. Symmetric."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from heapq import nlargest
from operator import attrgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from monito_ray.catalog.matching import canonical_words, conflicts
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.word_habits import NO_HABITS, OfferedArticle, WordHabits, left_over

#: Words that are less alike (Jaro-Winkler) are other words.
_LEAST_LIKENESS = 0.85
#: A word that is cut keeps so many letters: "klg" of "kaleng".
_SHORTEST_CUT = 2
#: So many words that tell goods apart say as much as more of them.
_MOST_WORDS = 2
#: Prices that are further apart say no more than these do: a quarter, four times.
_MOST_PRICE_RATIO = 4.0
#: The `price` of prices that cannot be compared.
_UNKNOWN_PRICE = 0.5


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """The features of a pair, from 0 to 1, but for the lead."""

    #: How alike the names are letter by letter, whatever the order of words.
    likeness: float
    #: The share of letters of words left over that are another spelling or a cut of a word of the other side, or that people taught to say nothing;
    #: 1 where no word is left over.
    explained: float
    #: Other words left over that the trade knows, as many as stand on both sides: one thing was said there, another here.
    replaced: float
    #: Other words left over that the trade does not know, on the side that has more: brands, makes.
    foreign: float
    #: Whether both say their content (1), neither does (0.5), or one alone (0).
    content: float
    #: How far apart the prices are: 0 equal, 1 four times.
    price: float
    #: How much more alike the names are than those of the most alike of the others that it may be; negative where that one is more alike.
    lead: float
    #: How surely people taught that a word left over tells goods apart, see `word_habits`.
    telling: float

    def values(self) -> tuple[float, ...]:
        """Return the features in the order of `feature_names`."""
        values: tuple[float, ...] = _values_of(self)
        return values


def feature_names() -> tuple[str, ...]:
    """Return the names of the features, in order."""
    return _NAMES


_NAMES = tuple(item.name for item in fields(PairFeatures))
_values_of = attrgetter(*_NAMES)


def features_beside(one: OfferedArticle, others: Sequence[OfferedArticle], habits: WordHabits = NO_HABITS) -> list[PairFeatures]:
    """Return the features of an article and each of those that it may be; `habits` are what people taught."""
    likenesses = [_likeness(one.article, other.article) for other in others]
    first, second = nlargest(2, (*likenesses, 0.0, 0.0))
    leads = [likeness - (second if likeness == first else first) for likeness in likenesses]
    return [_features(one, other, habits, *own) for other, *own in zip(others, likenesses, leads, strict=True)]


def features_of(one: OfferedArticle, other: OfferedArticle, habits: WordHabits = NO_HABITS) -> PairFeatures:
    """Return the features of two suppliers' articles, as if there were no others."""
    return _features(one, other, habits, _likeness(one.article, other.article), 0.0)


def _features(one: OfferedArticle, other: OfferedArticle, habits: WordHabits, likeness: float, lead: float) -> PairFeatures:
    unexplained, letters = _unexplained(one, other, habits)
    usual = [sum(map(canonical_words.is_usual, own)) for own in unexplained]
    foreign = [len(own) - count for own, count in zip(unexplained, usual, strict=True)]
    return PairFeatures(
        likeness=likeness,
        explained=1 - _letters(unexplained) / letters if letters else 1.0,
        replaced=min(1.0, min(usual) / _MOST_WORDS),
        foreign=min(1.0, max(foreign) / _MOST_WORDS),
        content=_content(one.article, other.article),
        price=_price(one.article, other.article),
        lead=lead,
        telling=habits.telling(one, other),
    )


def price_ratio(one: Article, other: Article) -> float:
    """Return how many times the first price the second one is, by base price where both have one; 0 where they cannot be compared."""
    if not one.currency or one.currency != other.currency:
        return 0.0
    if one.base_price and other.base_price and one.base_unit == other.base_unit:
        return other.base_price / one.base_price
    is_comparable = one.price and other.price and one.pack == other.pack and conflicts.has_same_content(one, other)
    return other.price / one.price if is_comparable else 0.0


def _likeness(one: Article, other: Article) -> float:
    named = max(fuzz.token_sort_ratio(" ".join(ones), " ".join(others)) for ones, others in _names(one, other))
    return max(named, fuzz.ratio(one.squeezed, other.squeezed)) / 100


def _names(one: Article, other: Article) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the words of both in English and as written: once where these are the same."""
    return dict.fromkeys(((one.english, other.english), (one.written, other.written)))


def _unexplained(one: OfferedArticle, other: OfferedArticle, habits: WordHabits) -> tuple[tuple[list[str], ...], int]:
    """Return the words of each side that nothing of the other side explains, in the language where these are fewer, and all letters left over."""
    empty = habits.empty_words(one, other)
    choices = []
    for ones, others in _names(one.article, other.article):
        words = left_over(ones, others)
        explained = _explained(*words) | empty
        unexplained = tuple([word for word in own if word not in explained] for own in words)
        choices.append((unexplained, _letters(words)))
    return min(choices, key=lambda choice: _letters(choice[0]))


def _letters(sides: Iterable[Sequence[str]]) -> int:
    return sum(len(word) for side in sides for word in side)


def _explained(left: tuple[str, ...], right: tuple[str, ...]) -> set[str]:
    """Return the words of both sides that are a spelling or a cut of one on the other side."""
    pairs = [(word, other) for word in left for other in right if _is_spelling(word, other)]
    return {word for pair in pairs for word in pair}


def _is_spelling(word: str, other: str) -> bool:
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    is_cut = len(short) >= _SHORTEST_CUT and short[0] == long[0] and _stands_within(short, long)
    return is_cut or JaroWinkler.similarity(word, other) >= _LEAST_LIKENESS


def _stands_within(short: str, long: str) -> bool:
    """Whether all letters of one word stand in another, in that order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def _content(one: Article, other: Article) -> float:
    if not conflicts.has_same_content(one, other):
        return 0.0
    return 1.0 if conflicts.size_key(one) else 0.5


def _price(one: Article, other: Article) -> float:
    ratio = price_ratio(one, other)
    return min(1.0, abs(math.log(ratio)) / math.log(_MOST_PRICE_RATIO)) if ratio else _UNKNOWN_PRICE
