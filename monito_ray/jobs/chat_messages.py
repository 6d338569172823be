"""The chats of the bot: which message shows which task."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select, update

from monito_ray.jobs import queue
from monito_ray.jobs.task import FILE, Task
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import chat_messages, tasks

#: Marks of edits begin so, and no hash does.
_MARK = "edit "
# Built once: building a statement takes longer than running it.
_OF_FILES = (
    select(chat_messages)
    .join(tasks, tasks.c.id == chat_messages.c.task_id)
    .where(tasks.c.kind == FILE)
    .order_by(tasks.c.created_at, tasks.c.id)
)


class ClosingState(StrEnum):
    """Whether the closing message of a task, its result or failure, was sent.

    `SENDING` outlives only a process that was killed while it sent, and then means the same as `UNKNOWN`.
    """

    NONE = "none"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """The message of a chat that shows a task."""

    task_id: str
    chat_id: int
    language: str
    #: Telegram's number of the message, None until it was sent; several tasks may share one.
    message_id: int | None = None
    #: Hash of the text that the message shows now; while it is edited, the mark of that edit.
    last_text_hash: str = ""
    closing_state: ClosingState = ClosingState.NONE


def unacknowledged(store: Store) -> list[ChatMessage]:
    """Return the messages of tasks that were committed but not acknowledged in their chat, oldest first."""
    return _messages(store, chat_messages.c.message_id.is_(None), chat_messages.c.closing_state == ClosingState.NONE.value)


def set_message_id(store: Store, task_ids: Collection[str], message_id: int | None, text_hash: str = "") -> None:
    """Link these tasks to a message of their chat, which shows the text of this hash; None unlinks them."""
    _set(store, task_ids, message_id=message_id, last_text_hash=text_hash)


def text_hash_of(text: str, buttons: Sequence[tuple[str, str]]) -> str:
    """Return the hash of what a message shows."""
    return hashlib.sha256(repr((text, list(buttons))).encode()).hexdigest()


def messages_of(store: Store, task_ids: Collection[str]) -> list[ChatMessage]:
    """Return the messages of these tasks; tasks without one are skipped."""
    return _messages(store, chat_messages.c.task_id.in_(task_ids))


def tasks_in_message(store: Store, chat_id: int, message_id: int) -> list[ChatMessage]:
    """Return an entry for each task that a message shows, oldest first."""
    return _messages(store, _is_in(chat_id, message_id))


def awaiting_closing(store: Store) -> list[ChatMessage]:
    """Return the messages of ended tasks whose closing message was not sent."""
    return _messages(store, chat_messages.c.closing_state == ClosingState.NONE.value, queue.HAS_ENDED)


def open_messages(store: Store) -> list[ChatMessage]:
    """Return the messages of tasks that are open, or whose closing message was not sent."""
    return _messages(store, chat_messages.c.closing_state == ClosingState.NONE.value)


def edits_under_way(store: Store) -> dict[str, str]:
    """Return the marks of edits that began and did not end, by task; of tasks whose closing message was not sent.

    One that stays was broken off: who made it was killed, and the message may lack what it was to show.
    """
    places = _messages(store, chat_messages.c.closing_state == ClosingState.NONE.value, chat_messages.c.last_text_hash.startswith(_MARK))
    return {place.task_id: place.last_text_hash for place in places}


def add_to_message(store: Store, chat_id: int, message_id: int, task_ids: Collection[str]) -> str:
    """Link these tasks to a message that shows others, too, and is about to be edited; return the mark of that edit for `end_edit`."""
    mark = _new_mark()
    with store.write() as connection:
        connection.execute(update(chat_messages).where(chat_messages.c.task_id.in_(task_ids)).values(message_id=message_id))
        connection.execute(update(chat_messages).where(_is_in(chat_id, message_id)).values(last_text_hash=mark))
    return mark


def begin_edit(store: Store, before: Sequence[ChatMessage]) -> str | None:
    """Return a mark for `end_edit`, for an edit of a message that is about to be made.

    `before` is what the store had of the message's tasks when the text was made. Return None where somebody else edited it since then, or gave
    it more tasks: the text is old.
    """
    mark = _new_mark()
    is_in_it = _is_in(before[0].chat_id, before[0].message_id)
    with store.write() as connection:
        now = connection.execute(select(chat_messages.c.task_id, chat_messages.c.last_text_hash).where(is_in_it).with_for_update()).all()
        if {(task_id, shown) for task_id, shown in now} != {(message.task_id, message.last_text_hash) for message in before}:
            return None
        connection.execute(update(chat_messages).where(is_in_it).values(last_text_hash=mark))
    return mark


def end_edit(store: Store, chat_id: int, message_id: int, mark: str, text_hash: str) -> bool:
    """Store the hash of the text that a message was edited to.

    Return False where another edit began meanwhile: nobody knows whose text the message shows, so it has to be edited again. Its hash is that
    other edit's to store; until then none is there, and the next edit is not taken for needless.
    """
    is_in_it = _is_in(chat_id, message_id)
    with store.write() as connection:
        now = set(connection.execute(select(chat_messages.c.last_text_hash).where(is_in_it).with_for_update()).scalars())
        if now <= {mark}:
            connection.execute(update(chat_messages).where(is_in_it).values(last_text_hash=text_hash))
            return True
    return False


def _new_mark() -> str:
    """Return what stands for the hash of a text while the text is on its way: no text has it, wherever the edit is broken off."""
    return f"{_MARK}{secrets.token_hex(8)}"


def claim_closing(store: Store, task_id: str, confirm: Callable[[Connection], None] = lambda _: None) -> ClosingState:
    """Claim the right to send a task's closing message; return its state before. Who gets `NONE` has the right.

    `confirm` is called within the transaction: it raises where the caller may not send for this task any more.
    """
    state_of = select(chat_messages.c.closing_state).where(chat_messages.c.task_id == task_id)
    with store.write() as connection:
        confirm(connection)
        state = ClosingState(connection.execute(state_of.with_for_update()).scalar_one())
        if state is ClosingState.NONE:
            claim = update(chat_messages).where(chat_messages.c.task_id == task_id)
            connection.execute(claim.values(closing_state=ClosingState.SENDING.value))
    return state


def claim_end(store: Store, task: Task) -> bool:
    """Claim the right to tell a file's end as `task` has it; False if another has it, or if the task was requeued meanwhile."""
    has_this_end = exists().where(tasks.c.id == task.id, tasks.c.finished_at == task.finished_at)
    claim = update(chat_messages).where(chat_messages.c.task_id == task.id, chat_messages.c.closing_state == ClosingState.NONE.value)
    with store.write() as connection:
        return connection.execute(claim.where(has_this_end).values(closing_state=ClosingState.SENDING.value)).rowcount == 1


