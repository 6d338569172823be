"""Limit how many tasks wait in Ray at once. Ray itself takes tasks as they come, and runs the first one first."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
    def held(self) -> Iterator[None]:
        """Wait for a slot and hold it for the block."""
        admission = threading.Lock()
        admission.acquire()
        with self._lock:
            self._waiting.append(admission)
            self._admit()
        admission.acquire()
        try:
            yield
        finally:
            with self._lock:
                self._held -= 1
                self._admit()

    def _admit(self) -> None:
        while self._waiting and self._held < self._limit():
            self._held += 1
            self._waiting.popleft().release()
