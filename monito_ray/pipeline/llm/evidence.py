"""What stands in a row's own texts: its numbers, words and units, against which answers are held."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise
from operator import mul

from monito_ray.pipeline import spellings

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FRACTION = re.compile(r"(?:(\d+)\s+)?(\d+)\s*/\s*(\d+)")
# "4 x 6 x 330 ml": numbers that multiply, and the word behind them.
_CHAIN = re.compile(r"(\d[\d.,]*(?:\s*(?:pcs?|шт)?\.?\s*[xх×*]\s*\d[\d.,]*)*)\s*([^\W\d_]*[²³]?)", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,])")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+[²³23]?")
_DIGITS_LIMIT = 18
_COMPACT_LENGTH = 5


class RowEvidence:
    """The texts of one row, by the column they come from."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        # Fractions and exponents in one character ("½", "m²") are kept: NFKC would glue "1½" to "11/2".
        self._texts = [text.casefold() for text in texts.values()]

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every number that can be read: "1,5" is 1.5, "1.000" both 1 and 1000, "1/2" and "½" are 0.5."""
        return frozenset(number for text in self._texts for number in _numbers(text))

    @cached_property
    def counts(self) -> frozenset[int]:
        """What a pack may hold: numbers that no unit of content follows, products of "4 x 6", dozens and the like."""
        return frozenset(count for text in self._texts for count in _counts(text))

    @cached_property
    def units(self) -> frozenset[str]:
        """The units of content that the texts name."""
        found = {spellings.canonical_unit(word) for text in self._texts for word in _LETTERS.findall(text)}
        return frozenset(found & spellings.content_units())

    def has_words(self, phrase: str) -> bool:
        """Whether the phrase's words stand in the texts; case, accents and, in longer phrases, word breaks aside."""
        wanted = _WORD.findall(_plain(phrase))
        present = {word for text in self._texts for word in _WORD.findall(_plain(text))}
        if wanted and present.issuperset(wanted):
            return True
        compact = "".join(wanted)
        return len(compact) >= _COMPACT_LENGTH and any(compact in "".join(_WORD.findall(_plain(text))) for text in self._texts)


def _numbers(text: str) -> set[Decimal]:
    found = set(_fractions(text))
    for written in _NUMBER.findall(text):
        found |= _readings(written)
    found |= {Decimal(grouped.replace(" ", "")) for grouped in _GROUPED.findall(text) if len(grouped) <= _DIGITS_LIMIT}
    return found


def _counts(text: str) -> set[int]:
    found: set[int] = set()
    for chain in _CHAIN.finditer(text):
        numbers = [written for written in _NUMBER.findall(chain[1]) if len(written) <= _DIGITS_LIMIT]
        if spellings.canonical_unit(chain[2]) in spellings.content_units():
            numbers = numbers[:-1]
        readings = [sorted(int(reading) for reading in _readings(written) if reading == int(reading)) for written in numbers]
        whole = [reading for options in readings for reading in options]
        found.update(whole)
        found.update(accumulate((options[0] for options in readings if options), mul))
        found.update(count * spellings.pieces_of(spellings.canonical_unit(chain[2])) for count in whole)
    found.update(spellings.pieces_of(spellings.canonical_unit(word)) for word in _LETTERS.findall(text))
    return found


def _readings(written: str) -> set[Decimal]:
    """The numbers that the digits and separators can mean."""
    if len(written) > _DIGITS_LIMIT:
        return set()
    parts = re.split("[.,]", written)
    readings = {Decimal("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else Decimal(parts[0])}
    if all(len(part) == 3 for part in parts[1:]):
        readings.add(Decimal("".join(parts)))
    if len(parts) > 2:
        readings.update(Decimal(part) for part in parts)
    return readings


def _fractions(text: str) -> list[Decimal]:
    found = []
    for whole, above, below in _FRACTION.findall(text):
        if len(below) <= 3 and len(above) <= 3 and int(below):
            part = Decimal(above) / Decimal(below)
            found += [part, part + Decimal(whole)] if whole and len(whole) <= 3 else [part]
    for before, character in pairwise("" if text.isascii() else f" {text}"):
        if unicodedata.category(character) == "No" and unicodedata.decomposition(character).startswith("<fraction>"):
            part = Decimal(str(unicodedata.numeric(character)))
            found += [part, part + int(before)] if before.isdecimal() else [part]
    return found


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
