"""The name of goods less what it says of quantities and units."""

import re

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, SPACE_BEFORE, TIMES, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.quantities import Quantity, QuantityKind
from monito_ray.pipeline.spellings import canonical_unit

_EMPTY = re.compile(rf"\(\s*+[-/,.@{TIMES}]*+\s*+\)|\[\s*+\]")
_DASHES = re.compile(r"(?<!\s)\s++[-–—](?:\s*+[-–—]){1,99}\s")


def name_without(in_name: tuple[Quantity, ...], name: str, size_text: str, price_unit: str, *, keep: QuantityKind | None = None) -> str:
    """Return `name` less sizes, counts and the price's unit; doses, ranges and those of kind `keep` stay, for they distinguish products."""
    parts, end = [], 0
    for quantity in in_name:
        if quantity.kind not in (QuantityKind.DOSE, QuantityKind.RANGE, keep):
            parts.append(name[end : quantity.start])
            end = quantity.end
    rest = " ".join((*parts, name[end:]))
    if price_unit:
        rest = _without_unit(rest, price_unit)
        if size_text and canonical_unit(size_text):  # a column that gives the unit, too, may have been joined to the name
            rest = _without_unit(rest, price_unit)
    return _tidy(rest) or _tidy(name) or name.strip()


def _without_unit(rest: str, price_unit: str) -> str:
    for pattern in (loose_end(), per_end()):
        ending = pattern.search(rest)
        if ending and canonical_unit(ending["unit"]) == price_unit:
            return rest[: ending.start()]
    return rest


def _tidy(text: str) -> str:
    """Return `text` without the marks and brackets that are left when quantities are taken out."""
    text = _DASHES.sub(" - ", _EMPTY.sub(" ", text))
    before = ""
    while before != text:
        before, text = text, _dangling().sub(" ", text).strip()
    if text.count("(") < text.count(")"):
        text = text.rstrip(")")
    return " ".join(text.split())


@derived()
def loose_end() -> re.Pattern[str]:
    """The unit at the end of a name that goods sold loose have: "Tomat, kg", "Сыр за кг"."""
    units = any_phrase(lexicon.words("other_units", "loose"))
    return re.compile(rf"(?<![\d\s,/(])(?:[\s,/(]+|\b{_per()}\s+)(?:1\s*)?(?P<unit>{units})\.?\)?\s*$", re.IGNORECASE)


@derived()
def per_end() -> re.Pattern[str]:
    """The unit at the end of a name behind "per" or a stroke."""
    return re.compile(rf"{SPACE_BEFORE}(?:/|\b{_per()}\s)\s*+(?:1\s*+)?(?P<unit>{LETTER}+)\.?\s*$", re.IGNORECASE)


@derived()
def _dangling() -> re.Pattern[str]:
    """Marks and words that are left over where a quantity was taken out."""
    ends = r"\s\-–—/,;:|@*+(~≈"
    return re.compile(
        rf"(?:^[\s\-–—/,;:|@*+.)~≈]+)|(?:(?<![{ends}])[{ends}]+$)|(?:\s[{TIMES}@]$)|(?<=\s)[,;|@/](?=\s)|(?:\b{any_phrase(lexicon.words('quantities', 'contains'))}$)",
        re.IGNORECASE,
    )


def _per() -> str:
    return any_phrase(lexicon.words("quantities", "per"))
