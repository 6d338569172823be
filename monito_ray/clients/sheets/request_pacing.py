"""Keeping to Google's quota: a sliding window each for reads and writes, stored beside the database for the next process."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from monito_ray.store.private_files import open_new

# Google allows a user 60 reads and 60 writes a minute (Sheets API, usage limits).
MOST_REQUESTS = 60
WINDOW_S = 60.0


@dataclass(slots=True)
class SlidingWindow:
    """Requests of one kind: `most` within any `span_s`. Times are of the wall clock, which all processes of a machine share."""

    most: int = MOST_REQUESTS
    span_s: float = WINDOW_S
    #: When the requests ended.
    times: list[float] = field(default_factory=list)

    def wait_s(self, now: float) -> float:
        """Return the seconds until another request may be made. A clock that was set back costs no more than one span."""
        recent = sorted(min(at, now) for at in self.times if at > now - self.span_s)
        return 0.0 if len(recent) < self.most else recent[-self.most] + self.span_s - now

    def note(self, now: float) -> None:
        """Count a request that ended now; Google had it no later than that."""
        self.times = [*(at for at in self.times if now - self.span_s < at <= now), now]


class RequestPacer:
    """The windows of reads and of writes. The caller holds the lock of the one writer, so that nobody else changes `path`.

    Args:
        path: where the windows are stored between processes; None = nowhere.
        most: requests of each kind within any `span_s`.
        span_s: seconds.
    """

    def __init__(self, path: Path | None, *, most: int = MOST_REQUESTS, span_s: float = WINDOW_S) -> None:
        self._path = path
        self._wait: Callable[[float], bool] = Event().wait
        self._windows = {"reads": SlidingWindow(most, span_s), "writes": SlidingWindow(most, span_s)}

    def start(self, wait: Callable[[float], bool]) -> None:
        """Load what other processes used meanwhile; `wait` sleeps for some seconds and returns True at once when the program shall stop."""
        self._wait = wait
        if self._path is None:
            return
        # A file that is missing or broken counts as no requests: Google's own 429 then limits.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            for kind, times in json.loads(self._path.read_text("utf-8")).items():
                self._windows[kind].times = [float(at) for at in times]

    def take_turn(self, kind: str) -> bool:
        """Wait until a request of this kind ("reads", "writes") may be made; False when stopped."""
        while (wait_s := self._windows[kind].wait_s(time.time())) > 0:
            if self._wait(wait_s):
                return False
        return True

    def wait_before_retry(self, wait_s: float) -> bool:
        """Wait before another attempt; True when stopped."""
        return self._wait(wait_s)

    def note(self, kind: str) -> None:
        """Count a request of this kind that ended, well or not."""
        self._windows[kind].note(time.time())
        if self._path is not None:
            with suppress(OSError), open_new(self._path) as file:
                file.write(json.dumps({name: window.times for name, window in self._windows.items()}).encode())
