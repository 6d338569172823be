"""Telegram: chats with people who send documents, and a server that loses answers as planned. The product's client speaks to it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import telegram
from telegram import error as errors

from simulated.threads import here

TOKEN = "1:simulated"
_LATENCY_S = 0.08
_POLL_EVERY_S = 1.0


@dataclass(slots=True)
class Delivered:
    """A message that a chat shows."""

    message_id: int
    chat_id: int
    text: str
    #: Its file, "" for none.
    file_name: str = ""
    data: bytes = b""
    #: By which its sender may know that it arrived.
    is_confirmed: bool = True


@dataclass(slots=True)
class Chats:
    """All that people sent and see."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    #: Updates below this are confirmed.
    confirmed: int = 0
    delivered: list[Delivered] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    #: The next fault, "" for none.
    fault: str = ""
    #: Whether the next poll returns what was confirmed before.
    repeats: bool = False

    def send_document(self, user: int, name: str, data: bytes, caption: str) -> None:
        """Let a person send a file to the bot."""
        number = len(self.updates) + 1
        self.files[f"file{number}"] = data
        person = {"id": user, "is_bot": False, "first_name": "Person", "language_code": "en"}
        document = {"file_id": f"file{number}", "file_unique_id": f"unique{number}", "file_name": name, "file_size": len(data)}
        message = {"message_id": 1000 + number, "date": 1_772_438_400, "chat": {"id": user, "type": "private"}, "from": person}
        self.updates.append({"update_id": number, "message": {**message, "document": document, "caption": caption}})

    async def fetch_file(self, _base: str, file_path: str, *_limits: Any, **_others: Any) -> bytes:
        """Return the bytes of a file, as the product's function does from the server's address."""
        here().point("chat", f"fetch {file_path}")
        await asyncio.sleep(_LATENCY_S)
        return self.files[file_path]

    def shown(self, message_id: int) -> Delivered | None:
        """Return the message of this number."""
        return next((message for message in self.delivered if message.message_id == message_id), None)


class SimulatedBot:
    """As `telegram.Bot`, as far as the product's client uses it."""

    username = "simulated_bot"

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    async def get_updates(self, offset: int, timeout: float, allowed_updates: Any) -> list[telegram.Update]:  # noqa: ARG002, ASYNC109
        """Return the updates from `offset` on, as soon as there are any."""
        chats = self._chats
        until = here().now + timeout
        await self._pass("poll")
        while True:
            first = 0 if chats.repeats else offset
            chats.repeats = False
            chats.confirmed = max(chats.confirmed, offset)
            found = [update for update in chats.updates if update["update_id"] >= first]
            if found or here().now >= until:
                return [telegram.Update.de_json(update, None) for update in found]
            await asyncio.sleep(_POLL_EVERY_S)

    async def send_message(self, chat_id: int, text: str, **_others: Any) -> Delivered:
        """Send a message."""
        return await self._deliver(Delivered(self._next_id(), chat_id, text))

    async def send_document(self, chat_id: int, data: bytes, filename: str, caption: str, **_others: Any) -> Delivered:
        """Send a file."""
        return await self._deliver(Delivered(self._next_id(), chat_id, caption, filename, data))

    async def edit_message_text(self, text: str, message_id: int, **_others: Any) -> None:
        """Replace a text."""
        is_lost = await self._pass(f"edit {message_id}")
        message = self._chats.shown(message_id)
        if message is None:
            raise errors.BadRequest("message to edit not found")
        message.text = text
        if is_lost:
            raise errors.TimedOut("lost")

    async def get_file(self, file_id: str, **_others: Any) -> "_File":
        """Return a file that a person sent."""
        if await self._pass(f"file {file_id}"):
            raise errors.TimedOut("lost")
        return _File(file_id)

    async def set_my_commands(self, *_args: Any, **_others: Any) -> None:
        """Take a menu."""

    async def answer_callback_query(self, *_args: Any, **_others: Any) -> None:
        """Take an answer."""

    async def shutdown(self) -> None:
        """Nothing is open."""

    def _next_id(self) -> int:
        return len(self._chats.delivered) + 1

    async def _deliver(self, message: Delivered) -> Delivered:
        is_lost = await self._pass(f"send {message.file_name or message.text[:60]!r}")
        message.message_id = self._next_id()
        self._chats.delivered.append(message)
        here().point("told")
        if is_lost:
            message.is_confirmed = False
            raise errors.TimedOut("lost")
        return message

    async def _pass(self, what: str) -> bool:
        """Let the time of a call pass; return whether its answer is lost."""
        here().point("chat", what)
        fault, self._chats.fault = self._chats.fault, ""
        await asyncio.sleep(_LATENCY_S)
        if fault == "unavailable":
            raise errors.NetworkError("no connection") from httpx.ConnectError("no connection")
        if fault == "flooded":
            raise errors.RetryAfter(3)
        return fault == "lost"


@dataclass(frozen=True, slots=True)
class _File:
    file_path: str
