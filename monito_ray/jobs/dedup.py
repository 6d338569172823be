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
from monito_ray.store.database import serialize_on
from monito_ray.store.schema import tasks

DUPLICATE_WINDOW = timedelta(hours=24)
QUOTA_WINDOW = timedelta(hours=1)
_NOT_ABOUT_CONTENT = frozenset({"force", "chat_id", "telegram_file_id", "file_size", "language", "priority"})
_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)
_WHEN = tasks.c.created_at.type
_LATELY = (tasks.c.status == Status.SUCCESS.value) & (tasks.c.finished_at > bindparam("remembered_since", type_=_WHEN))
_KNOWN = (
    select(tasks.c.id)
    .where(tasks.c.dedup_key == bindparam("key"), or_(tasks.c.status.in_(_OPEN), _LATELY))
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
class AdmissionPolicy:
    """The settings that decide whether a file becomes a task of its own."""

    #: Most files that one person may send within an hour; 0 = any number.
    files_per_hour: int = 0
    #: The LLM that would be asked, "" for none: another model may give another result.
    model: str = ""


UNLIMITED = AdmissionPolicy()


@dataclass(frozen=True, slots=True)
class Admitted:
    """The file is a task now."""

    task_id: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same file is this task already: it waits, runs, or was done within `REMEMBERED`."""

    task_id: str


@dataclass(frozen=True, slots=True)
class OverQuota:
    """The person has sent as many files as one may within an hour; another may come at `back_at`."""

    back_at: datetime


Admission = Admitted | Duplicate | OverQuota


def admit(connection: Connection, task: Task, content: str, policy: AdmissionPolicy, now: datetime) -> Admission:
    """Add a new file's task in a transaction of the caller's, unless it is the same as another or one too many. `content` names the bytes."""
    key = dedup_key(task, content, policy.model)
    serialize_on(connection, f"intake {task.user_id}")
    asked = {"key": key, "remembered_since": now - DUPLICATE_WINDOW, "user_id": task.user_id, "counted_since": now - QUOTA_WINDOW}
    known, sent_at = connection.execute(_LOOK, asked | {"fewer": max(policy.files_per_hour, 1) - 1}).one()
    if known is not None and not task.options.get("force"):
        return Duplicate(known)
    if sent_at is not None and task.user_id != NOBODY and policy.files_per_hour:
        return OverQuota(sent_at + QUOTA_WINDOW)
    queue.insert_task(connection, replace(task, dedup_key=key))
    return Admitted(task.id)


def dedup_key(task: Task, content: str, model: str) -> str:
    """Equal for files that would come out the same for the same person: content, options, and all that decides about rows."""
    options: Mapping[str, Any] = {name: value for name, value in task.options.items() if name not in _NOT_ABOUT_CONTENT}
    whole = [task.user_id, content, options, task.program_version, versions.PIPELINE, model]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
