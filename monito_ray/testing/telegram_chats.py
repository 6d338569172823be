"""The other side of the Bot API: chats as people see them, what waits for the bot, limits, and faults on order."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GLOBAL_A_SECOND = 30
LARGEST_DOWNLOAD = 20 * 2**20


class Trouble(StrEnum):
    """What may befall a call."""

    LOST_ANSWER = "lost_answer"
    RESET = "reset"
    FAILED = "failed"
    GARBLED = "garbled"


@dataclass(slots=True)
class Message:
    """One message of the bot as the person sees it now; `text` is without markup, `edits` are earlier texts with their times."""

    message_id: int
    chat_id: int
    text: str
    markup: str
    sent_at: float
    buttons: list[tuple[str, str]] = field(default_factory=list)
    file_name: str = ""
    data: bytes = b""
    edits: list[tuple[float, str]] = field(default_factory=list)
    edited_at: float = 0.0

    @property
    def versions(self) -> list[tuple[float, str]]:
        """Every text it had, with the time (`time.monotonic`) from which it was seen."""
        times = [self.sent_at, *[at for at, _ in self.edits]]
        return list(zip(times, [*[text for _, text in self.edits], self.text], strict=True))


@dataclass(slots=True)
class Update:
    """Something for the bot; times are `time.monotonic`, `confirmed_at` when a later offset was asked for."""

    update_id: int
    body: dict[str, Any]
    arrived_at: float
    delivered: int = 0
    confirmed_at: float | None = None


@dataclass(slots=True)
class TelegramUsage:
    """What was called, refused, and lost."""

    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[int] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)


class Flood:
    """Who may send when: one message a second a chat (`chat_burst` at once), 30 calls that send or edit a second in all."""

    def __init__(self, chat_interval_s: float = 1.0, a_second: int = GLOBAL_A_SECOND, chat_burst: int = 1) -> None:
        self._chat_interval_s = chat_interval_s
        self._a_second = a_second
        self._chat_burst = chat_burst
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def wait_s(self, chat_id: int, *, is_new: bool) -> float:
        """Seconds that this call comes too early; 0 and it counts. New messages count for their chat, edits in all alone."""
        now = time.monotonic()
        own = self._chats.setdefault(chat_id, deque()) if is_new else deque()
        for times, span in ((self._all, 1.0), (own, self._chat_interval_s * self._chat_burst)):
            while times and times[0] <= now - span:
                times.popleft()
        if is_new and len(own) >= self._chat_burst:
            return own[0] + self._chat_interval_s * self._chat_burst - now
        if len(self._all) >= self._a_second:
            return self._all[0] + 1.0 - now
        self._all.append(now)
        own.append(now)
        return 0.0
