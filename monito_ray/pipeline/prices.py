"""Amounts of money in cells: what "Rp 25.500,-", "1,388.73р." and "25rb" mean."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, ZERO_LIKE, any_of
from monito_ray.pipeline.currencies import (
    currencies_of_mills,
    find_marks,
    joined_marks,
    mark_before_amount,
    mark_behind_amount,
    mark_expression,
    may_mean,
    without_marks,
)
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.price_remarks import without_remarks
from monito_ray.pipeline.spellings import spellings

#: Longer texts (characters) are names or remarks.
LONGEST_PRICE = 40
#: More letters around a number describe goods: "руб. за упаковку" has thirteen.
MOST_LETTERS = 14
#: The high end of a range of prices is at most this many times the low one; farther apart they are two other numbers.
WIDEST_RANGE = 10
#: More is no price, and does not fit the columns, which are decimal128(28, 6).
_TOO_MUCH = Decimal(10) ** 18
#: From this amount on two decimals are shown, below it four, so that prices of small pieces stay apart.
_SHOWN_IN_CENTS = 10
_CENTS, _FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")
#: What a number says of the column's decimal mark counts this often where it has both marks, or one of them twice: then it is sure.
_SURE_VOTES = 3
_THOUSANDS_DIGITS = 3
#: Whole numbers below a hundred before a word for cents are cents.
_FEW_DIGITS, _CENT = re.compile(r"\d\d?\s?"), Decimal("0.01")
_WRITTEN_AS_MONEY = re.compile(r"[.,]\d\d$|\d[.,\s]\d{3}(?!\d)")
_MARKS = (".", ",")
#: What parts amounts: a dash behind it belongs to one of them, and is not that of a range ("10.000/-12.000").
_PARTING = ("/", "|", ";")
#: What a number below one begins with.
_SMALL = ("0", *_MARKS)
#: Thousands, then lakhs and crores: "1,12,500".
_INDIAN = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")
_MULTIPLES = {"thousand": Decimal(1_000), "million": Decimal(1_000_000)}

_SPACE_CHARACTERS = r"\s\u00a0\u202f\u2009'"
_BLANK = re.compile(f"[{_SPACE_CHARACTERS}]+")
#: A point before the first digit separates decimals, unless it ends a word: ".75 €", but "Rp.5000".
_DIGITS = re.compile(rf"(?:(?<![\w.,/])[.,](?=\d{{1,3}}(?!\d)))?\d[\d.,{_SPACE_CHARACTERS}]*")
#: Blanks part thousands, or come into them on the way ("1 85.000"); "5 2", "8000 217" and "28.50 600" are two numbers.
_TWO_NUMBERS = re.compile(
    rf"\d[{_SPACE_CHARACTERS}]+(?=\d)(?!\d{{3}}(?!\d)|\d{{1,2}}[.,]\d{{3}}(?!\d))|\d{{4}}[{_SPACE_CHARACTERS}]+\d|\d[.,]\d+[{_SPACE_CHARACTERS}]+\d"
)
_WORD = re.compile(rf"{LETTER}+")
#: The marks of Arabic and of full-width numbers, as Latin ones; digits of any script are digits as they are.
_LATIN_MARKS = str.maketrans("٫٬．，", ".,.,")
#: Marks beside times, footnotes, sizes and telephone numbers, never beside prices.
_FOREIGN_MARK = re.compile("[:*#@\"'+×]")
_MINUS = ("-", "−")
_TYPING_ERRORS = str.maketrans(dict.fromkeys(ZERO_LIKE, "0") | {"l": "1", "I": "1"})
_MISTYPED = re.compile(rf"^(?=\D*\d)[\d{ZERO_LIKE}lI.,]*$")


class Convention(StrEnum):
    """The mark that separates decimals in a column of texts."""

    DOT = "."
    COMMA = ","
    #: Both marks stand before thousands; three digits behind one are never decimals.
    NEITHER = ""


class Amount(NamedTuple):
    """A price cell as read; currency and unit are "" where none stands beside the digits."""

    value: Decimal
    currency: str = ""
    unit: str = ""


def decimal_convention(texts: Iterable[str]) -> Convention | None:
    """Return the mark that separates decimals in a column, by all its texts together; None when they leave it open.

    A mark before other than three digits separates decimals, one that repeats separates thousands; where both stand, the last one
    separates decimals. Three digits behind every mark of the column mean thousands, with both marks, too ("41,500" among "95.000").
    """
    decimals = {Convention.DOT: 0, Convention.COMMA: 0}
    thousands = {Convention.DOT: 0, Convention.COMMA: 0}
    for text in texts:
        if not text.isascii():
            text = _with_latin_marks(text)  # noqa: PLW2901  # the same text
        if "." in text or "," in text:
            for match in _DIGITS.finditer(text):
                _vote(_bare_digits(match.group()), decimals, thousands)
    if all(thousands.values()) and not any(decimals.values()):
        return Convention.NEITHER
    dot = decimals[Convention.DOT] + thousands[Convention.COMMA]
    comma = decimals[Convention.COMMA] + thousands[Convention.DOT]
    if dot == comma:
        return None
    return Convention.DOT if dot > comma else Convention.COMMA


def _vote(digits: str, decimals: dict[Convention, int], thousands: dict[Convention, int]) -> None:
    """Count what one number says of the marks."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        decimals[_last_mark(digits)] += _SURE_VOTES
    elif dots + commas > 1:
        thousands[_last_mark(digits)] += _SURE_VOTES
    elif dots + commas == 1:
        mark = _last_mark(digits)
        votes = thousands if _may_be_thousands(digits, mark) and not digits.startswith(_SMALL) else decimals
        votes[mark] += 1


