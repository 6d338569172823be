"""The time of the database, where several machines share it: their own clocks may be minutes apart."""

import time
from datetime import UTC, datetime, timedelta

from monito_ray.store.database import Store

#: A measurement is worth nothing where the answer took this long.
_SLOW_S = 1.0


class DatabaseClock:
    """Tells the time: this machine's until a database is followed that has its own, and from then on that one's.

    Between two looks at the database time passes as this machine counts it from its start, so that setting its clock changes nothing.
    """

    def __init__(self) -> None:
        #: The time at which this machine started, by the database's clock; None: not followed.
        self._start: datetime | None = None

    def __call__(self) -> datetime:
        """Return the time now, in UTC."""
        start = self._start
        return datetime.now(UTC) if start is None else start + timedelta(seconds=_since_start_s())

    def follow(self, store: Store) -> None:
        """Look at the database's clock; a SQLite file has none, and is used on one machine.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        before = _since_start_s()
        time_there = store.time()
        took_s = _since_start_s() - before
        if time_there is not None and (self._start is None or took_s < _SLOW_S):
            self._start = time_there - timedelta(seconds=before + took_s / 2)


def _since_start_s() -> float:
    """Return the time since this machine started, time that it slept included where the system counts that."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
