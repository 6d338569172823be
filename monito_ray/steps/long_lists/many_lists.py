"""Many short lists at a time: a few of them are computed on at once, and on two cores."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from monito_ray.steps.context import Attempt
from monito_ray.steps.long_lists.rows_at_once import RowsAtOnce

#: Lists up to so many rows have turns of their own, so that none waits for seconds until longer ones are through.
_FEW_ROWS = 200
#: How many lists of either kind are worked on at a time. More take the processor from the one that has the turn to write.
_MOST_LISTS_OF_FEW, _MOST_OTHER_LISTS = 4, 2


class StepProcess(Protocol):
    """Another process that runs steps: `long_list_process.LongLists`, or anything with the same behaviour."""

    @property
    def is_ready(self) -> bool:
        """Whether it would begin a step at once."""

    def start_ahead(self) -> None:
        """Make ready for a first step, which comes soon."""

    def run(self, step: Callable[[Attempt], Any], attempt: Attempt, rows: int) -> Any:
        """Return what `step(attempt)` returns for a list of so many rows; raise what it raises."""


class ManyLists:
    """Runs steps that compute much: one at a time in this process, and those that come meanwhile in another one; safe to use from several threads.

    Who has the fewest lists at work goes first.
    """

    def __init__(self, elsewhere: StepProcess) -> None:
        self._elsewhere = elsewhere
        self._turns_of_few, self._other_turns = RowsAtOnce(_MOST_LISTS_OF_FEW), RowsAtOnce(_MOST_OTHER_LISTS)
        self._here = threading.Lock()

    def run(self, step: Callable[[Attempt], Any], attempt: Attempt, rows: int) -> Any:
        """Return what a step, a function of a module, returns for a list of so many rows; raise what it raises.

        Raises:
            Stopped: while others' turn was.
            StoreUnavailable: the other process cannot open the database.
            ClusterUnavailable: the other process ended.
        """
        turns = self._turns_of_few if rows <= _FEW_ROWS else self._other_turns
        with turns.turn(attempt.task.user_id, 1, attempt.check_stop), self._place() as is_here:
            return step(attempt) if is_here else self._elsewhere.run(step, attempt, rows)

    @contextmanager
    def _place(self) -> Iterator[bool]:
        """Tell whether a step is to run here: where none does, or where the other process is not ready yet."""
        is_first = self._here.acquire(blocking=False)
        try:
            if not is_first and not self._elsewhere.is_ready:
                self._elsewhere.start_ahead()
                yield True
            else:
                yield is_first
        finally:
            if is_first:
                self._here.release()