def _with_latin_marks(text: str) -> str:
    return text if text.isascii() else text.translate(_LATIN_MARKS)


def _bare_digits(text: str) -> str:
    return _BLANK.sub("", text).rstrip(".,")


def _last_mark(digits: str) -> Convention:
    return Convention.DOT if digits.rfind(".") > digits.rfind(",") else Convention.COMMA


def _may_be_thousands(digits: str, mark: str) -> bool:
    return len(digits) - digits.index(mark) - 1 == _THOUSANDS_DIGITS


@derived(maxsize=16_000)
def parse_price(text: str, decimals: Convention | None = None) -> Amount | None:
    """Return the amount in the text of a price cell, None when it is none.

    Accepts a currency before or behind, or between whole and cents ("2€40"), ",-" and ".=", factors ("25rb", "1,5jt"), a unit ("600.000/KG"), words for "from", and digits
    mistyped as letters ("13o"). More words, a percentage, or two numbers are no amount.
    """
    text = _with_latin_marks(text.strip())
    if not text or len(text) > LONGEST_PRICE:
        return None
    amount = _parse_amount(text, decimals)
    if amount is None or (amount.unit and amount.unit not in spellings()):
        bare = without_remarks(text)
        return _parse_amount(bare, decimals) or amount if bare != text else amount
    return amount


def _parse_amount(text: str, decimals: Convention | None) -> Amount | None:
    """Return the amount in a text without labels and remarks, None when it is none."""
    if "%" in text:
        return None
    if _MISTYPED.match(text) and not text.isdigit():
        text = text.translate(_TYPING_ERRORS)
    numbers = [match for match in _DIGITS.finditer(text) if match.group().strip()]
    if len(numbers) == 2:  # the number before a currency and that behind it
        text = _with_point(text)
        numbers = [*_DIGITS.finditer(text)]
    if len(numbers) != 1:
        return None
    before, behind = text[: numbers[0].start()], text[numbers[0].end() :]
    value = _parse_number(numbers[0].group(), decimals)
    if value is None or _is_point_unclear(before, numbers[0].group()) or _describes_goods(before + behind):
        return None
    beside = _beside_alone(before, behind, numbers[0].group()) or _parse_words(before, behind)
    if beside is None or value * beside.value >= _TOO_MUCH:
        return None
    if beside.currency in currencies_of_mills():
        value = _parse_number(numbers[0].group(), _only_mark(numbers[0].group()) or decimals) or value
    return beside._replace(value=value * beside.value * _sign(before))


