"""Work that is done for several callers at once: a caller that comes while a round runs takes part in the next one."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monito_ray.errors import MonitoError

#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1
T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Waiter(Generic[T, R]):
    item: T
    result: R | None = None
    is_done: bool = False


class Coalescer(Generic[T, R]):
    """Calls `run` with all items that wait, one call at a time. `run` returns a result for each item, in order.

    There is no thread of its own: the first caller that finds no round running leads one, for all that wait.
    """

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._run = run
        self._round_ended = threading.Condition()
        self._waiting: list[_Waiter[T, R]] = []
        self._is_running = False

    def submit(self, item: T, check_stop: Callable[[], None] = lambda: None) -> R:
        """Wait for a round with `item` in it and return its result; raise an error of `run` only if it concerns this item.

        `check_stop` is called while another caller's round runs, and may raise.
        """
        own: _Waiter[T, R] = _Waiter(item)
        with self._round_ended:
            self._waiting.append(own)
            try:
                while not self._round_ended.wait_for(lambda: own.is_done or not self._is_running, _LOOK_EVERY_S):
                    check_stop()
            except BaseException:
                own.is_done = True  # a round that runs with it need not serve it once more
                if own in self._waiting:
                    self._waiting.remove(own)
                raise
            if not own.is_done:
                self._is_running = True
                waiters, self._waiting = self._waiting, []
        if not own.is_done:
            self._lead_round(waiters, own)
        return own.result  # type: ignore[return-value]  # a waiter that is done has a result

    def _lead_round(self, waiters: list[_Waiter[T, R]], own: _Waiter[T, R]) -> None:
        try:
            self._serve(waiters, own)
        finally:
            with self._round_ended:
                # Those left without a result take part in the next round, or lead it.
                self._waiting[:0] = [waiter for waiter in waiters if not waiter.is_done and waiter is not own]
                self._is_running = False
                self._round_ended.notify_all()

    def _serve(self, waiters: list[_Waiter[T, R]], own: _Waiter[T, R]) -> None:
        try:
            results = self._run([waiter.item for waiter in waiters])
        except MonitoError:
            if len(waiters) == 1:
                raise
            waiters = [own]  # each goes alone now, which shows whose item it was
            results = self._run([own.item])
        for waiter, result in zip(waiters, results, strict=True):
            waiter.result, waiter.is_done = result, True
