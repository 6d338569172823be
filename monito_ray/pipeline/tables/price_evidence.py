"""What speaks for a column of prices: its title, and cells whose numbers differ, spread and end as prices do."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from monito_ray.pipeline.tables.number_series import are_article_numbers, log_spread
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import NO_SCORE, TITLE_WEIGHT, Score, Term, add_up
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class PriceWeights:
    """Points for and against prices, and the thresholds beside them; shares are 0 to 1 of a column's filled cells.

    Set by trial on labelled lists where nothing else is written. `benchmarks/reading.py` measures them there, and on the same lists bent;
    `benchmarks/thresholds.py` shows which lists are read otherwise when one of them is halved or doubled.
    """

    #: A smaller share of cells that are amounts, or say that there is none, makes no column of prices.
    fewest_amounts_share: float = 0.5
    #: A larger share of cells with words makes none either: remarks may stand in as many cells under a clear title of prices in a short list ...
    most_words_titled: float = 0.5
    #: ... which is one that fits that well (0 to 1; `benchmarks/mutations.py` bends short lists) ...
    clear_title: float = 0.7
    #: ... and in fewer under any other (held by tests/data/arithmetic.json).
    most_words_untitled: float = 0.3

    #: Points lost by how well another role fits the title, unless the title gives `title_decides` points for a price itself.
    other_title: float = 2.5
    #: Fewer points lost under "Unit" and "Sum": they may stand over the price of a unit, too.
    unit_title: float = 0.8
    title_decides: float = 1.0

    #: Points lost by a column of nothing but zeros.
    only_zeros: float = 1.0
    #: Points where more than this share of the cells carry a currency.
    marked: float = 2.0
    marked_share: float = 0.5
    #: Points lost by row numbers, and by article numbers (see `number_series`; test_numbers_that_are_no_prices).
    running: float = 3.0
    article_numbers: float = 2.5
    #: Points lost by whole numbers that rise all the way down a list of so many or more, as numbers of articles do, with gaps.
    rising: float = 1.4
    rising_from: int = 30
    #: ... or of so many or more that are close together: prices of a list are neither.
    rising_close_from: int = 5
    #: Points lost by the sizes of bottles and cans, in ml or l: nearly all numbers are, few different ones, and some of them are nothing else.
    bottles: float = 2.0
    bottles_share: float = 0.95
    bottles_different: int = 10
    bottles_from: int = 6
    #: Points lost by few different numbers, as quantities in a pack are: at most `few_different`, or that share in long lists.
    few: float = 2.0
    few_different: int = 2
    few_different_share: float = 0.03
    few_from: int = 8
    #: Numbers count as whole ones where more than this share is whole.
    whole_share: float = 0.98
    #: Points lost by whole numbers of which more than `years_share` could be years (test_numbers_that_are_no_prices).
    years: float = 2.5
    first_year: int = 1900
    last_year: int = 2040
    years_share: float = 0.9
    #: Points lost by numbers that repeat in a long list: fewer than `repeats_different` different ones, and a smaller share than this.
    repeats: float = 1.0
    repeats_different: int = 15
    repeats_different_share: float = 0.27
    repeats_from: int = 30
    #: Points for cents, in more than this share of the numbers.
    cents: float = 1.0
    cents_share: float = 0.25
    #: Points for whole numbers that end in 0, 5 or 9 in more than this share; by chance three in ten do
    #: (held by tests/data/carton_price_titled_alone.json).
    round_ends: float = 0.8
    round_ends_share: float = 0.55
    #: Whole numbers with a smaller median are quantities rather than prices: no points for round ends, and points lost
    #: (held by tests/data/arithmetic.json).
    small: float = 1.2
    small_median: int = 20

    #: Points where at least this share of the numbers differ.
    different: float = 0.6
    different_share: float = 0.3
    #: Points for numbers that spread widely (standard deviation of their logarithms; 0.5 is a factor of 1.6 up and down) ...
    wide: float = 0.6
    wide_spread: float = 0.5
    #: ... and points lost in longer lists where they hardly spread: 0.12 is a factor of 1.13.
    narrow: float = 0.8
    narrow_spread: float = 0.12
    narrow_from: int = 10
    #: Points where more than this share of the rows is filled, and points lost where less than that is.
    filled: float = 0.4
    filled_share: float = 0.7
    sparse: float = 1.0
    sparse_share: float = 0.25
    #: Points lost by fewer numbers than that: they may be remarks.
    few_amounts: float = 0.5
    fewest_amounts: int = 4


PRICE = PriceWeights()
#: What bottles, cans and kegs hold, in ml and in l; the odd sizes are those that prices hardly are.
_ODD_BOTTLES = frozenset(size / unit for size in (187, 275, 330, 333, 341, 355, 375, 473, 568, 700, 720, 750) for unit in (1, 1000))
_BOTTLES = _ODD_BOTTLES | {
    size / unit
    for size in (
        20,
        40,
        50,
        60,
        100,
        125,
        150,
        180,
        200,
        250,
        300,
        350,
        400,
        440,
        450,
        500,
        600,
        620,
        650,
        660,
        1000,
        1500,
        1750,
        2000,
        3000,
        5000,
    )
    for unit in (1, 1000)
}


class _Numbers(NamedTuple):
    """A column's numbers without signs and zeros, and what its scores look at."""

    values: list[float]
    median: float
    #: All of them, but for a few, are whole.
    are_whole: bool
    #: There are hardly any different ones.
    are_few: bool
    #: Different numbers by numbers.
    different: float
    #: Standard deviation of their logarithms.
    spread: float


