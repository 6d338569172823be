"""What one price buys: size of a piece, number of pieces, the unit of the price, and from these a price that can be compared.

`parse_measure` weighs the quantities of the name against those of the columns. In running order: the unit that the price is for, the size, the
number of pieces, and the name without what was taken from it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring import goods_kinds
from monito_ray.pipeline.products.measuring.name_rest import loose_end, name_without, per_end
from monito_ray.pipeline.products.measuring.pack_columns import PackCell, holds_priced_pieces, pieces_in_size, read_pack
from monito_ray.pipeline.products.measuring.quantities import Quantity, QuantityKind, find_quantities
from monito_ray.pipeline.products.measuring.quantity_patterns import IMPERIAL_UNITS
from monito_ray.pipeline.spellings import canonical_unit, is_letter_of_size
from monito_ray.pipeline.units import base_factors, content_units, outer_packages, pieces_of, single_pieces, usually_loose_units

#: The stroke between pieces and their content in a pack column: "4/5 lb" is no fraction there.
_PIECES_AND_SIZE = re.compile(r"^\s*(\d{1,4})\s*/\s*((?:\d++(?:\.\d++)?|\.\d++)\s*[^\W\d])")

_DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d+(?![\d.,])")

_NO_PACK = PackCell(0, 0, "")

#: Units of a price that may be for all that a column of packs counts.
_PACKAGES = ("box", "carton", "crate", "pack")

#: What is sold for one price and counted in a name weighs at most this, in kg or l.
_HEAVIEST = 50

#: Base prices are exact to this step.
_STEP = Decimal("0.000001")
#: A larger base price is one of a size that was misread.
_MOST_BASE_PRICE = Decimal(10) ** 18


class CountForm(StrEnum):
    """How a name says a number of pieces; what some forms mean the whole list tells (`list_habits`)."""

    PLAIN = "plain"
    #: "8pcs masala 496gm": the size may be that of all pieces together.
    BEFORE_SIZE = "before_size"
    #: "0.5 kg (12 pcs)": what a carton may hold, beside the price of one piece.
    IN_BRACKETS = "in_brackets"
    #: "0.5 kg (12 pcs/ctn)": what a carton does hold.
    OF_CARTON = "of_carton"
    #: A pack column says what the price is for: "Caja 24", "10x10", "500 gr".
    OF_PACK_COLUMN = "of_pack_column"
    #: The price for each piece in a pack column is just below another price of the row: "24 | 28.80 | 1.49".
    OF_CASE_PRICE = "of_case_price"


@dataclass(frozen=True, slots=True)
class Measure:
    """What name and columns say about quantity."""

    #: Content of one piece, None where nothing says it or the goods are sold loose.
    size: Decimal | None
    #: The canonical unit of `size`, "" without one.
    unit: str
    #: How many pieces the price is for.
    pack_count: int
    #: The canonical unit that the price is for, "" where nothing says it.
    price_unit: str
    #: The name without size, pieces and unit.
    rest: str
    #: How the name says the number of pieces, where that may mean two things.
    count_form: CountForm = CountForm.PLAIN
    #: Pieces in a pack column that `pack_count` leaves out, as they may be those of a carton: "24", "24 pcs"; 0 for none.
    unsure_pieces: int = 0


class _CellTexts(NamedTuple):
    """The texts of a row's columns of sizes, packs and units."""

    size: str
    pack: str
    unit: str


class _Columns(NamedTuple):
    """The quantities in each text of a row; most rows have none but in their name."""

    size: tuple[Quantity, ...]
    name: tuple[Quantity, ...]
    pack: tuple[Quantity, ...]
    unit: tuple[Quantity, ...]


@derived(maxsize=65536)
def parse_measure(name: str, size_text: str = "", pack_text: str = "", unit_text: str = "", price_unit: str = "") -> Measure:
    """Return what the price of a row is for, from its name and the columns that say something about it.

    A size in a column of its own goes before one in the name, that before one in the pack or unit column. Pieces multiply
    unless the price is for one of them. `price_unit` is the canonical unit that a price column's title names, if any.
    """
    if not pack_text:
        return _measure(name, _CellTexts(size_text, "", unit_text), price_unit, _NO_PACK)[0]
    cell = read_pack(pack_text, name)
    texts = _CellTexts(size_text, _PIECES_AND_SIZE.sub(r"\1x\2", pack_text), unit_text)
    measure, is_of_pack = _measure(name, texts, price_unit, cell)
    if measure.count_form is not CountForm.PLAIN or (measure.price_unit and measure.price_unit not in _PACKAGES):
        return measure
    if is_of_pack or (cell.pieces > 1 and cell.pieces == measure.pack_count):
        return replace(measure, count_form=CountForm.OF_PACK_COLUMN)
    return replace(measure, unsure_pieces=cell.unsure_pieces) if measure.pack_count == 1 else measure


