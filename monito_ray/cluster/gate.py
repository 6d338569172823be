"""Who may have a Ray task next, where more want one than there are cores. Ray itself takes tasks as they come."""

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Gate:
    """Lets `places` threads in at a time; of those that wait the one of the lowest rank goes next, and of one rank who came first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, threading.Lock]] = []
        self._numbers = count()
        self._guard = threading.Lock()

    @contextmanager
    def passed(self, rank: int) -> Iterator[None]:
        """Wait to be let in; the place is held for the block."""
        with self._guard:
            turn = threading.Lock()
            if self._free:
                self._free -= 1
            else:
                turn.acquire()
                heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
        turn.acquire()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    heapq.heappop(self._waiting)[2].release()
                else:
                    self._free += 1
