"""Finding quantities in a text: sizes, counts of pieces, what a carton holds.

`find` reads a text once, from left to right, with one expression of alternatives. What it takes for no content (a dose, a
range, a grammage) it passes over, so that nothing inside is read as a size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from math import prod

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


class Kind(StrEnum):
    """What a found quantity is."""

    SIZE = "size"
    COUNT = "count"
    CARTON = "carton"
    DOSE = "dose"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity at `start:end` of a text.

    SIZE: `size` and `unit` of one piece, `pieces` of them (1 where the text gives no count). COUNT: `pieces`, of `container`
    where that is a price unit ("1 dus isi 40"). CARTON: `pieces` in a `container`, said beside the price of something else.
    DOSE, RANGE: nothing but the place; a dose in so many ml has those as `size`.
    """

    kind: Kind
    start: int
    end: int
    size: Decimal | None = None
    unit: str = ""
    pieces: int = 1
    container: str = ""


def find(text: str) -> tuple[Amount, ...]:
    """The quantities of `text` in reading order; none overlaps another."""
    if not any(char.isdigit() or char in _FRACTIONS for char in text):
        return ()
    return tuple(amount for match in _pattern().finditer(text) for amount in _read(match))


def number(text: str, unit: str) -> Decimal:
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


def _read(match: re.Match[str]) -> Iterator[Amount]:
    start, end = match.span()
    kind = match.lastgroup
    if kind == "dose":
        yield _dose(match, start, end)
    elif kind == "range":
        yield Amount(Kind.RANGE, start, end) if _is_range(match) else _size(match, "r", start, end)
    elif kind == "carton":
        pieces = _product(match["c_count"])
        if pieces:
            yield Amount(Kind.CARTON, start, end, pieces=pieces, container=_counted(match["c_unit"]))
    elif kind == "size":
        amount = _size(match, "s", start, end)
        if amount.size:
            yield amount
    else:
        yield from _count(match, start, end)


def _dose(match: re.Match[str], start: int, end: int) -> Amount:
    volume = match["d_volume"]
    return Amount(Kind.DOSE, start, end, number(volume, "ml") if volume else None, "ml" if volume else "")


def _is_range(match: re.Match[str]) -> bool:
    unit = _content(match["r_unit"])
    low_unit = _content(match["r_low_unit"]) if match["r_low_unit"] else unit
    scale = {"g": 1, "kg": 1000, "ml": 1, "cl": 10, "l": 1000}
    low, high = number(match["r_low"], low_unit) * scale[low_unit], number(match["r_size"], unit) * scale[unit]
    return low < high <= low * 6


def _size(match: re.Match[str], group: str, start: int, end: int) -> Amount:
    written, unit_text = match[f"{group}_size"], match[f"{group}_unit"]
    unit = _content(unit_text)
    size = number(written, unit)
    lead = match["s_lead"] if group == "s" else None
    pieces = _product(" ".join(filter(None, (lead, match["s_tail"] if group == "s" else None))))
    if group == "r":
        start = match.start("r_size")
    if size <= 0 or pieces == 0 or _is_year(written, unit_text) or (pieces == 1 and not match["s_by"] and _is_unsure(size, unit_text)):
        return Amount(Kind.SIZE, start, end)
    return Amount(Kind.SIZE, start, end, size, unit, pieces, _counted(match["s_per"]) if group == "s" and match["s_per"] else "")


def _is_year(written: str, unit_text: str) -> bool:
    return unit_text.casefold() == "г" and len(written) == 4 and written[:2] in ("19", "20")


def _is_unsure(size: Decimal, unit_text: str) -> bool:
    """Whether a lone capital G may as well mean gallons, or a generation of phones: "5G"."""
    return unit_text == "G" and size <= 5 and size == int(size)


def _count(match: re.Match[str], start: int, end: int) -> Iterator[Amount]:
    written = next(filter(None, (match[name] for name in ("n_count", "i_count", "o_count", "a_count", "z_count", "x_count"))))
    pieces = _product(written)
    container = match["n_unit"] or match["i_outer"] or ""
    if pieces and not (match["x_count"] and _is_dimension(match.string[: match.start()], match["x"], pieces)):
        yield Amount(Kind.COUNT, start, end, pieces=pieces, container=_counted(container) if container else "")


_DIMENSION = re.compile(r"(?:\d\s*(?:cm|mm|m|mt|mts|inch|in|см|мм|м)\.?|[\d\"”'°])\s*$", re.IGNORECASE)


def _is_dimension(before: str, written: str, pieces: int) -> bool:
    """Whether "x 30" continues a dimension ("20 x 30"), or "X5" is the name of a model."""
    return not before.strip() or _DIMENSION.search(before) is not None or (pieces < 10 and written[-2:-1] in "xXхХ" and pieces != 1)


def _product(text: str) -> int:
    pieces = prod(int(digits) for digits in re.findall(r"\d+", text))
    return pieces if 0 < pieces <= _MOST_PIECES else 0


def _content(text: str) -> str:
    return content_spellings()[text.casefold().rstrip(".")]


def _counted(text: str) -> str:
    return count_spellings()[" ".join(text.casefold().split()).rstrip(".")]


def _alternatives(words: Iterator[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


@cache
def _pattern() -> re.Pattern[str]:
    content = _alternatives(word for word, unit in content_spellings().items() if unit in _IN_NAMES)
    counted = _alternatives(word for word, unit in count_spellings().items() if unit not in _NOT_COUNTED)
    container = _alternatives(word for word, unit in count_spellings().items() if unit != "pcs")
    any_unit = _alternatives(iter([*content_spellings(), *_FOREIGN_UNITS]))
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
        rf"{begin}(?P<s_size>{value})\s*(?P<s_unit>{content}){end}{per_area_or_time}"
        rf"(?:\s*{_BY}\s*(?P<s_tail>\d{{1,4}})(?![\w\"”]|[.,/]\d|\s*(?:{any_unit}){end})(?:\s*(?:{counted}){end})?)?(?:\s*/\s*(?P<s_per>{container}){end})?",
        "isi": rf"(?:\(?(?:1\s*)?\b(?P<i_outer>{container})\.?\s*)?(?:\b(?:isi|berisi|contains?|contiene)|(?<={_LETTER})\s*=)\s*[:@]?\s*"
        rf"(?P<i_count>\d{{1,4}}){not_amount}(?:\s*(?:{counted}){end})?\)?",
        "of": rf"\b(?:of|из|de)\s+(?P<o_count>\d{{1,4}})\s*(?:{counted}){end}",
        "apostrophe": rf"{free}(?P<a_count>\d{{1,4}})\s*['’`´]\s*s\b",
        "number": rf"(?:(?<![^\W_]){_BY}\s*)?(?P<n_count>(?<![\d.,/\-])(?:(?<!\w)|(?<=[xх]))\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}})*)\s*-?\s*(?P<n_unit>{counted}){end}",
        "ounces": rf"{free}(?P<z_count>\d{{1,4}})\s*{_BY}\s*(?=\d+(?:[.,]\d+)?\s*(?:fl\.?\s*)?(?:oz|onz|lbs?)\b)",
        "x": rf"(?:(?<![^\W_])|(?<=oz)){_TIMES}\s*(?P<x_count>\d{{1,4}})(?![\w\"”°%]|[.,/]\d|\s*{_BY}\s*\d|\s*(?:{any_unit}){end})",
    }
    return re.compile("|".join(f"(?P<{kind}>{expression})" for kind, expression in alternatives.items()), re.IGNORECASE)
