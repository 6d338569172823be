"""Many short lists: a few at a time, one of them here and the others in another process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lists import Bench, bench

from monito_ray.jobs import queue
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.long_lists.many_lists import ManyLists

HERE, ELSEWHERE = "here", "elsewhere"


@dataclass
class _Elsewhere:
    """Another process, as far as it is seen from here."""

    is_ready: bool = True
    starts: int = 0

    def start_ahead(self) -> None:
        """Count it."""
        self.starts += 1

    def run(self, step: Callable[[Attempt], Any], attempt: Attempt, _rows: int) -> Any:
        """Run the step where the test sees that it is not here."""
        where.place = ELSEWHERE
        return step(attempt)


where = threading.local()


@dataclass
class _Lists:
    """Lists in threads, whose steps go on until they are let go."""

    made: Bench
    elsewhere: _Elsewhere
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lists = ManyLists(self.elsewhere)
        self._changed = threading.Condition()
        self._running: dict[str, tuple[threading.Thread, threading.Event, Attempt]] = {}

    def come(self, name: str, rows: int = 10) -> None:
        """Have a list ask for its turn."""
        go, errors = threading.Event(), []
        attempt = Attempt(
            services=self.made.services,
            task=queue.load(self.made.store, self.made.submit()),
            stop=threading.Event(),
            sink=self.made.events.append,
        )

        def step(_attempt: Attempt) -> None:
            with self._changed:
                self.places[name] = getattr(where, "place", HERE)
                self._changed.notify_all()
            assert go.wait(10)

        def work() -> None:
            try:
                self._lists.run(step, attempt, rows)
            except Stopped as error:
                errors.append(error)

        thread = threading.Thread(target=work)
        self._running[name] = thread, go, attempt
        thread.start()
        with self._changed:
            self._changed.wait_for(lambda: name in self.places, 0.3)

    def leave(self, name: str) -> None:
        """End a list."""
        thread, go, _ = self._running.pop(name)
        go.set()
        thread.join(10)

    def stop(self, name: str) -> None:
        """Stop a list that waits."""
        thread, _, attempt = self._running.pop(name)
        attempt.stop.set()
        thread.join(10)
        assert not thread.is_alive()

    def expect(self, **places: str) -> None:
        """See that these have begun, each where it is said, and no others."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.places) >= len(places), 5)
        assert self.places == places

    def end(self) -> None:
        """Let all go."""
        for _, go, _ in self._running.values():
            go.set()
        for thread, _, _ in self._running.values():
            thread.join(10)


@contextmanager
def _lists(home: Path, *, is_ready: bool = True) -> Iterator[_Lists]:
    with bench(home) as made:
        lists = _Lists(made, _Elsewhere(is_ready))
        try:
            yield lists
        finally:
            lists.end()


def test_those_beside_the_first_run_elsewhere(tmp_path: Path):
    """And the next that comes when the first has ended runs here again."""
    with _lists(tmp_path) as lists:
        lists.come("a")
        lists.come("b")
        lists.expect(a=HERE, b=ELSEWHERE)
        lists.leave("a")
        lists.come("c")
        lists.expect(a=HERE, b=ELSEWHERE, c=HERE)


def test_none_waits_for_a_process_that_starts(tmp_path: Path):
    """It runs here meanwhile, and the process is started for those that follow."""
    with _lists(tmp_path, is_ready=False) as lists:
        lists.come("a")
        assert lists.elsewhere.starts == 0
        lists.come("b")
        lists.expect(a=HERE, b=HERE)
        assert lists.elsewhere.starts == 1


@pytest.mark.parametrize(("rows", "most"), [(10, 4), (1_000, 2)])
def test_a_few_are_worked_on_at_a_time(tmp_path: Path, rows: int, most: int):
    """The next one waits until one of them has ended; one that is stopped while it waits is gone."""
    names = [f"list{number}" for number in range(most)]
    with _lists(tmp_path) as lists:
        for name in names:
            lists.come(name, rows)
        lists.come("stopped", rows)
        lists.come("next", rows)
        assert sorted(lists.places) == names
        lists.stop("stopped")
        lists.leave(names[-1])
        lists.expect(**dict.fromkeys(names[1:], ELSEWHERE), list0=HERE, next=ELSEWHERE)


def test_a_list_of_few_rows_does_not_wait_for_longer_ones(tmp_path: Path):
    """They have turns of their own."""
    with _lists(tmp_path) as lists:
        for name in ("a", "b", "c"):
            lists.come(name, 1_500)
        lists.come("few", 20)
        lists.expect(a=HERE, b=ELSEWHERE, few=ELSEWHERE)
