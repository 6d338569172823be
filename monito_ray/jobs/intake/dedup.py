"""Admission of files: a file becomes a task, unless the same file already has a task or its sender has reached the hourly quota."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, or_, select

from monito_ray.jobs import queue
from monito_ray.jobs.fairness import COMMAND_LINE_USER
from monito_ray.jobs.task import FILE, Task
from monito_ray.pipeline import versions
from monito_ray.records import Status
from monito_ray.store.database import Store, serialize_on
from monito_ray.store.schema import supplier_lists, tasks

#: For this long after a file succeeded, the same file is not read again.
DUPLICATE_WINDOW = timedelta(hours=24)
#: The time over which `AdmissionPolicy.files_per_hour` is counted.
QUOTA_WINDOW = timedelta(hours=1)
#: Options that change where a result goes or when, but not what it says.
_NOT_ABOUT_CONTENT = frozenset({"force", "chat_id", "telegram_file_id", "file_size", "language", "priority", "album", "pages"})

_TIME = tasks.c.created_at.type
_SUCCEEDED_LATELY = (tasks.c.status == Status.SUCCESS.value) & (tasks.c.finished_at > bindparam("succeeded_since", type_=_TIME))
_NEWEST_WITH_KEY = (
    select(tasks.c.id)
    .where(tasks.c.dedup_key == bindparam("key"), or_(queue.IS_OPEN, _SUCCEEDED_LATELY))
    .order_by(tasks.c.created_at.desc())
    .limit(1)
)
# The creation time of the sender's n-th newest file, n being `files_per_hour`. While that file is within the hour, the quota is used up.
_FILE_AT_QUOTA = (
    select(tasks.c.created_at)
    .where(tasks.c.kind == FILE, tasks.c.user_id == bindparam("user_id"), tasks.c.created_at > bindparam("counted_since", type_=_TIME))
    .order_by(tasks.c.created_at.desc())
    .offset(bindparam("newer_files", type_=Integer))
    .limit(1)
)
# Built once, since building a statement takes longer than running it; and one statement for both, since submitters wait for each other.
_DUPLICATE_AND_QUOTA = select(_NEWEST_WITH_KEY.scalar_subquery(), _FILE_AT_QUOTA.scalar_subquery())


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """The settings that decide whether a file becomes a task of its own."""

    #: The maximum number of files that one person may send within an hour; 0 = no limit.
    files_per_hour: int = 0
    #: The model of the LLM, "" without an LLM. It is part of the key, because another model may give another result.
    model: str = ""


UNLIMITED = AdmissionPolicy()


@dataclass(frozen=True, slots=True)
class Admitted:
    """The file is a new task."""

    task_id: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same file already has this task, which is open or succeeded within `DUPLICATE_WINDOW`."""

    task_id: str


@dataclass(frozen=True, slots=True)
class OverQuota:
    """The sender has reached the hourly quota."""

    #: When the next file will be admitted.
    back_at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """What came in a chat was added to this task, whose list it continues: lines of text, or a page of an album."""

    task_id: str
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """A page came after its album was begun to be read: this task reads all pages."""

    task_id: str
    #: The task that read the pages before.
    list_before: str
    #: Whether its message is in the chat, which shows this task now.
    is_shown: bool


Admission = Admitted | Duplicate | OverQuota | Joined | Replaced


def admit(connection: Connection, task: Task, content: str, policy: AdmissionPolicy, now: datetime) -> Admission:
    """Insert a file's task within the transaction of `connection`, unless it is a duplicate or over the quota.

    `content` identifies the bytes of the file: their hash, or Telegram's unique id of the file. The option `force` admits duplicates.
    """
    key = dedup_key(task, content, policy.model)
    serialize_on(connection, f"intake {task.user_id}")
    parameters = {
        "key": key,
        "succeeded_since": now - DUPLICATE_WINDOW,
        "user_id": task.user_id,
        "counted_since": now - QUOTA_WINDOW,
        "newer_files": max(policy.files_per_hour, 1) - 1,
    }
    duplicate_id, quota_file_at = connection.execute(_DUPLICATE_AND_QUOTA, parameters).one()
    if duplicate_id is not None and not task.options.get("force"):
        return Duplicate(duplicate_id)
    if quota_file_at is not None and task.user_id != COMMAND_LINE_USER and policy.files_per_hour:
        return OverQuota(quota_file_at + QUOTA_WINDOW)
    queue.insert_task(connection, replace(task, dedup_key=key))
    return Admitted(task.id)


def find_reading(store: Store, task: Task, file_hash: str, now: datetime) -> Task | None:
    """Return the task that has read the same bytes for the same person within `DUPLICATE_WINDOW`, None where there is none.

    Telegram names a file that is uploaded again anew, so `admit` takes it for another one; here its bytes are known. A list that was taken back is none.
    """
    if task.options.get("force"):
        return None
    same_bytes = tasks.c.file_hash == file_hash, tasks.c.status == Status.SUCCESS.value, tasks.c.finished_at > now - DUPLICATE_WINDOW
    query = select(tasks.c.id).join(supplier_lists, supplier_lists.c.task_id == tasks.c.id)
    with store.read() as connection:
        ids = connection.execute(query.where(tasks.c.kind == FILE, tasks.c.user_id == task.user_id, *same_bytes)).scalars().all()
    key = dedup_key(task, file_hash, "")
    return next((one for one in reversed(queue.load_all(store, ids)) if dedup_key(one, file_hash, "") == key), None)


def dedup_key(task: Task, content: str, model: str) -> str:
    """Return a key that is equal for files that give the same result: sender, content, options, program and rule versions, model."""
    options: Mapping[str, Any] = {name: value for name, value in task.options.items() if name not in _NOT_ABOUT_CONTENT}
    parts = [task.user_id, content, options, task.program_version, versions.PIPELINE, model]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
