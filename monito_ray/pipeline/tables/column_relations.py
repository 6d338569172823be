"""How the numbers of two columns relate: prices of one thing move together, and a sum is a quantity times a price."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from monito_ray.pipeline.tables.number_series import deviation, log_spread
from monito_ray.pipeline.tables.profiles import ColumnProfile


@dataclass(frozen=True, slots=True)
class RelationThresholds:
    """When two columns of numbers belong together. Set by trial on labelled lists where no test is named."""

    #: The maximum number of columns that are compared: to compare each with each takes minutes on sheets of thousands of columns.
    most_columns: int = 60
    #: Rows with both numbers that are needed to see two columns move together.
    fewest_pairs: int = 8
    #: Different numbers that the first of the two needs: few numbers move together by chance.
    fewest_different: int = 5
    #: The spread of the ratio of two prices of one thing is at most this part of the spread of the prices (log scale) ...
    most_ratio_spread: float = 0.25
    #: ... and prices with a smaller spread than this prove nothing (log scale).
    least_spread: float = 0.1
    #: Different numbers that a column of products needs.
    fewest_products: int = 5
    #: A product may be off by rounding: half a percent.
    rounding: float = 0.005
    #: Share of the rows where the product must be right; the others are blank, sums of groups, or typed by hand.
    right_products: float = 0.6
    #: Rows with both numbers that a typical ratio needs.
    fewest_ratios: int = 3


RELATIONS = RelationThresholds()


def move_together(a: ColumnProfile, b: ColumnProfile) -> bool:
    """Return whether two columns move together as two prices of one thing do: their ratio spreads far less than they do."""
    pairs = _positive_pairs(a, b)
    if len(pairs) < RELATIONS.fewest_pairs or a.distinct_numbers < RELATIONS.fewest_different or a.running or b.running:
        return False
    ratios = [math.log(y / x) for x, y in pairs]
    spread = log_spread([x for x, _ in pairs])
    return deviation(ratios) < RELATIONS.most_ratio_spread * spread and spread > RELATIONS.least_spread


def factors_of(column: int, profiles: Sequence[ColumnProfile]) -> tuple[int, int] | None:
    """Return the two columns that a column is the product of, as the sum of an order is of quantity and price; None without such."""
    products = profiles[column].numbers
    if len(set(products)) < RELATIONS.fewest_products:
        return None
    others = [c for c, p in enumerate(profiles) if c != column and len(p.numbers) == len(products)]
    for a, b in combinations(others[: RELATIONS.most_columns], 2):
        rows = zip(profiles[a].numbers, profiles[b].numbers, products, strict=True)
        if sum(_is_product(*row) for row in rows) >= RELATIONS.right_products * len(products):
            return a, b
    return None


def _is_product(x: float, y: float, product: float) -> bool:
    """Return whether `x` times `y` is `product`, and shows something: 0 and 1 times anything do not."""
    return abs(x * y - product) <= RELATIONS.rounding * abs(product) and x not in (0, 1) and y not in (0, 1)


def quantity_of(factors: tuple[int, int], profiles: Sequence[ColumnProfile]) -> int:
    """Return which of two factors of a sum is the quantity: the one without cents, else the one with the smaller median."""
    return min(factors, key=lambda c: (any(number != int(number) for number in profiles[c].numbers), profiles[c].median))


def typical_ratio(a: ColumnProfile, b: ColumnProfile) -> float:
    """Return the median of `a` divided by `b` over the rows that have both, 0 where too few have."""
    pairs = _positive_pairs(a, b)
    return statistics.median(x / y for x, y in pairs) if len(pairs) >= RELATIONS.fewest_ratios else 0.0


def _positive_pairs(a: ColumnProfile, b: ColumnProfile) -> list[tuple[float, float]]:
    """Return the numbers of two columns row by row; none where the counts differ: the rows cannot be matched."""
    if len(a.numbers) != len(b.numbers):
        return []
    return [(x, y) for x, y in zip(a.numbers, b.numbers, strict=True) if x > 0 and y > 0]
