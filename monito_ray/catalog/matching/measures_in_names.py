"""The numbers of a name that its size and pack do not explain: models, dimensions, counts, percents, plus signs. All of them tell goods apart."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monito_ray.catalog.matching.canonical_words import LETTERS, WORD_OF_LETTERS, canonical_word, telling_groups
from monito_ray.pipeline import units
from monito_ray.pipeline.characters import TIMES
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings
from monito_ray.pipeline.units import PhysicalQuantity

_TOKEN = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<letters>{WORD_OF_LETTERS})|(?P<sign>[+%/*×@#])")
_TIMES = frozenset((*TIMES, "*", "@"))
_TIMES_SIGNS = frozenset(TIMES)
_UNIT_TIMES = re.compile(rf"(?<=[\d ])({LETTERS}?)([{TIMES}])(?=\d)")
_SIZE_AND_COUNT = 2
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


class RowContents(NamedTuple):
    """What the fields of a row say: its size in base units and as written, pack, what the price is for."""

    size: float
    size_unit: str
    written_size: float
    pack: int
    price_unit: str


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _ChainPart(NamedTuple):
    """A number of a chain such as "12x10x38g", and the catalogue's unit behind it, "" for none."""

    value: float
    unit: str
    text: str


class _Chain(NamedTuple):
    parts: list[_ChainPart]
    #: What stands between them, "x" or "/".
    signs: list[str]
    #: Units that tell goods apart: "75 caps".
    words: list[str]
    #: The token behind it.
    end: int


def amount_of(value: float, unit: str) -> BaseAmount:
    """Return an amount in base units of small goods: grams, millilitres, millimetres, pieces; other units as they are."""
    measures, factor = _small_units().get(unit, (unit, 1.0))
    return BaseAmount(value * factor, measures)


def split_name(folded: str, contents: RowContents) -> NameParts:
    """Return words and unexplained numbers of a folded name, less what `contents` says, too."""
    tokens = _tokens_of(folded)
    parts = NameParts()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        text = token.text
        if token.kind == "number":
            chain = _read_chain(tokens, place)
            _add_numbers(parts, chain, _is_packing(tokens, chain.end), contents, _glued(tokens, place, chain))
            parts.unit_words += chain.words
            place = chain.end + 2 * _is_packing(tokens, chain.end)
            continue
        if len(text) == 1 and token.kind == "letters" and _is_pack(tokens, place + 1, contents):
            place += 3  # "c/12"
            continue
        if token.kind == "letters" and not (text in _TIMES and _is_number(tokens, place + 1) and tokens[place + 1].start <= token.end + 1):
            parts.words.append(text)
            parts.texts.append(text)
        elif text == "+" or (text in _MARKS and _stands_alone(folded, token)):
            parts.numbers.append(text)
        place += 1
    if contents.price_unit:
        parts.words = [word for word in parts.words if spellings().get(word) != contents.price_unit] or parts.words
    return parts


def _tokens_of(folded: str) -> list[_Token]:
    if not _TIMES_SIGNS.isdisjoint(folded):  # few names have one
        folded = _UNIT_TIMES.sub(_parted, folded)
    return [_Token(match.lastgroup or "", match[0], *match.span()) for match in _TOKEN.finditer(folded)]


def _parted(match: re.Match[str]) -> str:
    """Return "40gx48" with a space behind the unit."""
    return f"{match[1]} {match[2]}" if match[1] in spellings() else match[0]


def _stands_alone(text: str, token: _Token) -> bool:
    before, behind = text[: token.start][-1:], text[token.end :][:1]
    return (not before or before.isspace()) and (not behind or behind.isspace())


def _is_pack(tokens: Sequence[_Token], place: int, contents: RowContents) -> bool:
    """Whether a stroke and the number of the pack stand at `place`."""
    return (
        place < len(tokens)
        and tokens[place].text == "/"
        and _is_number(tokens, place + 1)
        and _number(tokens[place + 1].text) == contents.pack > 1
    )


