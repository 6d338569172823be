"""What people follow: a search, a category or everything; and the alarms that are committed for them, each once."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, select, update

from monito_ray.jobs import queue
from monito_ray.jobs.task import NOTIFICATION, Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import chat_follows, tasks

MOST_FOLLOWS = 30
_ID_LENGTH = 16


class FollowKind(StrEnum):
    """What the value of a follow is."""

    #: Everything; the value is "".
    ALL = "all"
    #: A category of the taxonomy.
    CATEGORY = "category"
    #: Words as people search for them.
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing that a person follows."""

    user_id: int
    kind: FollowKind
    value: str
    #: Where alarms go: the chat in which it was asked for.
    chat_id: int
    #: Alarms are collected, and come in the morning.
    is_daily: bool = False
    #: In which it was asked for; a language that the person chooses counts more. "" for that of the settings.
    language: str = ""

    @property
    def key(self) -> str:
        """A short name for it, which fits into the data of a button."""
        return hashlib.sha256(f"{self.kind} {self.value}".encode()).hexdigest()[:10]


def follows_of(store: Store, user_id: int) -> list[Follow]:
    """Return what a person follows."""
    return [follow for follow in all_follows(store) if follow.user_id == user_id]


def all_follows(store: Store) -> list[Follow]:
    """Return what all people follow, by person."""
    query = select(*(chat_follows.c[name] for name in Follow.__slots__)).order_by(chat_follows.c.user_id, chat_follows.c.made_at)
    with store.read() as connection:
        rows = connection.execute(query).all()
    return [Follow(row.user_id, FollowKind(row.kind), row.value, row.chat_id, row.is_daily, row.language) for row in rows]


def add_follow(store: Store, follow: Follow, now: datetime) -> None:
    """Let a person follow something; harmless where they do already."""
    with store.write() as connection:
        insert_missing(connection, chat_follows, [{**asdict(follow), "kind": follow.kind.value, "made_at": now}])


def remove_follow(store: Store, follow: Follow) -> None:
    """Let a person follow something no longer."""
    with store.write() as connection:
        connection.execute(delete(chat_follows).where(*_is(follow)))


def set_daily(store: Store, user_id: int, *, is_daily: bool) -> None:
    """Let all alarms of a person come in the morning, or at once."""
    with store.write() as connection:
        connection.execute(update(chat_follows).where(chat_follows.c.user_id == user_id).values(is_daily=is_daily))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something to be told to a person once."""

    user_id: int
    chat_id: int
    #: Telegram's HTML.
    text: str
    #: Names what it tells of: the same for the same person is told once.
    about: str
    #: Not before this time; alarms of one person for one time are one message.
    at: datetime
    is_daily: bool


def commit_alarms(store: Store, alarms: Sequence[Alarm], now: datetime) -> None:
    """Commit a notification for each alarm that was not committed before; daily ones join the one for their morning."""
    if not alarms:
        return
    with store.write(alone="alarms") as connection:
        for alarm in alarms:
            _commit(connection, alarm, now)


def _commit(connection: Connection, alarm: Alarm, now: datetime) -> None:
    task_id = _task_id(f"daily {alarm.at.isoformat()}" if alarm.is_daily else alarm.about, alarm.user_id, alarm.chat_id)
    row = connection.execute(select(tasks.c.options, tasks.c.status).where(tasks.c.id == task_id).with_for_update()).first()
    if (row is None or alarm.about not in row.options["about"]) and _is_repeated(connection, alarm):
        return
    if row is None:
        options = {"chat_id": alarm.chat_id, "message": alarm.text, "is_markup": True, "about": [alarm.about]}
        queue.insert_task(connection, _task(task_id, alarm, options, now))
    elif alarm.about not in row.options["about"] and row.status == Status.PENDING.value:
        options = row.options | {"message": f"{row.options['message']}\n\n{alarm.text}", "about": [*row.options["about"], alarm.about]}
        connection.execute(update(tasks).where(tasks.c.id == task_id).values(options=options))
    elif alarm.about not in row.options["about"]:  # the morning's message is on its way
        _commit(connection, replace(alarm, is_daily=False), now)


def _is_repeated(connection: Connection, alarm: Alarm) -> bool:
    """Return whether an alarm stands in another message to the person: that of an earlier morning, for a list that is still overdue."""
    own = tasks.c.user_id == alarm.user_id, tasks.c.kind == NOTIFICATION
    rows = connection.execute(select(tasks.c.options).where(*own)).scalars()
    return any(alarm.about in options.get("about", ()) and options.get("chat_id") == alarm.chat_id for options in rows)


def _task(task_id: str, alarm: Alarm, options: dict[str, Any], now: datetime) -> Task:
    return Task(
        id=task_id, created_at=now, updated_at=now, not_before=max(alarm.at, now), user_id=alarm.user_id, kind=NOTIFICATION,
        stage=Stage.NOTIFICATIONS, options=options,
    )  # fmt: skip


def _task_id(about: str, user_id: int, chat_id: int) -> str:
    return hashlib.sha256(f"{about} {user_id} {chat_id}".encode()).hexdigest()[:_ID_LENGTH]


def _is(follow: Follow) -> Collection[Any]:
    return chat_follows.c.user_id == follow.user_id, chat_follows.c.kind == follow.kind.value, chat_follows.c.value == follow.value
