"""The evidence in a row's own texts, numbers, words and units, against which an answer is checked."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, chain, pairwise
from operator import mul

from monito_ray.pipeline import spellings
from monito_ray.pipeline.characters import ALPHANUMERIC, LETTER, NUMBER, TIMES, any_of
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.quantities import QuantityKind, find_quantities
from monito_ray.pipeline.units import content_units, pieces_of

_NUMBER = re.compile(NUMBER)
_FRACTION = re.compile(r"(?<!\d)(?:(\d+)\s+)?(\d+)\s*/\s*(\d+)")
#: The word directly before a number, the number, and the two words directly behind it.
_BESIDE = re.compile(
    rf"(?:(?<!\w)({LETTER}{{1,10}})[ .:]{{0,2}})?(\d+\s*/\s*\d+|\d*[½¼¾]|{NUMBER})"
    rf"(?:[ .\-]{{0,2}}({LETTER}+(?:[²³]|[23](?!\d))?(?:[ .]{{1,2}}{LETTER}+)?))?"
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,])")
_WORD = re.compile(rf"{ALPHANUMERIC}+")
_LETTERS = re.compile(rf"{LETTER}+[²³23]?")
#: Longer runs of digits are barcodes and the like, not quantities.
_MOST_DIGITS = 18
#: Characters of a phrase that may be found across word breaks ("NUSABUMI" has "Nusa-Bumi"); a shorter one is in other words by chance ("ice" in "rice").
_SHORTEST_JOINED = 5
#: Digits of the parts of a fraction; more make it a code.
_MOST_FRACTION_DIGITS = 3
#: A larger number behind a slash is a size: "12/85 g", but "15/16 inch".
_LARGEST_DENOMINATOR = 16


class RowEvidence:
    """The texts of one row, by the column they come from, and what can be read in them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        # Fractions and exponents in one character ("½", "m²") stay as they are: NFKC would turn "1½" into "11/2".
        self._columns = {column: text.casefold() for column, text in texts.items()}
        self._texts = list(self._columns.values())

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every number that can be read: "1,5" is 1.5, "1.000" both 1 and 1000, "1/2" and "½" are 0.5."""
        return frozenset(number for text in self._texts for number in _numbers_in(text))

    @cached_property
    def counts(self) -> frozenset[int]:
        """What a pack may hold: numbers that no unit of content follows, products of "4 x 6", dozens and the like."""
        return frozenset(count for text in self._texts for count in _counts_in(text))

    @cached_property
    def sizes(self) -> frozenset[tuple[Decimal, str]]:
        """Every number that stands beside a unit, with that unit: in a text, or in the two columns of size and unit."""
        of_texts = {size for text in self._texts for size in _sizes_in(text)}
        of_columns = _size_in_columns(self._columns.get("size", ""), self._columns.get("unit", ""))
        return frozenset(of_texts | of_columns)

    @cached_property
    def units(self) -> frozenset[str]:
        """The canonical units of content that the texts name."""
        units = {spellings.canonical_unit(word) for text in self._texts for word in _LETTERS.findall(text)}
        return frozenset(units & content_units())

    def has_words(self, phrase: str) -> bool:
        """Whether the phrase's words are in the texts, apart from case, accents and, in longer phrases, word breaks."""
        words = _WORD.findall(without_accents(phrase))
        present = [_WORD.findall(without_accents(text)) for text in self._texts]
        if words and {word for in_text in present for word in in_text}.issuperset(words):
            return True
        joined = "".join(words)
        return len(joined) >= _SHORTEST_JOINED and any(joined in "".join(in_text) for in_text in present)


def _numbers_in(text: str) -> set[Decimal]:
    numbers = {*_fractions_in(text), *_fraction_characters_in(text)}
    for written in _NUMBER.findall(text):
        numbers |= _readings(written)
    numbers |= {Decimal(grouped.replace(" ", "")) for grouped in _GROUPED.findall(text) if len(grouped) <= _MOST_DIGITS}
    return numbers


def _sizes_in(text: str) -> set[tuple[Decimal, str]]:
    """Return the numbers of a text with the units that they stand beside: "330ml", "1,5 L", "1/2 kg", "15-ounce", "ML 500"."""
    quantities = find_quantities(text)
    sizes = {(quantity.size, quantity.unit) for quantity in quantities if quantity.size is not None and quantity.unit}
    sizes |= {(Decimal(quantity.pieces), "pcs") for quantity in quantities if quantity.kind is QuantityKind.COUNT}
    joined = _GROUPED.sub(lambda match: match[0].replace(" ", ""), text)
    for match in chain(_BESIDE.finditer(text), _BESIDE.finditer(joined) if joined != text else ()):
        before, written, behind = match.groups("")
        unit = _unit_at_start(behind) or _unit_at_start(before)
        numbers = _numbers_beside(written)
        sizes |= {(number, unit) for number in numbers if unit}
    return sizes


