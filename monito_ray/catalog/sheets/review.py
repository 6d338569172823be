"""Review: the rows of the catalogue that need a person, with the reasons, those that cost money first."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import lru_cache

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.pipeline.units import loose_units
from monito_ray.records import Method, ProductRow

#: Rows with a field below these are shown. A wrong price, size or pack count makes a wrong best price; a brand that nobody wrote misleads
#: nobody, and is shown only where sources contradict each other. Names and categories are not: too many are as the supplier wrote them.
REVIEW_BELOW = {"price": 0.6, "size": 0.75, "pack_count": 0.75, "brand": 0.5}
_SHOWN_FIELDS = {"price": "price", "size": "size", "pack_count": "pack", "brand": "brand"}
#: In a category of at least this many products, of which at least this share has a size, a product without one is odd.
MIN_CATEGORY_PRODUCTS = 5
USUAL_SIZE_SHARE = 0.7
#: Base prices of one product that differ by this factor point to a wrong size or pack.
FAR_APART_RATIO = 3
_NO_CATEGORY = frozenset({"", "other", "uncategorized", "unknown"})


class Doubt(StrEnum):
    """A reason to look at a row; the value is shown to people."""

    UNSURE = "not sure of"
    NO_CATEGORY = "no category found"
    NO_CURRENCY = "the list does not say its currency: send it again and say which it is"
    NO_SIZE = "no size, though most of its category have one"
    FAR_APART = "price far from other suppliers': check size and pack"


class Stake(IntEnum):
    """What a wrong row costs; the dearest first."""

    #: The best price may be wrong.
    PRICE = 0
    #: The price for one kg, l or piece may be wrong, or cannot be compared.
    AMOUNT = 1
    #: The product is called wrong.
    NAME = 2
    #: It stands in the wrong place.
    ORDER = 3


_STAKES = {"price": Stake.PRICE, "size": Stake.AMOUNT, "pack": Stake.AMOUNT, "brand": Stake.NAME}


@dataclass(frozen=True, slots=True)
class WeighedReason:
    """Why, and what it costs."""

    text: str
    stake: Stake


def doubts_about(row: ProductRow, *, size_expected: bool, far_apart: bool, suspicion: str = "") -> tuple[WeighedReason, ...]:
    """Return the reasons to look at `row`; a row that a person corrected has none.

    Args:
        row: the row.
        size_expected: whether most products of its category have a size.
        far_apart: whether other suppliers' base prices are far from its own.
        suspicion: why its price may be wrong, "" for no reason.
    """
    if row.method is Method.MANUAL:
        return ()
    reasons = []
    if suspicion:
        reasons.append(WeighedReason(suspicion, Stake.PRICE))
    if row.doubt:
        reasons.append(WeighedReason(row.doubt, Stake.PRICE))
    elif unsure := _unsure_fields(row.field_confidence):
        reasons.append(WeighedReason(f"{Doubt.UNSURE} {', '.join(unsure)}", min(_STAKES[field] for field in unsure)))
    if row.category.casefold() in _NO_CATEGORY:
        reasons.append(WeighedReason(Doubt.NO_CATEGORY, Stake.ORDER))
    if not row.currency:
        reasons.append(WeighedReason(Doubt.NO_CURRENCY, Stake.PRICE))
    if size_expected and row.size is None and row.price_unit not in loose_units():
        reasons.append(WeighedReason(Doubt.NO_SIZE, Stake.AMOUNT))
    if far_apart and not suspicion:
        reasons.append(WeighedReason(Doubt.FAR_APART, Stake.PRICE))
    return tuple(reasons)


@lru_cache(maxsize=4096)
def _unsure_fields(field_confidence: str) -> tuple[str, ...]:
    """Return the fields below `REVIEW_BELOW`, as people call them; rows of earlier versions say nothing of their fields."""
    sure = json.loads(field_confidence or "{}")
    return tuple(_SHOWN_FIELDS[field] for field, least in REVIEW_BELOW.items() if sure.get(field, 1.0) < least)


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A row in doubt, with the reasons."""

    why: tuple[str, ...]
    row: ProductRow
    product_id: str
    stake: Stake = Stake.ORDER
    #: Whether other suppliers offer the product, so that a wrong price misleads.
    has_rivals: bool = False


def review_entries(snapshot: Snapshot) -> list[ReviewEntry]:
    """Return the rows in doubt: by what is at stake, where others offer the product first, then those of the lowest confidence."""
    return sorted(_doubtful(snapshot), key=_order)


def _order(entry: ReviewEntry) -> tuple[object, ...]:
    row = entry.row
    return entry.stake, not entry.has_rivals, row.confidence, row.supplier, row.source_file, row.source_row, row.original_name


def _doubtful(snapshot: Snapshot) -> Iterator[ReviewEntry]:
    sized = _sized_categories(snapshot.products)
    far = _far_apart(snapshot.offers)
    offered = Counter((offer.product_id, offer.currency) for offer in snapshot.offers)
    for offer in snapshot.offers:
        far_apart = (offer.product_id, offer.supplier, offer.currency) in far
        for row in (offer.row, *offer.others):
            reasons = doubts_about(row, size_expected=row.category in sized, far_apart=far_apart, suspicion=offer.suspicion)
            if reasons:
                has_rivals = offered[offer.product_id, offer.currency] > 1
                why = tuple(reason.text for reason in reasons)
                yield ReviewEntry(why, row, offer.product_id, min(reason.stake for reason in reasons), has_rivals)


def _sized_categories(products: Sequence[Product]) -> set[str]:
    """Return the categories in which a product without a size is odd."""
    total = Counter(product.category for product in products)
    sized = Counter(product.category for product in products if product.size is not None)
    return {category for category, count in total.items() if count >= MIN_CATEGORY_PRODUCTS and sized[category] >= USUAL_SIZE_SHARE * count}


def _far_apart(offers: Sequence[Offer]) -> set[tuple[str, str, str]]:
    """Return the offers of products whose base prices differ by `FAR_APART_RATIO`, as (product id, supplier, currency).

    A price that is suspected already does not make those beside it doubtful.
    """
    groups: dict[tuple[str, str, str], list[tuple[Decimal, Offer]]] = defaultdict(list)
    for offer in offers:
        if offer.base_price and not offer.suspicion:
            groups[offer.product_id, offer.currency, offer.base_unit].append((offer.base_price, offer))
    return {
        (offer.product_id, offer.supplier, offer.currency)
        for group in groups.values()
        if max(price for price, _ in group) >= FAR_APART_RATIO * min(price for price, _ in group)
        for _, offer in group
    }
