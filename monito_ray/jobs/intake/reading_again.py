"""Reading a list again with what a person answered: a currency, or what its columns hold."""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from monito_ray.jobs import queue
from monito_ray.jobs.chat_messages import ChatMessage, insert_message
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.store.database import Store
from monito_ray.store.schema import chat_messages, tasks

_ID_LENGTH = 10
_OF_CHAT = ("telegram_file_id", "file_size")


def read_again(store: Store, task: Task, answers: Mapping[str, Any], message: ChatMessage | None, now: datetime) -> str:
    """Commit a task that reads the same file with `answers` among its options, and return its id; the earlier list stays until it is undone.

    The same answer twice is one task: its id follows from both. `message` shows it, and no longer the earlier task.
    """
    again = Task(
        id=_id(task.id, answers),
        created_at=now,
        updated_at=now,
        not_before=now,
        user_id=task.user_id,
        file_name=task.file_name,
        file_hash=task.file_hash,
        # The file was fetched already; where it came from would make of its supplier's name what a caption says.
        options={
            **{name: value for name, value in task.options.items() if name not in _OF_CHAT},
            **answers,
            "force": True,
            "again_of": task.options.get("again_of", task.id),
        },
        priority=task.priority,
        program_version=task.program_version,
    )
    with store.write() as connection:
        if connection.execute(select(tasks.c.id).where(tasks.c.id == again.id)).first() is None:
            queue.insert_task(connection, again)
            if message is not None:
                connection.execute(delete(chat_messages).where(chat_messages.c.task_id == task.id))
                insert_message(connection, replace(message, task_id=again.id))
    return again.id


def may_be_read_again(task: Task) -> bool:
    """Return whether the task is a list that is done and whose file was kept."""
    return task.status is Status.SUCCESS and bool(task.file_hash)


def _id(task_id: str, answers: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(repr((task_id, sorted(answers.items()))).encode()).digest()
    return b32encode(digest).decode().lower()[:_ID_LENGTH]
