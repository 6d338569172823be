"""Series of numbers that are no prices: numbers of rows, numbers of articles; and how widely a series spreads."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, sub


@dataclass(frozen=True, slots=True)
class SeriesThresholds:
    """When numbers count rows, and when they number articles. Set by trial on labelled lists where no test is named."""

    #: Fewer numbers than that do not count rows.
    fewest_running: int = 3
    #: Share of steps from one number to the next that are exactly 1. The rest are restarts and gaps.
    steps_of_one: float = 0.7
    #: A sample of a long list counts in steps of the sample. Share of steps that equal the most common one.
    equal_steps: float = 0.9
    #: Longest such step; prices may rise by even steps of more (test_prices_that_rise_evenly_are_no_running_numbers).
    longest_step: int = 100
    #: Row numbers of a sample stay below that.
    largest_row_number: int = 100_000
    #: Fewer numbers than that are no article numbers.
    fewest_article_numbers: int = 5
    #: Article numbers have five digits or more, but for one in ten.
    shortest_article_number: int = 10_000
    long_share: float = 0.9
    #: Nearly all of them differ.
    different_share: float = 0.9
    #: They end in 0 or 5 by chance only (one in five); prices do so more often.
    most_round_ends: float = 0.45
    #: Numbers whose digits are counted.
    digits_counted: int = 100
    #: Numbers of eleven digits or more are bar codes, whatever their ends.
    shortest_barcode: float = 1e10
    barcode_share: float = 0.9


SERIES = SeriesThresholds()


def is_running(numbers: Sequence[float]) -> bool:
    """Return whether numbers count rows: small even steps upwards that start again now and then."""
    if len(numbers) < SERIES.fewest_running or min(numbers) < 0 or not _are_whole(numbers):
        return False
    steps = list(map(sub, numbers[1:], numbers))
    if steps.count(1) >= SERIES.steps_of_one * len(steps):
        return True
    step, times = Counter(steps).most_common(1)[0]
    is_even = 0 < step <= SERIES.longest_step and times >= SERIES.equal_steps * len(steps)
    return is_even and max(numbers) < SERIES.largest_row_number


def are_article_numbers(values: Sequence[float]) -> bool:
    """Return whether numbers are article numbers: whole, long, nearly all different, without the round ends of prices."""
    n = len(values)
    if n < SERIES.fewest_article_numbers or max(values) < SERIES.shortest_article_number or not _are_whole(values):
        return False
    are_long = sum(value >= SERIES.shortest_article_number for value in values) >= SERIES.long_share * n
    are_different = len(set(values)) > SERIES.different_share * n
    if are_long and are_different and sum(value % 5 == 0 for value in values) / n < SERIES.most_round_ends:
        return True
    return sum(value >= SERIES.shortest_barcode for value in values) > SERIES.barcode_share * n


def _are_whole(numbers: Sequence[float]) -> bool:
    return all(map(eq, numbers, map(int, numbers)))


@lru_cache(maxsize=128)
def significant_digits(values: tuple[float, ...]) -> float:
    """Return how many digits numbers have on average, up to the last one that is no zero: 1.5 for 4500 and 3."""
    digits = [len(f"{abs(value):.2f}".replace(".", "").strip("0")) for value in values[: SERIES.digits_counted] if value]
    return sum(digits) / len(digits) if digits else 0.0


def log_spread(values: Sequence[float]) -> float:
    """Return the standard deviation of the natural logarithms of positive numbers: 0.5 is a typical factor of 1.6 from the mean.

    `statistics.pstdev` is exact and takes twenty times as long.
    """
    return deviation([math.log(value) for value in values])


def deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of some numbers."""
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
