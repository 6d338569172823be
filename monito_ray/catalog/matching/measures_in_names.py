"""The numbers of a name that its size and pack do not explain: models, dimensions, counts, percents, plus signs. All of them tell goods apart."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monito_ray.catalog.matching.canonical_words import canonical_word
from monito_ray.catalog.matching.number_chains import (
    BoundNumber,
    Chain,
    ChainPart,
    NumberPlace,
    Token,
    bound_numbers,
    chains_of,
    is_count,
    is_times,
    tokens_of,
)
from monito_ray.pipeline import units
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings

_SIZE_AND_COUNT = 2
_CENTIMETRE = "cm"
#: How many pieces a carton holds.
_COUNTS = range(2, 1001)
#: Zeros tell grades of flour and sizes of wire apart: "000" and "0000".
_GRADE = re.compile("0[0-9]*")
#: Signs that stand alone and tell goods apart, as tyres with a carmaker's mark.
_MARKS = frozenset(("*", "#"))
#: Two amounts are one if they differ by less: 12 fl oz are 354.88 ml.
_SAME_AMOUNT = 0.006


class BaseAmount(NamedTuple):
    """So much of a base unit; no unit for a bare number."""

    value: float
    unit: str


@dataclass(slots=True)
class NameParts:
    """A folded name in parts, each in running order."""

    words: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    #: Numbers with the letters that stand at them without a gap: "s10", "3n".
    codes: list[str] = field(default_factory=list)
    #: Units behind numbers that tell goods apart: "75 caps".
    unit_words: list[str] = field(default_factory=list)
    #: Words and numbers together.
    texts: list[str] = field(default_factory=list)
    #: Pieces that the name counts beside the size though the price is for one, 0 for none.
    count: int = 0
    #: Where there are several, the numbers and those without a unit that are size or pack, with the words next to them.
    bound: list[BoundNumber] = field(default_factory=list)


class RowContents(NamedTuple):
    """What the fields of a row say: its size in base units and as written, pack, what the price is for."""

    size: float
    size_unit: str
    written_size: float
    pack: int
    price_unit: str


class _BareContents(NamedTuple):
    """The chains, by their first tokens, in which numbers without a unit are the size or the pack; -1 for none."""

    size: int = -1
    pack: int = -1


def amount_of(value: float, unit: str) -> BaseAmount:
    """Return an amount in base units of small goods: grams, millilitres, millimetres, pieces; other units as they are."""
    measures, factor = _small_units().get(unit, (unit, 1.0))
    return BaseAmount(value * factor, measures)


def split_name(folded: str, contents: RowContents) -> NameParts:
    """Return words and unexplained numbers of a folded name, less what `contents` says, too."""
    tokens = tokens_of(folded)
    chains = chains_of(tokens, contents.pack)
    bare = _bare_contents(list(chains.values()), contents)
    parts, places = NameParts(), list[NumberPlace]()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        text = token.text
        if place in chains:
            chain = chains[place]
            _add_numbers(parts, chain, contents, bare)
            places += _places(chain, contents, bare, len(parts.words))
            parts.unit_words += chain.words
            place = chain.end
            continue
        if token.kind == "letters" and not is_times(tokens, place):
            parts.words.append(text)
            parts.texts.append(text)
        elif text == "+" or (text in _MARKS and _stands_alone(folded, token)):
            parts.numbers.append(text)
        place += 1
    if len({place.number for place in places}) > 1:
        parts.bound = bound_numbers(places, [_word_at_number(word, contents.price_unit) for word in parts.words])
    if contents.price_unit:
        parts.words = [word for word in parts.words if spellings().get(word) != contents.price_unit] or parts.words
    return parts


def _places(chain: Chain, contents: RowContents, bare: _BareContents, words_before: int) -> Iterator[NumberPlace]:
    """Yield the numbers of a chain that words may belong to: those that tell goods apart, and size and pack without a unit."""
    is_bare = chain.start in (bare.size, bare.pack)
    unit = canonical_word(chain.words[-1]) if chain.words else ""
    for number in _unexplained(chain, contents, bare) or ([_as_text(part) for part in chain.parts] if is_bare else ()):
        yield NumberPlace(number, words_before, unit)


def _word_at_number(word: str, price_unit: str) -> str:
    return "" if price_unit and spellings().get(word) == price_unit else canonical_word(word)


def _stands_alone(text: str, token: Token) -> bool:
    before, behind = text[: token.start][-1:], text[token.end :][:1]
    return (not before or before.isspace()) and (not behind or behind.isspace())


def _bare_contents(chains: Sequence[Chain], contents: RowContents) -> _BareContents:
    """Return which numbers without a unit are size and pack: one each, behind all other numbers, and none where the name says it with a unit.

    Any other number that happens to be as large tells goods apart: "level 1 jumbo 3 1 kg" is not "level 3 jumbo 1 1 kg".
    """
    sizes = {chain.start for chain in chains if _place_of_size(chain, contents) is not None}
    packs = {chain.start for chain in chains if _are_pack(chain.parts, contents)}
    if not sizes and not packs:
        return _BareContents()
    if any(_is_size(part, contents) for chain in chains for part in chain.parts):
        sizes = set()
    if any(chain.is_contents or _says_pack(chain, contents) for chain in chains):
        packs = set()
    size = pack = -1
    for chain in reversed(chains):
        if size < 0 and chain.start in sizes:
            size = chain.start
        elif pack < 0 and chain.start in packs:
            pack = chain.start
        if _unexplained(chain, contents, _BareContents(size, pack)):
            break
    return _BareContents(size, pack)


def _says_pack(chain: Chain, contents: RowContents) -> bool:
    """Whether a chain shows that it is the pack: "12 pcs", "12/carton", "isi 12", "12's", "12x330 ml"."""
    rest = [part for part in chain.parts if not _is_size(part, contents)]
    is_marked = chain.is_packing or chain.is_contents or len(rest) < len(chain.parts) or any(part.unit for part in rest)
    return is_marked and _are_pack(rest, contents)


def _are_pack(parts: Sequence[ChainPart], contents: RowContents) -> bool:
    return _are_counts(parts) and math.prod(part.value for part in parts) == contents.pack > 1


def _are_counts(parts: Iterable[ChainPart]) -> bool:
    return all(not part.unit or is_count(part.unit) for part in parts)


def _add_numbers(parts: NameParts, chain: Chain, contents: RowContents, bare: _BareContents) -> None:
    numbers = _unexplained(chain, contents, bare)
    if not numbers:
        return
    count = 0 if any(chain.glued) else _count_beside_size(chain, contents) or _count_of_bag(chain, contents)
    if count:
        parts.count = count
        return
    unit = _unit_of_dimensions(chain)
    parts.numbers += numbers
    parts.texts += [f"{number}{unit}" for number in numbers]
    if len(numbers) == 1 and (any(chain.glued) or unit):
        parts.codes.append(f"{chain.glued[0]}{numbers[0]}{unit or chain.glued[1]}")


def _count_of_bag(chain: Chain, contents: RowContents) -> int:
    """Return the pieces of "(100 pcs)" where the price is for one, 0 for other chains: so many are in the bag that one is taken from."""
    (part, *more) = chain.parts
    is_bag = not more and part.unit == "pcs" and not chain.words and contents.price_unit == "pcs" and contents.pack == 1
    return int(part.value) if is_bag and part.value in _COUNTS else 0


def _count_beside_size(chain: Chain, contents: RowContents) -> int:
    """Return the pieces of "40 g x 48", "48 x 40 g" or "40 g/48" where the price is for one, 0 for other chains."""
    if len(chain.parts) != _SIZE_AND_COUNT or contents.pack > 1:
        return 0
    first, second = chain.parts
    size, count = (first, second) if _is_size(first, contents) else (second, first)
    is_written_so = chain.signs == ["x"] or size is first
    if not is_written_so or not _is_size(size, contents) or not _are_counts((count,)):
        return 0
    return int(count.value) if count.value in _COUNTS else 0


def _unexplained(chain: Chain, contents: RowContents, bare: _BareContents) -> list[str]:
    """Return the numbers of a chain that are neither size nor pack; dimensions stay together."""
    rest = _without_size(chain, contents, bare)
    if _are_counts(rest) and (chain.is_packing or _explains_pack(chain, rest, contents, bare)):
        return []
    if len(rest) == len(chain.parts):
        if _unit_of_dimensions(chain):
            rest = [part._replace(unit="") for part in rest]
        return ["".join(_as_text(part) + sign for part, sign in zip(rest, (*chain.signs, ""), strict=True))]
    return [_as_text(part) for part in rest]


def _unit_of_dimensions(chain: Chain) -> str:
    """Return the unit of "30x40 cm", where it stands once for all: such goods are as often written without it; "" for other numbers."""
    *first, last = chain.parts
    is_one_unit = first and last.unit == _CENTIMETRE and all(part.unit in ("", _CENTIMETRE) for part in first)
    return _CENTIMETRE if is_one_unit and set(chain.signs) == {"x"} else ""


def _without_size(chain: Chain, contents: RowContents, bare: _BareContents) -> list[ChainPart]:
    place = _place_of_size(chain, contents)
    if place is None:
        return [part for part in chain.parts if not _is_size(part, contents)]
    others = [*chain.parts[:place], *chain.parts[place + 1 :]]
    return others if chain.start == bare.size or (others and _are_pack(others, contents)) else chain.parts


def _explains_pack(chain: Chain, rest: Sequence[ChainPart], contents: RowContents, bare: _BareContents) -> bool:
    """Whether what the size leaves of a chain is the pack: beside the size "1x1 kg", too."""
    has_size = len(rest) < len(chain.parts)
    if has_size and contents.pack == 1:
        return not any(chain.glued) and all(part.value == 1 for part in rest)
    return _are_pack(rest, contents) and (has_size or chain.start == bare.pack or _says_pack(chain, contents))


def _place_of_size(chain: Chain, contents: RowContents) -> int | None:
    """Return which part of a chain has the size's number without a unit; None where none has, and where one has it with a unit."""
    if not contents.size or any(_is_size(part, contents) for part in chain.parts):
        return None
    bare = (place for place, part in enumerate(chain.parts) if not part.unit and part.value == contents.written_size)
    return next((place for place in bare if not _GRADE.fullmatch(chain.parts[place].text)), None)


