"""Dates as people write them, in the languages of the lists: "07.11.2014", "Jul-23", "август 2024", "9 June 2025"."""

import re
from datetime import date, datetime

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.characters import LETTER, any_of
from monito_ray.pipeline.lexicon import derived

_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_JOINED_DATE = re.compile(r"(?<!\d)([0-3]\d)([01]\d)(20[0-3]\d)(?!\d)")


def date_in(text: Value) -> date | None:
    """The date that a text names, the first of the month where only that is named; day before month."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    if not isinstance(text, str) or len(text) > 300:
        return None
    if iso := _ISO_DATE.search(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    for pattern in (_NUMERIC_DATE, _JOINED_DATE):
        for found in pattern.finditer(text):
            if day := _date(_year(found[3]), int(found[2]), int(found[1])):
                return day
    for found in _month_date().finditer(text):
        word = found[2].casefold()
        month = _months().get(word[:4]) or _months().get(word[:3])
        if month and (day := _date(_year(found[3]), month, int(found[1] or 1))):
            return day
    return None


def is_date(text: Value) -> bool:
    """Whether a cell holds a date, or the text of one and nothing else."""
    if not isinstance(text, str):
        return isinstance(text, date)
    plain = text.strip()
    patterns = (_ISO_DATE, _NUMERIC_DATE, _month_date())
    return len(plain) <= 20 and any(pattern.fullmatch(plain) for pattern in patterns) and date_in(plain) is not None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1995 <= year <= 2045 else None
    except ValueError:
        return None


@derived()
def _months() -> dict[str, int]:
    return {stem: int(month) for month, stems in lexicon.entries("months").items() for stem in stems}


@derived()
def _month_date() -> re.Pattern[str]:
    """A day's number, if any, the name of a month, and a year."""
    ordinal = any_of(lexicon.words("dates", "ordinals"))
    return re.compile(rf"(?:(?<!\d)(\d{{1,2}})(?:{ordinal})?[\s.,-]*)?({LETTER}{{3,}})[\s.,'’-]*(20\d\d|\d\d)(?!\d)")
