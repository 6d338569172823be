"""Limit how many tasks wait in Ray at once. Ray itself takes tasks as they come, and runs the first one first."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1


class TaskSlots:
    """Lets `limit()` threads in at a time, in the order of coming, but of one owner at most one less: others find a slot at once.

    The limit may change: it is looked up whenever a thread comes or leaves.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._held: Counter[Hashable] = Counter()
        self._waiting: deque[tuple[threading.Lock, Hashable]] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, check_stop: Callable[[], None] = lambda: None, owner: Hashable = None) -> Iterator[None]:
        """Wait for a slot and hold it for the block; `check_stop` is called during the wait and may end it by an exception."""
        place = threading.Lock(), owner
        admission = place[0]
        admission.acquire()
        with self._lock:
            self._waiting.append(place)
            self._admit()
        try:
            while not admission.acquire(timeout=_LOOK_EVERY_S):
                check_stop()
            yield
        finally:
            with self._lock:
                if place in self._waiting:
                    self._waiting.remove(place)
                else:
                    self._held[owner] -= 1
                self._admit()

    def _admit(self) -> None:
        while self._held.total() < self._limit() and (place := self._next_place()):
            self._waiting.remove(place)
            admission, owner = place
            self._held[owner] += 1
            admission.release()

    def _next_place(self) -> tuple[threading.Lock, Hashable] | None:
        most = max(self._limit() - 1, 1)
        return next((place for place in self._waiting if place[1] is None or self._held[place[1]] < most), None)
