"""What the titles of price columns say of the goods under them: sizes that make each cell an offer, or quantities and tiers of one thing."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Value, is_number, text_of
from monito_ray.pipeline.characters import LETTER, TIMES, any_of
from monito_ray.pipeline.currencies import without_marks
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.spellings import content_spellings
from monito_ray.pipeline.tables.titles import parse_title
from monito_ray.pipeline.units import base_factors

#: Sizes of clothes.
_LETTER_SIZE = re.compile(r"(?:[2-6]?X{0,4}[SL]|M)", re.IGNORECASE)
#: Titles of sizes are short (characters).
LONGEST_SIZE_TITLE = 40
#: Columns of sizes that make a header.
FEWEST_SIZES = 2
_DIGITS = re.compile(r"\d+")
#: Signs before the end of quantities for which a price holds.
_UP_TO = ("<", "≤")
#: What may stand around a size, and around a quantity.
_AROUND = " ,:;()"
#: What makes a number a least quantity: "from 10", ">= 50", "100+", "10-49".
_QUANTITY = re.compile(r"(?:[<>≥≤]|\d\s*\+|\d\s*[-–—]\s*\d)")


class TitleSize(NamedTuple):
    """The size that a title names."""

    #: As written, without words for prices around it.
    text: str
    #: Its number in the unit's base, None for sizes in letters, in words and in several dimensions.
    number: float | None


@derived(maxsize=5_000)
def size_of_title(text: str) -> TitleSize | None:
    """Return the size that a title names beside words for prices ("Price 0,5 l", "72x36", "XL", "Large"), None where it says more, or something else."""
    if not text or len(text) > LONGEST_SIZE_TITLE or _QUANTITY.search(text):
        return None
    words = without_marks(text).split()
    alone = words[0].strip(_AROUND) if len(words) == 1 else ""
    if alone and not _is_size_in_words(alone) and not _size().fullmatch(alone):
        return None  # most cells, article numbers among them, before it is asked whether it is a word for prices
    rest = " ".join(word for word in words if parse_title(word).role != "price").strip(_AROUND)
    if _is_size_in_words(rest):
        return TitleSize(rest, None)
    match = _size().fullmatch(rest)
    if match is None:
        return None
    number = None if match["more"] else float(match["number"].replace(",", ".")) * _in_base(match["unit"])
    return TitleSize(rest, number)


def _is_size_in_words(text: str) -> bool:
    return _LETTER_SIZE.fullmatch(text) is not None or text.casefold() in _size_words()


@derived(maxsize=5_000)
def is_quantity_title(text: str) -> bool:
    """Return whether a title is a quantity from which or up to which a price holds: "from 10", "50+", "10-49 pcs"."""
    if not text or len(text) > LONGEST_SIZE_TITLE or is_date(text):
        return False
    return _match_quantity(text) is not None


def _match_quantity(text: str) -> re.Match[str] | None:
    rest = " ".join(word for word in without_marks(text).split() if parse_title(word).role != "price")
    match = _quantity().fullmatch(rest.strip(_AROUND))
    return match if match and any(match[part] for part in ("from_word", "sign", "range", "plus")) else None


@derived(maxsize=1_000)
def least_quantity(text: str) -> float | None:
    """Return from which quantity the prices under a title hold, that stands at its end: 10 of "Price per pc 10 - 49", 0 of "< 10"; None without one."""
    words = text.split() if any(map(str.isdigit, text)) else []
    ends = (" ".join(words[start:]) for start in range(len(words)))
    end = next((end for end in ends if is_quantity_title(end)), "")
    match = _match_quantity(end) if end else None
    if match is None:
        return None
    up_to = (match["sign"] or "").startswith(_UP_TO) or (match["from_word"] or "").casefold() in lexicon.words("amounts", "to")
    return 0.0 if up_to else float(_DIGITS.search(match[0]).group())  # type: ignore[union-attr]  # a quantity has digits


def are_sizes_over_numbers(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether sizes stand over numbers, a column for each: "Pizza | 25 cm | 30 cm"."""
    texts = {column: text for column, value in enumerate(row) if isinstance(value, str) and (text := text_of(value))}
    sizes: dict[int, str] = {}
    for looked_at, column in enumerate(sorted(texts, key=lambda column: len(texts[column]))):
        if len(sizes) + len(texts) - looked_at < FEWEST_SIZES:
            return False  # mostly before the name of goods, the longest text, is looked at word by word
        if size_of_title(texts[column]):
            sizes[column] = texts[column]
    if len(set(sizes.values())) < max(FEWEST_SIZES, len(sizes)):
        return False
    return all(column < len(below) and _is_plain_amount(below[column]) for column in sizes)


def are_quantities_over_numbers(row: Sequence[Value], above: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether quantities stand over numbers, each larger than the one before, and under none: "Item | from 10 | from 50".

    In a row of goods "from 10" is a price, and so is what stands above it.
    """
    columns = [column for column, value in enumerate(row) if isinstance(value, str) and is_quantity_title(text_of(value))]
    numbers = [float(_DIGITS.search(text_of(row[column])).group()) for column in columns]  # type: ignore[union-attr]  # a quantity has digits
    if len(columns) < FEWEST_SIZES or any(a >= b for a, b in pairwise(numbers)):
        return False
    return all(column < len(below) and _is_plain_amount(below[column]) for column in columns) and not any(
        column < len(above) and _is_plain_amount(above[column]) for column in columns
    )


def _is_plain_amount(value: Value) -> bool:
    if is_number(value):
        return True
    amount = parse_price(value) if isinstance(value, str) else None
    return amount is not None and not amount.unit


@derived()
def _size_words() -> frozenset[str]:
    return frozenset(lexicon.words("other_units", "size_title"))


@derived()
def _size() -> re.Pattern[str]:
    units = any_of([*content_spellings(), *lexicon.words("other_units", "dimension"), '"', "″", "''"])
    number = r"\d+(?:[.,]\d+)?"
    return re.compile(
        rf"(?:{LETTER}{{1,2}}\s+)?(?P<number>{number})(?P<more>(?:\s*{units})?\s*[{TIMES}*]\s*{number}(?:\s*[{TIMES}*]\s*{number})?)?\s*"
        rf"(?P<unit>(?(more)(?:{units})?|{units}))\.?",
        re.IGNORECASE,
    )


@derived()
def _quantity() -> re.Pattern[str]:
    words = any_of(word for key in ("from", "to") for word in lexicon.words("amounts", key))
    number = r"\d[\d.,\s]*"
    return re.compile(
        rf"(?:(?P<from_word>{words})\.?\s+|(?P<sign>[<>≥≤]=?)\s*)?{number}(?P<range>[-–—]\s*{number})?(?P<plus>\+)?\s*(?:{LETTER}{{1,8}}\.?)?",
        re.IGNORECASE,
    )


def _in_base(unit: str) -> float:
    """Return how many of its base unit a unit is, 1 for units without one."""
    _, factor = base_factors().get(content_spellings().get(unit.casefold().rstrip("."), ""), ("", 1))
    return float(factor)
