"""Who may have a Ray task next, where more want one than there are cores. Ray itself takes tasks as they come."""

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count


class PrioritySlots:
    """Lets `places()` threads in at a time; of those that wait the one of the lowest rank goes next, and of one rank who came first.

    How many places there are may change: it is asked whenever somebody comes or goes.
    """

    def __init__(self, places: Callable[[], int]) -> None:
        self._places = places
        self._inside = 0
        self._waiting: list[tuple[int, int, threading.Lock]] = []
        self._numbers = count()
        self._guard = threading.Lock()

    @contextmanager
    def held(self, rank: int) -> Iterator[None]:
        """Wait to be let in; the place is held for the block."""
        turn = threading.Lock()
        turn.acquire()
        with self._guard:
            heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
            self._let_in()
        turn.acquire()
        try:
            yield
        finally:
            with self._guard:
                self._inside -= 1
                self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._inside < self._places():
            self._inside += 1
            heapq.heappop(self._waiting)[2].release()
