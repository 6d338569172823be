"""Telephone numbers of a letterhead, as they are dialled from abroad where the country is clear."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from monito_ray.pipeline import data, lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.lexicon import derived

#: Digits of a number, at least with its area and at most with the prefix of its country (ITU-T E.164): in another town the same digits are another's.
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15
#: The last digits are the telephone's own.
_OWN_DIGITS = 6
_DIGITS = r"\(?\d(?:[\d().\-]|[ \u00a0](?=[\d(+-])){5,22}\d"
_FROM_ABROAD = re.compile(rf"(?<![\w+.,])(?:\+|00(?=[1-9]))\s?({_DIGITS})(?!\w)")
_MESSENGER = re.compile(r"(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?(\d{9,15})", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[/;,|]|&|\bdan\b|\band\b)\s*")
_NOT_DIGITS = re.compile(r"\D")
#: The money of countries whose own numbers begin with 8, and their prefix.
_BEHIND_EIGHT = {"RUB": "7", "KZT": "7"}
#: Of those in North America nothing stands before the area.
_NORTH_AMERICA, _NORTH_AMERICAN_DIGITS = "1", 10
_RUSSIAN_DIGITS = 10
_LONGEST_LABEL = 20


def telephones_in(text: str, currency: str, *, is_labelled: bool = False) -> Iterator[str]:
    """Yield the telephone numbers of a text, digits alone.

    Args:
        text: a cell.
        currency: the money of the list: numbers without a prefix are of its country, where it has one prefix.
        is_labelled: the cell before says that telephones stand here.
    """
    yield from (number for match in _MESSENGER.finditer(text) if (number := _checked(match[1])))
    for match in _FROM_ABROAD.finditer(text):
        yield from filter(None, [_checked(_NOT_DIGITS.sub("", match[1]))])
    labels = [0] if is_labelled else [match.end() for match in _telephone_label().finditer(text)]
    for start in labels:
        for match in re.finditer(rf"(?<![\w+.,])({_DIGITS})(?!\w)", _behind(text, start)):
            yield from filter(None, [_checked(_with_prefix(match[1], currency))])


def is_telephone_label(text: str) -> bool:
    """Return whether a cell holds a label for telephones and nothing else."""
    return len(text) <= _LONGEST_LABEL and not any(map(str.isdigit, text)) and _telephone_label().match(text.strip()) is not None


def _behind(text: str, start: int) -> str:
    """Return the numbers behind a label: what follows up to the first words, "Tel: 0361 907591 / 0812 3661 005 (Made)"."""
    rest = re.match(r"[\s\d().,;/|&+\-\u00a0:№#]*", text[start:])
    return " / ".join(_PARTS.split(rest.group())) if rest else ""


def _with_prefix(text: str, currency: str) -> str:
    """Return a number as it is dialled from abroad, or its digits where that is not clear."""
    digits = _NOT_DIGITS.sub("", text)
    if currency in _BEHIND_EIGHT:
        own = digits[1:] if len(digits) == _RUSSIAN_DIGITS + 1 and digits[0] in "78" else digits
        return _BEHIND_EIGHT[currency] + own if len(own) == _RUSSIAN_DIGITS else digits
    prefix = _prefixes().get(currency, "")
    if prefix == _NORTH_AMERICA:
        return digits if len(digits) != _NORTH_AMERICAN_DIGITS else prefix + digits
    return prefix + digits[1:] if prefix and digits.startswith("0") else digits


def _checked(digits: str) -> str:
    """Return a number that can be one, else "": zeros alone stand where somebody left the number out."""
    return digits if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and len(set(digits[-_OWN_DIGITS:])) > 1 else ""


@cache
def _prefixes() -> dict[str, str]:
    """Return the prefix of telephone numbers by the money of each country that has one."""
    prefixes: dict[str, list[str]] = defaultdict(list)
    for currency, cues in data.table("countries.toml").items():
        prefixes[currency] += cues.get("telephone", "").split()
    return {currency: codes[0] for currency, codes in prefixes.items() if len(codes) == 1}


@derived()
def _telephone_label() -> re.Pattern[str]:
    words = any_phrase(lexicon.words("letterhead", "telephone"))
    return re.compile(rf"(?<!{ALPHANUMERIC}){words}(?:(?![^\W\d_])|(?=\d))[^\w\n]{{0,6}}", re.IGNORECASE)
