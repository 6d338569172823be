"""How fast messages may go out: one new message a second in a chat, 25 calls a second in all, and never before Telegram said so.

The limits are unpublished; these are the ones Telegram's FAQ advises, with some room left for a second process with the same token.
"""

import asyncio
import time
from collections import deque

CHAT_INTERVAL_S = 1.02
MOST_A_SECOND = 25


class ChatThrottle:
    """Turns for calls that send or edit. Belongs to one event loop."""

    def __init__(self) -> None:
        self._last_sent: dict[int, float] = {}
        self._held_until: dict[int, float] = {}
        self._recent: deque[float] = deque()

    def wait_s(self, chat_id: int, *, is_new: bool) -> float:
        """Seconds until such a call may go out; 0 when it may now."""
        now = time.monotonic()
        waits = [self._held_until.get(chat_id, 0.0) - now, 0.0]
        if is_new and chat_id in self._last_sent:
            waits.append(self._last_sent[chat_id] + CHAT_INTERVAL_S - now)
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= MOST_A_SECOND:
            waits.append(self._recent[0] + 1.0 - now)
        return max(waits)

    async def turn(self, chat_id: int, *, is_new: bool) -> None:
        """Wait for this chat's turn, and take it."""
        wait_s = self.wait_s(chat_id, is_new=is_new)
        while wait_s > 0:
            await asyncio.sleep(wait_s)
            wait_s = self.wait_s(chat_id, is_new=is_new)  # others may have gone out meanwhile
        now = time.monotonic()
        self._recent.append(now)
        if is_new:
            self._last_sent[chat_id] = now

    def ended(self, chat_id: int, *, is_new: bool) -> None:
        """A call came back: Telegram counts from when it had the message, which may be later than when it left."""
        if is_new:
            self._last_sent[chat_id] = time.monotonic()

    def hold(self, chat_id: int, wait_s: float) -> None:
        """Telegram wants nothing of this chat for so long."""
        self._held_until[chat_id] = time.monotonic() + wait_s