def parse_price_or_range(text: str, decimals: Convention | None = None) -> Amount | None:
    """Return the amount as `parse_price`, and of a range ("700-900 р.") its low end: the price from which the thing is sold."""
    return parse_price(text, decimals) or next(iter(ends_of_range(text, decimals)), None)


def ends_of_range(text: str, decimals: Convention | None = None) -> tuple[Amount, ...]:
    """Return the low end and the high end of a range of prices, () for other texts."""
    ends = _range().match(text)
    if ends is None or ends["low"].rstrip().endswith(_PARTING):
        return ()
    low, high = parse_price(ends["low"], decimals), parse_price(ends["high"], decimals)
    if low is None or high is None or not low.value < high.value <= low.value * WIDEST_RANGE:
        return ()
    return tuple(Amount(end.value, low.currency or high.currency, high.unit) for end in (low, high))


@derived(maxsize=16_000)
def rounded(value: Decimal) -> Decimal:
    """Return an amount as people see it: two decimals, four below 10. Cells may hold ten that nobody is shown."""
    return value.quantize(_CENTS if abs(value) >= _SHOWN_IN_CENTS else _FOUR_PLACES)


def _with_point(text: str) -> str:
    """Return a text with a currency between whole and cents behind both: "2.40€" for "2€40", "5.40руб" for "5 руб. 40 коп."."""
    match = _whole_and_cents().search(text)
    if match is None or next(find_marks(text[: match.start()]), None):
        return text
    return f"{text[: match.start()]}{match['whole']}.{match['cents']}{match['mark']} {text[match.end() :]}"


def cents_expression() -> str:
    """Return an expression for a word for a currency's hundredths, behind them."""
    return rf"\s?{any_of(lexicon.words('amounts', 'cents'))}(?!{LETTER})\.?"


@derived()
def _whole_and_cents() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.,])(?P<whole>\d+)(?P<gap>\s?)(?P<mark>{mark_expression()})(?P=gap)(?P<cents>\d\d)(?:{cents_expression()}|(?!\d|[.,]\d|\s?{mark_expression()}))",
        re.IGNORECASE,
    )


def _parse_number(digits: str, decimals: Convention | None) -> Decimal | None:
    """Return the value of digits with marks; `decimals` decides where three digits stand behind one mark."""
    if _TWO_NUMBERS.search(digits):
        return None
    digits = _bare_digits(digits)
    marks = [char for char in digits if char in ".,"]
    if len(set(marks)) == 2:
        mark = _last_mark(digits)
        digits = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif len(marks) == 1:
        digits = digits.replace(marks[0], "." if _is_decimal(digits, marks[0], decimals) else "")
    elif marks and _INDIAN.fullmatch(digits):
        digits = digits.replace(",", "")
    elif marks:
        first, *groups = re.split(r"[.,]", digits)
        if any(len(group) != _THOUSANDS_DIGITS for group in groups):
            return None  # a date, a version
        digits = first + "".join(groups)
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _is_decimal(digits: str, mark: str, decimals: Convention | None) -> bool:
    """Whether the only mark of a number separates its decimals."""
    if not _may_be_thousands(digits, mark):
        return True
    return mark == decimals if decimals and not digits.startswith(_MARKS) else digits.startswith(_SMALL)


def _sign(before: str) -> int:
    return -1 if before.strip() in _MINUS else 1


