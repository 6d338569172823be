"""Dates as people write them, in the languages of the lists: "07.11.2014", "Jul-23", "август 2024", "9 June 2025"."""

import re
from datetime import date, datetime

from monito_ray.pipeline.cells import Value

_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_JOINED_DATE = re.compile(r"(?<!\d)([0-3]\d)([01]\d)(20[0-3]\d)(?!\d)")
_MONTH_DATE = re.compile(r"(?:(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,-]*)?([^\W\d_]{3,})[\s.,'’-]*(20\d\d|\d\d)(?!\d)", re.UNICODE)
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            "jan янв січ ene", "feb peb фев лют", "mar mrt мар бер", "apr апр кві abr", "may mei мая май тра mayo", "jun июн чер",
            "jul июл лип", "aug agu ags авг сер ago", "sep сен вер set", "oct okt окт жов", "nov nop ноя лис", "dec des дек гру dic",
        ),
        1,
    )
    for stem in stems.split()
}  # fmt: skip


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
    for found in _MONTH_DATE.finditer(text):
        word = found[2].casefold()
        month = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
        if month and (day := _date(_year(found[3]), month, int(found[1] or 1))):
            return day
    return None


def is_date(text: Value) -> bool:
    """Whether a cell holds a date, or the text of one and nothing else."""
    if not isinstance(text, str):
        return isinstance(text, date)
    plain = text.strip()
    patterns = (_ISO_DATE, _NUMERIC_DATE, _MONTH_DATE)
    return len(plain) <= 20 and any(pattern.fullmatch(plain) for pattern in patterns) and date_in(plain) is not None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1995 <= year <= 2045 else None
    except ValueError:
        return None
