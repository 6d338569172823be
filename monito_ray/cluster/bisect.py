"""Finding the rows that kill the process that works on them: by halving, a death a level, the rest of the work done on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


class WorkerDied(Exception):
    """The process that had these rows is gone."""


@dataclass(slots=True)
class Isolated(Generic[T]):
    """What came of the rows that did no harm, as (start, end, result) in order, and the positions of those that kill."""

    parts: list[tuple[int, int, T]] = field(default_factory=list)
    deadly: list[int] = field(default_factory=list)


def isolate_failures(count: int, run: Callable[[int, int], T]) -> Isolated[T]:
    """Run the rows 0 to `count` by parts `run(start, end)`, which raises `WorkerDied` when the process died that had them.

    No row is condemned unless it died alone, for a process may be killed by others, too. With one deadly row there are at most
    log2(`count`) + 2 deaths.
    """
    found: Isolated[T] = Isolated()
    if count:
        _isolate(0, count, run, found, has_killed=False)
    return found


def _isolate(start: int, end: int, run: Callable[[int, int], T], found: Isolated[T], *, has_killed: bool) -> bool:
    """Sift a part, known to have killed or not; whether a process died of it now."""
    if not has_killed or end - start == 1:
        try:
            found.parts.append((start, end, run(start, end)))
        except WorkerDied:
            if end - start == 1:
                found.deadly.append(start)
                return True
        else:
            return False
    middle = (start + end) // 2
    first = _isolate(start, middle, run, found, has_killed=False)
    # Where the first half did no harm, the second must have: to prove that by another death is left to its parts.
    return _isolate(middle, end, run, found, has_killed=not first) or first
