"""What one price buys: size of a piece, pieces, the unit of the price, and from these a price that can be compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from monito_ray.pipeline.products.quantities import Quantity, QuantityKind, find_quantities
from monito_ray.pipeline.spellings import canonical_unit, content_units, outer_packages, pieces_of, single_pieces

# Measures that goods are sold by; a price for one g or ml is none that lists mean.
_SOLD_BY = frozenset({"kg", "l", "m", "m2", "m3"})
_BARE_COUNT = re.compile(r"(?:isi\s*)?(\d{1,4})(?:[.,]0+)?", re.IGNORECASE)
_CONTAINER_OF = re.compile(r"(?P<container>[^\W\d_][\w./]*?)\.?\s*[/(:@-]*\s*(?:isi\s*)?(?P<count>\d{1,4})\)?", re.IGNORECASE)
_VIAL = re.compile(r"\b(?:amp|ampo\w+|vial\w*|f\.?a\.?|iny\w*|inj\w*|амп\w*)\b", re.IGNORECASE)
_LOOSE_END = re.compile(
    r"(?<![\d\s,/(])(?:[\s,/(]+|\bper\s+|\bза\s+)(?:1\s*)?(?P<unit>kg|kgs|kilo|кг|liter|ltr|литр|л)\.?\)?\s*$", re.IGNORECASE
)
_PER_END = re.compile(r"\s*(?:/|\bper\s|\bза\s)\s*(?:1\s*)?(?P<unit>[^\W\d_]+)\.?\s*$", re.IGNORECASE)
_EMPTY = re.compile(r"\(\s*[-/,.@xх]*\s*\)|\[\s*\]")
_DASHES = re.compile(r"\s+[-–—](?:\s*[-–—])+\s")
_DANGLING = re.compile(r"(?:^[\s\-–—/,;:|@*+.)]+)|(?:[\s\-–—/,;:|@*+(]+$)|(?:\s[xх@]$)|(?<=\s)[,;|@/](?=\s)|(?:\bisi$)", re.IGNORECASE)

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


@lru_cache(maxsize=65536)
def parse_measure(name: str, size_text: str = "", pack_text: str = "", unit_text: str = "", price_unit: str = "") -> Measure:
    """What the price of a row is for, from its name and the columns that say something about it.

    A size in a column of its own goes before one in the name, that before one in the pack or unit column. Pieces multiply
    unless the price is for one of them. `price_unit` is the canonical unit that a price column's title names, if any.
    """
    in_name = find_quantities(name)
    columns = [find_quantities(size_text), in_name, find_quantities(pack_text), find_quantities(unit_text)]
    price_unit = _price_unit(name, in_name, size_text, unit_text, price_unit)
    sized = _sized(columns, name)
    pieces = _pieces(columns, pack_text, unit_text, price_unit, sized)
    rest = _rest(name, in_name, size_text, price_unit)
    return Measure(sized.size if sized else None, sized.unit if sized else "", pieces, price_unit, rest)


def _sized(columns: Iterable[tuple[Quantity, ...]], name: str) -> Quantity | None:
    found = None
    for amounts in columns:
        sizes = [amount for amount in amounts if amount.kind is QuantityKind.SIZE and amount.size is not None]
        if sizes:
            found = next((amount for amount in sizes if amount.pieces > 1), sizes[0])
            break
        if any(amount.kind is QuantityKind.RANGE for amount in amounts):
            return None
    if found is None and _VIAL.search(name):
        found = next((amount for amount in find_quantities(name) if amount.kind is QuantityKind.DOSE and amount.size is not None), None)
    return found


def _price_unit(name: str, in_name: tuple[Quantity, ...], size_text: str, unit_text: str, price_unit: str) -> str:
    for text in (price_unit, unit_text, "" if any(map(str.isdigit, size_text)) else size_text):
        unit = canonical_unit(text) if text else ""
        if unit and (unit not in content_units() or unit in _SOLD_BY):
            return unit
    container = _CONTAINER_OF.fullmatch(unit_text)
    if container and canonical_unit(container["container"]):
        return canonical_unit(container["container"])
    for amount in (*find_quantities(unit_text), *in_name):
        if amount.container and amount.kind is not QuantityKind.CARTON and (amount.kind is QuantityKind.SIZE or amount.container != "pcs"):
            counts = amount.kind is QuantityKind.COUNT and amount.pieces > 1 and amount.container not in outer_packages()
            if not counts:
                return amount.container
    ending = _LOOSE_END.search(name) or _PER_END.search(name)
    return canonical_unit(ending["unit"]) if ending and not find_quantities(name[ending.start() :]) else ""


def _pieces(columns: list[tuple[Quantity, ...]], pack_text: str, unit_text: str, price_unit: str, sized: Quantity | None) -> int:
    chains = [amount.pieces for amounts in columns for amount in amounts if amount.kind is QuantityKind.SIZE and amount.pieces > 1]
    if chains:
        return 1 if price_unit in single_pieces() else chains[0]
    counted = _counted(columns[1]) or _counted(columns[0])
    if counted:
        return counted
    if price_unit in outer_packages():
        held = _held(columns, pack_text, unit_text, price_unit)
        if held:
            return held
    return pieces_of(price_unit) if sized is None or price_unit == "dozen" else 1


def _counted(amounts: tuple[Quantity, ...]) -> int:
    counts = [amount for amount in amounts if amount.kind is QuantityKind.COUNT and amount.pieces > 1]
    single = [amount.pieces for amount in counts if amount.container == "pcs"]
    return single[0] if single else counts[0].pieces if counts else 0


def _held(columns: list[tuple[Quantity, ...]], pack_text: str, unit_text: str, price_unit: str) -> int:
    """How many pieces the package has that the price is for, as a column of its own or a remark says; 0 where none does."""
    for amounts in columns:
        for amount in amounts:
            if amount.kind is QuantityKind.CARTON and amount.container == price_unit:
                return amount.pieces
    container = _CONTAINER_OF.fullmatch(unit_text)
    if container:
        return int(container["count"])
    if price_unit == "pack":
        return 0
    bare = _BARE_COUNT.fullmatch(pack_text.strip())
    return int(bare[1]) if bare else _counted(columns[2])


def _rest(name: str, in_name: tuple[Quantity, ...], size_text: str, price_unit: str) -> str:
    pieces, place = [], 0
    for amount in in_name:
        if amount.kind in (QuantityKind.DOSE, QuantityKind.RANGE) or (amount.kind is QuantityKind.SIZE and amount.size is None):
            continue
        pieces.append(name[place : amount.start])
        place = amount.end
    rest = " ".join((*pieces, name[place:]))
    if price_unit:
        rest = _without_unit(rest, price_unit)
        if size_text and canonical_unit(size_text):
            rest = _without_unit(rest, price_unit)
    return _tidy(rest) or _tidy(name) or name.strip()


def _without_unit(rest: str, price_unit: str) -> str:
    for ending in (_LOOSE_END, _PER_END):
        found = ending.search(rest)
        if found and canonical_unit(found["unit"]) == price_unit:
            return rest[: found.start()]
    return rest


def _tidy(text: str) -> str:
    text = _DASHES.sub(" - ", _EMPTY.sub(" ", text))
    before = ""
    while before != text:
        before, text = text, _DANGLING.sub(" ", text).strip()
    if text.count("(") < text.count(")"):
        text = text.rstrip(")")
    return " ".join(text.split())


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
