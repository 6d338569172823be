"""Limit how many tasks wait in Ray at once. Ray itself takes tasks as they come, and runs the first one first."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1


class TaskSlots:
    """Lets `limit()` threads in at a time, in the order of coming.

    The limit may change: it is looked up whenever a thread comes or leaves.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._held = 0
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, check_stop: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait for a slot and hold it for the block; `check_stop` is called during the wait and may end it by an exception."""
        admission = threading.Lock()
        admission.acquire()
        with self._lock:
            self._waiting.append(admission)
            self._admit()
        try:
            while not admission.acquire(timeout=_LOOK_EVERY_S):
                check_stop()
            yield
        finally:
            with self._lock:
                if admission in self._waiting:
                    self._waiting.remove(admission)
                else:
                    self._held -= 1
                self._admit()

    def _admit(self) -> None:
        while self._waiting and self._held < self._limit():
            self._held += 1
            self._waiting.popleft().release()
