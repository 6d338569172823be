"""The prices of one kg, l, m or piece by which offers are compared: each blank where the row or the list contradicts it.

A buyer takes the cheapest, so a false base price that is too low wins every comparison: in doubt there is none.
"""

import json
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.prices import rounded
from monito_ray.pipeline.products.measuring.measures import CountForm, base_price, parse_measure
from monito_ray.pipeline.products.measuring.quantities import QuantityKind, find_quantities
from monito_ray.pipeline.spellings import content_spellings
from monito_ray.pipeline.units import base_factors, content_units, outer_packages
from monito_ray.records import RawRow, Standard

#: Prices of the same goods for one unit differ by more than this where one of them was misread; small packs cost up to three times as much.
MOST_APART = 3
#: The price of a piece is rounded by at most this share of it.
_ROUNDING = Decimal("0.01")
#: More pieces of food than this are grams or millilitres, where nothing but "x" stands before them: "Fideos x 500".
_MOST_BARE_PIECES = 150
#: Of two offers each is measured by the other, of more by the middle one.
_PAIR = 2
#: Single pieces of a kind in a list, before they tell that the price of a pack is for one piece.
_FEWEST_SINGLES = 5
#: Of heavier pieces, in kg or l, a carton holds one: few weigh more than 20 kg.
_HEAVIEST_IN_CARTON = 10
#: Ounces of what people drink are those of volume.
DRUNK = frozenset({"beverages", "beer & cider", "wine", "spirits & liqueurs", "alcohol"})
#: Ounces of these are those of mass; of shampoo or paper cups nobody can tell.
WEIGHED = frozenset(
    {
        "vegetables", "fruit", "herbs & spices", "meat & poultry", "fish & seafood", "dairy & eggs", "bakery", "desserts & ice cream",
        "rice & grains", "pasta & noodles", "flour & baking", "sugar & sweeteners", "sauces & condiments", "canned & preserved",
        "nuts & dried fruit", "snacks", "biscuits & confectionery", "coffee & tea", "frozen & ready meals", "prepared dishes", "tobacco",
    }
)  # fmt: skip


class BasePrice(NamedTuple):
    """The price for one `unit`: kg, l, m, pcs; None and "" where row and list say too little or contradict it."""

    price: Decimal | None
    unit: str
    #: What contradicts it, in words; "" for nothing.
    doubt: str = ""


_BARE_TIMES = re.compile(rf"(?<!\w)[{TIMES}]\s?(?P<count>\d{{3,4}})\s*$", re.IGNORECASE)
_ONE_OF_SIZE = re.compile(rf"(?<![\d.,])1\s*[{TIMES}]\s*\d", re.IGNORECASE)
_BLANK = BasePrice(None, "")


def base_prices(rows: Sequence[RawRow], standards: Sequence[Standard]) -> list[BasePrice]:
    """Return the base price of each offer of a list; `standards` are those of `rows`, which all have prices."""
    prices = [_base_price(row, standard) for row, standard in zip(rows, standards, strict=True)]
    for same in _same_goods(rows, standards, prices):
        _blank_those_apart(prices, same)
    for kind in _same_kind(rows, standards, prices):
        _blank_cheap_packs(prices, standards, kind)
    return prices


def _base_price(row: RawRow, standard: Standard) -> BasePrice:
    unit = _unit_meant(standard)
    if row.price is None or (unit is None and standard.price_unit not in content_units()):
        return _BLANK
    if _may_be_for_one(row, standard) or _is_of_uncounted_package(row, standard):
        return _BLANK
    if _may_be_grams(row, standard):
        return BasePrice(None, "", f"{standard.pack_count} may be pieces, grams or millilitres: no base price")
    if (doubt := _mismatch(standard)) and not _is_confirmed(row, standard):
        return BasePrice(None, "", doubt)
    per_unit = BasePrice(*base_price(row.price, standard.size, unit or "", standard.pack_count, standard.price_unit))
    doubt = _contradicting_tier(row.price_tiers, per_unit) if row.price_tiers and per_unit.price is not None else ""
    return BasePrice(None, "", doubt) if doubt else per_unit


