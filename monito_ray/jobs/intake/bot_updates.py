"""Updates of the bot, committed once each.

A task from a chat, its message and the new offset are committed in one transaction. So no update is committed twice, and none is
confirmed to Telegram before it is committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from monito_ray.jobs.chat_messages import ChatMessage, insert_message
from monito_ray.jobs.intake.dedup import UNLIMITED, Admission, AdmissionPolicy, Admitted, admit
from monito_ray.jobs.intake.joining import join
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store
from monito_ray.store.schema import bot_offsets

# Telegram may number updates from a random start again after a week without any, so an older offset is ignored.
_OFFSET_HOLDS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """An update of the bot."""

    update_id: int
    #: The task that the update asks for, with the message that shall show it; None for other updates.
    task: Task | None = None
    message: ChatMessage | None = None
    #: Names the bytes of the task's file, see `dedup.admit`.
    content: str = ""
    #: Whether it asks for something only where it continues a list, as a picture of an album in a group does.
    only_joins: bool = False


def next_offset(store: Store, bot: str, now: datetime) -> int:
    """Return the id of the first update that is not committed; 0 when no offset is stored, or only an old one."""
    with store.read() as connection:
        return _stored_offset(connection, bot, now)


def commit_updates(
    store: Store, bot: str, updates: Sequence[ReceivedUpdate], now: datetime, policy: AdmissionPolicy = UNLIMITED
) -> dict[int, Admission | None]:
    """Commit the tasks of updates that are new, and the offset behind them, in one transaction.

    Returns the ids of the new updates, each with the admission of its file, None if it has no file.
    """
    if not updates:
        return {}
    with store.write(alone=f"bot {bot}") as connection:
        offset = _stored_offset(connection, bot, now)
        new = [received for received in updates if received.update_id >= offset]
        admissions = {received.update_id: _admit(connection, received, policy, now) for received in new}
        if new:
            _store_offset(connection, bot, max(admissions) + 1, now)
    return admissions


def _admit(connection: Connection, received: ReceivedUpdate, policy: AdmissionPolicy, now: datetime) -> Admission | None:
    if received.task is None or received.message is None:
        return None
    if joined := join(connection, received.task, received.message, now):
        return joined
    if received.only_joins:
        return None
    admission = admit(connection, received.task, received.content, policy, now)
    if isinstance(admission, Admitted):
        insert_message(connection, received.message)
    return admission


def _stored_offset(connection: Connection, bot: str, now: datetime) -> int:
    query = select(bot_offsets.c.next_update_id).where(bot_offsets.c.bot == bot, bot_offsets.c.updated_at > now - _OFFSET_HOLDS)
    return connection.execute(query).scalar_one_or_none() or 0


def _store_offset(connection: Connection, bot: str, next_update_id: int, now: datetime) -> None:
    values = {"next_update_id": next_update_id, "updated_at": now}
    if not connection.execute(update(bot_offsets).where(bot_offsets.c.bot == bot).values(**values)).rowcount:
        connection.execute(insert(bot_offsets).values(bot=bot, **values))
