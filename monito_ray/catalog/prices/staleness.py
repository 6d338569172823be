"""Stale lists: whose prices are old by the date of the list, whenever it came. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

#: A list is stale after this where nothing says how often its supplier sends one. In pairs of lists of one supplier, four, eight and
#: fourteen months apart, 6 %, all and 79 % of the prices had moved, by 6, 10 and 22 % in the median: after half a year most are wrong.
STALE_AFTER = timedelta(days=183)
#: Where lists come regularly, one is stale when so many were due since: with two overdue the supplier has stopped, or we have.
_DUE_LISTS = 3
#: Fresh produce is quoted by the day or week; a list of it is worth a look for at least so long.
_LEAST = timedelta(days=30)
#: A supplier of one list a year is late after this share of its interval.
_SHARE_OF_LONG_INTERVAL = 1.5
#: However rare its lists are.
_MOST = timedelta(days=550)
_DAYS_A_YEAR, _DAYS_A_MONTH = 365.25, 30.44
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def usual_interval(list_dates: Iterable[date]) -> timedelta | None:
    """Return the median time between a supplier's lists of different dates; None for fewer than three, which show no habit."""
    dates = sorted(set(list_dates))
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    return timedelta(days=median(gaps)) if len(gaps) > 1 else None


def stale_after(interval: timedelta | None) -> timedelta:
    """Return the age at which the list of a supplier is stale, by the usual interval of its lists."""
    if interval is None:
        return STALE_AFTER
    return min(max(_LEAST, min(_DUE_LISTS * interval, STALE_AFTER), _SHARE_OF_LONG_INTERVAL * interval), _MOST)


def is_stale(listed_on: date, today: date, interval: timedelta | None = None) -> bool:
    """Return whether a list of `listed_on` is stale today, for a supplier whose lists come at `interval`."""
    return today - listed_on > stale_after(interval)


def age_text(listed_on: date, today: date) -> str:
    """Return the date of a list and its age: "list of 3 Jul 2023, 3 years old"."""
    return f"list of {listed_on.day} {_MONTHS[listed_on.month - 1]} {listed_on.year}, {_age((today - listed_on).days)} old"


def _age(days: int) -> str:
    for length, name in ((_DAYS_A_YEAR, "year"), (_DAYS_A_MONTH, "month")):
        count = int(days / length)
        if count:
            return f"{count} {name}{'s' if count != 1 else ''}"
    return f"{max(days, 0)} day{'s' if days != 1 else ''}"
