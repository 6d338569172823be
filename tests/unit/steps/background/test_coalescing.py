"""Work for several at once: nobody waits twice, nobody pays for another's fault."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from monito_ray.errors import FileDamaged
from monito_ray.steps.background.coalescing import Coalescer


class Squares:
    """Squares numbers, slowly if told so; fails rounds that hold a negative one."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.may_go = threading.Event()
        self.is_busy = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        """Return the squares."""
        self.rounds.append(sorted(numbers))
        self.is_busy.set()
        self.may_go.wait(timeout=10)
        if min(numbers) < 0:
            raise FileDamaged(f"{min(numbers)} is negative")
        return [number * number for number in numbers]


def _while_busy(numbers: list[int]) -> tuple[Squares, dict[int, int | BaseException]]:
    squares = Squares()
    coalescer: Coalescer[int, int] = Coalescer(squares)
    with ThreadPoolExecutor(len(numbers) + 1) as threads:
        first = threads.submit(coalescer.submit, 1000)
        squares.is_busy.wait(timeout=10)
        others = {number: threads.submit(coalescer.submit, number) for number in numbers}
        while len(coalescer._waiting) < len(numbers):
            threading.Event().wait(0.001)
        squares.may_go.set()
        assert first.result(timeout=10) == 1_000_000
        return squares, {number: future.exception(timeout=10) or future.result() for number, future in others.items()}


def test_those_who_come_during_a_round_share_the_next():
    """Five who waited are served by one call, each with its own result."""
    squares, results = _while_busy([1, 2, 3, 4, 5])
    assert results == {1: 1, 2: 4, 3: 9, 4: 16, 5: 25}
    assert squares.rounds == [[1000], [1, 2, 3, 4, 5]]


def test_a_fault_is_raised_to_the_one_whose_it_is():
    """In a round that fails each goes on alone: the others get their results."""
    _, results = _while_busy([1, -2, 3, 4])
    assert isinstance(results.pop(-2), FileDamaged)
    assert results == {1: 1, 3: 9, 4: 16}


def test_rounds_go_on_after_an_error_nobody_knows():
    """A crash reaches the one who led, and does not lock out the next."""
    attempts = iter([ZeroDivisionError(), None])

    def run(numbers: Sequence[int]) -> list[int]:
        if error := next(attempts):
            raise error
        return list(numbers)

    coalescer: Coalescer[int, int] = Coalescer(run)
    with pytest.raises(ZeroDivisionError):
        coalescer.submit(1)
    assert coalescer.submit(2) == 2
