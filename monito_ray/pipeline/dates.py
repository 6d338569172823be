"""Dates as people write them, in the languages of the lists: "07.11.2014", "Jul-23", "август 2024", "9 June 2025"."""

import re
from datetime import date, datetime

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.characters import LETTER, any_of
from monito_ray.pipeline.lexicon import derived

#: Longer texts (characters) are prose, in which numbers are no dates of the list.
LONGEST_TEXT = 300
#: A cell that is a date and nothing else has at most this many characters: "12th September 2024".
LONGEST_DATE = 20
#: Letters of the name of a month in any language, and of what is written together with it.
_LONGEST_MONTH = 20
#: Other years are numbers that only look like dates.
FIRST_YEAR, LAST_YEAR = 1995, 2045
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_JOINED_DATE = re.compile(r"(?<!\d)([0-3]\d)([01]\d)(20[0-3]\d)(?!\d)")


def date_in(text: Value) -> date | None:
    """Return the date that a text names, day before month; the first of the month where it names only that."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        return None
    if iso := _ISO_DATE.search(text):
        return _to_date(int(iso[1]), int(iso[2]), int(iso[3]))
    for pattern in (_NUMERIC_DATE, _JOINED_DATE):
        for match in pattern.finditer(text):
            if day := _to_date(_to_year(match[3]), int(match[2]), int(match[1])):
                return day
    return _named_date(text)


def is_date(text: Value) -> bool:
    """Whether a cell holds a date, or the text of one and nothing else."""
    if not isinstance(text, str):
        return isinstance(text, date)
    bare = text.strip()
    patterns = (_ISO_DATE, _NUMERIC_DATE, _month_date())
    return len(bare) <= LONGEST_DATE and any(pattern.fullmatch(bare) for pattern in patterns) and date_in(bare) is not None


def _named_date(text: str) -> date | None:
    """Return the first date with the name of a month."""
    for match in _month_date().finditer(text):
        word = match[2].casefold()
        month = _months().get(word[:4]) or _months().get(word[:3])
        if month and (day := _to_date(_to_year(match[3]), month, int(match[1] or 1))):
            return day
    return None


def _to_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _to_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


@derived()
def _months() -> dict[str, int]:
    return {stem: int(month) for month, stems in lexicon.entries("months").items() for stem in stems}


@derived()
def _month_date() -> re.Pattern[str]:
    """Return an expression for a day's number, if any, the name of a month, and a year."""
    ordinal = any_of(lexicon.words("dates", "ordinals"))
    word = rf"{LETTER}{{3,{_LONGEST_MONTH}}}"  # one without end would be tried anew from each letter of a long run
    return re.compile(rf"(?:(?<!\d)(\d{{1,2}})(?:{ordinal})?[\s.,-]*)?({word})[\s.,'’-]*(20\d\d|\d\d)(?!\d)")