def price_score(title: Title, p: ColumnProfile) -> Score:
    """Return how much speaks for a column being one of prices."""
    amounts = p.money + p.blank_amounts * (p.money > 0)
    most_words = PRICE.most_words_titled if title.roles.get("price", 0.0) >= PRICE.clear_title else PRICE.most_words_untitled
    if p.count == 0 or min(1.0, amounts) < PRICE.fewest_amounts_share or p.words > most_words or not p.numbers:
        return NO_SCORE
    return add_up(_title_terms(title)) + _cells_score(p)


def _title_terms(title: Title) -> Iterator[Term]:
    says = TITLE_WEIGHT * title.roles.get("price", 0.0)
    yield Term("title says price", says)
    if says < PRICE.title_decides:
        weight = PRICE.unit_title if title.role in ("unit", "sum") else PRICE.other_title
        yield Term("title says something else", -weight * title.strength_besides("price"))


@lru_cache(maxsize=64)
def _cells_score(p: ColumnProfile) -> Score:
    """Return what the cells alone say.

    Prices differ, spread over orders of magnitude, repeat now and then, and end in round digits or cents. Row numbers, years, article
    numbers, quantities and columns of few values do not.
    """
    values = [abs(number) for number in p.numbers if number]
    if not values:
        return add_up([Term("only zeros", -PRICE.only_zeros)])
    numbers = _numbers(values, p.distinct_numbers)
    score = add_up(_kind_terms(p, numbers)) + add_up(_variety_terms(p, numbers)) + add_up(_other_terms(p, numbers))
    for term in _scarcity_terms(p, numbers):
        score += add_up([term])
    return score


def _numbers(values: list[float], distinct: int) -> _Numbers:
    n = len(values)
    return _Numbers(
        values=values,
        median=statistics.median(values),
        are_whole=sum(value == int(value) for value in values) > PRICE.whole_share * n,
        are_few=distinct <= max(PRICE.few_different, PRICE.few_different_share * n) and n >= PRICE.few_from,
        different=distinct / n,
        spread=log_spread(values),
    )


def _kind_terms(p: ColumnProfile, numbers: _Numbers) -> Iterator[Term]:
    """What kind of numbers they are: marked money, or something that is counted, numbered or dated."""
    values, n = numbers.values, len(numbers.values)
    if p.marked > PRICE.marked_share:
        yield Term("a currency beside the numbers", PRICE.marked)
    if p.running:
        yield Term("row numbers", -PRICE.running)
    if numbers.are_few:
        yield Term("hardly any different numbers", -PRICE.few)
    if are_article_numbers(values) and not p.is_written_as_money:
        yield Term("article numbers", -PRICE.article_numbers)
    if numbers.are_whole and sum(PRICE.first_year <= value <= PRICE.last_year for value in values) > PRICE.years_share * n:
        yield Term("years", -PRICE.years)
    if not numbers.are_few and _repeat(p, numbers):
        yield Term("few numbers again and again", -PRICE.repeats)
    if not numbers.are_whole and not numbers.are_few and sum(value != int(value) for value in values) > PRICE.cents_share * n:
        yield Term("cents", PRICE.cents)
    is_large = numbers.median >= PRICE.small_median
    if numbers.are_whole and is_large and sum(int(value) % 10 in (0, 5, 9) for value in values) > PRICE.round_ends_share * n:
        yield Term("round ends", PRICE.round_ends)
    if numbers.are_whole and not is_large:
        yield Term("small whole numbers", -PRICE.small)


def _other_terms(p: ColumnProfile, numbers: _Numbers) -> Iterator[Term]:
    """What else they may be: sizes of bottles, or numbers of articles with gaps."""
    if _are_bottles(p, numbers.values):
        yield Term("sizes of bottles", -PRICE.bottles)
    fewest = PRICE.rising_close_from if numbers.spread < PRICE.narrow_spread else PRICE.rising_from
    is_long = numbers.are_whole and not p.running and len(numbers.values) >= fewest
    if is_long and all(a < b for a, b in pairwise(numbers.values)):
        yield Term("rises all the way down", -PRICE.rising)


def _are_bottles(p: ColumnProfile, values: list[float]) -> bool:
    if len(values) < PRICE.bottles_from or p.distinct_numbers > PRICE.bottles_different or not _ODD_BOTTLES.intersection(values):
        return False
    return sum(value in _BOTTLES for value in values) >= PRICE.bottles_share * len(values)


def _repeat(p: ColumnProfile, numbers: _Numbers) -> bool:
    is_long = len(numbers.values) >= PRICE.repeats_from
    return p.distinct_numbers < PRICE.repeats_different and numbers.different < PRICE.repeats_different_share and is_long


def _variety_terms(p: ColumnProfile, numbers: _Numbers) -> Iterator[Term]:
    """How much the numbers differ, and how full the column is."""
    if numbers.different >= PRICE.different_share:
        yield Term("different numbers", PRICE.different)
    if numbers.spread > PRICE.wide_spread:
        yield Term("cheap and dear", PRICE.wide)
    if numbers.spread < PRICE.narrow_spread and len(numbers.values) >= PRICE.narrow_from:
        yield Term("numbers close together", -PRICE.narrow)
    if p.filled > PRICE.filled_share:
        yield Term("filled rows", PRICE.filled)


def _scarcity_terms(p: ColumnProfile, numbers: _Numbers) -> Iterator[Term]:
    if p.filled < PRICE.sparse_share:
        yield Term("mostly blank rows", -PRICE.sparse)
    if len(numbers.values) < PRICE.fewest_amounts:
        yield Term("few numbers", -PRICE.few_amounts)
