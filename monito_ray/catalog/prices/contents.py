"""What a price buys: how much of which thing. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from monito_ray.pipeline.units import base_factors
from monito_ray.records import ProductRow

_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")


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


def one_thing(row: ProductRow) -> tuple[str, ...]:
    """Return what is equal for rows of one thing in all its sizes and packs: the words of its brand and name, in any order.

    It is empty for a name without words, of which nothing is equal.
    """
    words = sorted(_folded_words(row.standardized_name))
    return (" ".join(_folded_words(row.brand)), *words) if words else ()


def _folded_words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
