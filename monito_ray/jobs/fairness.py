"""The order of claims: between users by the rows that run for them, within one user by priority and age."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

#: The user id of the command line. Whoever has the shell has the machine, so quotas do not hold there.
COMMAND_LINE_USER = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that is due."""

    task_id: str
    user_id: int
    #: Rows of the list, 0 until it was read.
    rows: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """The running tasks of one user, and their rows."""

    tasks: int = 0
    rows: int = 0


def pick(waiting: Sequence[Waiting], running: Mapping[int, Load], limit: int, concurrent: int) -> list[str]:
    """Return the ids of up to `limit` tasks to start, in order.

    The next task is always of the user with the fewest running rows, then the fewest running tasks, then the oldest task.

    Args:
        waiting: the due tasks; those of one user are in the order in which they start.
        running: the load of users who have running tasks.
        limit: the maximum number of tasks to pick.
        concurrent: the maximum number of running tasks of one user, 0 = no limit; the command line has no limit.
    """
    queues: dict[int, deque[Waiting]] = defaultdict(deque)
    for task in waiting:
        queues[task.user_id].append(task)
    loads = {user: running.get(user, Load()) for user in queues}
    picked: list[str] = []
    while len(picked) < limit:
        free = [user for user, tasks in queues.items() if tasks and _may_start(user, loads[user], concurrent)]
        if not free:
            break
        user = min(free, key=lambda user: (loads[user].rows, loads[user].tasks, queues[user][0].created_at, user))
        task = queues[user].popleft()
        loads[user] = Load(loads[user].tasks + 1, loads[user].rows + task.rows)
        picked.append(task.task_id)
    return picked


def add_loads(running: Mapping[int, Load], picked: Sequence[Waiting]) -> dict[int, Load]:
    """Return the loads when `picked` run, too."""
    loads = dict(running)
    for task in picked:
        load = loads.get(task.user_id, Load())
        loads[task.user_id] = Load(load.tasks + 1, load.rows + task.rows)
    return loads


def _may_start(user_id: int, load: Load, concurrent: int) -> bool:
    return user_id == COMMAND_LINE_USER or not concurrent or load.tasks < concurrent
