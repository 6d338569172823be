"""What is known of chats: which message tells of which task, how far the bot has read, and in which language people are spoken to.

A task from a chat, its place in the chat and the new offset are committed in one transaction: an update that was seen is never
committed twice, and one that Telegram was told of as read is never lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monito_ray.jobs import dedup
from monito_ray.jobs.dedup import UNLIMITED, Admission, AdmissionPolicy, Admitted
from monito_ray.jobs.task import FILE, Task
from monito_ray.records import Status
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import bot_offsets, chat_messages, chat_users, tasks

# After a week without updates Telegram may begin to count anew, so an offset that old says nothing.
_OFFSET_HOLDS = timedelta(days=6)
_ENDED = [Status.SUCCESS.value, Status.FAILURE.value, Status.CANCELLED.value]


class ClosingState(StrEnum):
    """Whether the end of a task was told: `sending` outlives only who was killed while sending, and means the same as `unknown`."""

    NONE = "none"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """Where a task is told of. `message_id` is None until it was acknowledged; several tasks may share a message."""

    task_id: str
    chat_id: int
    language: str
    message_id: int | None = None
    last_text_hash: str = ""
    closing_state: ClosingState = ClosingState.NONE


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """An update that was read: a task and its place in the chat, when it brings one; `content` names the bytes of its file."""

    update_id: int
    task: Task | None = None
    message: ChatMessage | None = None
    content: str = ""


def next_offset(store: Store, bot: str, now: datetime) -> int:
    """The first update that is not committed yet; 0 when nothing is known."""
    with store.read() as connection:
        return _offset(connection, bot, now)


def commit_updates(
    store: Store, bot: str, news: Sequence[ReceivedUpdate], now: datetime, policy: AdmissionPolicy = UNLIMITED
) -> dict[int, Admission | None]:
    """Commit the tasks of updates that were not seen before, and the offset behind them.

    Returns the ids of those updates, each with what became of its file, if it brings one.
    """
    if not news:
        return {}
    with store.write(alone=f"bot {bot}") as connection:
        seen_below = _offset(connection, bot, now)
        fresh = [new for new in news if new.update_id >= seen_below]
        taken = {new.update_id: _take(connection, new, policy, now) for new in fresh}
        if fresh:
            _advance(connection, bot, max(new.update_id for new in fresh) + 1, now)
    return taken


def _take(connection: Connection, new: ReceivedUpdate, policy: AdmissionPolicy, now: datetime) -> Admission | None:
    if new.task is None or new.message is None:
        return None
    found = dedup.admit(connection, new.task, new.content, policy, now)
    if isinstance(found, Admitted):
        connection.execute(insert(chat_messages).values(**asdict(new.message)))
    return found


def _offset(connection: Connection, bot: str, now: datetime) -> int:
    wanted = select(bot_offsets.c.next_update_id).where(bot_offsets.c.bot == bot, bot_offsets.c.updated_at > now - _OFFSET_HOLDS)
    return connection.execute(wanted).scalar_one_or_none() or 0


def _advance(connection: Connection, bot: str, next_update_id: int, now: datetime) -> None:
    values = {"next_update_id": next_update_id, "updated_at": now}
    if not connection.execute(update(bot_offsets).where(bot_offsets.c.bot == bot).values(**values)).rowcount:
        connection.execute(insert(bot_offsets).values(bot=bot, **values))


def unacknowledged(store: Store) -> list[ChatMessage]:
    """Places of tasks that were committed and not yet told of, oldest first."""
    return _places(store, chat_messages.c.message_id.is_(None), chat_messages.c.closing_state == ClosingState.NONE.value)


def set_message_id(store: Store, task_ids: Collection[str], message_id: int | None) -> None:
    """These tasks are told of in this message; None takes that back."""
    _set(store, task_ids, message_id=message_id, last_text_hash="")


def messages_of(store: Store, task_ids: Collection[str]) -> list[ChatMessage]:
    """Where these tasks are told of, as far as they are."""
    return _places(store, chat_messages.c.task_id.in_(task_ids))


def tasks_in_message(store: Store, chat_id: int, message_id: int) -> list[ChatMessage]:
    """The tasks that a message tells of, in the order they came."""
    return _places(store, chat_messages.c.chat_id == chat_id, chat_messages.c.message_id == message_id)


def awaiting_closing(store: Store) -> list[ChatMessage]:
    """Places of ended tasks whose end was not told yet."""
    return _places(store, chat_messages.c.closing_state == ClosingState.NONE.value, tasks.c.status.in_(_ENDED))


def open_messages(store: Store) -> list[ChatMessage]:
    """Places of tasks that have not ended, or whose end was not told."""
    return _places(store, chat_messages.c.closing_state == ClosingState.NONE.value)


def set_text_hash(store: Store, task_ids: Collection[str], text_hash: str) -> None:
    """The message of these tasks now has the text of this hash."""
    _set(store, task_ids, last_text_hash=text_hash)


def claim_closing(store: Store, task_id: str) -> bool:
    """Take it on to tell a task's end: True for the one who may, False for everybody after."""
    taken = update(chat_messages).where(chat_messages.c.task_id == task_id, chat_messages.c.closing_state == ClosingState.NONE.value)
    with store.write() as connection:
        return connection.execute(taken.values(closing_state=ClosingState.SENDING.value)).rowcount == 1


