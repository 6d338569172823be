"""Long lists take turns, by their rows and by whose they are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from monito_ray.steps.context import Stopped
from monito_ray.steps.long_lists.rows_at_once import RowsAtOnce


def _never() -> None:
    """Nothing stops."""


class _Lists:
    """Lists in threads that stay inside until they are let go."""

    def __init__(self, most_rows: int) -> None:
        self.turns = RowsAtOnce(most_rows)
        self.entered: list[str] = []
        self._changed = threading.Condition()
        self._threads: dict[str, tuple[threading.Thread, threading.Event]] = {}

    def come(self, name: str, user_id: int, rows: int) -> None:
        """Have a list ask for its turn."""
        go = threading.Event()

        def work() -> None:
            with self.turns.turn(user_id, rows, _never):
                with self._changed:
                    self.entered.append(name)
                    self._changed.notify_all()
                go.wait(10)

        waiting = len(self.turns._waiting)
        thread = threading.Thread(target=work)
        self._threads[name] = thread, go
        thread.start()
        with self._changed:
            self._changed.wait_for(lambda: name in self.entered or len(self.turns._waiting) > waiting, 5)

    def leave(self, *names: str) -> None:
        """End lists."""
        for name in names:
            thread, go = self._threads.pop(name)
            go.set()
            thread.join(10)

    def expect(self, *names: str) -> None:
        """See that these have entered, in this order, and no others."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.entered) >= len(names), 5)
        assert self.entered == list(names)

    def end(self) -> None:
        """Let all go."""
        while self._threads:
            self.leave(*[name for name in self._threads if name in self.entered])


@contextmanager
def _lists(most_rows: int) -> Iterator[_Lists]:
    lists = _Lists(most_rows)
    try:
        yield lists
    finally:
        lists.end()


def test_as_many_enter_as_have_room():
    """The third waits until the first leaves."""
    with _lists(10) as lists:
        lists.come("a", 1, 4)
        lists.come("b", 2, 6)
        lists.come("c", 3, 1)
        lists.expect("a", "b")
        lists.leave("a")
        lists.expect("a", "b", "c")


def test_a_list_that_is_too_long_goes_alone():
    """It waits for all others, and others wait for it, also those that would fit."""
    with _lists(10) as lists:
        lists.come("a", 1, 4)
        lists.come("long", 2, 50)
        lists.come("b", 3, 1)
        lists.expect("a")
        lists.leave("a")
        lists.expect("a", "long")
        lists.leave("long")
        lists.expect("a", "long", "b")


def test_who_has_fewest_inside_goes_first():
    """A person's single list does not wait for another's many."""
    with _lists(10) as lists:
        lists.come("a1", 1, 10)
        lists.come("a2", 1, 10)
        lists.come("a3", 1, 10)
        lists.come("b1", 2, 10)
        lists.leave("a1")
        lists.expect("a1", "a2")  # nobody is inside now, so that the first goes
    with _lists(10) as lists:
        lists.come("a1", 1, 6)
        lists.come("c1", 3, 4)
        lists.come("a2", 1, 4)
        lists.come("b1", 2, 4)
        lists.leave("c1")
        lists.expect("a1", "c1", "b1")


def test_who_stops_waiting_leaves_no_trace():
    """The next one enters as if it had never come."""
    with _lists(10) as lists:
        lists.come("a", 1, 10)

        def stop() -> None:
            raise Stopped

        with pytest.raises(Stopped), lists.turns.turn(2, 5, stop):
            pass
        lists.leave("a")
        lists.come("b", 3, 5)
        lists.expect("a", "b")
