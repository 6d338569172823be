"""Amounts of money in running text: numbers with a currency beside them, in the middle of a name or a sentence."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from monito_ray.pipeline import prices
from monito_ray.pipeline.currencies import mark_expression, marks
from monito_ray.pipeline.lexicon import derived

#: Longer texts are looked at no further (characters).
LONGEST_TEXT = 2_000
#: Beside a mark of letters a number needs so many digits: "Mate 50 RS" is a telephone, "500 RS" are rupees.
FEWEST_DIGITS = 3
_WORD_OR_SIGN = re.compile(r"[^\W\d_]+|[^\w\s]")
_NUMBER = r"\d++(?:[.,'\u00a0\u202f ]\d{3}){0,6}(?:[.,]\d{1,2})?(?![\d.,]*\d)"


def marked_amounts(text: str) -> Iterator[Decimal]:
    """Yield the amounts of a text that have a mark of a currency right before or behind them, left to right."""
    if not may_have_marks(text):
        return
    for match in _marked_number().finditer(text[:LONGEST_TEXT]):
        number, mark = match["behind"] or match["before"], match["first"] or match["last"]
        if mark.isalpha() and (sum(map(str.isdigit, number)) < FEWEST_DIGITS or mark in marks().capitals):
            continue
        amount = prices.parse_price(number)
        if amount and amount.value > 0:
            yield amount.value


def may_have_marks(text: str) -> bool:
    """Return whether a text holds the rarest word or sign of a mark: to look for marks themselves takes five times as long."""
    return not _rarest_parts_of_marks().isdisjoint(_WORD_OR_SIGN.findall(text.casefold()))


@derived()
def _rarest_parts_of_marks() -> frozenset[str]:
    parts = (_WORD_OR_SIGN.findall(mark.casefold()) for mark in (*marks().any_case, *marks().capitals))
    return frozenset(
        max(words, key=lambda word: (unicodedata.category(word[0]) == "Sc", word.isalpha(), len(word))) for words in parts if words
    )


@derived()
def _marked_number() -> re.Pattern[str]:
    mark = mark_expression()
    before, behind = (
        rf"(?<!\w)(?P<first>{mark})\s?(?P<behind>{_NUMBER})(?!\w)",
        rf"(?<![\w.,/])(?P<before>{_NUMBER})\s?(?P<last>{mark})(?!\w)",
    )
    return re.compile(f"{before}|{behind}", re.IGNORECASE)