def _unit_meant(standard: Standard) -> str | None:
    """Return the unit of the size; None for ounces of goods of which these may be mass or volume, for lengths, by which the price may be meant, and for pieces of several packs, which may be those of all."""
    if standard.unit in ("m", "cm", "mm") or (standard.unit == "pcs" and standard.pack_count > 1):
        return None
    if standard.unit != "oz":
        return standard.unit
    if standard.category in DRUNK:
        return "fl_oz"
    return "oz" if standard.category in WEIGHED else None


def _may_be_for_one(row: RawRow, standard: Standard) -> bool:
    """Whether only what a carton holds is said ("1 l 12 pcs/ctn"), and not whether the price is for it or for one piece."""
    if not standard.price_unit:
        return _names_carton(row.size_text or row.pack_text)
    may_be_of_carton = standard.pack_count > 1 and standard.price_unit in outer_packages() and not row.unit_text
    return may_be_of_carton and parse_measure(row.original_name).count_form is CountForm.OF_CARTON


def _is_of_uncounted_package(row: RawRow, standard: Standard) -> bool:
    """Whether the price's title says that it is for a carton, and the pack column not how many pieces that holds, or another number than the name."""
    if standard.price_unit not in ("box", "carton", "crate") or not _is_unit_of_title(row):
        return False
    stated = row.pack_text.strip()
    if stated.isdecimal():
        return int(stated) != standard.pack_count
    return standard.pack_count == 1 and not any(map(str.isdigit, stated)) and not _fills_package(row, standard)


def _fills_package(row: RawRow, standard: Standard) -> bool:
    """Whether a size is all that a carton holds: "1 x 5 l", or too heavy for two of them."""
    if any(map(_ONE_OF_SIZE.search, (row.size_text, row.original_name))):
        return True
    base, factor = base_factors().get(standard.unit, ("", Decimal(0)))
    return base in ("kg", "l") and (standard.size or 0) * factor > _HEAVIEST_IN_CARTON


def _is_unit_of_title(row: RawRow) -> bool:
    """Whether the row's unit is that of the price's title: no cell of the row has it."""
    return bool(row.unit_text and row.cells) and row.unit_text.casefold() not in row.cells.casefold()


def _may_be_grams(row: RawRow, standard: Standard) -> bool:
    """Whether the pieces of food are a bare number behind "x" at the end of the name, and too many."""
    if standard.size is not None or standard.pack_count <= _MOST_BARE_PIECES or standard.category not in WEIGHED | DRUNK:
        return False
    match = _BARE_TIMES.search(row.original_name)
    return match is not None and int(match["count"]) == standard.pack_count


@derived(maxsize=4096)
def _names_carton(text: str) -> bool:
    """Whether the text of a size or pack column says what a carton holds: "1000 pcs/ctn"."""
    return any(quantity.kind is QuantityKind.CARTON for quantity in find_quantities(text))


def _mismatch(standard: Standard) -> str:
    """Return how a size contradicts a price for a measure: 18 l for one kg, 500 g for one kg; "" where it does not.

    More than one kg of a price for one kg is what the goods come in: "carton 15 kg".
    """
    size, unit, price_unit = standard.size, standard.unit, standard.price_unit
    if size is None or price_unit not in content_units() or unit == price_unit == "pcs":
        return ""
    base, factor = base_factors().get(unit, ("", Decimal(1)))
    price_base, price_factor = base_factors().get(price_unit, ("", Decimal(1)))
    if base == price_base and size * factor >= price_factor and standard.pack_count == 1:
        return ""
    return f"the price is for one {price_unit}, but the size is {size.normalize():f} {unit}: no base price"


def _is_confirmed(row: RawRow, standard: Standard) -> bool:
    """Return whether another price of the row agrees with one for a measure: 1.90 for 250 g beside 7.60 a kg, 11.11 "per lb" beside 24.50 a kg."""
    base, factor = base_factors().get(standard.unit, ("", Decimal(1)))
    price_base, price_factor = base_factors().get(standard.price_unit, ("", Decimal(1)))
    if not row.price or not row.price_tiers or not standard.size:
        return False
    piece = row.price * standard.size * factor / price_factor
    for title, amount in json.loads(row.price_tiers).items():
        other_base, other_factor = base_factors().get(_unit_of_title(title), ("", Decimal(1)))
        if other_base:
            expected = [row.price * other_factor / price_factor] if other_base == price_base and other_factor != price_factor else []
        else:
            expected = [piece, piece * standard.pack_count] if base == price_base else []
        if any(abs(Decimal(str(amount)) - whole) <= _ROUNDING * whole for whole in expected):
            return True
    return False


