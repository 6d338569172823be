"""Review: the rows of the catalogue that need a person, with the reasons, those that cost money first."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Generic, NamedTuple, Protocol, TypeVar

from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.compared_offer import ComparedOffer, ShownProduct
from monito_ray.pipeline.units import loose_units
from monito_ray.records import PRICE_OF_PICTURE, Method, ProductRow

#: Rows with a field below these are shown. A wrong price, size or pack count makes a wrong best price; a brand that nobody wrote misleads
#: nobody, and is shown only where sources contradict each other. Names and categories are not: too many are as the supplier wrote them.
REVIEW_BELOW = {"price": 0.6, "size": 0.75, "pack_count": 0.75, "brand": 0.5}
_SHOWN_FIELDS = {"price": "price", "size": "size", "pack_count": "pack", "brand": "brand"}
#: In a category of at least this many products, of which at least this share has a size, a product without one is odd.
MIN_CATEGORY_PRODUCTS = 5
USUAL_SIZE_SHARE = 0.7
#: Base prices of one product that differ by this factor point to a wrong size or pack.
FAR_APART_RATIO = 3
NO_CATEGORY_NAMES = frozenset({"", "other", "uncategorized", "unknown"})


#: Product id, supplier, currency.
_OfferPlace = tuple[str, str, str]


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


class WeighedDoubts(NamedTuple):
    """The reasons to look at a row, and what they cost at most."""

    why: tuple[str, ...] = ()
    stake: Stake = Stake.ORDER


class RowInDoubt(Protocol):
    """What of a row says whether it is in doubt, and where it stands in the order: a `ProductRow`, or the part of one that was read."""

    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def doubt(self) -> str: ...  # noqa: D102
    @property
    def field_confidence(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> object: ...  # noqa: D102
    @property
    def price_unit(self) -> str: ...  # noqa: D102
    @property
    def supplier(self) -> str: ...  # noqa: D102
    @property
    def original_name(self) -> str: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102
    @property
    def source_file(self) -> str: ...  # noqa: D102
    @property
    def source_row(self) -> int: ...  # noqa: D102


def doubts_about(row: RowInDoubt, *, size_expected: bool, far_apart: bool, suspicion: str = "") -> WeighedDoubts:
    """Return the reasons to look at `row`; a row that a person corrected has those of its price alone, of which a correction says nothing.

    Args:
        row: the row.
        size_expected: whether most products of its category have a size.
        far_apart: whether other suppliers' base prices are far from its own.
        suspicion: why its price may be wrong, "" for no reason.
    """
    if row.method == Method.MANUAL:
        doubt = row.doubt if row.doubt.startswith(PRICE_OF_PICTURE) else ""
        return _weighed(doubt, "", suspicion, lacks_category=False, lacks_currency=False, lacks_size=False, is_far=False)
    lacks_size = size_expected and row.size is None and row.price_unit not in loose_units()
    lacks_category = row.category.casefold() in NO_CATEGORY_NAMES
    return _weighed(row.doubt, row.field_confidence, suspicion, lacks_category, not row.currency, lacks_size, far_apart)


# Many rows have the same reasons.
@lru_cache(maxsize=4096)
def _weighed(
    doubt: str,
    field_confidence: str,
    suspicion: str,
    lacks_category: bool,
    lacks_currency: bool,
    lacks_size: bool,
    is_far: bool,
) -> WeighedDoubts:
    unsure = () if doubt else unsure_fields(field_confidence)
    reasons = {
        suspicion: Stake.PRICE if suspicion else None,
        doubt: Stake.PRICE if doubt else None,
        f"{Doubt.UNSURE} {', '.join(unsure)}": min((_STAKES[field] for field in unsure), default=None),
        Doubt.NO_CATEGORY: Stake.ORDER if lacks_category else None,
        Doubt.NO_CURRENCY: Stake.PRICE if lacks_currency else None,
        Doubt.NO_SIZE: Stake.AMOUNT if lacks_size else None,
        Doubt.FAR_APART: Stake.PRICE if is_far and not suspicion else None,
    }
    stakes = {text: stake for text, stake in reasons.items() if stake is not None}
    return WeighedDoubts(tuple(map(str, stakes)), min(stakes.values(), default=Stake.ORDER))


@lru_cache(maxsize=4096)
def unsure_fields(field_confidence: str) -> tuple[str, ...]:
    """Return the fields below `REVIEW_BELOW`, as people call them; rows of earlier versions say nothing of their fields."""
    sure = json.loads(field_confidence or "{}")
    return tuple(_SHOWN_FIELDS[field] for field, least in REVIEW_BELOW.items() if sure.get(field, 1.0) < least)


AnyRow = TypeVar("AnyRow", bound=RowInDoubt)


@dataclass(frozen=True)  # a generic class with slots cannot be called by an alias
class DoubtEntry(Generic[AnyRow]):
    """A row in doubt, with the reasons."""

    why: tuple[str, ...]
    row: AnyRow
    product_id: str
    stake: Stake = Stake.ORDER
    #: Whether other suppliers offer the product, so that a wrong price misleads.
    has_rivals: bool = False


ReviewEntry = DoubtEntry[ProductRow]


def review_entries(snapshot: Snapshot) -> list[ReviewEntry]:
    """Return the rows in doubt: by what is at stake, where others offer the product first, then those of the lowest confidence.

    A row that others repeat is in it once.
    """
    lines = [(offer.row, offer.product_id, offer.suspicion) for offer in snapshot.offers]
    return entries_in_doubt(lines, sized_categories(snapshot.products), far_apart(snapshot.offers), rivals(snapshot.offers))


def entries_in_doubt(
    lines: Iterable[tuple[AnyRow, str, str]],
    sized: Collection[str],
    far: Collection[_OfferPlace],
    contested: Collection[tuple[str, str]],
) -> list[DoubtEntry[AnyRow]]:
    """Return those of `lines`, rows with product id and suspicion, that are in doubt, in order."""
    entries: list[DoubtEntry[AnyRow]] = []
    for row, product_id, suspicion in lines:
        is_far = (product_id, row.supplier, row.currency) in far
        why, stake = doubts_about(row, size_expected=row.category in sized, far_apart=is_far, suspicion=suspicion)
        if why:
            entries.append(DoubtEntry(why, row, product_id, stake, (product_id, row.currency) in contested))
    return sorted(entries, key=_order)


def _order(entry: DoubtEntry[AnyRow]) -> tuple[object, ...]:
    row = entry.row
    return entry.stake, not entry.has_rivals, row.confidence, row.supplier, row.source_file, row.source_row, row.original_name


def sized_categories(products: Sequence[ShownProduct]) -> set[str]:
    """Return the categories in which a product without a size is odd."""
    total = Counter(product.category for product in products)
    sized = Counter(product.category for product in products if product.size is not None)
    return {category for category, count in total.items() if is_usually_sized(count, sized[category])}


def is_usually_sized(products: int, with_size: int) -> bool:
    """Return whether in a category of so many products one without a size is odd."""
    return products >= MIN_CATEGORY_PRODUCTS and with_size >= USUAL_SIZE_SHARE * products


def far_apart(offers: Iterable[ComparedOffer]) -> set[_OfferPlace]:
    """Return the offers of products whose base prices differ by `FAR_APART_RATIO`, as (product id, supplier, currency).

    A price that is suspected already does not make those beside it doubtful.
    """
    groups: dict[tuple[str, str, str], list[tuple[Decimal, ComparedOffer]]] = defaultdict(list)
    for offer in offers:
        if offer.base_price and not offer.suspicion:
            groups[offer.product_id, offer.currency, offer.base_unit].append((offer.base_price, offer))
    return {
        (offer.product_id, offer.supplier, offer.currency)
        for group in groups.values()
        if max(price for price, _ in group) >= FAR_APART_RATIO * min(price for price, _ in group)
        for _, offer in group
    }


def rivals(offers: Iterable[ComparedOffer]) -> set[tuple[str, str]]:
    """Return the products that several suppliers offer in one currency, as (product id, currency)."""
    return {place for place, count in Counter((offer.product_id, offer.currency) for offer in offers).items() if count > 1}
