"""Lists whose prices are old."""

from datetime import date, timedelta

import pytest

from monito_ray.catalog.prices.staleness import age_text, is_stale, usual_interval

TODAY = date(2026, 7, 6)


def _days(*gaps: int) -> list[date]:
    dates = [date(2026, 1, 1)]
    for gap in gaps:
        dates.append(dates[-1] + timedelta(days=gap))
    return dates


@pytest.mark.parametrize(
    ("dates", "days"),
    [(_days(7, 7, 7), 7), (_days(7, 30, 6), 7), (_days(365, 366), 365.5), (_days(30), None), (_days(), None), (_days(0, 0, 7), None)],
)
def test_a_habit_is_the_median_time_between_lists(dates: list[date], days: float | None):
    """Three lists of different dates show how often a supplier sends one; two do not."""
    assert usual_interval(reversed(dates)) == (None if days is None else timedelta(days=days))


@pytest.mark.parametrize(
    ("case", "interval", "fresh", "stale"),
    [
        ("nothing is known of its lists", None, 183, 184),
        ("daily lists", 1, 30, 31),
        ("lists of each week", 7, 30, 31),
        ("lists of each month", 30, 90, 92),
        ("lists of each quarter", 90, 183, 184),
        ("a list a year", 365, 547, 550),
        ("a list in two years", 730, 550, 551),
    ],
)
def test_a_list_is_stale_by_the_habit_of_its_supplier(case: str, interval: int | None, fresh: int, stale: int):
    """A list is stale when several more were due, or after half a year where nobody knows."""
    usual = None if interval is None else timedelta(days=interval)
    assert not is_stale(TODAY - timedelta(days=fresh), TODAY, usual), case
    assert is_stale(TODAY - timedelta(days=stale), TODAY, usual), case


@pytest.mark.parametrize(
    ("listed_on", "text"),
    [
        (date(2023, 7, 3), "list of 3 Jul 2023, 3 years old"),
        (date(2025, 6, 1), "list of 1 Jun 2025, 1 year old"),
        (date(2026, 3, 1), "list of 1 Mar 2026, 4 months old"),
        (date(2026, 6, 1), "list of 1 Jun 2026, 1 month old"),
        (date(2026, 7, 5), "list of 5 Jul 2026, 1 day old"),
        (date(2026, 7, 6), "list of 6 Jul 2026, 0 days old"),
        (date(2026, 7, 9), "list of 9 Jul 2026, 0 days old"),
    ],
)
def test_people_read_a_date_and_an_age(listed_on: date, text: str):
    """The text has the list's own date and how long ago that is; a date in the future is of today."""
    assert age_text(listed_on, TODAY) == text
