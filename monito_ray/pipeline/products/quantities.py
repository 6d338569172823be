"""Finding quantities in a text: sizes, counts of pieces, what a carton holds.

`find` reads a text once, from left to right, with one expression of alternatives. What it takes for no content (a dose, a
range, a grammage) it passes over, so that nothing inside is read as a size.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from math import prod
from typing import Any

from monito_ray.pipeline.spellings import content_spellings, count_spellings

_IN_NAMES = frozenset({"g", "kg", "ml", "l", "cl"})
_NOT_COUNTED = frozenset({"sheet", "ream", "gallon", "head", "portion", "drum"})
_LETTER = r"[^\W\d_]"
_DOSED = r"(?:mg|mcg|ug|µg|g|gr|ui|iu|meq|мг|мкг|г|ме)"
_FOREIGN_UNITS = (
    "mcg",
    "inch",
    "in",
    "gb",
    "mb",
    "tb",
    "w",
    "v",
    "a",
    "hz",
    "вт",
    "гб",
    "мач",
    "mah",
    "oz",
    "onz",
    "gal",
    "lb",
    "ui",
    "iu",
)
_TIMES = r"[xх×]"
_BY = r"[xх×*]"
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_MOST_PIECES = 10_000
_NUMERAL = re.compile(r"[\d½¼¾]")


class QuantityKind(StrEnum):
    """What a found quantity is."""

    SIZE = "size"
    COUNT = "count"
    CARTON = "carton"
    DOSE = "dose"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at `start:end` of a text.

    SIZE: `size` and `unit` of one piece, `pieces` of them (1 where the text gives no count). COUNT: `pieces`, of `container`
    where that is a price unit ("1 dus isi 40"). CARTON: `pieces` in a `container`, said beside the price of something else.
    DOSE, RANGE: nothing but the place; a dose in so many ml has those as `size`.
    """

    kind: QuantityKind
    start: int
    end: int
    size: Decimal | None = None
    unit: str = ""
    pieces: int = 1
    container: str = ""


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of `text` in reading order; none overlaps another."""
    if not _NUMERAL.search(text):
        return ()
    lowered = text.replace("İ", "i").lower()
    return tuple(amount for match in _pattern().finditer(lowered) for amount in _read(match, text))


def parse_number(text: str, unit: str) -> Decimal:
    """The value of "1,5", "1.550" or "1/2" before `unit`; three digits behind a separator are thousands of g and ml alone."""
    text = text.strip()
    if "/" in text:
        whole, _, fraction = text.rpartition(" ")
        above, below = fraction.split("/")
        return Decimal(whole.strip() or 0) + Decimal(above) / Decimal(below)
    if text[-1] in _FRACTIONS:
        return Decimal(text[:-1].strip() or 0) + _FRACTIONS[text[-1]]
    marks = [char for char in text if char in ".,"]
    if not marks:
        return Decimal(text)
    last = text.rindex(marks[-1])
    behind = len(text) - last - 1
    thousands = len(marks) > 1 and len(set(marks)) == 1
    thousands = thousands or (len(marks) == 1 and behind == 3 and unit in ("g", "ml") and not text.startswith("0"))
    if thousands:
        return Decimal(text.replace(marks[0], ""))
    return Decimal(text[:last].replace(",", "").replace(".", "") + "." + text[last + 1 :])


def _read(match: re.Match[str], text: str) -> Iterator[Quantity]:
    start, end = match.span()
    kind = match.lastgroup
    if kind == "dose":
        yield _dose(match, start, end)
    elif kind == "range":
        yield Quantity(QuantityKind.RANGE, start, end) if _is_range(match) else _size(match, "r", text)
    elif kind == "carton":
        pieces = _product(match["c_count"])
        if pieces:
            yield Quantity(QuantityKind.CARTON, start, end, pieces=pieces, container=_counted(match["c_unit"]))
    elif kind == "size":
        amount = _size(match, "s", text)
        if amount.size:
            yield amount
    else:
        yield from _count(match, start, end)


def _dose(match: re.Match[str], start: int, end: int) -> Quantity:
    volume = match["d_volume"]
    return Quantity(QuantityKind.DOSE, start, end, parse_number(volume, "ml") if volume else None, "ml" if volume else "")


def _is_range(match: re.Match[str]) -> bool:
    unit = _content(match["r_unit"])
    low_unit = _content(match["r_low_unit"]) if match["r_low_unit"] else unit
    scale = {"g": 1, "kg": 1000, "ml": 1, "cl": 10, "l": 1000}
    low, high = parse_number(match["r_low"], low_unit) * scale[low_unit], parse_number(match["r_size"], unit) * scale[unit]
    return low < high <= low * 6


def _size(match: re.Match[str], group: str, text: str) -> Quantity:
    start, end = match.start() if group == "s" else match.start("r_size"), match.end()
    written, unit_text = match[f"{group}_size"], match[f"{group}_unit"]
    unit = _content(unit_text)
    size = parse_number(written, unit)
    lead, by, tail, per = (match[f"s_{part}"] if group == "s" else None for part in ("lead", "by", "tail", "per"))
    pieces = _product(" ".join(filter(None, (lead, tail))))
    as_written = text[match.start(f"{group}_unit") : match.end(f"{group}_unit")]
    if size <= 0 or pieces == 0 or _is_year(written, unit_text) or (not lead and not tail and not by and _is_unsure(size, as_written)):
        return Quantity(QuantityKind.SIZE, start, end)
    return Quantity(QuantityKind.SIZE, start, end, size, unit, pieces, _counted(per) if per else "")


def _is_year(written: str, unit_text: str) -> bool:
    return unit_text.casefold() == "г" and len(written) == 4 and written[:2] in ("19", "20")


def _is_unsure(size: Decimal, unit_text: str) -> bool:
    """Whether a lone capital G may as well mean gallons, or a generation of phones: "5G"."""
    return unit_text == "G" and size <= 5 and size == int(size)


def _count(match: re.Match[str], start: int, end: int) -> Iterator[Quantity]:
    written = next(filter(None, (match[name] for name in ("n_count", "i_count", "o_count", "a_count", "z_count", "x_count"))))
    pieces = _product(written)
    container = match["n_unit"] or ""
    outer = _outer_before().search(match.string, 0, start) if match["i_count"] else None
    if outer:
        start, container = outer.start(), outer["outer"]
    if pieces and not (match["x_count"] and _is_no_count(match.string, start, end)):
        yield Quantity(QuantityKind.COUNT, start, end, pieces=pieces, container=_counted(container) if container else "")


_DIMENSION = re.compile(r"(?:\d\s*(?:cm|mm|m|mt|mts|inch|in|см|мм|м)\.?|[\d\"”'°])\s*$", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(rf"\d\s*{_LETTER}{{1,5}}\.?\s*$")


def _is_no_count(text: str, start: int, end: int) -> bool:
    """Whether the "x 30" at `start:end` continues a dimension ("20 x 30") or is the name of a model ("X5", "X85 Turbo")."""
    before = text[:start]
    if not before.strip() or _DIMENSION.search(before):
        return True
    is_glued = text[start + 1].isdigit() and not _AMOUNT_BEFORE.search(before)
    ends = not text[end:].strip() or text[end:].lstrip()[0] in "-,;)"
    return is_glued and text[start + 1 : end] != "1" and before.rstrip()[-1].isalnum() and (end - start < 3 or not ends)


def _product(text: str) -> int:
    pieces = prod(int(digits) for digits in re.findall(r"\d+", text))
    return pieces if 0 < pieces <= _MOST_PIECES else 0


def _content(text: str) -> str:
    return content_spellings()[text.casefold().rstrip(".")]


def _counted(text: str) -> str:
    return count_spellings()[" ".join(text.casefold().split()).rstrip(".")]


def _alternatives(words: Iterable[str]) -> str:
    """An expression for any of `words`, the longest that fits first, written as a tree of letters: that is read far faster."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for char in word:
            branch = branch.setdefault(char, {})
        branch[""] = {}
    return _branches(tree)