def _only_mark(digits: str) -> Convention | None:
    """Return the mark of a number that has one: in dinars with thousandths it separates decimals, "1.250 KD"."""
    marks = [char for char in digits if char in _MARKS]
    return Convention(marks[0]) if len(marks) == 1 else None


def _is_point_unclear(before: str, digits: str) -> bool:
    """Whether a point before digits may end a word ("Rs .75"), or is a slip of the pen ("$..75")."""
    is_first = digits.startswith(_MARKS)
    return before.endswith(_MARKS[0] * 2) or (is_first and (before.rstrip()[-1:].isalpha() or not digits[1:].strip().isdigit()))


def _describes_goods(around: str) -> bool:
    """Whether the words or marks around a number make it something else than an amount."""
    return _has_foreign_signs(around) and _has_foreign_signs(without_marks(around))


def _has_foreign_signs(text: str) -> bool:
    return sum(map(str.isalpha, text)) > MOST_LETTERS or _FOREIGN_MARK.search(text) is not None


def _beside_alone(before: str, behind: str, digits: str) -> Amount | None:
    """Return factor and currency by what stands beside a number and nothing else does; None mostly.

    "Ft" and "Q" are currencies there, though they are words elsewhere, and a whole number below a hundred may be one of cents.
    """
    mark, is_before = (before.strip(" ."), True) if not behind else ("" if before else behind.strip(" ."), False)
    currency = ""
    if mark and (len(mark) > 1 or _WRITTEN_AS_MONEY.search(digits)):
        currency = mark_before_amount(mark) if is_before else mark_behind_amount(mark)
    if currency:
        return Amount(Decimal(1), currency)
    is_cents = not before and _FEW_DIGITS.fullmatch(digits) and _only_cents().fullmatch(behind)
    return Amount(_CENT) if is_cents else None


def _parse_words(before: str, behind: str) -> Amount | None:
    """Return factor, currency and unit around a number; None when a word is not understood."""
    currency, factor, unit = "", Decimal(1), ""
    for text, is_behind in ((joined_marks(before), False), (behind, True)):
        for mark in find_marks(text):
            if not currency or may_mean(currency, mark.code):  # "$ 34.500 COP" is in pesos
                currency = mark.code
        words = _WORD.findall(without_marks(text).casefold())
        for n, word in enumerate(words, 1):
            if is_behind and word in _factors() and not unit:
                factor = _factors()[word]
            elif is_behind and not unit and not _leads_to_unit(word, words[n:]):
                unit = word
            elif word not in _from_words() and not (is_behind and not unit):
                return None
    return Amount(factor, currency, unit)


def _leads_to_unit(word: str, behind: Sequence[str]) -> bool:
    """Whether a word behind an amount begins to say what it is for: "le" of "le kilo"."""
    return bool(behind) and word in _per_words() and behind[0] in spellings()


@derived()
def _only_cents() -> re.Pattern[str]:
    """Return an expression for what makes a whole number cents: "12\u00a2", "50 cents"."""
    return re.compile(rf"\s?(?:\u00a2|{cents_expression()})\s?", re.IGNORECASE)


@derived()
def _factors() -> dict[str, Decimal]:
    return {word: factor for multiple, factor in _MULTIPLES.items() for word in lexicon.words("amounts", multiple)}


@derived()
def _from_words() -> frozenset[str]:
    return frozenset([*lexicon.words("amounts", "from"), *lexicon.words("amounts", "sign_pieces")])


@derived()
def _per_words() -> frozenset[str]:
    return frozenset(lexicon.words("running_text", "per_words"))


@derived()
def _range() -> re.Pattern[str]:
    """Return an expression for two amounts with a dash or a word between them."""
    to = any_of(lexicon.words("amounts", "to"))
    return re.compile(rf"(?P<low>.{{0,12}}\d[^\d–—-]{{0,8}}?)\s*(?:[-–—]|\b{to}\b)\s*(?P<high>\D{{0,8}}\d.{{0,20}})$", re.IGNORECASE)
