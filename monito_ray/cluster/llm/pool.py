"""Rows to the LLM and back: a few long-lived actors, a cap on requests in flight, retries and repairs.

Everything that waits, waits in the driver's threads; no Ray task ever blocks on an actor.
"""

import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.question_queue import Answered, Asking
from monito_ray.cluster.llm.scheduler import Dispatcher, Request, faults_by_place
from monito_ray.cluster.llm.worker import LlmWorker, Reply
from monito_ray.errors import ClusterUnavailable, LlmWorkerLost, MonitoError
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import LlmUse, RawRow
from monito_ray.spending import Ledger, ModelAddress, is_priced

__all__ = ["Answered", "LlmPool", "PoolFigures"]

_POLL_S = 0.2
# A fresh actor needs its time to import; a running one answers in milliseconds.
_STATS_TIMEOUT_S = 60.0


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
        limiter: how fast requests may leave; one that learns, unless said.
        ledger: where every request is written down, if anywhere.
    """

    def __init__(
        self,
        address: ModelAddress,
        concurrency: int,
        batch_rows: int,
        workers: int = 2,
        timeout_s: float = 120.0,
        limiter: Limiter | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.address = address
        self._concurrency = concurrency
        self._batch_rows = batch_rows
        self._timeout_s = timeout_s
        self._workers_wanted = min(workers, concurrency)
        self._workers: list[Any] = []
        self._loads: list[int] = []
        self._starting = threading.Lock()
        self._counting = threading.Lock()
        self._dispatcher = Dispatcher(self._send, concurrency, address.model, limiter or Limiter(), ledger)

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

    def ask(
        self,
        supplier: str,
        rows: Sequence[RawRow],
        keys: Sequence[str] = (),
        stop: threading.Event | None = None,
        share: int = 0,
        task_id: str = "",
    ) -> Iterator[Answered]:
        """Ask what the products of `rows` are; see `put`."""
        return self.put(RowQuestion(supplier), rows, keys, stop, share, task_id)

    def put(
        self,
        question: Question,
        items: Sequence[Any],
        keys: Sequence[str] = (),
        stop: threading.Event | None = None,
        share: int = 0,
        task_id: str = "",
    ) -> Iterator[Answered]:
        """Ask `question` about `items` and yield each request's outcome as it comes.

        Places are divided among shares (a user's id) first, then among the lists of each share; `task_id` names who pays in the ledger,
        where answers are kept under `keys`, one for each item, before they are handed over.

        Items whose answer is at fault are asked again, the fault named, `REPAIRS` times at most. Ends when every item is settled
        or given up; when to ask on would only cost (wrong settings, a budget spent, too many failures in a row), with what is in flight still
        handed over, for it is paid; or when `stop` is set, with what has come back by then, and without waiting for more. Where items are left, the last outcome's error says why; when no request had that
        error, this outcome has no use.

        Raises:
            ClusterUnavailable: Ray does not run, or starts no actor.
            StoreUnavailable: the ledger cannot be written, so nothing may be asked.
        """
        if not items:
            return
        self._start()
        last_error: MonitoError | None = None
        asking = Asking(question, items, self._batch_rows, share, task_id, keys)
        with self._dispatcher.registered(asking):
            while not asking.is_done:
                for outcome in self._come_back(asking, stop):
                    last_error = outcome.error
                    yield outcome
                if stop and stop.is_set():
                    return
                if asking.failure is not None:
                    raise asking.failure
            if asking.left_because is not None and last_error is not asking.left_because:
                yield Answered({}, LlmUse(), 0, asking.left_because)

    def stats(self) -> PoolFigures:
        """The pool's figures; those of an actor that was restarted begin anew.

        Raises:
            ClusterUnavailable: the actors do not answer.
        """
        import ray  # noqa: PLC0415

        try:
            uses = ray.get([worker.stats.remote() for worker in self._workers], timeout=_STATS_TIMEOUT_S) if self._workers else []
        except ray.exceptions.RayError as error:
            raise ClusterUnavailable(f"the LLM workers do not answer: {type(error).__name__}") from error
        return PoolFigures(len(self._workers), self._dispatcher.in_flight, sum(uses, LlmUse()))

    def close(self) -> None:
        """End the actors; requests in flight are lost."""
        import ray  # noqa: PLC0415

        with self._starting:
            if ray.is_initialized():
                for worker in self._workers:
                    with suppress(ray.exceptions.RayError):
                        ray.kill(worker)
            self._dispatcher.close()
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
            self._dispatcher.start()

    def _send(self, request: Request) -> None:
        """Give a request to the actor with the fewest."""
        asking, batch = request.asking, request.batch
        with self._counting:
            number = min(range(len(self._loads)), key=self._loads.__getitem__)
            self._loads[number] += 1
        items = [asking.items[position] for position in batch.positions]
        reply = self._workers[number].ask.remote(asking.question, items, faults_by_place(batch), self._timeout_s, request.most_tokens)
        reply.future().add_done_callback(partial(self._arrived, request, number))

    def _arrived(self, request: Request, number: int, future: "Future[Reply]") -> None:
        """Runs in a thread of Ray's."""
        with self._counting:
            self._loads[number] -= 1
        self._dispatcher.arrived(request, _reply(future))

    def _come_back(self, asking: Asking, stop: threading.Event | None) -> list[Answered]:
        """The outcomes of what has come back, after a wait of a moment at most where nothing has."""
        if not (stop and stop.is_set()):
            asking.news.wait(_POLL_S)
        asking.news.clear()
        with self._dispatcher.changed:
            outcomes = list(asking.outcomes)
            asking.outcomes.clear()
            return outcomes


def _reply(future: "Future[Reply]") -> Reply | Exception:
    """What the actor said, or that it died with the question, or a fault of the program."""
    from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415

    try:
        return future.result()
    except RayTaskError as error:
        return error
    except RayError as error:
        lost = LlmWorkerLost(f"the worker that asked is gone: {type(error).__name__}")
        return Reply({}, {}, LlmUse(requests=1), 0, lost, is_known=False)
