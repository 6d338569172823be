"""The order in which people are asked: the chance that two articles are one product, times the money at stake.

The chance is a logistic model of eight features. Its weights lie in `pipeline/data/queue_order.toml`, with the script that makes them and the
score they had on trades they were not made from. It orders questions and nothing else: no article is joined by it.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.queue_features import PairFeatures, feature_names, price_ratio
from monito_ray.pipeline import data

_FILE = "queue_order.toml"
#: The money at stake, as a share of the usual price: at least so much, for prices that are equal today, ...
_LEAST_STAKE = 0.02
#: ... so much where the prices cannot be compared, ...
_UNKNOWN_STAKE = 0.1
#: ... and no more, for a gap that large is rather a carton beside a piece.
_MOST_STAKE = 2.0
#: An LLM is asked about pairs whose chance lies between: below, few are the same; above, people answer at a glance. Of our own pairs that are left
#: to ask, 95 % of the same lie above the lower one, and one in seven of all between.
_LLM_LEAST, _LLM_MOST = 0.05, 0.9


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A pair that a person may be asked about."""

    #: What the caller knows the pair by; equal points are ordered by it.
    key: str
    p: float
    one: Article
    other: Article


def p_same(features: PairFeatures) -> float:
    """Return the chance that two articles are one product."""
    model = data.table(_FILE)
    weights: Mapping[str, float] = model["weights"]
    points = float(model["bias"]) + sum(weights[name] * value for name, value in zip(feature_names(), features.values(), strict=True))
    return 1 / (1 + math.exp(-points))


def is_for_llm(p: float) -> bool:
    """Whether a chance leaves a pair open enough to ask an LLM about it."""
    return _LLM_LEAST <= p <= _LLM_MOST


def ordered(entries: Sequence[QueueEntry]) -> list[QueueEntry]:
    """Return the pairs with those first whose answer is worth most: chance times money at stake.

    The money is the gap between both base prices, in units of what goods in that currency and base unit usually cost in this queue, so that
    currencies, and kilograms and pieces, compare.
    """
    usual = _usual_prices(entries)
    return sorted(entries, key=lambda entry: (-entry.p * stake(entry, usual), entry.key))


def stake(entry: QueueEntry, usual: Mapping[tuple[str, str], float]) -> float:
    """Return the money at stake in a pair, see `ordered`; `usual` has the usual price of each currency and base unit."""
    ratio = price_ratio(entry.one, entry.other)
    if not ratio:
        return _UNKNOWN_STAKE
    price = _price(entry.one)
    gap = abs(ratio - 1) * price / usual.get(_money(entry.one), price)
    return min(max(gap, _LEAST_STAKE), _MOST_STAKE)


def _usual_prices(entries: Sequence[QueueEntry]) -> dict[tuple[str, str], float]:
    prices: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in entries:
        for article in (entry.one, entry.other):
            if _price(article):
                prices[_money(article)].append(_price(article))
    return {money: median(amounts) for money, amounts in prices.items()}


def _money(article: Article) -> tuple[str, str]:
    return article.currency, article.base_unit if article.base_price else ""


def _price(article: Article) -> float:
    return article.base_price or article.price
