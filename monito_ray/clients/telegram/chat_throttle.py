"""A throttle for messages: one new message a second in a chat, 25 calls a second in all, none before the time that Telegram names.

Telegram publishes no limits; its FAQ for bots advises these, and some of them is left for a second process with the same token.
"""

import asyncio
import time
from collections import deque

# A second and a little: Telegram counts from when it had the message before, and its clock is not ours.
CHAT_INTERVAL_S = 1.02
# Of 30 that the FAQ names.
MOST_CALLS_A_SECOND = 25


class ChatThrottle:
    """Turns for calls that send or edit messages. Belongs to one event loop.

    Args:
        chat_interval_s: least time between two new messages to one chat.
    """

    def __init__(self, chat_interval_s: float = CHAT_INTERVAL_S) -> None:
        self._chat_interval_s = chat_interval_s
        self._last_sent: dict[int, float] = {}
        self._held_until: dict[int, float] = {}
        self._recent_calls: deque[float] = deque()

    def wait_s(self, chat_id: int, *, is_new: bool) -> float:
        """Return the seconds until a call may go out, 0 when it may now; `is_new` is a message, else an edit."""
        now = time.monotonic()
        waits = [self._held_until.get(chat_id, 0.0) - now, 0.0]
        if is_new and chat_id in self._last_sent:
            waits.append(self._last_sent[chat_id] + self._chat_interval_s - now)
        while self._recent_calls and self._recent_calls[0] <= now - 1.0:
            self._recent_calls.popleft()
        if len(self._recent_calls) >= MOST_CALLS_A_SECOND:
            waits.append(self._recent_calls[0] + 1.0 - now)
        return max(waits)

    async def take_turn(self, chat_id: int, *, is_new: bool) -> None:
        """Wait for this chat's turn, and take it."""
        wait_s = self.wait_s(chat_id, is_new=is_new)
        while wait_s > 0:
            await asyncio.sleep(wait_s)
            wait_s = self.wait_s(chat_id, is_new=is_new)  # other calls may have gone out meanwhile
        now = time.monotonic()
        self._recent_calls.append(now)
        if is_new:
            self._last_sent[chat_id] = now

    def note_end(self, chat_id: int, *, is_new: bool) -> None:
        """Count the interval from the end of a call: Telegram counts from when it had the message, which may be later than when it left."""
        if is_new:
            self._last_sent[chat_id] = time.monotonic()

    def hold(self, chat_id: int, wait_s: float) -> None:
        """Let no call go to this chat for `wait_s`, which Telegram named in a flood warning."""
        self._held_until[chat_id] = time.monotonic() + wait_s
