"""Why the price of an offer may be wrong, by its own earlier prices and by the other offers for the product. Pure.

A suspicion is a sentence for people. It keeps an offer from being the best; it never changes a price. `benchmarks/prices.py` measures how many
planted errors are found, and how many prices of real lists are suspected.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from monito_ray.catalog.offers import Offer

#: A price is a misprint by one, two or three places if it is ten, a hundred or a thousand times another to within this factor: prices
#: move meanwhile, but by less.
_MISPRINT_TOLERANCE = Decimal("1.25")
_MISPRINTS = {10: "tenth", 100: "hundredth", 1000: "thousandth"}
#: A price is one for a piece or a carton if it is to another as a count of the pack, to within this factor.
_PACK_TOLERANCE = Decimal("1.25")
#: Smaller counts are the factor between two suppliers' prices.
_LEAST_PACK = 5
#: A price is too low if it is below this share of every other one.
_TOO_LOW = Decimal("0.5")
#: Beside one other price alone a price has to be below this share of it, or below `_TOO_LOW` of it and of its own last price.
_TOO_LOW_BESIDE_ONE = Decimal("0.2")
#: A price is too high if it is more than this many times each of at least two others.
_TOO_HIGH = 4
#: No price moves by more than this factor. Of 7,360 articles in two lists of one supplier, four to fourteen months apart, right prices moved
#: by up to 4.5, and the four beyond were all wrong.
_TOO_FAR = 5
#: Prices are alike to within this factor. A price like an earlier one is back at its place, one like another supplier's is right.
_ALIKE = Decimal("1.5")
#: "12x330", "x 24", "24's", "(24)": counts as names write them.
_COUNTS = re.compile(r"(?<![\d.,])(\d{1,3})\s?[x×х*](?=\s?\d)|[x×х*]\s?(\d{1,3})(?![\d.,]|\s?[^\W\d])|(?<![\d.,])(\d{1,3})'s|\((\d{1,3})\)")


class Packed(Protocol):
    """What says how many pieces a price is for: a row of a list, or a change between two."""

    @property
    def original_name(self) -> str:
        """The name as the supplier wrote it."""
        ...

    @property
    def pack_count(self) -> int:
        """The count that was read."""
        ...


def suspect(
    offers: "Sequence[Offer]", earlier_prices: Mapping[str, Sequence[Decimal]] | None = None, right: Collection[str] = ()
) -> dict[str, str]:
    """Return why prices may be wrong, by offer id, for the `offers` of one product; offers without a reason are not in it.

    `earlier_prices` has the prices that an offer had before, in order, by its id; for an offer that it lacks, `previous_price` is all
    there is. Offers that jumped are not what others are compared with. Of `right` ones, by their ids, a person said that the price is right.
    """
    earlier = {offer.offer_id: _earlier(offer, earlier_prices or {}) for offer in offers}
    reasons: dict[str, str] = {}
    for offer in offers:
        reason = price_jump(earlier[offer.offer_id], offer.price, [offer.row])
        if reason and offer.offer_id not in right and not _is_confirmed(offer, _others(offer, offers)):
            reasons[offer.offer_id] = reason
    steady = [offer for offer in offers if offer.offer_id not in reasons]
    for offer in () if _are_close(steady) else steady:
        if offer.offer_id in right:
            continue
        if reason := _beside(offer, _others(offer, steady), earlier[offer.offer_id]):
            reasons[offer.offer_id] = reason
    return reasons


def price_jump(earlier: Sequence[Decimal], price: Decimal, rows: Sequence[Packed] = ()) -> str:
    """Return why a price that follows `earlier` ones may be wrong: ten times the last one, that of a piece, far off; "" for no reason.

    A price like one of the earlier ones is right: one between them was wrong. `rows` are those that name the pack.
    """
    if not earlier or min(*earlier, price) <= 0 or any(_is_near(price, other, _ALIKE) for other in earlier):
        return ""
    if reason := _by_factor(price, earlier[-1], "its last price", rows):
        return reason
    if _is_near(price, earlier[-1], Decimal(_TOO_FAR)):
        return ""
    ratio = price / earlier[-1]
    return f"{f'{ratio:.0f} times' if ratio > 1 else f'{_percent(ratio)} of'} its last price: {_pair(earlier[-1], price)}"


def pack_counts(rows: Sequence[Packed]) -> list[int]:
    """Return the counts of packs that rows have, or write in their names, the greatest first."""
    counts = {row.pack_count for row in rows}
    counts |= {int(number) for row in rows for groups in _COUNTS.findall(row.original_name) for number in groups if number}
    return sorted((count for count in counts if count >= _LEAST_PACK), reverse=True)


def _earlier(offer: "Offer", earlier_prices: Mapping[str, Sequence[Decimal]]) -> Sequence[Decimal]:
    return earlier_prices.get(offer.offer_id) or ([] if offer.previous_price is None else [offer.previous_price])


def _others(offer: "Offer", offers: "Sequence[Offer]") -> "list[Offer]":
    return [other for other in offers if other is not offer and other.currency == offer.currency]


def _are_close(offers: "Sequence[Offer]") -> bool:
    """Whether all prices are for one unit and so near that none of them is far off beside the others: so it is mostly, and soon seen."""
    prices = [offer.base_price for offer in offers if offer.base_price is not None]
    is_one_kind = len({(offer.currency, offer.base_unit) for offer in offers}) == 1 and len(prices) == len(offers)
    return is_one_kind and min(prices) > 0 and _TOO_LOW * max(prices) <= min(prices)


def _is_confirmed(offer: "Offer", others: "Sequence[Offer]") -> bool:
    own, prices = _comparable(offer, others)
    return any(_is_near(own, price, _ALIKE) for price in prices)


def _beside(offer: "Offer", others: "Sequence[Offer]", earlier: Sequence[Decimal]) -> str:
    if unit := _unit_of_the_others(offer, others):
        return f"priced per {offer.base_unit}, the others per {unit}"
    own, prices = _comparable(offer, others)
    if not prices or min(own, *prices) <= 0:
        return ""
    rows = [offer.row, *(other.row for other in others)]
    if len(prices) == 1:
        has_fallen = bool(earlier) and offer.price < _TOO_LOW * earlier[-1]
        return _beside_one(own, prices[0], rows, has_fallen=has_fallen)
    return _beside_many(own, prices, rows)


def _unit_of_the_others(offer: "Offer", others: "Sequence[Offer]") -> str:
    """Return the base unit of several other offers that all have one, and another than this offer; "" if it is not so."""
    units = Counter(other.base_unit for other in others if other.base_price is not None)
    is_other = offer.base_price is not None and offer.base_unit not in units and len(units) == 1 and units.total() > 1
    return next(iter(units)) if is_other else ""


def _comparable(offer: "Offer", others: "Sequence[Offer]") -> tuple[Decimal, list[Decimal]]:
    """Return the price to compare and those of the others: base prices for one unit, else the prices of those without a base price."""
    if offer.base_price is not None:
        return offer.base_price, [o.base_price for o in others if o.base_price is not None and o.base_unit == offer.base_unit]
    return offer.price, [other.price for other in others if other.base_price is None and other.row.price_unit == offer.row.price_unit]


def _beside_one(own: Decimal, other: Decimal, rows: Sequence[Packed], *, has_fallen: bool) -> str:
    """Return why a price may be wrong beside one other alone: of two that are far apart, the lower one, since it would be chosen."""
    if own >= _TOO_LOW * other:
        return ""
    if reason := _by_factor(own, other, "the other price", rows):
        return reason
    if own < _TOO_LOW_BESIDE_ONE * other:
        return f"{_percent(own / other)} of the other price: {_pair(other, own)}"
    return f"below half of the other price and of its own last one: {_pair(other, own)}" if has_fallen else ""


def _beside_many(own: Decimal, prices: Sequence[Decimal], rows: Sequence[Packed]) -> str:
    lowest, highest = min(prices), max(prices)
    if own < _TOO_LOW * lowest:
        reason = _by_factor(own, Decimal(median(prices)), "the other prices", rows)
        return reason or f"below half of all {len(prices)} other prices: {_pair(lowest, own)}"
    if own * _TOO_LOW > highest and (reason := _by_factor(own, Decimal(median(prices)), "the other prices", rows)):
        return reason
    return f"over {_TOO_HIGH} times all {len(prices)} other prices: {_pair(highest, own)}" if own > _TOO_HIGH * highest else ""


def _by_factor(price: Decimal, other: Decimal, name: str, rows: Sequence[Packed]) -> str:
    """Return the sentence where a price is a count of the pack, or ten, a hundred or a thousand, times another or a share of it."""
    ratio = max(price, other) / min(price, other)
    factors = [(count, _PACK_TOLERANCE) for count in pack_counts(rows)] + [(factor, _MISPRINT_TOLERANCE) for factor in _MISPRINTS]
    near = [Decimal(factor) for factor, tolerance in factors if _is_near(ratio, Decimal(factor), tolerance)]
    if not near:
        return ""
    factor = int(min(near, key=lambda factor: max(ratio / factor, factor / ratio)))
    if factor in _MISPRINTS:
        return f"{f'{factor} times' if price > other else f'one {_MISPRINTS[factor]} of'} {name}: {_pair(other, price)}"
    return f"the price of {'one piece' if price < other else f'a pack of {factor}'}? {name}: {_pair(other, price)}"


def _is_near(one: Decimal, other: Decimal, factor: Decimal) -> bool:
    return one <= other * factor and other <= one * factor


def _percent(ratio: Decimal) -> str:
    return f"{ratio:.0%}" if ratio >= Decimal("0.01") else "less than 1%"


def _pair(other: Decimal, price: Decimal) -> str:
    return f"{_amount(other)} → {_amount(price)}"


def _amount(price: Decimal) -> str:
    return f"{price:,.0f}" if price == price.to_integral_value() else f"{price:,.2f}"