def _branches(tree: dict[str, Any]) -> str:
    longer = [re.escape(char) + _branches(below) for char, below in sorted(tree.items()) if char]
    if not longer:
        return ""
    return f"(?:{'|'.join(longer)})" + ("?" if "" in tree else "")


@cache
def _outer_before() -> re.Pattern[str]:
    """A package named just before its contents: "dus isi 40"."""
    container = _alternatives(word for word, unit in count_spellings().items() if unit != "pcs")
    return re.compile(rf"(?<!\w)(?<!\d\s)(?P<outer>{container})\.?\s*$")


@cache
def _pattern() -> re.Pattern[str]:
    content = _alternatives(word for word, unit in content_spellings().items() if unit in _IN_NAMES)
    counted = _alternatives(word for word, unit in count_spellings().items() if unit not in _NOT_COUNTED)
    container = _alternatives(word for word, unit in count_spellings().items() if unit != "pcs")
    any_unit = _alternatives([*content_spellings(), *_FOREIGN_UNITS])
    end = rf"\.?(?!{_LETTER})"
    free = r"(?<![\w.,/\-])"
    chain = rf"{free}\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}})*(?![\d])"
    value = r"(?:(?:\d{1,2}\s+)?[1-7]/[2-8](?![\d/])|\d+(?:[.,]\d+)*|\d?[½¼¾])"
    begin = rf"(?<![\d.,])(?:(?<!{_LETTER})|(?<={_LETTER}{{3}})|(?<=[xх]))"
    times = rf"(?:{_BY}|@|по\s)"
    lead = rf"{free}\d{{1,4}}\s*(?:(?:{counted})\.?\s*)?{times}\s*(?:\d{{1,4}}\s*(?:(?:{counted})\.?\s*)?{times}\s*)*"
    slash = rf"{free}(?:[68]|[1-9]\d|1\d\d)/(?=\d+\s*(?:ml|gr?|мл|гр?){end})"
    per_area_or_time = r"(?!\s*/\s*(?:m[2²]?\b|м[2²]?\b|min|мин|h\b|jam|ч\b|s\b|l\b))(?!\s?\.?\s?с\.)"
    not_amount = rf"(?![\d.,]*\d)(?!\s*(?:{any_unit}){end})"
    alternatives = {
        "dose": rf"(?<![\d.,])\d+(?:[.,]\d+)*\s*{_DOSED}\s*/\s*(?P<d_volume>\d+(?:[.,]\d+)?)?\s*(?:ml|l|g|kg|мл|л|cc|m2|m²|м2|dosis)(?!{_LETTER})",
        "range": rf"{begin}(?P<r_low>{value})\s*(?:(?P<r_low_unit>{content})\.?)?\s*(?:-|–|—|~|to|до|s/d)\s*(?P<r_size>{value})\s*(?P<r_unit>{content}){end}",
        "carton": rf"\(?\s*@?(?P<c_count>{chain})\s*(?:(?:{counted})\.?)?\s*(?:/|\bper\s|\bв\s)\s*(?:1\s*)?(?P<c_unit>{container}){end}\s*\)?",
        "size": rf"(?:\b(?:isi|по|netto|net|вес|масса)\s*:?\s*|@\s*)?(?P<s_lead>{lead}|{slash})?(?P<s_by>(?<![^\W_]){_BY}\s*)?"
        rf"{begin}(?P<s_size>{value})\s*(?P<s_unit>{content})(?:{end}|(?=[xх]\d)){per_area_or_time}"
        rf"(?:\s*{_BY}\s*(?P<s_tail>\d{{1,4}})(?![\w\"”]|[.,/]\d|\s*(?:{any_unit}){end})(?:\s*(?:{counted}){end})?)?(?:\s*/\s*(?P<s_per>{container}){end})?",
        "isi": rf"(?:\b(?:isi|berisi|contains?|contiene)\b|(?<={_LETTER})\s*=)\s*[:@]?\s*(?P<i_count>\d{{1,4}}){not_amount}(?:\s*(?:{counted}){end})?\)?",
        "of": rf"\b(?:of|из|de)\s+(?P<o_count>\d{{1,4}})\s*(?:{counted}){end}",
        "apostrophe": rf"{free}(?P<a_count>\d{{1,4}})\s*['’`´]\s*s\b",
        "number": rf"(?:(?<![^\W_]){_BY}\s*)?(?P<n_count>(?<![\d.,/\-])(?:(?<!\w)|(?<=[xх]))\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}})*)\s*-?\s*(?P<n_unit>{counted}){end}",
        "ounces": rf"{free}(?P<z_count>\d{{1,4}})\s*{_BY}\s*(?=\d+(?:[.,]\d+)?\s*(?:fl\.?\s*)?(?:oz|onz|lbs?)\b)",
        "x": rf"(?:(?<![^\W_])|(?<=oz)){_TIMES}\s*(?P<x_count>\d{{1,4}})(?![\w\"”°%]|[.,/]\d|\s*{_BY}\s*\d|\s*(?:{any_unit}){end})",
    }
    # Everything begins with a digit or one of these before it: said first, this spares most places all alternatives.
    begins = r"(?=[\d½¼¾]|[xх×*@(=]\W{0,3}[\d½¼¾]|\s=|\s/|(?:isi|berisi|contains?|contiene|по|netto|net|вес|масса|of|из|de)\W{1,3}\d)"
    return re.compile(begins + "(?:" + "|".join(f"(?P<{kind}>{expression})" for kind, expression in alternatives.items()) + ")")
