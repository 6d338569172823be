"""Dates as people write them."""

from datetime import UTC, date, datetime

import pytest

from monito_ray.pipeline.dates import date_in, is_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07.11.2014", date(2014, 11, 7)),
        ("Jul-23 Prices are included", date(2023, 7, 1)),
        ("Denpasar, 9 June 2025", date(2025, 6, 9)),
        ("август 2024", date(2024, 8, 1)),
        ("остатки и цены 13102017", date(2017, 10, 13)),
        ("2026-06-01", date(2026, 6, 1)),
        ("tel 0361 123456", None),
        ("Beras 25 kg", None),
        ("31.02.2024", None),
        ("01.01.1987", None),
        ("x" * 300 + " 01.06.2026", None),
    ],
)
def test_dates_are_read_day_before_month(text: str, day: date | None):
    """A date is read in the languages of the lists, the first of the month where only that is named; other numbers are no dates."""
    assert date_in(text) == day


def test_typed_dates_are_dates():
    """A cell of a workbook may hold a date as such."""
    assert date_in(datetime(2026, 6, 1, 8, 30, tzinfo=UTC)) == date_in(date(2026, 6, 1)) == date(2026, 6, 1)
    assert is_date(date(2026, 6, 1))


@pytest.mark.parametrize(
    ("text", "answer"), [("01.06.2026", True), ("June 2026", True), ("on 01.06.2026", False), ("12,50", False), (25.5, False)]
)
def test_a_cell_is_a_date_when_it_is_nothing_else(text: str | float, answer: bool):
    """Over a column, a date alone makes it one of a history of prices."""
    assert is_date(text) is answer
