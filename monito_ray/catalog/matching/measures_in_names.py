"""The numbers of a name that its size and pack do not explain: models, dimensions, counts, percents, plus signs. All of them tell goods apart."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monito_ray.catalog.matching.canonical_words import LETTERS
from monito_ray.pipeline import units
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings
from monito_ray.pipeline.units import PhysicalQuantity

_TOKEN = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<letters>{LETTERS}(?:['’´`]{LETTERS})*)|(?P<sign>[+%/*×@])")
_TIMES = frozenset(("x", "х", "×", "*", "@"))
#: Two amounts are one if they differ by less: 12 fl oz are 354.88 ml.
_SAME_AMOUNT = 0.006
#: In names a millimetre is what a bare number of dimensions means.
_MM_OF_M = 1000


class BaseAmount(NamedTuple):
    """So much of a base unit; no unit for a bare number."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class NameParts:
    """A folded name in parts: words with their places lost, numbers in running order."""

    words: list[str]
    numbers: tuple[str, ...]


class RowContents(NamedTuple):
    """What the fields of a row say: its size as written and in base units, pack, what the price is for."""

    size: float
    size_unit: str
    written_size: float
    pack: int
    price_unit: str


class _Token(NamedTuple):
    kind: str
    text: str


@dataclass(slots=True)
class _ChainPart:
    """A number of a chain such as "12x10x38g"."""

    value: float
    #: The catalogue's unit behind it, "" for none.
    unit: str = ""


def amount_of(value: float, unit: str) -> BaseAmount:
    """Return an amount in base units of small goods: grams, millilitres, millimetres, pieces; other units as they are."""
    measures, factor = _small_units().get(unit, (unit, 1.0))
    return BaseAmount(value * factor, measures)


def split_name(folded: str, contents: RowContents) -> NameParts:
    """Return words and unexplained numbers of a folded name, less what `contents` says, too."""
    if not _has_digit(folded):
        return NameParts(_without_price_unit(_letters(folded), contents.price_unit), ("+",) * folded.count("+"))
    tokens = [_Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(folded)]
    words: list[str] = []
    numbers: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "number":
            place, rest = _read_chain(tokens, place, contents)
            numbers += rest
            continue
        if token.kind == "letters" and not (token.text in _TIMES and _is_number(tokens, place + 1)):
            words.append(token.text)
        elif token.text == "+":
            numbers.append("+")
        place += 1
    return NameParts(_without_price_unit(words, contents.price_unit), tuple(numbers))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _letters(folded: str) -> list[str]:
    return [match[0] for match in _TOKEN.finditer(folded) if match.lastgroup == "letters"]


def _without_price_unit(words: list[str], price_unit: str) -> list[str]:
    if not price_unit:
        return words
    return [word for word in words if spellings().get(word) != price_unit] or words


def _is_number(tokens: Sequence[_Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].kind == "number"


def _read_chain(tokens: Sequence[_Token], place: int, contents: RowContents) -> tuple[int, list[str]]:
    """Return where the chain of numbers at `place` ends, and what of it the contents do not explain."""
    parts: list[_ChainPart] = []
    signs: list[str] = []
    while True:
        part = _ChainPart(_number(tokens[place].text))
        parts.append(part)
        place += 1
        if place < len(tokens) and tokens[place].text == "%":
            part.unit = "%"
            place += 1
        elif (
            place < len(tokens)
            and tokens[place].kind == "letters"
            and tokens[place].text in spellings()
            and tokens[place].text not in _TIMES
        ):
            part.unit = spellings()[tokens[place].text]
            place += 1
        if place + 1 < len(tokens) and (tokens[place].text in _TIMES or tokens[place].text == "/") and _is_number(tokens, place + 1):
            signs.append("/" if tokens[place].text == "/" else "x")
            place += 1
            continue
        break
    after = _behind_count(tokens, place)
    if after:
        return after, _unexplained(parts, signs, contents, is_note=True)
    return place, _unexplained(parts, signs, contents, is_note=False)


def _behind_count(tokens: Sequence[_Token], place: int) -> int:
    """Return the place behind "/carton", 0 where no such thing follows: such a count says how the goods are packed, not what they are."""
    if (
        place + 1 < len(tokens)
        and tokens[place].text == "/"
        and spellings().get(tokens[place + 1].text, "") not in units.content_units() | {""}
    ):
        return place + 2
    return 0


def _unexplained(parts: list[_ChainPart], signs: list[str], contents: RowContents, *, is_note: bool) -> list[str]:
    rest = [part for part in parts if not _is_size(part, contents)]
    product = math.prod(part.value for part in rest)
    counts = all(part.unit in ("", "pcs") or _is_count(part.unit) for part in rest)
    if not rest or (counts and (is_note or product == contents.pack)):
        return []
    if len(rest) == 1 and rest[0].unit and not _is_count(rest[0].unit):
        return [_as_text(rest[0])]
    if len(rest) == len(parts) and signs:
        texts = [_as_text(part) for part in parts]
        return ["".join(text + sign for text, sign in zip(texts, (*signs, ""), strict=True))]
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
    if part.unit == "%":
        return f"{part.value:g}%"
    if not part.unit or _is_count(part.unit):
        return f"{part.value:g}"
    value, unit = amount_of(part.value, part.unit)
    return f"{value:g}" if unit == "mm" else f"{value:.6g}{unit}"


def _number(text: str) -> float:
    """Return a number as written; of several separators only the last one can be a decimal's."""
    whole = text.replace(",", ".")
    if whole.count(".") > 1:
        whole = whole.replace(".", "")
    return float(whole)


@derived()
def _is_count_units() -> frozenset[str]:
    return frozenset(name for name, unit in units.catalogue_units().items() if unit.measures is PhysicalQuantity.COUNT)


def _is_count(unit: str) -> bool:
    return unit in _is_count_units()


@derived()
def _small_units() -> dict[str, tuple[str, float]]:
    """Return the small base unit of each unit that has a factor, and how much of it one is."""
    small = {"kg": ("g", 1000.0), "l": ("ml", 1000.0), "m": ("mm", float(_MM_OF_M)), "pcs": ("pcs", 1.0)}
    return {
        unit: (small[base][0], float(factor) * small[base][1]) for unit, (base, factor) in units.base_factors().items() if base in small
    }