def _contradicting_tier(tiers: str, per_unit: BasePrice) -> str:
    """Return which other price of the row, for a unit that its title names, is far from the base price; "" where none is."""
    for title, amount in json.loads(tiers).items():
        unit = _unit_of_title(title)
        base, factor = base_factors().get(unit, ("", Decimal(1)))
        if base == per_unit.unit and per_unit.price and amount > 0 and _are_apart(per_unit.price, Decimal(str(amount)) / factor):
            return f"{title} {amount} contradicts a price of {_shown(per_unit.price)} for one {per_unit.unit}: no base price"
    return ""


def _same_goods(rows: Sequence[RawRow], standards: Sequence[Standard], prices: Sequence[BasePrice]) -> Iterable[list[int]]:
    """Return the indexes of offers that are the same goods in several sizes and packs."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, (row, standard, price) in enumerate(zip(rows, standards, prices, strict=True)):
        if price.price:
            key = standard.standardized_name.casefold(), standard.brand, price.unit, row.currency, row.source_sheet, row.section
            same[key].append(index)
    return (indexes for indexes in same.values() if len(indexes) > 1)


def _blank_those_apart(prices: list[BasePrice], same: Sequence[int]) -> None:
    """Leave base prices blank that are far from those of the same goods."""
    amounts = {index: price for index in same if (price := prices[index].price)}
    if not _are_apart(min(amounts.values()), max(amounts.values())):
        return
    middle = statistics.median(amounts.values())
    for index, amount in amounts.items():
        usual = sum(amounts.values()) - amount if len(amounts) == _PAIR else middle
        if _are_apart(amount, usual):
            doubt = f"{_shown(amount)} for one {prices[index].unit}, where the same goods cost {_shown(usual)}: no base price"
            prices[index] = BasePrice(None, "", doubt)


def _same_kind(rows: Sequence[RawRow], standards: Sequence[Standard], prices: Sequence[BasePrice]) -> Iterable[list[int]]:
    """Return the indexes of offers of one category and base unit where some are single pieces and some packs."""
    kinds: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, (row, standard, price) in enumerate(zip(rows, standards, prices, strict=True)):
        if price.price and standard.size is not None:
            kinds[standard.category, price.unit, row.currency, row.source_sheet].append(index)
    return (kind for kind in kinds.values() if len(kind) > _FEWEST_SINGLES and any(standards[index].pack_count > 1 for index in kind))


def _blank_cheap_packs(prices: list[BasePrice], standards: Sequence[Standard], kind: Sequence[int]) -> None:
    """Leave the base prices of packs blank that would be like those of single pieces of their kind, if the price were for one piece."""
    singles = [price for index in kind if standards[index].pack_count == 1 and (price := prices[index].price)]
    if len(singles) < _FEWEST_SINGLES:
        return
    usual = statistics.median(singles)
    for index in kind:
        amount, pieces = prices[index].price, standards[index].pack_count
        if pieces > 1 and amount and usual > MOST_APART * amount and not _are_apart(amount * pieces, usual):
            doubt = (
                f"{amount:.4g} for one {prices[index].unit}, if the price is for {pieces} pieces; others cost {usual:.4g}: no base price"
            )
            prices[index] = BasePrice(None, "", doubt)


def _shown(amount: Decimal) -> str:
    return f"{rounded(amount).normalize():f}"


def _are_apart(one: Decimal, other: Decimal) -> bool:
    return one > MOST_APART * other or other > MOST_APART * one


@derived(maxsize=1_000)
def _unit_of_title(title: str) -> str:
    """Return the canonical unit of content that a price's title says it is for, "" where it says none: "Price/kg", "цена за кг"."""
    match = _per_unit().search(title)
    return content_spellings()[match["unit"].casefold()] if match else ""


@derived()
def _per_unit() -> re.Pattern[str]:
    per = any_phrase(lexicon.words("quantities", "per"))
    return re.compile(rf"(?:/|\b{per}\s)\s*(?:1\s*)?(?P<unit>{any_of(content_spellings())})(?!{LETTER})", re.IGNORECASE)
