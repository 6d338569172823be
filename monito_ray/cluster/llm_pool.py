"""Rows to the LLM and back: a few long-lived actors, a cap on requests in flight, retries and repairs.

Everything that waits, waits in the driver's threads; no Ray task ever blocks on an actor.
"""

import math
import random
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from monito_ray.clients.llm import LlmAddress
from monito_ray.clients.llm_prices import is_priced
from monito_ray.cluster.asking import Answered, Asking, Batch
from monito_ray.cluster.llm_worker import LlmWorker, Reply
from monito_ray.errors import ClusterUnavailable, LlmWorkerLost, MonitoError
from monito_ray.records import LlmUse, RawRow

__all__ = ["Answered", "LlmPool", "PoolFigures"]

_POLL_S = 0.2
# A fresh actor needs its time to import; a running one answers in milliseconds.
_STATS_TIMEOUT_S = 60.0

_Back = deque[tuple[Batch, "Future[Reply]"]]


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """What the pool did so far, as its actors tell it, and how many requests are on their way."""

    workers: int
    in_flight: int
    use: LlmUse


class LlmPool:
    """Asks one LLM for any number of lists at once; threads may call `ask` side by side.

    Args:
        address: the model and where it is.
        concurrency: most requests in flight, over all lists.
        batch_rows: most rows in one request.
        workers: actors; each holds many requests.
        timeout_s: how long one request may take.
    """

    def __init__(self, address: LlmAddress, concurrency: int, batch_rows: int, workers: int = 2, timeout_s: float = 120.0) -> None:
        self.address = address
        self._concurrency = concurrency
        self._batch_rows = batch_rows
        self._timeout_s = timeout_s
        self._workers_wanted = min(workers, concurrency)
        self._workers: list[Any] = []
        self._loads: list[int] = []
        self._starting = threading.Lock()
        self._changed = threading.Condition()
        self._askings: list[Asking] = []

    @property
    def is_priced(self) -> bool:
        """Whether the model's cost is known; if not, `LlmUse.cost_usd` stays 0."""
        return is_priced(self.address.model)

    @property
    def size(self) -> int:
        """How many actors there are; Ray restarts those that die."""
        return len(self._workers)

    def warm(self) -> None:
        """Start the actors now, not with the first list; returns when they are up.

        Raises:
            ClusterUnavailable: Ray does not run, or starts no actor.
        """
        self._start()
        self.stats()

    def ask(self, supplier: str, rows: Sequence[RawRow], stop: threading.Event | None = None, share: int = 0) -> Iterator[Answered]:
        """Ask about `rows` and yield each request's outcome as it comes.

        Places are divided among shares (a user's id) first, then among the lists of each share.

        Rows whose answer is at fault are asked again, the fault named, `REPAIRS` times at most. Ends when every row is settled
        or given up; when to ask on would only cost (wrong settings, too many failures in a row), with what is in flight still
        handed over, for it is paid; or when `stop` is set, with what has come back by then, and without waiting for more. Where rows are left, the last outcome's error says why; when no request had that
        error, this outcome has no use.

        Raises:
            ClusterUnavailable: Ray does not run, or starts no actor.
        """
        if not rows:
            return
        self._start()
        back: _Back = deque()
        last_error: MonitoError | None = None
        with self._registered(Asking(supplier, rows, self._batch_rows, share)) as asking:
            while asking.in_flight or (asking.is_open and not asking.is_hopeless):
                if stop and stop.is_set():
                    yield from self._come_back(asking, back, 0.0)
                    return
                self._send_due(asking, back)
                outcomes = self._come_back(asking, back, _POLL_S)
                # The next requests leave before the caller gets to work on these answers.
                self._send_due(asking, back)
                for outcome in outcomes:
                    last_error = outcome.error
                    yield outcome
            if asking.left_because is not None and last_error is not asking.left_because:
                yield Answered({}, LlmUse(), 0, asking.left_because)

    def stats(self) -> PoolFigures:
        """The pool's figures; those of an actor that was restarted begin anew.

        Raises:
            ClusterUnavailable: the actors do not answer.
        """
        import ray  # noqa: PLC0415

        with self._changed:
            in_flight = sum(self._loads)
        try:
            uses = ray.get([worker.stats.remote() for worker in self._workers], timeout=_STATS_TIMEOUT_S) if self._workers else []
        except ray.exceptions.RayError as error:
            raise ClusterUnavailable(f"the LLM workers do not answer: {type(error).__name__}") from error
        return PoolFigures(len(self._workers), in_flight, sum(uses, LlmUse()))

    def close(self) -> None:
        """End the actors; requests in flight are lost."""
        import ray  # noqa: PLC0415

        with self._starting:
            if ray.is_initialized():
                for worker in self._workers:
                    with suppress(ray.exceptions.RayError):
                        ray.kill(worker)
            self._workers = []

    def _start(self) -> None:
        import ray  # noqa: PLC0415

        with self._starting:
            if self._workers:
                return
            if not ray.is_initialized():
                raise ClusterUnavailable("Ray does not run in this process")
            # Actors wait on the network: with a CPU each they would keep tasks from running, or never start.
            worker = ray.remote(LlmWorker)
            options: dict[str, Any] = {
                "num_cpus": 0,
                "max_concurrency": self._concurrency + 8,
                "max_restarts": -1,
                "max_task_retries": 0,  # the list asks again itself: it knows what was with whom when a worker died
            }
            # People read the names on the dashboard; a namespace for each pool keeps two of them from claiming one name.
            options["namespace"] = f"monito-{uuid.uuid4().hex[:6]}"
            self._loads = [0] * self._workers_wanted
            self._workers = [
                worker.options(name=f"LLM worker {number}", **options).remote(self.address) for number in range(1, self._workers_wanted + 1)
            ]

    @contextmanager
    def _registered(self, asking: Asking) -> Iterator[Asking]:
        with self._changed:
            self._askings.append(asking)
        try:
            yield asking
        finally:
            with self._changed:
                self._askings.remove(asking)
                self._changed.notify_all()

    def _send_due(self, asking: Asking, back: _Back) -> None:
        while (taken := self._take(asking)) is not None:
            batch, number = taken
            rows = [asking.rows[position] for position in batch.positions]
            faults = {place: batch.faults[position] for place, position in enumerate(batch.positions) if position in batch.faults}
            reply = self._workers[number].ask.remote(asking.supplier, rows, faults, self._timeout_s)
            reply.future().add_done_callback(lambda future, batch=batch, number=number: self._arrived(back, batch, number, future))

    def _take(self, asking: Asking) -> tuple[Batch, int] | None:
        """The list's next batch and the worker for it, when a place is free and the list has not more than its share of them."""
        now = time.monotonic()
        with self._changed:
            if asking.is_hopeless or not asking.is_due(now) or sum(self._loads) >= self._concurrency:
                return None
            if not self._has_room(asking, now):
                return None
            number = min(range(len(self._loads)), key=self._loads.__getitem__)
            self._loads[number] += 1
            return asking.take(now), number

    def _has_room(self, asking: Asking, now: float) -> bool:
        """Whether the list's share has not all its places yet, and the list not all its part of them."""
        wanting = [other for other in self._askings if other.is_due(now)]
        places = math.ceil(self._concurrency / len({other.share for other in wanting}))
        taken = sum(other.in_flight for other in self._askings if other.share == asking.share)
        lists = sum(other.share == asking.share for other in wanting)
        return taken < places and asking.in_flight < math.ceil(places / lists)

    def _arrived(self, back: _Back, batch: Batch, number: int, future: "Future[Reply]") -> None:
        """Runs in a thread of Ray's."""
        with self._changed:
            self._loads[number] -= 1
            back.append((batch, future))
            self._changed.notify_all()

    def _come_back(self, asking: Asking, back: _Back, longest_s: float) -> list[Answered]:
        """The outcomes of what has come back, after a wait of `longest_s` at most where nothing has."""
        with self._changed:
            if not back:
                self._changed.wait(asking.wait_s(time.monotonic(), longest_s))
            arrived = list(back)
            back.clear()
            now = time.monotonic()
            return [asking.settle(batch, _reply(future), now, random.random()) for batch, future in arrived]  # noqa: S311


def _reply(future: "Future[Reply]") -> Reply:
    """What the actor said, or that it died with the question."""
    from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415

    try:
        return future.result()
    except RayTaskError:
        raise
    except RayError as error:
        return Reply({}, {}, LlmUse(requests=1), 0, LlmWorkerLost(f"the worker that asked is gone: {type(error).__name__}"))
