"""How the numbers of two columns relate: prices of one thing move together, and a sum is a quantity times a price."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import NamedTuple

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
    #: Prices of the same things take about as many different values: one column has at most so many times as many as the other.
    most_different: int = 10
    #: The spread of the ratio of two prices of one thing is at most this part of the spread of the prices (log scale) ...
    most_ratio_spread: float = 0.25
    #: ... and prices with a smaller spread than this prove nothing (log scale).
    least_spread: float = 0.1
    #: Different numbers that a column of products needs.
    fewest_products: int = 5
    #: A product may be off by rounding: half a percent.
    rounding: float = 0.005
    #: Rows that are multiplied, evenly taken.
    rows_multiplied: int = 60
    #: Share of the rows where the product must be right; the others are blank, sums of groups, or typed by hand.
    right_products: float = 0.6
    #: Rows with both numbers that a typical ratio needs.
    fewest_ratios: int = 3
    #: Goods are sold for more than they cost, and for less than that many times as much, in that share of the rows.
    largest_margin: float = 6.0
    sold_above: float = 0.9
    #: A tax adds at most that part of a price; with several rates in a list the part differs from row to row, and may be none.
    largest_tax: float = 0.28
    least_typical_tax: float = 0.02


RELATIONS = RelationThresholds()


def move_together(a: ColumnProfile, b: ColumnProfile) -> bool:
    """Return whether two columns move together as two prices of one thing do: their ratio spreads far less than they do."""
    pairs = _positive_pairs(a, b)
    if len(pairs) < RELATIONS.fewest_pairs or a.distinct_numbers < RELATIONS.fewest_different or a.running or b.running:
        return False
    fewer, more = sorted((a.distinct_numbers, b.distinct_numbers))
    if more > RELATIONS.most_different * fewer:
        return False
    ratios = [math.log(y / x) for x, y in pairs]
    spread = log_spread([x for x, _ in pairs])
    return deviation(ratios) < RELATIONS.most_ratio_spread * spread and spread > RELATIONS.least_spread


def factors_of(column: int, profiles: Sequence[ColumnProfile]) -> tuple[int, int] | None:
    """Return the two columns that a column is the product of, as the sum of an order is of quantity and price; None without such."""
    products = profiles[column]
    if len(set(products.numbers)) < RELATIONS.fewest_products:
        return None
    fewest = RELATIONS.right_products * len(products.numbers)
    columns = (c for c, p in enumerate(profiles) if c != column and len(p.numbers) >= fewest and len(p.by_row) == len(products.by_row))
    others = list(islice(columns, RELATIONS.most_columns))
    shown = range(0, len(products.by_row), max(1, len(products.by_row) // RELATIONS.rows_multiplied))
    rows = [(products.by_row[row], row) for row in shown if products.by_row[row] is not None]
    for a, b in combinations(others, 2):
        if _are_products(profiles[a].by_row, profiles[b].by_row, rows):
            return a, b
    return None


def _are_products(first: Sequence[float | None], second: Sequence[float | None], products: Sequence[tuple[float | None, int]]) -> bool:
    """Return whether enough `products`, with their rows, are those of two columns; ends as soon as too many are not."""
    left = (1 - RELATIONS.right_products) * len(products)
    for product, row in products:
        if not _is_product(first[row], second[row], product):
            left -= 1
            if left < 0:
                return False
    return True


def _is_product(x: float | None, y: float | None, product: float | None) -> bool:
    """Return whether `x` times `y` is `product`, and shows something: 0 and 1 times anything do not."""
    if x is None or y is None or product is None:
        return False
    return abs(x * y - product) <= RELATIONS.rounding * abs(product) and x not in (0, 1) and y not in (0, 1)


def quantity_of(factors: tuple[int, int], profiles: Sequence[ColumnProfile]) -> int:
    """Return which of two factors of a sum is the quantity: the one without cents, else the one with the smaller median."""
    return min(factors, key=lambda c: (any(number != int(number) for number in profiles[c].numbers), profiles[c].median))


class Ratio(NamedTuple):
    """How many times another column one column is."""

    #: In the middle, 0 where too few rows have both.
    typical: float
    #: How much it differs from row to row: the standard deviation of its natural logarithm.
    spread: float

    def reverse(self) -> "Ratio":
        """Return how many times the other way round."""
        return Ratio(1 / self.typical if self.typical else 0.0, self.spread)


def price_ratio(a: ColumnProfile, b: ColumnProfile) -> Ratio:
    """Return how many times `b` the column `a` is over the rows that have both."""
    pairs = _positive_pairs(a, b)
    if len(pairs) < RELATIONS.fewest_ratios:
        return Ratio(0.0, 0.0)
    return Ratio(statistics.median(x / y for x, y in pairs), deviation([math.log(x / y) for x, y in pairs]))


def is_sold_above(price: ColumnProfile, cost: ColumnProfile) -> bool:
    """Return whether one column may be what is asked for goods that cost the other: in nearly all rows more, and not many times as much."""
    pairs = _positive_pairs(price, cost)
    above = sum(1 <= x / y <= RELATIONS.largest_margin for x, y in pairs)
    return len(pairs) >= RELATIONS.fewest_ratios and above >= RELATIONS.sold_above * len(pairs)


def is_taxed(price: ColumnProfile, base: ColumnProfile) -> bool:
    """Return whether a column may be another one with the tax on it: in nearly all rows as much or more by a rate of tax."""
    pairs = _positive_pairs(price, base)
    taxed = sum(1 <= x / y <= 1 + RELATIONS.largest_tax for x, y in pairs)
    return (
        len(pairs) >= RELATIONS.fewest_ratios
        and taxed >= RELATIONS.sold_above * len(pairs)
        and price_ratio(price, base).typical >= 1 + RELATIONS.least_typical_tax
    )


def is_added(part: ColumnProfile, base: ColumnProfile, whole: ColumnProfile) -> bool:
    """Return whether a column is what is added to one price to make another, as a deposit or an amount of tax: in nearly all rows."""
    if not len(part.by_row) == len(base.by_row) == len(whole.by_row):
        return False
    rows = [(x, y, z) for x, y, z in zip(part.by_row, base.by_row, whole.by_row, strict=True) if x and y and z]
    right = sum(abs(x + y - z) <= RELATIONS.rounding * x for x, y, z in rows)
    return len(rows) >= RELATIONS.fewest_ratios and right >= RELATIONS.sold_above * len(rows)


def _positive_pairs(a: ColumnProfile, b: ColumnProfile) -> list[tuple[float, float]]:
    """Return the numbers of two columns of one table, of the rows that have both; none where the profiles are of different rows."""
    if len(a.by_row) != len(b.by_row):
        return []
    return [(x, y) for x, y in zip(a.by_row, b.by_row, strict=True) if x and y and x > 0 and y > 0]
