"""What a column of packs or sizes says a price buys, where no unit says it: "Caja 24", "10x10", "15's", "6/#10", "20/50 CT".

A bare number or "24 pcs" there may as well be what a carton holds beside the price of one piece: it is what is bought beside medicines, and where
the list's other cells say so.
"""

import re
from enum import Enum, auto
from math import prod
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.quantities import QuantityKind, find_quantities, is_grade
from monito_ray.pipeline.spellings import canonical_unit, content_spellings, count_spellings
from monito_ray.pipeline.units import content_units, outer_packages, pieces_of, single_pieces, usually_loose_units

#: More is a code.
_MOST_PIECES = 10_000
#: Shorter words behind a number are grades, or units that nobody knows: "2 KV".
_SHORTEST_WORD = 4

_FACTORS = re.compile(rf"\d{{1,4}}(?:\s*[{TIMES}*]\s*\d{{1,4}})+", re.IGNORECASE)
_BARE = re.compile(r"\d{1,4}")
_PIECES = re.compile(
    rf"(?P<count>(?:\d{{1,4}}\s*[{TIMES}*/]\s*)*\d{{1,4}})\s*-?\s*(?:(?P<of_so_many>['’`´]?\s?s)|(?P<word>{LETTER}[^\W\d_]*)\.?)",
    re.IGNORECASE,
)
#: Cans of the size that restaurants buy: "6/#10".
_CANS = re.compile(rf"(?P<count>\d{{1,2}})\s*[/{TIMES}]\s*#\s*\d{{1,2}}(?:\s*{LETTER}+)?", re.IGNORECASE)


class _Meaning(Enum):
    """Where the text of a cell says what a price buys."""

    ANYWHERE = auto()
    #: In a column of packs; elsewhere it may be a dimension, or anything: "10x10", "10 bars".
    IN_PACKS = auto()
    #: In a column of packs beside a medicine: "24", "24 pcs".
    OF_MEDICINE = auto()


class _Pieces(NamedTuple):
    """The number of pieces that a text gives, 0 for none."""

    number: int
    meaning: _Meaning


_NONE = _Pieces(0, _Meaning.ANYWHERE)


class PackCell(NamedTuple):
    """What the cell of a pack column says."""

    #: The pieces that the price is for; 0 where it tells none, or only what a carton may hold.
    pieces: int
    #: The pieces of a carton, or of what the price is for: "24", "24 pcs". The whole list tells (`list_habits`).
    unsure_pieces: int
    #: The unit that the price is for, "" where it names none.
    price_unit: str


def read_pack(pack_text: str, name: str) -> PackCell:
    """Return the pieces and the unit in the cell of a pack column; beside a medicine they are surely those that the price is for."""
    pieces, unit = _read(" ".join(pack_text.split())), _unit_alone(pack_text)
    if pieces.meaning is _Meaning.OF_MEDICINE and not _is_medicine(name):
        return PackCell(0, pieces.number, unit)
    return PackCell(pieces.number, 0, unit)


def pieces_in_size(size_text: str) -> int:
    """Return how many pieces the cell of a size column says that the price is for, 0 where it tells none."""
    pieces = _read(" ".join(size_text.split()))
    return pieces.number if pieces.meaning is _Meaning.ANYWHERE else 0


def is_package_with_count(text: str) -> bool:
    """Return whether a text is a package and what it holds: "Carton 24", "case of 12"."""
    return _package_with_count().fullmatch(text) is not None


def holds_priced_pieces(text: str, price_unit: str) -> bool:
    """Return whether a cell says only what an outer package holds of the things that the price buys one of: "Carton 15 btl" beside a price for a bottle."""
    match = _package_with_count().fullmatch(" ".join(text.split())) if price_unit and text else None
    if match is None or count_spellings().get(match["package"].casefold()) == price_unit:
        return False
    return price_unit in single_pieces() or count_spellings().get((match["word"] or "").casefold()) == price_unit


