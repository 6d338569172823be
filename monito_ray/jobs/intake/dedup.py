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

#: For this long after a file succeeded, the same file is not read again, if the catalogue still has that reading.
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
    """The same file already has this task, which is open, or succeeded within `DUPLICATE_WINDOW` and is what the catalogue has of the file."""

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
        answer_id = _task_to_answer_with(connection, duplicate_id, now - DUPLICATE_WINDOW)
        if answer_id:
            return Duplicate(answer_id)
    if quota_file_at is not None and task.user_id != COMMAND_LINE_USER and policy.files_per_hour:
        return OverQuota(quota_file_at + QUOTA_WINDOW)
    queue.insert_task(connection, replace(task, dedup_key=key))
    return Admitted(task.id)


def find_reading(store: Store, task: Task, file_hash: str, now: datetime) -> Task | None:
    """Return the task that has read the same bytes for the same person within `DUPLICATE_WINDOW`, None where there is none.

    Telegram names a file that is uploaded again anew, so `admit` takes it for another one; here its bytes are known. A list that was taken
    back is none, nor one whose place another reading of the file has taken.
    """
    if task.options.get("force"):
        return None
    with store.read() as connection:
        return _present_reading(connection, replace(task, file_hash=file_hash), now - DUPLICATE_WINDOW)


def _task_to_answer_with(connection: Connection, duplicate_id: str, since: datetime) -> str:
    """Return the task that tells what became of the same file, "" where the file is to be read again."""
    (task,) = queue.load_within(connection, [duplicate_id])
    if not task.has_ended or not (task.result or {}).get("rows_written"):
        return task.id  # the catalogue has no list of it, and misses none
    reading = _present_reading(connection, task, since)
    return reading.id if reading else ""


def _present_reading(connection: Connection, task: Task, since: datetime) -> Task | None:
    """Return the newest reading of the task's file for its person and with its options, or with answers besides, since then.

    None where the catalogue does not have it, or has a later list that another reading made of the file for the same supplier.
    """

    def result_key(one: _Reading) -> str:
        return dedup_key(replace(one.sent, user_id=task.user_id), task.file_hash, "")

    readings, key = _readings(connection, task.file_hash, since), dedup_key(task, task.file_hash, "")
    own = [index for index, one in enumerate(readings) if one.task.user_id == task.user_id and result_key(one) == key]
    if not own:
        return None
    reading, later = readings[own[-1]], readings[own[-1] + 1 :]
    is_replaced = any(result_key(one) != key and one.takes_place_of(reading) for one in later)
    return None if is_replaced else reading.task


@dataclass(frozen=True, slots=True)
class _Reading:
    """A list that the catalogue has, and the task that read it."""

    task: Task
    #: The task that was sent: `task` itself, or the one that it reads again with a person's answers.
    sent: Task
    suppliers: frozenset[str]

    def takes_place_of(self, earlier: "_Reading") -> bool:
        """Return whether this list has prices of the same supplier; two sheets of a file stand beside each other."""
        sheet, other = self.sent.options.get("sheet"), earlier.sent.options.get("sheet")
        return bool(self.suppliers & earlier.suppliers) and (sheet == other or not sheet or not other)


def _readings(connection: Connection, file_hash: str, since: datetime) -> list[_Reading]:
    """Return the lists that were read of these bytes since then and that the catalogue has, the oldest first."""
    is_read = tasks.c.kind == FILE, tasks.c.file_hash == file_hash, tasks.c.status == Status.SUCCESS.value, tasks.c.finished_at > since
    query = select(supplier_lists.c.task_id, supplier_lists.c.supplier).join(tasks, tasks.c.id == supplier_lists.c.task_id)
    suppliers: dict[str, set[str]] = {}
    for task_id, supplier in connection.execute(query.where(*is_read).order_by(supplier_lists.c.written_at, tasks.c.created_at)):
        suppliers.setdefault(task_id, set()).add(supplier)
    read = {task.id: task for task in queue.load_within(connection, suppliers)}
    origins = {task_id: str(task.options.get("again_of", task_id)) for task_id, task in read.items()}
    sent = {task.id: task for task in queue.load_within(connection, set(origins.values()))}
    return [_Reading(read[one], sent.get(origins[one], read[one]), frozenset(whose)) for one, whose in suppliers.items()]


def dedup_key(task: Task, content: str, model: str) -> str:
    """Return a key that is equal for files that give the same result: sender, content, options, program and rule versions, model."""
    options: Mapping[str, Any] = {name: value for name, value in task.options.items() if name not in _NOT_ABOUT_CONTENT}
    parts = [task.user_id, content, options, task.program_version, versions.PIPELINE, model]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
