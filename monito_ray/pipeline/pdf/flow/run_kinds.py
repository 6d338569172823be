"""What a run of text may be in a price list: the words of a name, or an amount."""

import re

from monito_ray.pipeline.characters import LETTER, TIMES
from monito_ray.pipeline.currencies import mark_expression, without_marks
from monito_ray.pipeline.lexicon import derived, entries
from monito_ray.pipeline.pdf.text_lines import is_value
from monito_ray.pipeline.pdf.words import TextRun

#: A word of fewer letters may be a unit or a sign.
_FEWEST_LETTERS = 3
_WORD = re.compile(rf"{LETTER}{{{_FEWEST_LETTERS},}}")
_WORD_BEHIND = re.compile(rf"\d\s*({LETTER}+)\.?\)?$")
_AMOUNT = re.compile(r"\d[\d.,]*")


class RunKinds:
    """Tells names from amounts on a page; what it said of a run it remembers for as long as the page is read."""

    def __init__(self) -> None:
        self._worded: dict[int, bool] = {}
        self._priced: dict[int, bool] = {}

    def is_worded(self, run: TextRun) -> bool:
        """Whether the run begins with words, as names do."""
        if id(run) not in self._worded:
            self._worded[id(run)] = _is_worded(run.text)
        return self._worded[id(run)]

    def is_priced(self, run: TextRun) -> bool:
        """Whether the run is an amount, or a name with an amount behind it."""
        if id(run) not in self._priced:
            self._priced[id(run)] = _ends_with_amount(run.text)
        return self._priced[id(run)]


def last_amount(text: str) -> float:
    """Return the digits of the last amount as a number, without regard to its marks; 0 where there is none."""
    amounts = _AMOUNT.findall(text)
    digits = re.sub(r"\D", "", amounts[-1])[:15] if amounts else ""
    return float(digits or 0)


def _is_worded(text: str) -> bool:
    word = _WORD.search(text)
    if word is None or _amount_alone().fullmatch(text):
        return False
    text = without_marks(text)
    word, digit = _WORD.search(text), _AMOUNT.search(text)
    return word is not None and (digit is None or word.start() < digit.start() or len(_WORD.findall(text)) > 1)


def _ends_with_amount(text: str) -> bool:
    if not text[-8:].strip("()") or not any(char.isdigit() for char in text[-24:]):
        return False
    if is_value(text):
        return True
    match = _amount_behind().search(text)
    return match is not None and _is_no_size(match.group())


def _is_no_size(text: str) -> bool:
    """Whether no unit stands behind the number: "12 lei" may be a price in a currency that nobody listed, "300 ml" is none; "5 € / 100 g" is."""
    if _money_per_unit().search(text):
        return True
    word = _WORD_BEHIND.search(text)
    return word is None or word.group(1).casefold() not in _units()


@derived()
def _money_per_unit() -> re.Pattern[str]:
    mark = mark_expression()
    return re.compile(rf"(?:\d\s?{mark}|{mark}\s?\d[\d.,]*)\s?/", re.IGNORECASE)


@derived()
def _amount_alone() -> re.Pattern[str]:
    return re.compile(_amount_expression(), re.IGNORECASE)


@derived()
def _amount_behind() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s:(\-–—|/]){_amount_expression()}\)?$", re.IGNORECASE)


def _amount_expression() -> str:
    """Return a regular expression for an amount with what may be a currency before or behind it, and the unit of the price."""
    mark = mark_expression()
    before, behind = rf"(?:{mark}\s*|(?![{TIMES}]){LETTER}{{1,3}}\.?\s?)?", rf"(?:[-=–]|\s*{mark}|\s?{LETTER}{{1,4}}\.?)?"
    return rf"{before}\d[\d.,]*{behind}(?:\s*/\s*[\w ]{{1,12}}\.?)?"


@derived()
def _units() -> frozenset[str]:
    return frozenset(spelling for table in ("units", "other_units") for written in entries(table).values() for spelling in written)
