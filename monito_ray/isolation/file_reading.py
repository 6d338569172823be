"""Functions that read a file, called where the file can do no harm; what it cannot be read for is one line."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from monito_ray.errors import FileDamaged, FileTooCostly
from monito_ray.isolation.child_process import ChildLost, Loss, run_isolated
from monito_ray.isolation.limits import MEGABYTE, READING_BUDGET, ReadingBudget

T = TypeVar("T")

#: How often a file is tried whose process is killed: something else than the file may have done that.
_TRIES = 3
_CRASHES = frozenset({Loss.CRASHED, Loss.KILLED})


def read_isolated(
    read: Callable[..., T],
    data: bytes,
    file_name: str,
    *args: Any,
    ahead: Callable[..., T] | None = None,
    budget: ReadingBudget = READING_BUDGET,
    check_stop: Callable[[], None] = lambda: None,
) -> T:
    """Return `read(data, file_name, *args)`, called in a child process within `budget`.

    `ahead` does more with the file and is tried first, once. If it crashes, the file is only read: the later stages isolate rows that kill
    a process. A file that needs more than its budget is not tried again.

    Raises:
        FileTooCostly: it needs more memory or time than its budget.
        FileDamaged: its reader crashes.
        Exception: as `read` or `check_stop` raised it.
    """
    tries = [*([ahead] if ahead else []), read]
    kills = 0
    while True:
        try:
            return run_isolated(tries[0], data, file_name, *args, budget=budget, check_stop=check_stop)
        except ChildLost as lost:
            kills += lost.loss is Loss.KILLED
            if lost.loss is Loss.KILLED and kills < _TRIES:
                continue
            if lost.loss not in _CRASHES or len(tries) == 1:
                raise unreadable(file_name, lost) from None
            del tries[0]


def unreadable(file_name: str, lost: ChildLost) -> FileTooCostly | FileDamaged:
    """Return the error for a file whose reader did not answer."""
    budget = lost.budget
    match lost.loss:
        case Loss.MEMORY:
            return FileTooCostly(f"{file_name}: reading it takes more than {budget.memory_bytes / MEGABYTE:,.0f} MB of memory")
        case Loss.CPU:
            seconds = max(budget.cpu_s, math.floor(lost.cpu_s))
            return FileTooCostly(f"{file_name}: reading it takes more than {seconds:g} seconds of computing")
        case Loss.SILENT:
            return FileTooCostly(f"{file_name}: its reader stands still for {budget.silent_s:,.0f} seconds")
        case Loss.CRASHED | Loss.KILLED:
            return FileDamaged(f"{file_name}: the file makes its reader crash")
