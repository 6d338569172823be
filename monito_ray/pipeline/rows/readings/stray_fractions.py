"""Doubts about small prices with a fraction in currencies whose cents are not in use: "27,5" among 18,000 may be thousands."""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline.currencies import currencies_without_cents
from monito_ray.pipeline.rows.certainty.list_signs import OUTLIER_RATIO
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

#: Where a larger share of the usual prices has a fraction, the list has them by habit, as one of prices before tax. Of 13 real lists in such money
#: 12 have at most 0.2 % of them; one has 4.7 %, and its screws for 430.58 pesos are right.
HABIT_SHARE = 0.02


def doubt_fractions(sheets: Sequence[SheetTables], currency: str) -> Sequence[SheetTables]:
    """Return the sheets of a list in `currency`, with a doubt on each line whose price has a fraction and is far below the list's middle one."""
    if currency not in currencies_without_cents():
        return sheets
    amounts = [line.price for sheet in sheets for line in sheet.lines if line.price is not None and line.is_priced]
    if not any(map(_has_fraction, amounts)):
        return sheets
    highest = statistics.median(amounts) / Decimal(OUTLIER_RATIO)
    usual = [price for price in amounts if price >= highest]
    if sum(map(_has_fraction, usual)) > HABIT_SHARE * len(usual):
        return sheets
    return [replace(sheet, lines=[_doubted(line, currency, highest) for line in sheet.lines]) for sheet in sheets]


def _doubted(line: OfferLine, currency: str, highest: Decimal) -> OfferLine:
    if line.price is None or not line.is_priced or line.price >= highest or not _has_fraction(line.price):
        return line
    if line.doubt or line.currency not in ("", currency):
        return line
    return line._replace(doubt=f"{line.price_text} was read as {line.price.normalize():f}")


def _has_fraction(price: Decimal) -> bool:
    return price % 1 != 0
