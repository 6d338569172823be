"""Review: the rows of the catalogue that need a person, with the reasons."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.pipeline.units import loose_units
from monito_ray.records import Method, ProductRow
from monito_ray.sheet_model import Cell, Column, ColumnKind, PlannedSheet

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
_COLUMNS = (
    Column("Why", width=52),
    Column("Original Name", width=42),
    Column("Product", width=34),
    Column("Brand", width=16),
    Column("Size", ColumnKind.NUMBER, 8),
    Column("Unit", width=7),
    Column("Pack", ColumnKind.NUMBER, 7),
    Column("Category", width=22),
    Column("Price", ColumnKind.MONEY, 13),
    Column("Currency", width=10),
    Column("Supplier", width=24),
    Column("Confidence", ColumnKind.SHARE, 12),
    Column("Source File", width=28),
    Column("Source Sheet", width=18),
    Column("Source Row", ColumnKind.NUMBER, 12),
    Column("Product ID", hidden=True),
)


class Doubt(StrEnum):
    """A reason to look at a row; the value is shown to people."""

    UNSURE = "not sure of"
    NO_CATEGORY = "no category found"
    NO_CURRENCY = "no currency: send the list again with --currency"
    NO_SIZE = "no size, though most of its category have one"
    FAR_APART = "price far from other suppliers': check size and pack"


def doubts_about(row: ProductRow, *, size_expected: bool, far_apart: bool) -> tuple[str, ...]:
    """Return the reasons to look at `row`; a row that a person corrected has none.

    Args:
        row: the row.
        size_expected: whether most products of its category have a size.
        far_apart: whether other suppliers' base prices are far from its own.
    """
    if row.method is Method.MANUAL:
        return ()
    unsure = _unsure_fields(row.field_confidence)
    reasons = {
        row.doubt: bool(row.doubt),
        f"{Doubt.UNSURE} {', '.join(unsure)}": bool(unsure) and not row.doubt,
        Doubt.NO_CATEGORY: row.category.casefold() in _NO_CATEGORY,
        Doubt.NO_CURRENCY: not row.currency,
        Doubt.NO_SIZE: size_expected and row.size is None and row.price_unit not in loose_units(),
        Doubt.FAR_APART: far_apart,
    }
    return tuple(doubt for doubt, holds in reasons.items() if holds)


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


def review_entries(snapshot: Snapshot) -> list[ReviewEntry]:
    """Return the rows in doubt, those of the lowest confidence first."""
    return sorted(
        _doubtful(snapshot), key=lambda entry: (entry.row.confidence, entry.row.supplier, entry.row.source_file, entry.row.source_row)
    )


def review_sheet(snapshot: Snapshot, title: str) -> PlannedSheet:
    """Plan the sheet of the rows in doubt."""
    return PlannedSheet(title, _COLUMNS, [_cells(entry) for entry in review_entries(snapshot)], 2)


def _doubtful(snapshot: Snapshot) -> Iterator[ReviewEntry]:
    sized = _sized_categories(snapshot.products)
    far = _far_apart(snapshot.offers)
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            why = doubts_about(
                row, size_expected=row.category in sized, far_apart=(offer.product_id, offer.supplier, offer.currency) in far
            )
            if why:
                yield ReviewEntry(why, row, offer.product_id)


def _sized_categories(products: Sequence[Product]) -> set[str]:
    """Return the categories in which a product without a size is odd."""
    total = Counter(product.category for product in products)
    sized = Counter(product.category for product in products if product.size is not None)
    return {category for category, count in total.items() if count >= MIN_CATEGORY_PRODUCTS and sized[category] >= USUAL_SIZE_SHARE * count}


def _far_apart(offers: Sequence[Offer]) -> set[tuple[str, str, str]]:
    """Return the offers of products whose base prices differ by `FAR_APART_RATIO`, as (product id, supplier, currency)."""
    groups: dict[tuple[str, str, str], list[tuple[Decimal, Offer]]] = defaultdict(list)
    for offer in offers:
        if offer.base_price:
            groups[offer.product_id, offer.currency, offer.base_unit].append((offer.base_price, offer))
    return {
        (offer.product_id, offer.supplier, offer.currency)
        for group in groups.values()
        if max(price for price, _ in group) >= FAR_APART_RATIO * min(price for price, _ in group)
        for _, offer in group
    }


def _cells(entry: ReviewEntry) -> tuple[Cell, ...]:
    row = entry.row
    return (
        "; ".join(entry.why),
        row.original_name,
        row.standardized_name,
        row.brand,
        row.size,
        row.unit,
        row.pack_count,
        row.category,
        row.price,
        row.currency,
        row.supplier,
        row.confidence,
        row.source_file,
        row.source_sheet,
        row.source_row,
        entry.product_id,
    )