def set_closing(store: Store, task_id: str, state: ClosingState) -> None:
    """Store how sending the closing message went; `NONE` when it surely was not sent and may be tried again."""
    _set(store, [task_id], closing_state=state.value)


def end_closing(store: Store, task_id: str, state: ClosingState) -> None:
    """Store how sending a claimed closing message went, unless the task was requeued meanwhile: then it has another end to come."""
    is_claimed = (chat_messages.c.task_id == task_id) & (chat_messages.c.closing_state == ClosingState.SENDING.value)
    with store.write() as connection:
        connection.execute(update(chat_messages).where(is_claimed).values(closing_state=state.value))


def add_message(store: Store, message: ChatMessage) -> None:
    """Insert the message of a task, unless the task has one."""
    with store.write() as connection:
        insert_message(connection, message)


def insert_message(connection: Connection, message: ChatMessage) -> None:
    """Insert the message of a task, unless the task has one, within the transaction of `connection`."""
    insert_missing(connection, chat_messages, [asdict(message)])


def closing_state_of(store: Store, task_id: str) -> ClosingState:
    """Return the closing state of a task of any kind; `NONE` for one without a message."""
    with store.read() as connection:
        state = connection.execute(select(chat_messages.c.closing_state).where(chat_messages.c.task_id == task_id)).scalar_one_or_none()
    return ClosingState(state or ClosingState.NONE)


def reset_closing(store: Store, task_id: str) -> None:
    """Let a closing message be sent again, for a task that was requeued after its end."""
    with store.write() as connection:
        reopen_closing(connection, task_id)


def reopen_closing(connection: Connection, task_id: str) -> None:
    """Do as `reset_closing`, within the transaction of `connection`."""
    closing = update(chat_messages).where(chat_messages.c.task_id == task_id)
    connection.execute(closing.values(closing_state=ClosingState.NONE.value))


def reopen_unknown(connection: Connection, task_id: str) -> None:
    """Let a message be sent again of which nobody knows whether it arrived; one that did arrive is not."""
    is_unknown = (chat_messages.c.task_id == task_id) & (chat_messages.c.closing_state == ClosingState.UNKNOWN.value)
    connection.execute(update(chat_messages).where(is_unknown).values(closing_state=ClosingState.NONE.value))


def _is_in(chat_id: int, message_id: int | None) -> ColumnElement[bool]:
    return (chat_messages.c.chat_id == chat_id) & (chat_messages.c.message_id == message_id)


def _messages(store: Store, *conditions: Any) -> list[ChatMessage]:
    """Return the messages of files, oldest task first; notifications are handled by the step that sends them."""
    with store.read() as connection:
        return [_message(row) for row in connection.execute(_OF_FILES.where(*conditions)).all()]


def _message(row: Row[Any]) -> ChatMessage:
    values = {field.name: getattr(row, field.name) for field in fields(ChatMessage)}
    return ChatMessage(**values | {"closing_state": ClosingState(values["closing_state"])})


def _set(store: Store, task_ids: Collection[str], **values: Any) -> None:
    with store.write() as connection:
        connection.execute(update(chat_messages).where(chat_messages.c.task_id.in_(task_ids)).values(**values))
