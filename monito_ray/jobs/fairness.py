"""Whose task is next: between people by rows, within one person by priority and age."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

NOBODY = 0
"""The user id of the command line: who has the shell has the machine, so no quota holds there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that is due; `rows` is 0 while the list was not read."""

    task_id: str
    user_id: int
    rows: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What runs for a person already."""

    tasks: int = 0
    rows: int = 0


def pick(waiting: Sequence[Waiting], running: Mapping[int, Load], most: int, concurrent: int) -> list[str]:
    """The ids of up to `most` tasks to begin, in order; `waiting` is in the order that each person's own tasks shall have.

    The next is always of the person with the fewest rows running, of equal ones the fewest tasks, then the oldest. Nobody but the
    command line has more than `concurrent` tasks running; 0 means any number.
    """
    own: dict[int, deque[Waiting]] = defaultdict(deque)
    for task in waiting:
        own[task.user_id].append(task)
    loads = {user: running.get(user, Load()) for user in own}
    picked: list[str] = []
    while len(picked) < most:
        free = [user for user, tasks in own.items() if tasks and _may_begin(user, loads[user], concurrent)]
        if not free:
            break
        user = min(free, key=lambda user: (loads[user].rows, loads[user].tasks, own[user][0].created_at, user))
        task = own[user].popleft()
        loads[user] = Load(loads[user].tasks + 1, loads[user].rows + task.rows)
        picked.append(task.task_id)
    return picked


def _may_begin(user_id: int, load: Load, concurrent: int) -> bool:
    return user_id == NOBODY or not concurrent or load.tasks < concurrent
