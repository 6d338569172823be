"""How fast messages may go out."""

import asyncio
import time

import pytest

from monito_ray.clients.telegram.chat_throttle import MOST_CALLS_A_SECOND, ChatThrottle

ANN, BOB = 7, 8


class _Clock:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """Let the throttle look at a clock of this test's own."""
    made = _Clock()
    monkeypatch.setattr(time, "monotonic", made)
    return made


def _take(throttle: ChatThrottle, chat_id: int, *, is_new: bool = True) -> None:
    asyncio.run(throttle.take_turn(chat_id, is_new=is_new))


def test_a_chat_takes_one_new_message_in_an_interval_and_any_edits(clock: _Clock):
    """Another chat does not wait, and neither does an edit."""
    throttle = ChatThrottle(1.0)
    _take(throttle, ANN)
    clock.now += 0.25
    assert throttle.wait_s(ANN, is_new=True) == pytest.approx(0.75)
    assert throttle.wait_s(ANN, is_new=False) == throttle.wait_s(BOB, is_new=True) == 0


def test_the_interval_counts_from_when_a_call_came_back(clock: _Clock):
    """Telegram counts from when it had the message, which may be later than when it left."""
    throttle = ChatThrottle(1.0)
    _take(throttle, ANN)
    clock.now += 5
    throttle.note_end(ANN, is_new=True)
    assert throttle.wait_s(ANN, is_new=True) == 1.0


def test_all_chats_together_have_a_limit_for_each_second(clock: _Clock):
    """Edits count, too; a second after the first of them the next may go."""
    throttle = ChatThrottle(1.0)
    for number in range(MOST_CALLS_A_SECOND):
        _take(throttle, number, is_new=bool(number % 2))
        clock.now += 0.01
    assert throttle.wait_s(ANN + 100, is_new=True) == pytest.approx(1.0 - 0.01 * MOST_CALLS_A_SECOND)
    clock.now += 0.8
    assert throttle.wait_s(ANN + 100, is_new=True) == 0


def test_a_chat_that_is_held_takes_neither_messages_nor_edits(clock: _Clock):
    """For as long as Telegram named; other chats go on."""
    throttle = ChatThrottle(1.0)
    throttle.hold(ANN, 30)
    clock.now += 10
    assert throttle.wait_s(ANN, is_new=True) == throttle.wait_s(ANN, is_new=False) == 20
    assert throttle.wait_s(BOB, is_new=True) == 0
