"""Telling people that their files were accepted, at once and within Telegram's limits.

A chat takes one new message a second. Files that come together are told of in one message; a file that comes while the chat may not
have another message is added to the last one, for an edit is not held back.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from monito_ray import log
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.errors import Permanent, Transient
from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.messages import Messages
from monito_ray.store.database import Store

MOST_TOGETHER = 20
_ADD_WITHIN_S = 3.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0

CallInThread = Callable[..., Awaitable[Any]]
"""Calls a function that looks at the store in a thread."""


@dataclass(slots=True)
class _Chat:
    waiting: list[ChatMessage] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    message_id: int = 0
    sent_at: float = float("-inf")
    worker: "asyncio.Task[None] | None" = None


class Acknowledger:
    """Acknowledges tasks in the order they came, chats side by side."""

    def __init__(self, client: TelegramClient, store: Store, aside: CallInThread, speech: Callable[[str], Messages]) -> None:
        self._client = client
        self._store = store
        self._aside = aside
        self._speech = speech
        self._chats: defaultdict[int, _Chat] = defaultdict(_Chat)

    def add(self, place: ChatMessage) -> None:
        """See to it that the task of `place` is acknowledged."""
        chat = self._chats[place.chat_id]
        chat.waiting.append(place)
        if chat.worker is None or chat.worker.done():
            chat.worker = asyncio.create_task(self._work(place.chat_id, chat))

    @property
    def workers(self) -> "list[asyncio.Task[None]]":
        """What is under way."""
        return [chat.worker for chat in self._chats.values() if chat.worker is not None and not chat.worker.done()]

    async def _work(self, chat_id: int, chat: _Chat) -> None:
        pause_s = _FIRST_WAIT_S
        while chat.waiting:
            can_add = bool(chat.last) and len(chat.last) < MOST_TOGETHER and time.monotonic() - chat.sent_at < _ADD_WITHIN_S
            wait_s = self._client.wait_s(chat_id)
            if wait_s > 0 and not can_add:
                await asyncio.sleep(wait_s)
            adds = wait_s > 0 and can_add
            taken = chat.waiting[: MOST_TOGETHER - (len(chat.last) if adds else 0)]
            try:
                await (self._extend(chat_id, chat, taken) if adds else self._send(chat_id, chat, taken))
                pause_s = _FIRST_WAIT_S
            except Transient as error:
                log.warning("bot.waits", code=error.code, message=str(error), wait_s=pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_WAIT_S)
                continue
            except Permanent as error:
                log.warning("bot.unheard", code=error.code, message=str(error), chat_id=chat_id)
                chat.last = []
                if adds:
                    await self._aside(chat_messages.set_message_id, self._store, _ids(taken), None)
                    continue
            del chat.waiting[: len(taken)]

    async def _send(self, chat_id: int, chat: _Chat, taken: list[ChatMessage]) -> None:
        ids = _ids(taken)
        message_id = await self._client.send(chat_id, *await self._text(taken[-1].language, ids))
        chat.last, chat.message_id, chat.sent_at = ids, message_id, time.monotonic()
        await self._aside(chat_messages.set_message_id, self._store, ids, message_id)

    async def _extend(self, chat_id: int, chat: _Chat, taken: list[ChatMessage]) -> None:
        # Recorded first: who else edits this message now then knows of all tasks in it.
        await self._aside(chat_messages.set_message_id, self._store, _ids(taken), chat.message_id)
        ids = [*chat.last, *_ids(taken)]
        await self._client.edit(chat_id, chat.message_id, *await self._text(taken[-1].language, ids))
        chat.last = ids

    async def _text(self, language: str, ids: list[str]) -> tuple[str, list[tuple[str, str]]]:
        tasks = await self._aside(queue.load_all, self._store, ids)
        speech = self._speech(language)
        return speech.message(tasks), speech.buttons(tasks)


def _ids(places: list[ChatMessage]) -> list[str]:
    return [place.task_id for place in places]