def set_closing(store: Store, task_id: str, state: ClosingState) -> None:
    """How the telling of a task's end went; `NONE` when it surely was not told and may be tried again."""
    _set(store, [task_id], closing_state=state.value)


def add_message(store: Store, message: ChatMessage) -> None:
    """Keep where a task is told of, unless that is known already."""
    with store.write() as connection:
        insert_missing(connection, chat_messages, [asdict(message)])


def closing_state_of(store: Store, task_id: str) -> ClosingState:
    """How far the telling of a task's end is, of whatever kind the task."""
    with store.read() as connection:
        state = connection.execute(select(chat_messages.c.closing_state).where(chat_messages.c.task_id == task_id)).scalar_one_or_none()
    return ClosingState(state or ClosingState.NONE)


def reset_closing(store: Store, task_id: str) -> None:
    """The task goes on after its end was told: its next end is to be told, too."""
    _set(store, [task_id], closing_state=ClosingState.NONE.value)


def languages_of(store: Store, user_ids: Collection[int]) -> dict[int, str]:
    """The languages that those of these people chose who chose one."""
    wanted = select(chat_users.c.user_id, chat_users.c.language).where(chat_users.c.user_id.in_(user_ids), chat_users.c.language != "")
    with store.read() as connection:
        return {row.user_id: row.language for row in connection.execute(wanted)}


def set_language(store: Store, user_id: int, language: str) -> None:
    """The person wants to be spoken to in this language."""
    with store.write() as connection:
        insert_missing(connection, chat_users, [{"user_id": user_id, "language": "", "refused_at": None}])
        connection.execute(update(chat_users).where(chat_users.c.user_id == user_id).values(language=language))


def claim_refusal(store: Store, user_id: int, now: datetime) -> bool:
    """Whether this stranger has to be told so; True the first time alone."""
    with store.read() as connection:
        told = connection.execute(select(chat_users.c.refused_at).where(chat_users.c.user_id == user_id)).scalar_one_or_none()
    if told is not None:
        return False
    with store.write() as connection:
        insert_missing(connection, chat_users, [{"user_id": user_id, "language": "", "refused_at": None}])
        first = update(chat_users).where(chat_users.c.user_id == user_id, chat_users.c.refused_at.is_(None)).values(refused_at=now)
        return connection.execute(first).rowcount == 1


def _places(store: Store, *conditions: Any) -> list[ChatMessage]:
    """Places of files; notifications are told by the step that sends them."""
    wanted = select(chat_messages).join(tasks, tasks.c.id == chat_messages.c.task_id).where(tasks.c.kind == FILE, *conditions)
    with store.read() as connection:
        return [_place(row) for row in connection.execute(wanted.order_by(tasks.c.created_at, tasks.c.id)).all()]


def _place(row: Row[Any]) -> ChatMessage:
    values = {field.name: getattr(row, field.name) for field in fields(ChatMessage)}
    return ChatMessage(**values | {"closing_state": ClosingState(values["closing_state"])})


def _set(store: Store, task_ids: Collection[str], **values: Any) -> None:
    with store.write() as connection:
        connection.execute(update(chat_messages).where(chat_messages.c.task_id.in_(task_ids)).values(**values))
