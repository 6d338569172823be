"""What the ratio of two columns of prices may be: a markup, a carton's pieces, a rate of tax, or one of exchange."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.tables.column_relations import Ratio
from monito_ray.pipeline.tables.number_series import log_spread


@dataclass(frozen=True, slots=True)
class PriceRatioThresholds:
    """From which ratio on one price is a carton's, and so on. Set by trial on labelled lists and on the same lists bent."""

    #: A carton costs more than that many times a piece: the smallest holds two. A ratio above `most_pieces` is a rate of exchange.
    carton: float = 1.9
    most_pieces: int = 500
    #: Where titles name two currencies, money that is worth so many times the other is foreign: of hryvnias and roubles either may be.
    dearer_money: float = 10
    #: A markup is at least that; at most `carton`, or `largest_markup` where it is the same all the way down.
    smallest_markup: float = 1.02
    largest_markup: float = 2.6
    #: A ratio is the same all the way down where its natural logarithm spreads less than that.
    fixed_spread: float = 0.03
    #: A tax is at most that part of a price.
    largest_part: float = 0.28
    #: A ratio is a whole number of pieces, and a rate of tax one of percents, within that part of itself.
    rounding: float = 0.005
    #: In a table too short to see columns move together (`RELATIONS.fewest_pairs`): a ratio that spreads less than `steady` to numbers that
    #: spread at least `differing` (logarithms), over at least so many rows, shows that they belong together.
    steady: float = 0.08
    differing: float = 0.2
    fewest_steady: int = 4
    #: Amounts in small units are whole hundreds in that share of the rows, with a median of thousands.
    hundreds_share: float = 0.8
    hundreds_median: float = 1000.0


PRICE_RATIOS = PriceRatioThresholds()


def is_foreign(ratio: Ratio) -> bool:
    """Return whether one price may be another one in dearer money."""
    return 0 < ratio.typical < 1 / PRICE_RATIOS.most_pieces


def is_steady(ratio: Ratio, numbers: Sequence[float]) -> bool:
    """Return whether a ratio to `numbers` is so steady that the two columns are prices of the same things."""
    if not ratio.typical or ratio.spread >= PRICE_RATIOS.steady:
        return False
    values = [number for number in numbers if number > 0]
    return len(values) >= PRICE_RATIOS.fewest_steady and log_spread(values) >= PRICE_RATIOS.differing


def is_marked_up(ratio: Ratio) -> bool:
    """Return whether one price may be another one with a markup."""
    largest = PRICE_RATIOS.largest_markup if ratio.spread < PRICE_RATIOS.fixed_spread else PRICE_RATIOS.carton
    return PRICE_RATIOS.smallest_markup <= ratio.typical <= largest


def is_of_carton(ratio: Ratio) -> bool:
    """Return whether one price may be that of so many pieces at the other: neither a markup, nor what the other is a tax on."""
    has_pieces = PRICE_RATIOS.carton < ratio.typical <= PRICE_RATIOS.most_pieces and not is_marked_up(ratio)
    return has_pieces and (_is_whole(ratio.typical) or not is_fixed_part(ratio.reverse()))


def is_fixed_part(ratio: Ratio) -> bool:
    """Return whether numbers may be the tax on others, or in them, at a whole rate in percent.

    Where the others are a whole number of times as much, they may as well be prices of cartons: a fifth may be either, a sixth is a carton's.
    """
    if not 0 < ratio.typical <= PRICE_RATIOS.largest_part or ratio.spread >= PRICE_RATIOS.fixed_spread:
        return False
    rates = (ratio.typical,) if _is_whole(1 / ratio.typical) else (ratio.typical, ratio.typical / (1 - ratio.typical))
    return any(_is_whole(100 * rate) for rate in rates)


def _is_whole(number: float) -> bool:
    return round(number) > 0 and abs(number - round(number)) <= PRICE_RATIOS.rounding * number


def are_hundreds(numbers: Sequence[float]) -> bool:
    """Return whether numbers are amounts of money in small units, as nothing else is."""
    values = [number for number in numbers if number]
    hundreds = sum(value % 100 == 0 for value in values)
    return (
        bool(values) and hundreds >= PRICE_RATIOS.hundreds_share * len(values) and statistics.median(values) >= PRICE_RATIOS.hundreds_median
    )