def _measure(name: str, texts: _CellTexts, price_unit: str, cell: PackCell) -> tuple[Measure, bool]:
    """Return the measure of a row, and whether its size is that of the pack column."""
    columns = _Columns((), find_quantities(name), (), _in_column(texts.unit))
    price_unit = _find_price_unit(name, columns, texts.size, texts.unit, price_unit) or cell.price_unit
    if holds_priced_pieces(texts.size, price_unit):
        texts = texts._replace(size="")
    if holds_priced_pieces(texts.pack, price_unit):
        texts, cell = texts._replace(pack=""), _NO_PACK
    columns = columns._replace(size=_in_column(texts.size), pack=_in_column(texts.pack))
    size = _choose_size(columns, name, price_unit)
    pieces = _count_pieces(columns, size, name, texts, price_unit) or _pieces_of_columns(texts.size, cell, size, price_unit)
    if _is_of_all(size, pieces, columns):
        pieces = 1
    is_of_name = size is not None and size in columns.name
    if is_of_name and goods_kinds.contain_nothing(name):
        rest = name_without(columns.name, name, texts.size, price_unit, keep=QuantityKind.SIZE)
        return Measure(None, "", pieces, price_unit, rest), False
    rest = name_without(columns.name, name, texts.size, price_unit)
    if size is not None and is_of_name and pieces == 1 and _is_delivered_weight(size, texts.unit, price_unit):
        return Measure(None, "", 1, price_unit, rest), False
    if size is None or size.size is None:
        length = goods_kinds.length(name) if price_unit not in content_units() else None
        return Measure(length, "m" if length else "", pieces, price_unit, rest, _count_form(columns.name, None, name)), False
    form = _count_form(columns.name, size, name)
    if form is CountForm.BEFORE_SIZE and (of_one := _size_of_one(name, size.size, pieces)):
        return Measure(of_one, size.unit, pieces, price_unit, rest), False
    return Measure(size.size, size.unit, pieces, price_unit, rest, form), not is_of_name and size in columns.pack


def _is_of_all(size: Quantity | None, pieces: int, columns: _Columns) -> bool:
    """Return whether the size in a column is that of all the pieces that the name counts: nobody lifts 88 apples of 40 lb."""
    if size is None or size.size is None or size.pieces > 1 or size in columns.name or not _several(columns.name, QuantityKind.COUNT):
        return False
    base, factor = base_factors().get(size.unit, ("", Decimal(0)))
    return base in ("kg", "l") and size.size * factor * pieces > _HEAVIEST


def _count_form(in_name: tuple[Quantity, ...], size: Quantity | None, name: str) -> CountForm:
    """Return how the name says the number of pieces beside the size that was chosen."""
    for quantity in in_name:
        if quantity.kind is QuantityKind.CARTON:
            return CountForm.OF_CARTON
        if quantity.kind is QuantityKind.COUNT and quantity.pieces > 1:
            if size in in_name and size is not None and size.pieces == 1 and quantity.end <= size.start and quantity.container == "pcs":
                return CountForm.BEFORE_SIZE
            if _is_in_brackets(quantity, name):
                return CountForm.IN_BRACKETS
    return CountForm.PLAIN


def _size_of_one(name: str, size: Decimal, pieces: int) -> Decimal | None:
    """Return the size of one piece that a name gives beside that of all: the 0.075 of "(2 pcs at 0.075) 0.150 kg"; None without one."""
    numbers = (Decimal(number.replace(",", ".")) for number in _DECIMAL.findall(name))
    return next((number for number in numbers if pieces > 1 and number * pieces == size), None)


