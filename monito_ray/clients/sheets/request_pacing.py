"""How many requests a service account may make: a sliding window, remembered beside the database for the next process."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

MOST_REQUESTS = 60
WINDOW_S = 60.0


@dataclass(slots=True)
class SlidingWindow:
    """Requests of one kind: `most` within any `span_s`. Times are of the wall clock, which all processes of a machine share."""

    most: int = MOST_REQUESTS
    span_s: float = WINDOW_S
    times: list[float] = field(default_factory=list)

    def wait_s(self, now: float) -> float:
        """Seconds until another request may be made. A clock that was set back costs no more than one span."""
        recent = sorted(min(at, now) for at in self.times if at > now - self.span_s)
        return 0.0 if len(recent) < self.most else recent[-self.most] + self.span_s - now

    def note(self, now: float) -> None:
        """A request ended now: when it arrived is not known, but not later than that."""
        self.times = [*(at for at in self.times if now - self.span_s < at <= now), now]


class RequestPacer:
    """The windows of reads and of writes. Who uses it holds the lock of the one writer, so that nobody else changes `path`.

    Args:
        path: where the windows are kept between processes; None = nowhere.
    """

    def __init__(self, path: Path | None, *, most: int = MOST_REQUESTS, span_s: float = WINDOW_S) -> None:
        self._path = path
        self._wait: Callable[[float], bool] = Event().wait
        self._windows = {"reads": SlidingWindow(most, span_s), "writes": SlidingWindow(most, span_s)}

    def begin(self, wait: Callable[[float], bool]) -> None:
        """Learn what other processes used meanwhile; `wait` sleeps so many seconds, and returns True when told to stop instead."""
        self._wait = wait
        if self._path is None:
            return
        # A file that is not there, or not whole, is a window that knows of nothing: Google's own 429 is left.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            for kind, times in json.loads(self._path.read_text("utf-8")).items():
                self._windows[kind].times = [float(at) for at in times]

    def take_turn(self, kind: str) -> bool:
        """Wait until a request of this kind ("reads", "writes") may be made; False when told to stop."""
        while (wait_s := self._windows[kind].wait_s(time.time())) > 0:
            if self._wait(wait_s):
                return False
        return True

    def rest(self, wait_s: float) -> bool:
        """Wait before another try; True when told to stop."""
        return self._wait(wait_s)

    def note(self, kind: str) -> None:
        """A request of this kind ended, well or not."""
        self._windows[kind].note(time.time())
        if self._path is not None:
            with suppress(OSError):
                self._path.write_text(json.dumps({name: window.times for name, window in self._windows.items()}), "utf-8")
