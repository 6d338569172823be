"""Amounts of money in cells: what "Rp 25.500,-", "1,388.73р." and "25rb" mean."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, ZERO_LIKE, any_of
from monito_ray.pipeline.currencies import currency_of_mark, find_marks, without_marks
from monito_ray.pipeline.lexicon import derived

FACTORS = {"thousand": Decimal(1_000), "million": Decimal(1_000_000)}
_MOST = Decimal(10) ** 18
"""More is no price, and than the columns hold."""
_CENTS, _FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")
_STROKES = str.maketrans("", "", "-–—_.,=/\\")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_DIGITS = re.compile(r"\d[\d.,\s\u00a0\u202f\u2009']*")
_WORD = re.compile(rf"{LETTER}+")
_STRANGE = re.compile("[:*#@\"'+×]")
_TYPING_ERRORS = str.maketrans(dict.fromkeys(ZERO_LIKE, "0") | {"l": "1", "I": "1"})
_MISTYPED = re.compile(rf"^[\d{ZERO_LIKE}lI.,]*\d[\d{ZERO_LIKE}lI.,]*$")


class Convention(StrEnum):
    """What separates decimals in a column of texts."""

    DOT = "."
    COMMA = ","


class Amount(NamedTuple):
    """A price cell as read: the amount, the currency and the unit that stood beside it ("" when none)."""

    value: Decimal
    currency: str = ""
    unit: str = ""


def decimal_convention(texts: Iterable[str]) -> Convention | None:
    """Which mark separates decimals in a column, by all its texts together; None when they do not tell.

    A mark followed by other than three digits separates decimals, one that repeats separates thousands; where both stand, the
    last one separates decimals. Three digits behind every mark of the column mean thousands.
    """
    votes = {Convention.DOT: 0, Convention.COMMA: 0}
    thousands = {".": 0, ",": 0}
    for text in texts:
        if "." not in text and "," not in text:
            continue  # most texts; there are many
        for match in _DIGITS.finditer(text):
            digits = _SPACES.sub("", match.group()).rstrip(".,")
            dots, commas = digits.count("."), digits.count(",")
            if dots and commas:
                votes[Convention.DOT if digits.rfind(".") > digits.rfind(",") else Convention.COMMA] += 3
            elif dots + commas == 1:
                mark = "." if dots else ","
                tail = len(digits) - digits.index(mark) - 1
                if tail == 3 and not digits.startswith("0"):
                    thousands[mark] += 1
                else:
                    votes[Convention(mark)] += 1
            elif dots or commas:
                thousands["." if dots else ","] += 3
    votes[Convention.COMMA] += thousands["."]
    votes[Convention.DOT] += thousands[","]
    if votes[Convention.DOT] == votes[Convention.COMMA]:
        return None
    return max(votes, key=lambda mark: votes[mark])


@derived(maxsize=50_000)
def parse_price(text: str, decimals: Convention | None = None) -> Amount | None:
    """The amount that stands in the text of a price cell, None when it is none.

    Accepts a currency before or behind, ",-" and ".=", factors ("25rb", "1,5jt"), a unit ("600.000/KG"), "from" words, and digits
    mistyped as letters ("13o"). More words than that, a percentage, or two numbers make it no amount.
    """
    text = text.strip()
    if not text or len(text) > 40:
        return None
    if _MISTYPED.match(text) and not text.isdigit():
        text = text.translate(_TYPING_ERRORS)
    numbers = [match for match in _DIGITS.finditer(text) if match.group().strip()]
    if len(numbers) != 1:
        return None
    before, behind = text[: numbers[0].start()], text[numbers[0].end() :]
    value = _number(numbers[0].group(), decimals)
    if value is None or "%" in text or _blocked(before, behind):
        return None
    currency, factor, unit = _beside(before, behind)
    if factor is None or value * factor >= _MOST:
        return None
    sign = -1 if before.strip().endswith(("-", "−")) and not before.strip()[:-1].strip() else 1
    return Amount(value * factor * sign, currency, unit)


@derived(maxsize=50_000)
def parse_price_or_range(text: str, decimals: Convention | None = None) -> Amount | None:
    """As `parse`, and of a range ("700-900 р.") the end from which the thing is sold."""
    amount = parse_price(text, decimals)
    found = None if amount else _range().match(text)
    if found is None:
        return amount
    low, high = parse_price(found["low"], decimals), parse_price(found["high"], decimals)
    if low is None or high is None or not low.value < high.value <= low.value * 10:
        return None
    return Amount(low.value, low.currency or high.currency, high.unit)


@derived(maxsize=50_000)
def is_on_request(text: str) -> bool:
    """Whether a price cell asks to be asked ("call", "по запросу")."""
    words = " ".join(_WORD.findall(text.casefold()))
    wanted = _requests()
    return words in wanted or any(f" {phrase} " in f" {words} " for phrase in wanted if " " in phrase or len(phrase) > 5)


def is_blank_price(text: str) -> bool:
    """Whether a price cell says that there is no price ("-", "Rp -", "N/A")."""
    folded = text.strip().casefold()
    if folded in _blanks():
        return True
    rest = _SPACES.sub("", text.translate(_STROKES))
    return not rest or bool(currency_of_mark(rest))


@derived(maxsize=50_000)
def rounded(value: Decimal) -> Decimal:
    """An amount as people see it: two decimals, four below 10 (cells carry ten that nobody is shown)."""
    return value.quantize(_CENTS if abs(value) >= 10 else _FOUR_PLACES)


def _number(digits: str, decimals: Convention | None) -> Decimal | None:
    digits = _SPACES.sub("", digits).rstrip(".,")
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        mark = "." if digits.rfind(".") > digits.rfind(",") else ","
        digits = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif dots + commas == 1:
        mark = "." if dots else ","
        tail = len(digits) - digits.index(mark) - 1
        is_decimal = mark == decimals if decimals and tail == 3 else tail != 3 or digits.startswith("0")
        digits = digits.replace(mark, "." if is_decimal else "")
    elif dots or commas:
        groups = re.split(r"[.,]", digits)
        if any(len(group) != 3 for group in groups[1:]):  # a date, a version
            return None
        digits = "".join(groups)
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _blocked(before: str, behind: str) -> bool:
    """Words or marks around a number that make it something else than an amount."""
    around = before + behind
    return sum(map(str.isalpha, around)) > 14 or _STRANGE.search(around) is not None


def _beside(before: str, behind: str) -> tuple[str, Decimal | None, str]:
    """Currency, factor (None when a word is not understood) and unit around a number."""
    currency, factor, unit = "", Decimal(1), ""
    for text, is_behind in ((before, False), (behind, True)):
        marks = [mark.code for mark in find_marks(text)]
        currency = currency or next(iter(marks), "")
        for word in _WORD.findall(without_marks(text).casefold() if marks else text.casefold()):
            if is_behind and word in _factors() and not unit:
                factor = _factors()[word]
            elif is_behind and not unit:
                unit = word
            elif word not in _from_words():
                return "", None, ""
    return currency, factor, unit


@derived()
def _factors() -> dict[str, Decimal]:
    thousands, millions = (dict.fromkeys(lexicon.words("amounts", key), factor) for key, factor in FACTORS.items())
    return thousands | millions


@derived()
def _requests() -> frozenset[str]:
    return frozenset(lexicon.words("amounts", "on_request"))


@derived()
def _blanks() -> frozenset[str]:
    return frozenset(lexicon.words("amounts", "blank"))


@derived()
def _from_words() -> frozenset[str]:
    return frozenset(lexicon.words("amounts", "from"))


@derived()
def _range() -> re.Pattern[str]:
    """Two amounts with a dash or a word between them."""
    to = any_of(lexicon.words("amounts", "to"))
    return re.compile(rf"(?P<low>.{{0,12}}\d[^\d–—-]{{0,8}}?)\s*(?:[-–—]|\b{to}\b)\s*(?P<high>\D{{0,8}}\d.{{0,20}})$", re.IGNORECASE)
