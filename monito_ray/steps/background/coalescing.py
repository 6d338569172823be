"""Work that is done for several at once: who comes while a round runs shares the next one."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monito_ray.errors import MonitoError

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Seat(Generic[T, R]):
    item: T
    result: R | None = None
    is_done: bool = False


class Coalescer(Generic[T, R]):
    """Calls `run` with all items that wait, one call at a time; it returns a result for each, in order."""

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._run = run
        self._turn = threading.Condition()
        self._waiting: list[_Seat[T, R]] = []
        self._is_running = False

    def submit(self, item: T) -> R:
        """Wait for a round with `item` in it and return its result; an error is raised only to the one whose item it concerns."""
        seat: _Seat[T, R] = _Seat(item)
        with self._turn:
            self._waiting.append(seat)
            self._turn.wait_for(lambda: seat.is_done or not self._is_running)
            if not seat.is_done:
                self._is_running = True
                seats, self._waiting = self._waiting, []
        if not seat.is_done:
            self._lead(seats, seat)
        return seat.result  # type: ignore[return-value]  # a seat that is done has one

    def _lead(self, seats: list[_Seat[T, R]], own: _Seat[T, R]) -> None:
        try:
            self._serve(seats, own)
        finally:
            with self._turn:
                # Those left without a result take part in the next round, or lead it.
                self._waiting[:0] = [seat for seat in seats if not seat.is_done and seat is not own]
                self._is_running = False
                self._turn.notify_all()

    def _serve(self, seats: list[_Seat[T, R]], own: _Seat[T, R]) -> None:
        try:
            results = self._run([seat.item for seat in seats])
        except MonitoError:
            if len(seats) == 1:
                raise
            seats = [own]  # whose fault it was shows when each goes alone
            results = self._run([own.item])
        for seat, result in zip(seats, results, strict=True):
            seat.result, seat.is_done = result, True
