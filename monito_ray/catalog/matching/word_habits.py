"""Which words suppliers write or leave out without meaning other goods, learned from what people said. For the queue's order, never for guards."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monito_ray.catalog.matching.article import Article

#: Answers that stand for what was believed of a word before: after one answer a word is believed halfway.
_PRIOR_ANSWERS = 1.0
#: A usage of that weight says nothing of the goods: two "same", and no "apart". After one alone our own pairs were ordered worse.
_LEAST_EMPTY = 0.6


@dataclass(frozen=True, slots=True)
class OfferedArticle:
    """An article, and whose it is."""

    supplier: str
    article: Article


@dataclass(frozen=True, slots=True)
class AnsweredPair:
    """Two articles of two suppliers that a person called one product, or two."""

    one: OfferedArticle
    other: OfferedArticle
    is_same: bool


#: A supplier, a word of its own, and the word that another supplier has in its place, "" where that one has none.
Usage = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WordHabits:
    """For each usage of a word how often articles were the same, and how often not."""

    same: Mapping[Usage, int] = field(default_factory=dict)
    apart: Mapping[Usage, int] = field(default_factory=dict)

    def weight(self, usage: Usage) -> float:
        """Return what people's answers say of a usage: near 1 it says nothing of the goods, near -1 it tells them apart, 0 nobody knows."""
        same, apart = self.same.get(usage, 0), self.apart.get(usage, 0)
        return (same - apart) / (same + apart + _PRIOR_ANSWERS)

    def empty_words(self, one: OfferedArticle, other: OfferedArticle) -> set[str]:
        """Return the words left over of two articles that people taught to say nothing."""
        if not self.same:
            return set()
        return {word for usage in usages(one, other, added_too=True) if self.weight(usage) >= _LEAST_EMPTY for word in usage[1:] if word}

    def telling(self, one: OfferedArticle, other: OfferedArticle) -> float:
        """Return how surely a word left over tells two articles apart: 0 nobody said so, near 1 everybody did."""
        if not self.apart:
            return 0.0
        return max((0.0, *(-self.weight(usage) for usage in usages(one, other))))


#: Nobody has answered yet.
NO_HABITS = WordHabits()


def learn_habits(answers: Iterable[AnsweredPair]) -> WordHabits:
    """Return what people's links teach of words: in a "same" the words left over say nothing, in an "apart" they tell goods apart."""
    counts: dict[bool, Counter[Usage]] = {True: Counter(), False: Counter()}
    for answer in answers:
        counts[answer.is_same].update(usages(answer.one, answer.other))
    return WordHabits(counts[True], counts[False])


def usages(one: OfferedArticle, other: OfferedArticle, *, added_too: bool = False) -> set[Usage]:
    """Return the usages of words in which two articles differ, for both suppliers.

    Words that one side alone adds have nothing in their place; where both sides have words left over, each may stand for each of the others
    (and, with `added_too`, for nothing).
    """
    left, right = words_left_over(one.article, other.article)
    pairs = [(word, instead) for word in left for instead in right]
    replacing = {(one.supplier, word, instead) for word, instead in pairs} | {(other.supplier, instead, word) for word, instead in pairs}
    adding = {(one.supplier, word, "") for word in left} | {(other.supplier, word, "") for word in right}
    return replacing | adding if added_too or not pairs else replacing


def words_left_over(one: Article, other: Article) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that only one of two articles has, each one's own, in the language where these are fewer: English or as written."""
    written, english = left_over(one.written, other.written), left_over(one.english, other.english)
    return written if sum(map(len, written)) < sum(map(len, english)) else english


def left_over(ones: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of each side that the other side does not have."""
    return tuple(word for word in ones if word not in others), tuple(word for word in others if word not in ones)