def _is_number(tokens: Sequence[_Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].kind == "number"


def _read_chain(tokens: Sequence[_Token], place: int) -> _Chain:
    """Return the chain of numbers at `place`."""
    parts: list[_ChainPart] = []
    signs: list[str] = []
    words: list[str] = []
    while True:
        unit = _unit_at(tokens, place + 1)
        if is_count(unit) and canonical_word(tokens[place + 1].text) in telling_groups():
            words.append(tokens[place + 1].text)
        parts.append(_ChainPart(_number(tokens[place].text), unit, tokens[place].text))
        place += 2 if unit else 1
        if place < len(tokens) and (tokens[place].text in _TIMES or tokens[place].text == "/") and _is_number(tokens, place + 1):
            signs.append("/" if tokens[place].text == "/" else "x")
            place += 1
            continue
        return _Chain(parts, signs, words, place)


def _unit_at(tokens: Sequence[_Token], place: int) -> str:
    if place >= len(tokens) or tokens[place].text in _TIMES:
        return ""
    return "%" if tokens[place].text == "%" else spellings().get(tokens[place].text, "")


def _is_packing(tokens: Sequence[_Token], place: int) -> bool:
    """Whether "/carton" follows: such a count says how the goods are packed, not what they are."""
    if place + 1 >= len(tokens) or tokens[place].text != "/":
        return False
    return is_count(spellings().get(tokens[place + 1].text, ""))


def _glued(tokens: Sequence[_Token], place: int, chain: _Chain) -> tuple[str, str]:
    """Return the letters that stand before and behind the numbers of a chain without a gap."""
    before, last, behind = tokens[place - 1] if place else None, tokens[chain.end - 1], tokens[chain.end : chain.end + 1]
    return (
        before.text if before and before.kind == "letters" and before.end == tokens[place].start else "",
        behind[0].text if behind and last.kind == "number" and behind[0].kind == "letters" and behind[0].start == last.end else "",
    )


def _add_numbers(parts: NameParts, chain: _Chain, is_packing: bool, contents: RowContents, glued: tuple[str, str]) -> None:
    numbers = _unexplained(chain, contents, is_packing=is_packing)
    if not numbers:
        return
    count = 0 if any(glued) else _count_beside_size(chain, contents) or _count_of_bag(chain, contents)
    if count:
        parts.count = count
        return
    parts.numbers += numbers
    parts.texts += numbers
    if len(numbers) == 1 and any(glued):
        parts.codes.append(f"{glued[0]}{numbers[0]}{glued[1]}")


def _count_of_bag(chain: _Chain, contents: RowContents) -> int:
    """Return the pieces of "(100 pcs)" where the price is for one, 0 for other chains: so many are in the bag that one is taken from."""
    (part, *more) = chain.parts
    is_bag = not more and part.unit == "pcs" and not chain.words and contents.price_unit == "pcs" and contents.pack == 1
    return int(part.value) if is_bag and part.value in _COUNTS else 0


def _count_beside_size(chain: _Chain, contents: RowContents) -> int:
    """Return the pieces of "40 g x 48", "48 x 40 g" or "40 g/48" where the price is for one, 0 for other chains."""
    if len(chain.parts) != _SIZE_AND_COUNT or contents.pack > 1:
        return 0
    first, second = chain.parts
    size, count = (first, second) if _is_size(first, contents) and first.unit else (second, first)
    is_written_so = chain.signs == ["x"] or size is first
    if not is_written_so or not size.unit or not _is_size(size, contents) or (count.unit and not is_count(count.unit)):
        return 0
    return int(count.value) if count.value in _COUNTS else 0


def _unexplained(chain: _Chain, contents: RowContents, *, is_packing: bool) -> list[str]:
    """Return the numbers of a chain that are neither size nor pack; dimensions stay together."""
    rest = [part for part in chain.parts if not _is_size(part, contents)]
    if not rest:
        return []
    counts = all(not part.unit or is_count(part.unit) for part in rest)
    if counts and (is_packing or math.prod(part.value for part in rest) == contents.pack > 1):
        return []
    if len(rest) == len(chain.parts):
        return ["".join(_as_text(part) + sign for part, sign in zip(rest, (*chain.signs, ""), strict=True))]
    return [_as_text(part) for part in rest]


def _is_size(part: _ChainPart, contents: RowContents) -> bool:
    if contents.price_unit and part.unit == contents.price_unit and part.value == 1:
        return True
    if not contents.size:
        return False
    if not part.unit:
        return part.value == contents.written_size
    value, unit = amount_of(part.value, part.unit)
    sizes = (contents.size, contents.size * contents.pack)
    return unit == contents.size_unit and any(abs(value - size) <= _SAME_AMOUNT * size for size in sizes)


def _as_text(part: _ChainPart) -> str:
    """Return a number as text: amounts in base units, lengths in millimetres without a unit, for so bare numbers of dimensions are meant."""
    if part.unit == "%":
        return f"{part.value:g}%"
    if not part.unit or is_count(part.unit):
        return part.text if _GRADE.fullmatch(part.text) else f"{part.value:g}"
    value, unit = amount_of(part.value, part.unit)
    return f"{value:g}" if unit == "mm" else f"{value:.6g}{unit}"


def _number(text: str) -> float:
    """Return a number as written; of several separators none can be a decimal's."""
    whole = text.replace(",", ".")
    return float(whole.replace(".", "") if whole.count(".") > 1 else whole)


def is_count(unit: str) -> bool:
    """Whether a unit of the catalogue counts pieces or packages."""
    return unit in _counting_units()


@derived()
def _counting_units() -> frozenset[str]:
    return frozenset(name for name, unit in units.catalogue_units().items() if unit.measures is PhysicalQuantity.COUNT)


@derived()
def _small_units() -> dict[str, tuple[str, float]]:
    """Return the small base unit of each unit that has a factor, and how much of it one is."""
    small = {"kg": ("g", 1000.0), "l": ("ml", 1000.0), "m": ("mm", 1000.0), "pcs": ("pcs", 1.0)}
    return {
        unit: (small[base][0], float(factor) * small[base][1]) for unit, (base, factor) in units.base_factors().items() if base in small
    }
