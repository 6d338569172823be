"""The server's side of chats: messages as people see them, updates that wait for the bot, flood limits, and a tally of calls."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CALLS_A_SECOND = 30
LARGEST_DOWNLOAD = 20 * 2**20


class TelegramFault(StrEnum):
    """A way in which a call goes wrong."""

    #: The call takes effect, and the connection breaks before the answer.
    LOST_ANSWER = "lost_answer"
    #: The connection breaks before anything is done.
    RESET = "reset"
    #: 502, and nothing is done.
    FAILED = "failed"
    #: 200 with HTML in place of JSON, and nothing is done.
    GARBLED = "garbled"


@dataclass(slots=True)
class Message:
    """A message of the bot. Times are of `time.monotonic`."""

    message_id: int
    chat_id: int
    #: As the person sees it now, without markup.
    text: str
    #: The same with its markup.
    markup: str
    sent_at: float
    #: Titles with their data.
    buttons: list[tuple[str, str]] = field(default_factory=list)
    #: Of a document.
    file_name: str = ""
    data: bytes = b""
    #: Earlier texts, each with the time at which it was replaced.
    edits: list[tuple[float, str]] = field(default_factory=list)
    edited_at: float = 0.0

    @property
    def versions(self) -> list[tuple[float, str]]:
        """Every text it has had, with the time from which it was seen."""
        times = [self.sent_at, *[at for at, _ in self.edits]]
        return list(zip(times, [*[text for _, text in self.edits], self.text], strict=True))


@dataclass(slots=True)
class Update:
    """An update for the bot. Times are of `time.monotonic`."""

    update_id: int
    body: dict[str, Any]
    arrived_at: float
    #: How often the bot has got it.
    delivered: int = 0
    #: When a later offset was asked for.
    confirmed_at: float | None = None


@dataclass(slots=True)
class TelegramTally:
    """What the server was asked and did, by method; errors by status."""

    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[int] = field(default_factory=Counter)
    #: Calls that took effect, also those whose answer was lost.
    applied: Counter[str] = field(default_factory=Counter)


class Flood:
    """The limits on sending: one message a second in a chat, 30 calls that send or edit a second in all.

    Args:
        chat_interval_s: between two messages to one chat.
        a_second: calls in all chats together.
        chat_burst: messages that a chat may have at once, for as many intervals.
    """

    def __init__(self, chat_interval_s: float = 1.0, a_second: int = CALLS_A_SECOND, chat_burst: int = 1) -> None:
        self._chat_interval_s = chat_interval_s
        self._a_second = a_second
        self._chat_burst = chat_burst
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def wait_s(self, chat_id: int, *, is_new: bool) -> float:
        """Return the seconds by which this call comes too early, or 0 and count it. A new message counts for its chat, too, an edit in all alone."""
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