@derived(maxsize=4096)
def _in_column(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in a column, which others of the column may repeat."""
    return find_quantities(text)


def _find_price_unit(name: str, columns: _Columns, size_text: str, unit_text: str, price_unit: str) -> str:
    """Return the unit that the price is for: by the price's title, the unit column, a quantity's package, or the end of the name."""
    is_no_unit = any(map(str.isdigit, size_text)) or is_letter_of_size(size_text)
    for text in (price_unit, unit_text, "" if is_no_unit else size_text):
        unit = canonical_unit(text) if text else ""
        if unit and (unit not in content_units() or unit in usually_loose_units()):
            return unit
    container = _container_of().fullmatch(unit_text)
    if container and canonical_unit(container["container"]):
        return canonical_unit(container["container"])
    for quantity in (*columns.unit, *columns.name):
        if _names_price_unit(quantity):
            return quantity.container
    ending = loose_end().search(name) or per_end().search(name)
    return canonical_unit(ending["unit"]) if ending and not find_quantities(name[ending.start() :]) else ""


def _names_price_unit(quantity: Quantity) -> bool:
    """Whether the package of a quantity is what the price is for: "1 tray" and "1 l/btl", but not "12 pcs" or what a carton holds."""
    if quantity.kind is QuantityKind.SIZE:
        return bool(quantity.container)
    if quantity.kind is not QuantityKind.COUNT or quantity.container in ("", "pcs"):
        return False
    return quantity.pieces == 1 or quantity.container in outer_packages()


def _choose_size(columns: _Columns, name: str, price_unit: str) -> Quantity | None:
    """Return the size of the first text that has one; in a text metric ones go first, then those of several pieces. A range before it says: sold loose."""
    chained = tuple(quantity for quantity in columns.pack if quantity.kind is QuantityKind.SIZE and quantity.pieces > 1)
    for quantities in filter(None, (columns.size, chained, columns.name, columns.pack, columns.unit)):
        sizes = [size for size in _of_kind(quantities, QuantityKind.SIZE) if not _is_of_carton(size, price_unit)]
        if sizes:
            sizes = [size for size in sizes if size.unit not in IMPERIAL_UNITS] or sizes
            return next((size for size in sizes if size.pieces > 1), sizes[0])
        if _of_kind(quantities, QuantityKind.RANGE):
            return None
    # The content of an ampoule is the volume of its dose: "1 mg/1 ml".
    doses = _of_kind(columns.name, QuantityKind.DOSE) if _vial().search(name) else []
    dose = next((dose for dose in doses if dose.size is not None), None)
    return dose or _pieces_of_each(columns.name)


def _is_of_carton(size: Quantity, price_unit: str) -> bool:
    """Whether a size is what a carton holds of goods that are priced by weight or volume: "10 kg/ctn" beside a price for one kg."""
    return size.container in outer_packages() and price_unit in content_units()


def _is_delivered_weight(size: Quantity, unit_text: str, price_unit: str) -> bool:
    """Whether a weight in a name is what goods come in that are sold loose: the 15 kg of "fillet, box 15 kg" beside a price for one kg."""
    if (
        size.size is None
        or canonical_unit(unit_text) != price_unit
        or price_unit not in usually_loose_units()
        or any(map(str.isdigit, unit_text))
    ):
        return False
    base, factor = base_factors().get(size.unit, ("", Decimal(1)))
    price_base, price_factor = base_factors().get(price_unit, ("", Decimal(1)))
    return base == price_base == "kg" and size.size * factor >= price_factor


def _pieces_of_each(quantities: tuple[Quantity, ...]) -> Quantity | None:
    """Return the pieces of each package as its content: the 20 of "20 count (pack of 6)" and of "20 tea bags, 2 pack"."""
    packs = _packs(quantities)
    pieces = _several(quantities, QuantityKind.COUNT)
    if not packs or not pieces or pieces[0] in packs:
        return None
    return replace(pieces[0], size=Decimal(pieces[0].pieces), unit="pcs")


def _packs(quantities: tuple[Quantity, ...]) -> list[Quantity]:
    """Return the counts of packs: "pack of 6", "2 pack"."""
    counts = _several(quantities, QuantityKind.COUNT)
    return _several(quantities, QuantityKind.PACK) or [count for count in counts if count.container == "pack"]


def _several(quantities: Iterable[Quantity], kind: QuantityKind) -> list[Quantity]:
    return [quantity for quantity in quantities if quantity.kind is kind and quantity.pieces > 1]


def _of_kind(quantities: Iterable[Quantity], kind: QuantityKind) -> list[Quantity]:
    return [quantity for quantity in quantities if quantity.kind is kind]


def _count_pieces(columns: _Columns, size: Quantity | None, name: str, texts: _CellTexts, price_unit: str) -> int:
    """Return how many pieces the price is for: "24x330ml" in any text, a count in name or size, what its package holds; 0 where none says it."""
    if size is not None and size.unit == "pcs":
        return _packs(columns.name)[0].pieces
    chains = [chain.pieces for quantities in filter(None, columns) for chain in _several(quantities, QuantityKind.SIZE)]
    if chains:
        return 1 if price_unit in single_pieces() else size.pieces if size and size.pieces > 1 else chains[0]
    count = _count_in_name(columns, size, price_unit, name) or _first_count(columns.size) or _pieces_of_price(columns.unit)
    if not count and price_unit in outer_packages():
        count = _held_by_package(columns, texts.pack, texts.unit, price_unit)
    if count:
        return count
    return 0


def _pieces_of_columns(size_text: str, cell: PackCell, size: Quantity | None, price_unit: str) -> int:
    """Return how many pieces the price is for as the columns say whose texts count them, or as the unit of the price does."""
    if not price_unit or price_unit in _PACKAGES:
        pieces = cell.pieces or (pieces_in_size(size_text) if size_text else 0)
        if pieces:
            return pieces
    return pieces_of(price_unit) if size is None or price_unit == "dozen" else 1


def _count_in_name(columns: _Columns, size: Quantity | None, price_unit: str, name: str) -> int:
    """Return the count in the name; 0 where the price is for one piece and its size stands in a column, or the count in brackets."""
    if price_unit not in single_pieces():
        return _first_count(columns.name)
    if size is not None and size not in columns.name:
        return 0
    return _first_count(tuple(quantity for quantity in columns.name if not _is_in_brackets(quantity, name)))


def _is_in_brackets(quantity: Quantity, name: str) -> bool:
    return name[quantity.start - 1 : quantity.start] == "(" and name[quantity.end : quantity.end + 1] == ")"


def _pieces_of_price(in_unit: tuple[Quantity, ...]) -> int:
    """Return the pieces that a price is for as its unit says: "10 pcs"; 0 where it says none."""
    return in_unit[0].pieces if len(in_unit) == 1 and in_unit[0].kind is QuantityKind.COUNT and in_unit[0].container == "pcs" else 0


def _first_count(quantities: tuple[Quantity, ...]) -> int:
    """Return the first count of several pieces, those that are called pieces before those in packages; 0 without one."""
    if not quantities:
        return 0
    counts = _several(quantities, QuantityKind.PACK) or _several(quantities, QuantityKind.COUNT)
    of_pieces = [quantity for quantity in counts if quantity.container == "pcs"]
    return next((quantity.pieces for quantity in (*of_pieces, *counts)), 0)


def _held_by_package(columns: _Columns, pack_text: str, unit_text: str, price_unit: str) -> int:
    """Return how many pieces the package holds that the price is for, as a column or a remark says; 0 where none does."""
    for quantities in columns:
        for carton in _of_kind(quantities, QuantityKind.CARTON):
            if carton.container == price_unit:
                return carton.pieces
    container = _container_of().fullmatch(unit_text)
    if container:
        return int(container["count"])
    if price_unit == "pack":
        return 0
    bare = _bare_count().fullmatch(pack_text.strip())
    return int(bare[1]) if bare else _first_count(columns.pack)


def base_price(price: Decimal, size: Decimal | None, unit: str, pack_count: int, price_unit: str) -> tuple[Decimal | None, str]:
    """Return the price of one `kg`, `l`, `m` or `pcs` and which of these, or (None, "") where name and columns say too little.

    A price that is for a measure ("kg") needs no size. With a size, all of `pack_count` pieces share the price.
    Without one, the pieces themselves are what can be compared.
    """
    factors = base_factors()
    if price_unit in factors and price_unit in content_units():
        base, factor = factors[price_unit]
        return _exact(price / factor, base)
    if size is not None and size > 0 and unit in factors:
        base, factor = factors[unit]
        return _exact(price / (size * factor * max(pack_count, 1)), base)
    if size is None and (pack_count > 1 or price_unit in single_pieces() or pieces_of(price_unit) > 1):
        return _exact(price / max(pack_count, pieces_of(price_unit), 1), "pcs")
    return None, ""


def _exact(price: Decimal, unit: str) -> tuple[Decimal | None, str]:
    """Return a base price to its step, and its unit; (None, "") where nothing costs as much."""
    return (price.quantize(_STEP), unit) if abs(price) < _MOST_BASE_PRICE else (None, "")


@derived()
def _bare_count() -> re.Pattern[str]:
    """A column's number of pieces: "40", "isi 40"."""
    return re.compile(rf"(?:{_words('contains')}\s*)?(\d{{1,4}})(?:[.,]0+)?", re.IGNORECASE)


@derived()
def _container_of() -> re.Pattern[str]:
    """A package and what it holds: "dus/40", "box (isi 12)", "tray 30's"."""
    contains = rf"(?:{_words('contains')}\s*)?"
    return re.compile(
        rf"(?P<container>{LETTER}[\w./]{{0,40}}?)\.?\s*[/(:@-]{{0,4}}\s*{contains}(?P<count>\d{{1,4}})(?:['’`´]?s)?\)?", re.IGNORECASE
    )


@derived()
def _vial() -> re.Pattern[str]:
    return re.compile(rf"\b{_words('vials')}\b", re.IGNORECASE)


def _words(key: str) -> str:
    return any_phrase(lexicon.words("quantities", key))
