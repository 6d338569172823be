"""Acknowledging files in their chats, at once and within Telegram's limits.

A chat takes one new message a second. Files that come together are shown in one message. A file that comes while the chat may not have another
message is added to the last one, because edits are not limited in this way.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from monito_ray import log
from monito_ray.bot.timing import BotTiming
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.errors import Permanent, Transient
from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.messages import Messages, task_buttons, tasks_text
from monito_ray.store.database import Store

#: The maximum number of tasks in one message. Twenty failures with long names and causes still fit, a line each (tests/unit/test_messages.py).
MOST_TOGETHER = 20
#: Only a message that is about as new as the file itself is extended, so that people see the change.
_EXTEND_WITHIN_S = 3.0

#: Calls a function in a thread and returns its result, so that a locked database does not hold up the event loop.
CallInThread = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class _Chat:
    #: Not acknowledged yet, in order.
    waiting: list[ChatMessage] = field(default_factory=list)
    #: The tasks that the last message shows.
    shown_ids: list[str] = field(default_factory=list)
    message_id: int = 0
    sent_at: float = float("-inf")
    worker: "asyncio.Task[None] | None" = None

    @property
    def may_extend(self) -> bool:
        """Whether the last message is recent enough, and has room, for more tasks."""
        has_room = bool(self.shown_ids) and len(self.shown_ids) < MOST_TOGETHER
        return has_room and time.monotonic() - self.sent_at < _EXTEND_WITHIN_S


class Acknowledger:
    """Acknowledges tasks in the order in which they came, chats in parallel."""

    def __init__(
        self, client: TelegramClient, store: Store, in_thread: CallInThread, messages_in: Callable[[str], Messages], timing: BotTiming
    ) -> None:
        self._client = client
        self._store = store
        self._in_thread = in_thread
        self._messages_in = messages_in
        self._timing = timing
        self._chats: defaultdict[int, _Chat] = defaultdict(_Chat)

    def add(self, message: ChatMessage) -> None:
        """Queue the task of `message` to be acknowledged."""
        chat = self._chats[message.chat_id]
        chat.waiting.append(message)
        if chat.worker is None or chat.worker.done():
            chat.worker = asyncio.create_task(self._work(message.chat_id, chat))

    @property
    def workers(self) -> "list[asyncio.Task[None]]":
        """The asyncio tasks that still run."""
        return [chat.worker for chat in self._chats.values() if chat.worker is not None and not chat.worker.done()]

    async def _work(self, chat_id: int, chat: _Chat) -> None:
        """Acknowledge until nothing waits. Wait out temporary errors, and give up a chat that refuses messages."""
        retry_s = self._timing.first_retry_s
        while chat.waiting:
            extends = await self._wait_for_turn(chat_id, chat)
            batch = chat.waiting[: MOST_TOGETHER - (len(chat.shown_ids) if extends else 0)]
            try:
                await (self._extend(chat_id, chat, batch) if extends else self._send(chat_id, chat, batch))
                retry_s = self._timing.first_retry_s
            except Transient as error:
                log.warning("bot.waits", code=error.code, message=str(error), wait_s=retry_s)
                await asyncio.sleep(retry_s)
                retry_s = self._timing.longer_retry(retry_s)
                continue
            except Permanent as error:
                log.warning("bot.unheard", code=error.code, message=str(error), chat_id=chat_id)
                chat.shown_ids = []
                if extends:  # the message is gone: these tasks get a new one
                    await self._in_thread(chat_messages.set_message_id, self._store, _task_ids(batch), None)
                    continue
            del chat.waiting[: len(batch)]

    async def _wait_for_turn(self, chat_id: int, chat: _Chat) -> bool:
        """Return True at once if the last message is to be extended; else return False as soon as the chat may have a new message."""
        wait_s = self._client.wait_s(chat_id)
        if wait_s <= 0:
            return False
        if chat.may_extend:
            return True
        await asyncio.sleep(wait_s)
        return False

    async def _send(self, chat_id: int, chat: _Chat, batch: list[ChatMessage]) -> None:
        ids = _task_ids(batch)
        shown = await self._render(batch[-1].language, ids)
        message_id = await self._client.send(chat_id, *shown)
        chat.shown_ids, chat.message_id, chat.sent_at = ids, message_id, time.monotonic()
        await self._in_thread(chat_messages.set_message_id, self._store, ids, message_id, chat_messages.text_hash_of(*shown))

    async def _extend(self, chat_id: int, chat: _Chat, batch: list[ChatMessage]) -> None:
        ids, new_ids = [*chat.shown_ids, *_task_ids(batch)], _task_ids(batch)
        is_last = False
        while not is_last:  # the driver may have edited the message meanwhile, and it may show the older text of the two
            mark = await self._in_thread(chat_messages.add_to_message, self._store, chat_id, chat.message_id, new_ids)
            shown = await self._render(batch[-1].language, ids)
            await self._client.edit(chat_id, chat.message_id, *shown)
            text_hash = chat_messages.text_hash_of(*shown)
            is_last = await self._in_thread(chat_messages.end_edit, self._store, chat_id, chat.message_id, mark, text_hash)
        chat.shown_ids = ids

    async def _render(self, language: str, ids: list[str]) -> tuple[str, list[tuple[str, str]]]:
        """Return text and buttons of the message that shows these tasks."""
        tasks = await self._in_thread(queue.load_all, self._store, ids)
        messages = self._messages_in(language)
        return tasks_text(messages, tasks), task_buttons(messages, tasks)


def _task_ids(batch: list[ChatMessage]) -> list[str]:
    return [message.task_id for message in batch]
