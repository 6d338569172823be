"""What one price buys: size of a piece, pieces, the unit of the price, and from these a price that can be compared."""

from dataclasses import dataclass
from decimal import Decimal

from monito_ray.pipeline.spellings import canonical, content_units, pieces_of, single_pieces

__all__ = ["Measure", "base_price", "canonical", "content_units"]

_STEP = Decimal("0.000001")
_BASE: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "mg": ("kg", Decimal("0.000001")),
    "l": ("l", Decimal(1)),
    "cl": ("l", Decimal("0.01")),
    "ml": ("l", Decimal("0.001")),
    "m": ("m", Decimal(1)),
    "cm": ("m", Decimal("0.01")),
    "mm": ("m", Decimal("0.001")),
    "pcs": ("pcs", Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What name and columns say about quantity; `rest` is the name without that."""

    size: Decimal | None
    unit: str
    pack_count: int
    price_unit: str
    rest: str


def base_price(price: Decimal, size: Decimal | None, unit: str, pack_count: int, price_unit: str) -> tuple[Decimal | None, str]:
    """The price of one `kg`, `l`, `m` or `pcs`, or (None, "") where too little is known.

    A price that is for a measure ("kg") needs no size. With a size, all of `pack_count` pieces share the price.
    Without one, the pieces themselves are what can be compared.
    """
    if price_unit in _BASE and price_unit != "pcs":
        base, factor = _BASE[price_unit]
        return (price / factor).quantize(_STEP), base
    if size is not None and size > 0 and unit in _BASE:
        base, factor = _BASE[unit]
        return (price / (size * factor * max(pack_count, 1))).quantize(_STEP), base
    if size is None and (pack_count > 1 or price_unit in single_pieces() or pieces_of(price_unit) > 1):
        return (price / max(pack_count, pieces_of(price_unit), 1)).quantize(_STEP), "pcs"
    return None, ""
