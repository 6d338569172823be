"""The database's time, kept between looks."""

from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.store import clock
from monito_ray.store.clock import DatabaseClock

TOLD = datetime(2031, 5, 1, 12, tzinfo=UTC)


class _Database:
    def __init__(self, now: list[float], took_s: float, told: datetime | None) -> None:
        self._now, self._took_s, self._told = now, took_s, told

    def time(self) -> datetime | None:
        self._now[0] += self._took_s
        return self._told


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the time since the machine's start, for the test to set."""
    started = [500.0]
    monkeypatch.setattr(clock, "_since_start_s", lambda: started[0])
    return started


def test_a_database_that_is_followed_tells_the_time(now: list[float]):
    """Whatever this machine's clock says; half of the way of the answer is taken off, and an answer that took long changes nothing."""
    tells = DatabaseClock()
    assert abs(tells() - datetime.now(UTC)) < timedelta(seconds=5)
    tells.follow(_Database(now, 0.2, TOLD))  # type: ignore[arg-type]
    assert tells() == TOLD + timedelta(seconds=0.1)
    now[0] += 60
    tells.follow(_Database(now, 3.0, TOLD))  # type: ignore[arg-type]
    assert tells() == TOLD + timedelta(seconds=63.1)


def test_a_file_has_no_clock(now: list[float]):
    """Those who share it are on one machine."""
    tells = DatabaseClock()
    tells.follow(_Database(now, 0.0, None))  # type: ignore[arg-type]
    assert abs(tells() - datetime.now(UTC)) < timedelta(seconds=5)
