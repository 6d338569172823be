"""Find the rows that kill the process that works on them, by halving; the rest of the work is done on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


class WorkerDied(Exception):
    """The process that worked on these rows is gone."""


@dataclass(slots=True)
class Isolated(Generic[T]):
    """The outcome of `isolate_failures`."""

    #: (start, end, result) of the runs that succeeded, in order of their rows
    parts: list[tuple[int, int, T]] = field(default_factory=list)
    #: Indexes of the rows that killed their process alone.
    deadly: list[int] = field(default_factory=list)


def isolate_failures(count: int, run: Callable[[int, int], T]) -> Isolated[T]:
    """Run the rows 0 to `count` in parts; `run(start, end)` raises `WorkerDied` when the process that had them died.

    A row counts as deadly only if its process died when it had no other row, because a process may be killed by others, too. One deadly
    row costs at most log2(`count`) + 2 deaths.
    """
    isolated: Isolated[T] = Isolated()
    if count:
        _isolate(0, count, run, isolated, has_killed=False)
    return isolated


def _isolate(start: int, end: int, run: Callable[[int, int], T], isolated: Isolated[T], *, has_killed: bool) -> bool:
    """Run a part, which is known to have killed or not; return whether a process died of it now."""
    if not has_killed or end - start == 1:
        try:
            isolated.parts.append((start, end, run(start, end)))
        except WorkerDied:
            if end - start == 1:
                isolated.deadly.append(start)
                return True
        else:
            return False
    middle = (start + end) // 2
    first = _isolate(start, middle, run, isolated, has_killed=False)
    # If the first half did no harm, the second must have: its own halves need not wait for another death to prove it.
    return _isolate(middle, end, run, isolated, has_killed=not first) or first
