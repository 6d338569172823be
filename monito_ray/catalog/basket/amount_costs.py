"""How many of what an offer sells an amount takes, and what that costs. Pure.

Only amounts of one kind are compared: mass with mass, pieces with pieces, a carton with a carton. Packs are bought whole.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from monito_ray.catalog.basket.shopping_list import counts_pieces, is_of_content
from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.contents import content
from monito_ray.pipeline.units import base_factors, content_units, pieces_of, single_pieces


@dataclass(frozen=True, slots=True)
class AmountCost:
    """What an amount of an article costs at an offer."""

    #: How many times the price is paid; a fraction of goods sold loose.
    count: Decimal
    cost: Decimal


def cost_of(offer: Offer, amount: Decimal, unit: str) -> AmountCost | None:
    """Return what an amount costs; None where the offer and the amount cannot be compared."""
    count = _count(offer, amount, unit)
    return None if count is None or count <= 0 else AmountCost(count, count * offer.price)


def _count(offer: Offer, amount: Decimal, unit: str) -> Decimal | None:
    if is_of_content(unit):
        return _count_by_content(offer, amount, unit)
    row = offer.row
    if counts_pieces(unit):
        return _count_of_pieces(offer, amount, unit)
    if row.price_unit == unit:
        return _whole(amount)
    if pieces_of(unit) > 1:
        return _count_of_pieces(offer, amount * pieces_of(unit), "pcs")
    return None


def _count_by_content(offer: Offer, amount: Decimal, unit: str) -> Decimal | None:
    """Return how much of goods sold loose, or how many packs of a size hold at least the amount."""
    base_unit, factor = base_factors().get(unit, ("", Decimal(0)))
    needed = amount * factor
    row = offer.row
    if not base_unit:
        return None
    if row.price_unit in content_units() and row.price_unit in base_factors():
        loose_unit, loose_factor = base_factors()[row.price_unit]
        return needed / loose_factor if loose_unit == base_unit else None
    held = content(row)
    if held is None or held.unit != base_unit or offer.base_unit != base_unit:
        return None  # without a base price something in the row contradicts its size
    return _whole(needed / held.amount)


def _count_of_pieces(offer: Offer, amount: Decimal, unit: str) -> Decimal | None:
    """Return how many packs hold so many pieces; where no unit is written, goods sold loose count by what they are sold by."""
    row = offer.row
    if row.price_unit in content_units() and row.size is None:
        return amount if not unit else None
    pieces = max(row.pack_count, pieces_of(row.price_unit))
    if pieces == 1 and unit and row.size is None and row.price_unit not in single_pieces():
        return None  # a carton of which nobody says what it holds, or nobody says what the price is for
    return _whole(amount / pieces)


def _whole(count: Decimal) -> Decimal:
    return count.to_integral_value(ROUND_CEILING)
