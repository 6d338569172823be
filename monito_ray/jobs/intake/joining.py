"""What comes in several messages is one list: lines that follow lines, and the pictures of an album."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monito_ray.jobs import lifecycle, queue
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState, insert_message
from monito_ray.jobs.intake.dedup import Joined, Replaced
from monito_ray.jobs.task import FILE, Task
from monito_ray.records import OPEN_STATUSES, Status
from monito_ray.store.schema import chat_messages, tasks

# A list that is pasted in several messages comes within this time.
_LINES_WITHIN = timedelta(seconds=60)
# Telegram names an album for ever, and keeps updates for a day while nobody fetches them.
_PAGES_WITHIN = timedelta(days=1)


def join(connection: Connection, task: Task, message: ChatMessage, now: datetime) -> Joined | Replaced | None:
    """Add what a task asks for to the list that it continues, within the transaction of `connection`; None where it continues none.

    A page of an album that comes when its list is being read, or was, makes a task of all pages, which takes over the message of the one before.
    """
    if "text" in task.options:
        return _join_text(connection, task, now)
    return _join_album(connection, task, message, now) if "album" in task.options else None


def _join_text(connection: Connection, task: Task, now: datetime) -> Joined | None:
    """Add a written list to the one that its person wrote in this chat just before, if nobody has begun to read that."""
    is_unread = tasks.c.file_name == task.file_name, tasks.c.status == Status.PENDING.value, tasks.c.file_hash == ""
    for row in _newest(connection, task, now - _LINES_WITHIN, *is_unread):
        if row.options.get("forwarded_from") == task.options.get("forwarded_from"):
            _extend(connection, row, {"text": f"{row.options['text']}\n{task.options['text']}"}, task.not_before)
            return Joined(row.id, is_text=True)
    return None


def _join_album(connection: Connection, task: Task, message: ChatMessage, now: datetime) -> Joined | Replaced | None:
    is_of_album = tasks.c.options["album"].as_string() == task.options["album"]
    rows = _newest(connection, task, now - _PAGES_WITHIN, is_of_album)
    if not rows:
        return None
    (row, *_), options = rows, task.options
    pages = sorted({number: [number, file_id] for number, file_id in (*row.options["pages"], *options["pages"])}.values())
    joined = {"pages": pages, "supplier": row.options.get("supplier") or options.get("supplier", "")}
    is_unread = row.status in (Status.PENDING.value, Status.RETRY.value) and not row.file_hash
    if is_unread or row.status == Status.CANCELLED.value:
        _extend(connection, row, joined, max(row.not_before, task.not_before))
        return Joined(row.id)
    return _read_whole(connection, row, task, joined, message, now)


def _newest(connection: Connection, task: Task, since: datetime, *conditions: Any) -> list[Row[Any]]:
    """Return the lists of the same person and chat since then that fulfil the conditions, the newest first."""
    query = select(tasks).where(tasks.c.kind == FILE, tasks.c.user_id == task.user_id, tasks.c.created_at > since, *conditions)
    rows = connection.execute(query.order_by(tasks.c.created_at.desc()).with_for_update())
    return [row for row in rows if row.options.get("chat_id") == task.options.get("chat_id")]


def _extend(connection: Connection, row: Row[Any], more: dict[str, Any], not_before: datetime) -> None:
    values = {"options": {**row.options, **more}, "not_before": not_before, "dedup_key": ""}
    connection.execute(update(tasks).where(tasks.c.id == row.id).values(values))


def _read_whole(connection: Connection, row: Row[Any], task: Task, more: dict[str, Any], message: ChatMessage, now: datetime) -> Replaced:
    if row.status in {status.value for status in OPEN_STATUSES}:
        queue.transition_within(connection, row.id, lambda before: lifecycle.cancel(before, now), "task.cancelled")
    options = {**row.options, **more, "force": True, "again_of": row.options.get("again_of", row.id)}
    queue.insert_task(connection, replace(task, options=options))
    shown = connection.execute(select(chat_messages.c.message_id).where(chat_messages.c.task_id == row.id)).scalar_one_or_none()
    moved = {"task_id": task.id, "last_text_hash": "", "closing_state": ClosingState.NONE.value}
    if not connection.execute(update(chat_messages).where(chat_messages.c.task_id == row.id).values(moved)).rowcount:
        insert_message(connection, message)
    return Replaced(task.id, row.id, is_shown=shown is not None)
