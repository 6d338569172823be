"""What a price buys: how much of it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from monito_ray.pipeline.units import base_factors
from monito_ray.records import ProductRow


@dataclass(frozen=True, slots=True)
class Content:
    """All that a price buys, in a base unit: 24 × 330 ml are 7.92 l."""

    amount: Decimal
    unit: str


def content(row: ProductRow) -> Content | None:
    """Return what a row's price buys by its size and pack; None where they do not say."""
    if row.size is None:
        return Content(Decimal(row.pack_count), "pcs") if row.pack_count > 1 else None
    base_unit, factor = base_factors().get(row.unit, ("", Decimal(0)))
    amount = row.size * factor * row.pack_count
    return Content(amount, base_unit) if amount > 0 else None