def _is_size(part: ChainPart, contents: RowContents) -> bool:
    """Whether a number and the unit behind it are the size, or that of all pieces."""
    if contents.price_unit and part.unit == contents.price_unit and part.value == 1:
        return True
    if not contents.size or not part.unit:
        return False
    value, unit = amount_of(part.value, part.unit)
    sizes = (contents.size, contents.size * contents.pack)
    return unit == contents.size_unit and any(abs(value - size) <= _SAME_AMOUNT * size for size in sizes)


def _as_text(part: ChainPart) -> str:
    """Return a number as text: amounts in base units, lengths in millimetres without a unit, for so bare numbers of dimensions are meant."""
    if part.unit == "%":
        return f"{part.value:g}%"
    if not part.unit or is_count(part.unit):
        return part.text if _GRADE.fullmatch(part.text) else f"{part.value:g}"
    value, unit = amount_of(part.value, part.unit)
    return f"{value:g}" if unit == "mm" else f"{value:.6g}{unit}"


@derived()
def _small_units() -> dict[str, tuple[str, float]]:
    """Return the small base unit of each unit that has a factor, and how much of it one is."""
    small = {"kg": ("g", 1000.0), "l": ("ml", 1000.0), "m": ("mm", 1000.0), "pcs": ("pcs", 1.0)}
    return {
        unit: (small[base][0], float(factor) * small[base][1]) for unit, (base, factor) in units.base_factors().items() if base in small
    }