@derived(maxsize=8192)
def _unit_alone(pack_text: str) -> str:
    """Return the unit that a pack column names alone, or beside the size of the goods: "kg", "pack 200 gr", "1 kg/pack"; "" where not."""
    if not any(map(str.isdigit, pack_text)):
        unit = canonical_unit(pack_text) if pack_text else ""
        return unit if unit not in content_units() or unit in usually_loose_units() else ""
    sizes = [quantity for quantity in find_quantities(pack_text) if quantity.kind is QuantityKind.SIZE]
    if len(sizes) != 1 or sizes[0].pieces > 1:
        return ""
    around = f"{pack_text[: sizes[0].start]} {pack_text[sizes[0].end :]}"
    return sizes[0].container or count_spellings().get(around.casefold().strip(" .-/()"), "")


@derived(maxsize=8192)
def _read(text: str) -> _Pieces:
    for pattern, meaning in (
        (_package_with_count(), _Meaning.ANYWHERE),
        (_CANS, _Meaning.ANYWHERE),
        (_BARE, _Meaning.OF_MEDICINE),
        (_FACTORS, _Meaning.IN_PACKS),
    ):
        if match := pattern.fullmatch(text):
            return _Pieces(_product(match.groupdict().get("count") or text), meaning)
    pieces = _PIECES.fullmatch(text)
    return _read_counted(pieces) if pieces else _NONE


def _read_counted(match: re.Match[str]) -> _Pieces:
    """Return the pieces of "15 TAB", "4 x 240s", "15 doz", "10 bars"."""
    if is_grade(match["count"]):
        return _NONE
    pieces, is_chain = _product(match["count"]), not match["count"].isdecimal()
    if match["of_so_many"]:
        return _Pieces(pieces, _Meaning.ANYWHERE if is_chain else _Meaning.IN_PACKS)
    word = match["word"].casefold()
    unit = count_spellings().get(word, "")
    if unit in ("carton", "box", "crate"):
        return _NONE
    if unit:
        is_plain = unit == "pcs" and not is_chain and word not in _kinds_of_pieces()
        return _Pieces(_at_most(pieces * pieces_of(unit)), _Meaning.OF_MEDICINE if is_plain else _Meaning.ANYWHERE)
    is_thing = len(word) >= _SHORTEST_WORD and word not in content_spellings() and word not in lexicon.words("other_units", "foreign")
    return _Pieces(pieces, _Meaning.IN_PACKS) if is_thing else _NONE


def _product(text: str) -> int:
    return _at_most(prod(int(digits) for digits in re.findall(r"\d+", text)))


def _at_most(pieces: int) -> int:
    return pieces if pieces <= _MOST_PIECES else 0


def _is_medicine(name: str) -> bool:
    """Whether a name has the dose of a tablet, or is a syringe: "Amlodipine 5 mg", but not "Syrup 125 mg/5 ml"."""
    return _dose_or_syringe().search(name) is not None


@derived()
def _kinds_of_pieces() -> frozenset[str]:
    """Return the words for pieces that say what they are, or that are the goods' own count: "tab", "ct"."""
    return frozenset(word for key in ("tablets", "own_counts") for word in lexicon.words("quantities", key))


@derived()
def _package_with_count() -> re.Pattern[str]:
    """A package and what it holds: "Caja 24", "1 box (10)", "кор. 12"."""
    packages = any_of(word for word, unit in count_spellings().items() if unit in outer_packages() and pieces_of(unit) == 1)
    inside = any_phrase([word for key in ("of", "contains", "each") for word in lexicon.words("quantities", key)])
    no_size = rf"(?!\s*{any_of(content_spellings())}\b)(?!\d)"
    return re.compile(
        rf"(?:1\s*)?(?P<package>{packages})\.?\s*[-:/{TIMES}]?\s*(?:{inside}\s*)?\(?\s*(?P<count>\d{{1,4}}){no_size}"
        rf"(?:\s*(?P<word>{LETTER}+)\.?)?\s*\)?",
        re.IGNORECASE,
    )


@derived()
def _dose_or_syringe() -> re.Pattern[str]:
    doses = [word for word in lexicon.words("other_units", "dose") if content_spellings().get(word, "mg") == "mg"]
    syringes = any_phrase(lexicon.words("quantities", "syringes"))
    return re.compile(rf"\d\s*{any_of(doses)}(?![\w/])|(?<!{LETTER}){syringes}", re.IGNORECASE)
