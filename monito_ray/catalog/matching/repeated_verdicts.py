"""Verdicts on many articles of few wordings: what two wordings are to each other at prices that are as far apart is found out once."""

from collections.abc import Iterator
from typing import NamedTuple

from monito_ray.catalog.matching import conflicts
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.verdict import PRICE_RATIOS, VerdictKind, compare, may_mean_the_same

_OTHER_CURRENCIES, _NO_PRICES, _ONE_PRICE = -1, -2, -3
#: Prices that are farther apart than all that is looked for.
_FAR = 2 * PRICE_RATIOS[-1]
#: Relations that prices of two wordings can have: so many verdicts say whether the wordings can be one product at all.
RELATIONS = len(PRICE_RATIOS) + 4


class Worded(NamedTuple):
    """An article with the number of its wording, by which others with the same wording are known."""

    article: Article
    wording: int


class RepeatedVerdicts:
    """How sure it is that articles are one product, as `verdict.compare` says it."""

    def __init__(self) -> None:
        self._wordings: dict[tuple[object, ...], int] = {}
        self._samples: list[Article] = []
        self._strengths: dict[tuple[int, int, int, bool], int] = {}
        self._can_be_one: dict[tuple[int, int], bool] = {}
        self._priced: dict[tuple[int, float], Article] = {}

    def worded(self, article: Article) -> Worded:
        """Return an article with the number of its wording."""
        number = self._wordings.setdefault(article.wording, len(self._samples))
        if number == len(self._samples):
            self._samples.append(article)
        return Worded(article, number)

    def strength(self, one: Worded, other: Worded, *, numbers_agree: bool = False) -> int:
        """Return the strength of the verdict that two articles are one product, 0 where it is another verdict."""
        if numbers_agree and one.article.sku == other.article.sku:
            return _strength(one.article, other.article, numbers_agree=True)
        key = one.wording, other.wording, _relation(one.article, other.article), _is_counted(one.article, other.article)
        if key not in self._strengths:
            self._strengths[key] = _strength(one.article, other.article)
        return self._strengths[key]

    def can_be_one(self, wording: int, other: int) -> bool:
        """Whether articles of two wordings are one product at any prices; what equal article numbers say is not looked at."""
        key = (wording, other) if wording <= other else (other, wording)
        if key not in self._can_be_one:
            mine, others = (self._samples[number] for number in key)
            is_likely = mine.barcode or may_mean_the_same(mine, others)  # most are not
            self._can_be_one[key] = bool(is_likely) and any(
                _strength(self._at(key[0], low), self._at(key[1], high)) for low, high in _all_relations(mine, others)
            )
        return self._can_be_one[key]

    def _at(self, wording: int, price: float) -> Article:
        """Return an article of a wording at a price; made once, as a copy takes longer than a verdict."""
        key = wording, price
        if key not in self._priced:
            self._priced[key] = self._samples[wording]._replace(price=price)
        return self._priced[key]


def _strength(one: Article, other: Article, *, numbers_agree: bool = False) -> int:
    if not numbers_agree and not (one.barcode and one.barcode == other.barcode) and not may_mean_the_same(one, other):
        return 0
    verdict = compare(one, other, numbers_agree=numbers_agree)
    return verdict.strength if verdict.kind is VerdictKind.ONE else 0


def _relation(one: Article, other: Article) -> int:
    """Return how far two prices are apart: the number of `PRICE_RATIOS` that they exceed, or which cannot be compared."""
    if one.currency != other.currency:
        return _OTHER_CURRENCIES
    low, high = (one.price, other.price) if one.price <= other.price else (other.price, one.price)
    if not low:
        return _ONE_PRICE if high else _NO_PRICES
    return sum(high > ratio * low for ratio in PRICE_RATIOS)


def _is_counted(one: Article, other: Article) -> bool:
    """Whether prices are so near that a count in one name is none of the price."""
    return one.count_in_name != other.count_in_name and conflicts.has_like_prices(one, other, conflicts.ratio_of_counts(one, other))


def _all_relations(one: Article, other: Article) -> Iterator[tuple[float, float]]:
    """Yield prices of two articles at all relations that they can have."""
    if one.currency != other.currency:
        yield 0.0, 0.0
        return
    counted = (conflicts.ratio_of_counts(one, other),) if one.count_in_name != other.count_in_name else ()
    yield from ((0.0, 0.0), (0.0, 1.0), *((1.0, ratio) for ratio in (*PRICE_RATIOS, *counted, _FAR) if ratio))
