"""Whether a file becomes a task: it does, unless the person has sent the same one lately, or too many of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from monito_ray.jobs import queue
from monito_ray.jobs.fairness import NOBODY
from monito_ray.jobs.task import FILE, Task
from monito_ray.pipeline import versions
from monito_ray.records import Status
from monito_ray.store.database import follow
from monito_ray.store.tables import tasks

REMEMBERED = timedelta(hours=24)
HOUR = timedelta(hours=1)
_NOT_ABOUT_CONTENT = frozenset({"force", "chat_id", "telegram_file_id", "file_size", "language", "priority"})
_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms files are taken in: most of one person within an hour (0: any number), and the model that would be asked ("": none)."""

    files_per_hour: int = 0
    model: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The file is a task now."""

    task_id: str


@dataclass(frozen=True, slots=True)
class Same:
    """The same file is this task already: it waits, runs, or was done within `REMEMBERED`."""

    task_id: str


@dataclass(frozen=True, slots=True)
class TooMany:
    """The person has sent as many files as one may within an hour; another may come at `back_at`."""

    back_at: datetime


Intake = Taken | Same | TooMany


def take_in(connection: Connection, task: Task, content: str, terms: Terms, now: datetime) -> Intake:
    """Add a new file's task in a transaction of the caller's, unless it is the same as another or one too many. `content` names the bytes."""
    key = same_key(task, content, terms.model)
    follow(connection, f"intake {task.user_id}")
    known = None if task.options.get("force") else _known(connection, key, now)
    if known is not None:
        return Same(known)
    if task.user_id != NOBODY and terms.files_per_hour:
        sent = select(tasks.c.created_at).where(tasks.c.kind == FILE, tasks.c.user_id == task.user_id, tasks.c.created_at > now - HOUR)
        back_at = when_back(connection.execute(sent).scalars().all(), terms.files_per_hour)
        if back_at is not None:
            return TooMany(back_at)
    queue.put(connection, replace(task, same_key=key))
    return Taken(task.id)


def same_key(task: Task, content: str, model: str) -> str:
    """Equal for files that would come out the same for the same person: content, options, and all that decides about rows."""
    options: Mapping[str, Any] = {name: value for name, value in task.options.items() if name not in _NOT_ABOUT_CONTENT}
    whole = [task.user_id, content, options, task.program_version, versions.PIPELINE, model]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def when_back(sent: Sequence[datetime], most: int) -> datetime | None:
    """When a person may send another file who sent some at these times of the last hour: None, at once, while they are fewer than `most`."""
    return sorted(sent)[-most] + HOUR if len(sent) >= most else None


def _known(connection: Connection, key: str, now: datetime) -> str | None:
    done_lately = (tasks.c.status == Status.SUCCESS.value) & (tasks.c.finished_at > now - REMEMBERED)
    wanted = select(tasks.c.id).where(tasks.c.same_key == key, or_(tasks.c.status.in_(_OPEN), done_lately))
    return connection.execute(wanted.order_by(tasks.c.created_at.desc()).limit(1)).scalar_one_or_none()
