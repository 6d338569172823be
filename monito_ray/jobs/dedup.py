"""Whether a file becomes a task: it does, unless the person has sent the same one lately, or too many of them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, or_, select

from monito_ray.jobs import queue
from monito_ray.jobs.fairness import NOBODY
from monito_ray.jobs.task import FILE, Task
from monito_ray.pipeline import versions
from monito_ray.records import Status
from monito_ray.store.database import follow
from monito_ray.store.schema import tasks

REMEMBERED = timedelta(hours=24)
HOUR = timedelta(hours=1)
_NOT_ABOUT_CONTENT = frozenset({"force", "chat_id", "telegram_file_id", "file_size", "language", "priority"})
_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)
_WHEN = tasks.c.created_at.type
_LATELY = (tasks.c.status == Status.SUCCESS.value) & (tasks.c.finished_at > bindparam("remembered_since", type_=_WHEN))
_KNOWN = (
    select(tasks.c.id)
    .where(tasks.c.same_key == bindparam("key"), or_(tasks.c.status.in_(_OPEN), _LATELY))
    .order_by(tasks.c.created_at.desc())
    .limit(1)
)
_SENT = (
    select(tasks.c.created_at)
    .where(tasks.c.kind == FILE, tasks.c.user_id == bindparam("user_id"), tasks.c.created_at > bindparam("counted_since", type_=_WHEN))
    .order_by(tasks.c.created_at.desc())
    .offset(bindparam("fewer", type_=Integer))
    .limit(1)
)
# Made once, and both asked at once: building a statement takes longer than running it, and people who send wait for each other.
_LOOK = select(_KNOWN.scalar_subquery(), _SENT.scalar_subquery())
"""The same file's earlier task; and when the last file but so many was sent: as long as that is within the hour, there is no room for another."""


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
    asked = {"key": key, "remembered_since": now - REMEMBERED, "user_id": task.user_id, "counted_since": now - HOUR}
    known, sent_at = connection.execute(_LOOK, asked | {"fewer": max(terms.files_per_hour, 1) - 1}).one()
    if known is not None and not task.options.get("force"):
        return Same(known)
    if sent_at is not None and task.user_id != NOBODY and terms.files_per_hour:
        return TooMany(sent_at + HOUR)
    queue.put(connection, replace(task, same_key=key))
    return Taken(task.id)


def same_key(task: Task, content: str, model: str) -> str:
    """Equal for files that would come out the same for the same person: content, options, and all that decides about rows."""
    options: Mapping[str, Any] = {name: value for name, value in task.options.items() if name not in _NOT_ABOUT_CONTENT}
    whole = [task.user_id, content, options, task.program_version, versions.PIPELINE, model]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