def _numbers_beside(written: str) -> set[Decimal]:
    """Return what stands beside a unit: 0.5 for "1/2" and "½", 85 for "12/85", of which the first counts the pieces."""
    _, slash, behind = written.partition("/")
    if slash and int(behind) > _LARGEST_DENOMINATOR:
        return _readings(behind.strip())
    if slash:
        return set(_fractions_in(written))
    return set(_fraction_characters_in(written)) or _readings(written)


def _size_in_columns(size: str, unit: str) -> set[tuple[Decimal, str]]:
    """Return the size of which one column has the number and another the unit."""
    canonical = spellings.canonical_unit(unit)
    return {(number, canonical) for number in _readings(size.strip())} if canonical and _NUMBER.fullmatch(size.strip()) else set()


def _unit_at_start(words: str) -> str:
    """Return the unit that a text begins with, "" for none: of "fl. oz btl" fl_oz, of "grx12" g."""
    first, *others = _LETTERS.findall(words) or [""]
    whole = f"{first} {others[0]}" if others else first
    return next(filter(None, map(spellings.canonical_unit, (whole, first, first.rstrip(TIMES)))), "")


def _counts_in(text: str) -> set[int]:
    counts: set[int] = set()
    for match in _chain().finditer(text):
        counts |= _counts_of_chain(match[1], spellings.canonical_unit(match[2]))
    counts.update(pieces_of(spellings.canonical_unit(word)) for word in _LETTERS.findall(text))
    return counts


def _counts_of_chain(factors: str, unit: str) -> set[int]:
    """Return each whole number of factors such as "4 x 6 x 330" before `unit`, and the products from its beginning on."""
    numbers = [written for written in _NUMBER.findall(factors) if len(written) <= _MOST_DIGITS]
    if unit in content_units():
        numbers = numbers[:-1]
    readings = [sorted(int(reading) for reading in _readings(written) if reading == int(reading)) for written in numbers]
    counts = {reading for of_number in readings for reading in of_number}
    in_packages = {count * pieces_of(unit) for count in counts}
    products = accumulate((of_number[0] for of_number in readings if of_number), mul)
    return counts | in_packages | {*products}


@derived()
def _chain() -> re.Pattern[str]:
    """Numbers that multiply, and the word behind them: "4 x 6 x 330 ml"."""
    pieces = any_of(spelling for spelling, unit in spellings.count_spellings().items() if unit == "pcs")
    return re.compile(rf"(\d[\d.,]*(?:\s*(?:{pieces})?\.?\s*[{TIMES}*]\s*\d[\d.,]*)*)\s*({LETTER}*[²³]?)", re.IGNORECASE)


def _readings(written: str) -> set[Decimal]:
    """Return the numbers that digits and separators can mean: decimals, thousands, or a list of numbers."""
    if len(written) > _MOST_DIGITS:
        return set()
    parts = re.split("[.,]", written)
    readings = {Decimal("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else Decimal(parts[0])}
    if all(len(part) == 3 for part in parts[1:]):
        readings.add(Decimal("".join(parts)))
    if len(parts) > 2:
        readings.update(Decimal(part) for part in parts)
    return readings


def _fractions_in(text: str) -> Iterator[Decimal]:
    """Yield 0.5 for "1/2", and 0.5 and 1.5 for "1 1/2"."""
    for whole, above, below in _FRACTION.findall(text):
        if max(len(above), len(below)) > _MOST_FRACTION_DIGITS or not int(below):
            continue
        part = Decimal(above) / Decimal(below)
        yield part
        if whole and len(whole) <= _MOST_FRACTION_DIGITS:
            yield part + Decimal(whole)


def _fraction_characters_in(text: str) -> Iterator[Decimal]:
    """Yield 0.5 for "½", and 0.5 and 1.5 for "1½"."""
    for before, character in pairwise("" if text.isascii() else f" {text}"):
        if unicodedata.category(character) == "No" and unicodedata.decomposition(character).startswith("<fraction>"):
            part = Decimal(str(unicodedata.numeric(character)))
            yield part
            if before.isdecimal():
                yield part + int(before)


def without_accents(text: str) -> str:
    """Return `text` casefolded and without accents."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
