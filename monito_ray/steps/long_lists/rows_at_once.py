"""How many rows of long lists are worked on at a time: as records they take a hundred times the memory that they have as a table."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class _LongList:
    user_id: int
    rows: int
    #: Its place among all that ever came.
    number: int


class RowsAtOnce:
    """Lets lists in while those inside have `most_rows` rows or fewer in all; a longer one goes alone.

    Who has the fewest lists inside goes first, so that one person's many lists do not keep out another's single one.
    """

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._waiting: list[_LongList] = []
        self._inside: list[_LongList] = []

    @contextmanager
    def turn(self, user_id: int, rows: int, check_stop: Callable[[], None]) -> Iterator[None]:
        """Be inside while the block runs; `check_stop` is called while others are waited for, and may raise."""
        own = _LongList(user_id, rows, next(self._numbers))
        with self._changed:
            self._waiting.append(own)
            try:
                while not self._may_enter(own):
                    self._wait_for_change(check_stop)
                self._inside.append(own)
            finally:
                self._waiting.remove(own)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(own)
                self._changed.notify_all()

    def _wait_for_change(self, check_stop: Callable[[], None]) -> None:
        """Wait until a list has come or gone: only then is it looked through all that wait whether one may enter."""
        is_changed = False
        while not is_changed:
            is_changed = self._changed.wait(_LOOK_EVERY_S)
            check_stop()

    def _may_enter(self, own: _LongList) -> bool:
        if own is not min(self._waiting, key=self._turn_of):
            return False  # also where it would fit: else short ones would keep a long one out for ever
        return not self._inside or sum(one.rows for one in self._inside) + own.rows <= self._most_rows

    def _turn_of(self, one: _LongList) -> tuple[int, int]:
        return sum(other.user_id == one.user_id for other in self._inside), one.number
