"""Amounts of money in running text: where each stands, and how clearly it is one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon, prices
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.currencies import currency_of_mark, mark_expression
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.lines import masks
from monito_ray.pipeline.price_remarks import remark_end

#: Behind a sign a point before the first digit separates decimals: "$.75".
_SIGN = r"[^\w\s\x00-\x1f!-#%-/:-@\[-`{-~]"
_POINT_FIRST = rf"(?:(?<={_SIGN})|(?<={_SIGN} ))\.\d{{1,2}}(?!\d)"
#: A number as lists write amounts: groups of thousands, then decimals.
_NUMBER = re.compile(
    rf"{_POINT_FIRST}|" + r"(?<!\d)(?<!\d[.,])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,'’]\d+)*)"
)
#: What may be a currency between whole and cents: "2€40", "5 руб. 40 коп."
_MARK_WITHIN = re.compile(r"\d\s?[^\d\s.,\x01\x02]{1,5}\.?\s?\d\d(?!\d)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,'’]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d\d")
#: ... or, where a list writes prices so, with blanks between thousands and with cents.
_GROUPED_OR_SPACED = re.compile(rf"{_GROUPED.pattern}|[1-9]\d{{0,2}}(?:[ \u00a0\u202f]\d{{3}})+[.,]\d\d")
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?")
#: A size of clothes or cups that is glued to its price: "S155 M175".
_SIZE_LETTERS = re.compile(r"(?<!\w)(?:[SML]|X{1,3}L)$")
_GLUED_BEFORE = re.compile(rf"(?:{LETTER}|\d)$")
_GLUED_BEHIND = re.compile(rf"{LETTER}+")
#: Digits that begin with 0 are a postal code or an article number.
_CODE = re.compile(r"0\d+")
#: A bare number from this on is an account or a code.
_TOO_LONG = 10**8
_RANGE_BEFORE = re.compile(r"\d\s?[-–—]\s?$")
_RANGE_BEHIND = re.compile(r"\s?[-–—]\s?\d")
#: A currency's mark before an amount has at most this many characters.
_LONGEST_MARK, _LONGEST_LABEL = 12, 30
#: The low end of a range of prices stands right before the dash; the high end is at most so many times as high, so that sizes are none.
_LOW_END = re.compile(r"(?<![\d.,/–—-])(?P<low>\d+(?:[.,]\d+)*)(?:[-–—]|(?P<arrow>\s*(?:[-–—=]*>+|[→➡➔➜⇒])\ufe0f?\s*))$")
_WIDEST_RANGE, _THOUSAND = 3, Decimal(1_000)
#: Blanks around the stroke before a unit, and an amount behind that: "145k / 1 kg - 520k" has two prices.
_AMOUNT_BEHIND = re.compile(r"\s*+[-–—:=]?\s*+(?:[^\W\d]{1,3}\.?\s?|\W\s?)?\d")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_STROKE = re.compile(r"[.,]?[-–=]{1,2}(?=$|[\s/)|,;\x01])")


class Strength(IntEnum):
    """How clearly a number is an amount."""

    #: Digits and nothing else: it may be anything.
    BARE = 1
    #: It has thousands or decimals as amounts have them.
    SHAPED = 2
    #: What it is for stands behind it ("/kg"), or how many pieces a case has ("2500/case").
    PER = 3
    #: A word for prices, a factor ("25rb") or a stroke (",-") stands beside it.
    MARKED = 4
    #: A currency stands beside it.
    MONEY = 5


@dataclass(frozen=True, slots=True)
class AmountAt:
    """An amount at `start:end` of a line, its marks and unit included."""

    start: int
    end: int
    value: Decimal
    strength: Strength
    currency: str = ""
    #: What the price is for, as written: "kg", "100 г".
    unit: str = ""


#: The end of an abbreviation.
_LETTER_BEHIND_STROKE = re.compile(rf"{LETTER}[/.]{LETTER}\s?$")
_DIGIT_BEHIND, _DIGIT_BEFORE = re.compile(r"\s?[.:]?\s?\d"), re.compile(r"\d\s?$")


@dataclass(frozen=True, slots=True)
class OwnMarks:
    """Letters that this list writes beside its amounts, whatever they mean: the "P" of "P280", the "e" of "0,50e"."""

    before: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    #: Whether marks of currencies stand before the amounts, or behind them: then the one in "25 Rp 9.500" is that of the second number,
    #: or the one in "25 € 10 pcs" that of the first.
    currencies_before: bool = False
    currencies_behind: bool = False


NO_MARKS = OwnMarks()


def numbers_in(masked: str, *, parts_spaced: bool = False) -> Iterator[re.Match[str]]:
    """Yield the numbers of a masked line; with `parts_spaced`, groups of digits with blanks between them are numbers of their own."""
    numbers = _number_around_mark() if _MARK_WITHIN.search(masked) else _NUMBER
    for match in numbers.finditer(masked):
        if parts_spaced and is_spaced(match) and not is_beside_mark(masked, match):
            yield from _DIGITS.finditer(masked, match.start(), match.end())
        else:
            yield match


@derived()
def _number_around_mark() -> re.Pattern[str]:
    """Return an expression for a number as lists write amounts, with a currency for its decimal mark, too: "2€40"."""
    mark, cents = mark_expression(), prices.cents_expression()
    glued = rf"(?<![\w.,])\d+{mark}\d\d(?!\w|[.,]\d|\s?{mark})"
    spoken = rf"(?<![\w.,])\d+\s?{mark}\s?\d\d{cents}"
    return re.compile(rf"{spoken}|{glued}|{_NUMBER.pattern}", re.IGNORECASE)


def is_spaced(number: re.Match[str]) -> bool:
    """Whether a number has blanks between its thousands, or is several numbers in a row."""
    return _SPACED.fullmatch(number.group()) is not None


def is_beside_mark(masked: str, number: re.Match[str]) -> bool:
    """Whether a currency stands right before a number, or right behind it."""
    head = masked[max(0, number.start() - _LONGEST_MARK) : number.start()]
    return masks.leading_mark().search(head) is not None or masks.following_mark().match(masked, number.end()) is not None


def amounts_in(
    text: str,
    masked: str,
    decimals: prices.Convention | None,
    own: OwnMarks = NO_MARKS,
    *,
    parts_spaced: bool = False,
    thousands_spaced: bool = False,
) -> list[AmountAt]:
    """Return what may be amounts in a line, from left to right; `masked` is the line without the numbers that are none.

    `parts_spaced` and `thousands_spaced` are those of the list's style.
    """
    shaped = _GROUPED_OR_SPACED if thousands_spaced else _GROUPED
    result: list[AmountAt] = []
    for match in numbers_in(masked, parts_spaced=parts_spaced):
        amount = _amount_at(text, masked, match, decimals, own, shaped)
        if amount is not None and (low := _low_end(text, masked, match, amount, decimals, own)) is not None:
            if result and result[-1].end > low.start:
                low = replace(low, start=result[-1].start, strength=max(low.strength, result[-1].strength), currency=result[-1].currency)
                del result[-1]
            result += [low, replace(amount, strength=max(low.strength, amount.strength))]
        elif amount is not None:
            result.append(amount)
    return result


def _low_end(
    text: str, masked: str, number: re.Match[str], high: AmountAt, decimals: prices.Convention | None, own: OwnMarks
) -> AmountAt | None:
    """Return the low end of a range of which an amount is the high one, or the price before an arrow: of "60-65rb" 60,000, of "230 → 215rb" 230,000."""
    match = _LOW_END.search(masked, 0, number.start())
    if match is None or high.strength < Strength.SHAPED:
        return None
    low, end = prices.parse_price(match["low"], decimals), prices.parse_price(number.group(), decimals)
    before = _mark_before(text, match.start(), own)
    if low is None or end is None or before is None:
        return None
    is_short = high.strength == Strength.SHAPED and match["low"].isdigit() and low.value * _THOUSAND < end.value
    value = low.value * (_THOUSAND if is_short else high.value / end.value)
    is_range = (value < high.value or match["arrow"]) and value / _WIDEST_RANGE <= high.value <= value * _WIDEST_RANGE
    return replace(high, start=before.at, end=match.end("low"), value=value) if is_range else None


def _amount_at(
    text: str, masked: str, number: re.Match[str], decimals: prices.Convention | None, own: OwnMarks, shaped: re.Pattern[str]
) -> AmountAt | None:
    parsed = None if _CODE.fullmatch(number.group()) else prices.parse_price(number.group(), decimals)
    before = _mark_before(text, number.start(), own)
    behind = _words_behind(masked, number.end(), own)
    if parsed is None or not parsed.value or before is None or behind is None:
        return None
    is_marked = max(before.strength, behind.strength) >= Strength.MARKED
    end, unit = _unit_behind(text, masked, behind.at, is_marked=is_marked)
    end = remark_end(masked, end) if is_marked else end
    is_shaped = shaped.fullmatch(number.group()) is not None
    strength = max(
        before.strength,
        behind.strength,
        Strength.MONEY if parsed.currency else Strength.PER if unit else Strength.SHAPED if is_shaped else Strength.BARE,
    )
    if strength == Strength.BARE and (parsed.value >= _TOO_LONG or _in_range(masked, number)):
        return None
    return AmountAt(before.at, end, parsed.value * behind.factor, strength, before.currency or behind.currency or parsed.currency, unit)


def _in_range(masked: str, number: re.Match[str]) -> bool:
    """Whether bare digits are an end of a range: "9-18"."""
    before, behind = masked[: number.start()], masked[number.end() :]
    return _RANGE_BEFORE.search(before) is not None or _RANGE_BEHIND.match(behind) is not None


class _Beside(NamedTuple):
    """What stands beside the digits of an amount, up to the place `at`."""

    at: int
    strength: Strength = Strength.BARE
    currency: str = ""
    factor: Decimal = Decimal(1)


def _mark_before(text: str, start: int, own: OwnMarks) -> _Beside | None:
    """Return the mark before the digits at `start`; None where the letters of a code stand there."""
    head = text[max(0, start - _LONGEST_MARK) : start]
    mark = masks.leading_mark().search(head)
    if mark and not (own.currencies_behind and (_DIGIT_BEFORE.search(head, 0, mark.start()) or _LETTER_BEHIND_STROKE.search(head))):
        return _Beside(start - len(head) + mark.start(), Strength.MONEY, currency=currency_of_mark(mark.group().strip(" .:")))
    if label := masks.price_label_before(text[max(0, start - _LONGEST_LABEL) : start]):
        return _Beside(start - label, Strength.MARKED)
    for letters in own.before:
        if head.rstrip().endswith(letters):
            return _Beside(start - len(head) + len(head.rstrip()) - len(letters), Strength.MONEY)
    return None if _GLUED_BEFORE.search(head) and not _SIZE_LETTERS.search(head) else _Beside(start)


def _words_behind(masked: str, end: int, own: OwnMarks) -> _Beside | None:
    """Return the factor and the mark behind the digits that end at `end`; None where the letters of a code stand there."""
    factor = Decimal(1)
    if match := masks.following_factor().match(masked, end):
        end, factor = match.end(), _factor(match.group())
    match = masks.following_mark().match(masked, end)
    if match and not (own.currencies_before and _DIGIT_BEHIND.match(masked, match.end())):
        return _Beside(match.end(), Strength.MONEY, currency=currency_of_mark(match.group()), factor=factor)
    letters = _GLUED_BEHIND.match(masked, end + (masked[end : end + 1] == " "))
    if letters and letters.group().casefold() in own.behind:
        return _Beside(letters.end(), Strength.MONEY, factor=factor)
    if factor == 1 and letters and letters.start() == end:
        return None
    if match := _STROKE.match(masked, end):
        return _Beside(match.end(), Strength.MARKED, factor=factor)
    return _Beside(end, Strength.MARKED if factor != 1 else Strength.BARE, factor=factor)


def _unit_behind(text: str, masked: str, end: int, *, is_marked: bool) -> tuple[int, str]:
    """Return where an amount ends with what the price is for, and that: "/kg", "540 ₽/100 г"; a bare number needs the stroke or "per"."""
    shown = "".join(char if hidden == masks.QUANTITY else hidden for char, hidden in zip(text[end:], masked[end:], strict=True))
    unit = masks.following_unit().match(shown)
    if unit is None or not (is_marked or unit["per"]):
        return end, ""
    if unit["per"] and not unit["per"].isalpha() and unit.group()[:1].isspace() and _AMOUNT_BEHIND.match(masked, end + unit.end()):
        return end, ""
    return end + unit.end(), unit["unit"]


@derived()
def _factor(text: str) -> Decimal:
    word = text.strip(" .").casefold()
    return Decimal(1_000) if word in lexicon.words("amounts", "thousand") else Decimal(1_000_000)
