"""Rows to the LLM and back: a few long-lived actors, a limit on requests in flight, retries and repairs.

Everything that waits, waits in the driver's threads; no Ray task ever blocks on an actor.
"""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.profile_finder import ProfileFinder
from monito_ray.cluster.llm.question_queue import Outcome, QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.scheduler import RequestScheduler
from monito_ray.cluster.llm.worker import LlmWorker, WorkerReply
from monito_ray.errors import ClusterUnavailable, LlmWorkerLost, MonitoError
from monito_ray.events import Sink
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.llm.server_profile import ServerProfile
from monito_ray.records import LlmUse
from monito_ray.spending import Ledger, ModelAddress

#: A caller looks at its stop event at least this often.
_POLL_S = 0.2
#: A new actor takes long to import its modules; a running one answers in milliseconds.
_STATS_TIMEOUT_S = 60.0
#: Calls that a worker accepts beyond the requests in flight: for its statistics, and while replies are on their way.
_SPARE_CALLS = 8


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool did so far."""

    #: How many LLM workers there are.
    workers: int
    #: Requests in flight.
    in_flight: int
    #: What the workers have used since they started.
    use: LlmUse


class LlmPool:
    """Asks one LLM for any number of lists at once; threads may call `ask` side by side.

    The mutable state is the LLM workers, which `_starting` guards, and the requests in flight at each worker, which `_counting` guards.
    All that belongs to single requests is in the scheduler and its queues.

    Args:
        address: the model and where it is.
        concurrency: the maximum number of requests in flight, over all lists.
        batch_rows: the maximum number of rows in one request.
        workers: the number of LLM workers; each holds many requests.
        timeout_s: how long one request may take.
        limiter: decides how fast requests may leave; None: one that learns from refusals.
        ledger: records every request; None: no ledger.
        profile: what the server is known to take; None: nothing is known.
        on_profile: keeps what is found, from a thread of the pool's.
        sink: takes `LlmTraffic` and `LlmAdapted`, from a thread of the pool's.
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
        profile: ServerProfile | None = None,
        on_profile: Callable[[ServerProfile], None] | None = None,
        sink: Sink = lambda _: None,
    ) -> None:
        self._address = address
        self._concurrency = concurrency
        self._batch_rows = batch_rows
        self._timeout_s = timeout_s
        self._worker_count = min(workers, concurrency)
        self._workers: list[Any] = []
        self._loads: list[int] = []
        self._starting = threading.Lock()
        self._counting = threading.Lock()
        self._finder = ProfileFinder(profile, on_profile, batch_rows)
        self._scheduler = RequestScheduler(
            self._send, concurrency, address.price, limiter or Limiter(), ledger, self._finder, sink, address.most_tokens
        )

    @property
    def size(self) -> int:
        """How many LLM workers there are; Ray restarts those that die."""
        return len(self._workers)

    def warm(self) -> None:
        """Start the LLM workers now instead of with the first list; return when they are up.

        Raises:
            ClusterUnavailable: Ray does not run, or starts no actor.
        """
        self._start()
        self.stats()

    def ask_rows(
        self,
        supplier: str,
        rows: Sequence[RowItem],
        keys: Sequence[str] = (),
        stop: threading.Event | None = None,
        user_id: int = 0,
        task_id: str = "",
    ) -> Iterator[Outcome]:
        """Ask what the products of `rows` are; see `ask`."""
        return self.ask(RowQuestion(supplier), rows, keys, stop, user_id, task_id)

    def ask(
        self,
        question: Question,
        items: Sequence[Any],
        keys: Sequence[str] = (),
        stop: threading.Event | None = None,
        user_id: int = 0,
        task_id: str = "",
    ) -> Iterator[Outcome]:
        """Ask `question` about `items` and yield the outcome of each request as it comes.

        An item with a wrong answer is asked again, with its fault named, at most `request_batch.REPAIRS` times. The questions end in one
        of three ways:

        - Every item is settled or given up.
        - More requests would only cost money (wrong settings, a budget spent, too many failures in a row). Requests in flight are still
          yielded, because they are paid for.
        - `stop` is set. Outcomes that have come by then are yielded; requests in flight are not waited for.

        If items are left without an answer, the error of the last outcome says why. If no request had this error, the `use` of that outcome
        is zero.

        Args:
            question: the question.
            items: the items that it is about.
            keys: one for each item; the ledger stores its answer under it before the outcome is yielded. Empty: answers are not stored.
            stop: ends the questions early.
            user_id: the owner of the list. Slots are divided among users first, then among the lists of each.
            task_id: the task that the ledger charges.

        Raises:
            ClusterUnavailable: Ray does not run, or starts no actor.
            StoreUnavailable: the ledger cannot record, so nothing may be asked.
        """
        if not items:
            return
        self._start()
        last_error: MonitoError | None = None
        is_done = False
        profile = self._finder.profile
        rows, is_proved = min(self._batch_rows, profile.rows or self._batch_rows), not profile.rows or profile.streak > 0
        queue = QuestionQueue(question, items, rows, user_id, task_id, keys, is_size_proved=is_proved)
        with self._scheduler.registered(queue):
            while not is_done:
                outcomes, is_done = self._next_outcomes(queue, stop)
                for outcome in outcomes:
                    last_error = outcome.error
                    yield outcome
                if stop and stop.is_set():
                    return
                if queue.failure is not None:
                    raise queue.failure
            if queue.left_because is not None and last_error is not queue.left_because:
                yield Outcome({}, LlmUse(), 0, queue.left_because)

    def stats(self) -> PoolStatistics:
        """Return the pool's statistics; those of a worker that was restarted start at 0 again.

        Raises:
            ClusterUnavailable: the workers do not answer.
        """
        import ray  # noqa: PLC0415

        try:
            uses = ray.get([worker.stats.remote() for worker in self._workers], timeout=_STATS_TIMEOUT_S) if self._workers else []
        except ray.exceptions.RayError as error:
            raise ClusterUnavailable(f"the LLM workers do not answer: {type(error).__name__}") from error
        return PoolStatistics(len(self._workers), self._scheduler.in_flight, sum(uses, LlmUse()))

    def close(self) -> None:
        """End the LLM workers; requests in flight are lost."""
        import ray  # noqa: PLC0415

        with self._starting:
            if ray.is_initialized():
                for worker in self._workers:
                    with suppress(ray.exceptions.RayError):
                        ray.kill(worker)
            self._scheduler.close()
            self._workers = []

    def _start(self) -> None:
        import ray  # noqa: PLC0415

        with self._starting:
            if self._workers:
                return
            if not ray.is_initialized():
                raise ClusterUnavailable("Ray does not run in this process")
            worker = ray.remote(LlmWorker)
            options: dict[str, Any] = {
                # The workers wait on the network: with a CPU each they would keep tasks from running, or never start.
                "num_cpus": 0,
                "max_concurrency": self._concurrency + _SPARE_CALLS,
                "max_restarts": -1,
                # The queue repeats lost requests itself, since it has to know which batches were at a worker that died.
                "max_task_retries": 0,
                # People read the names on the dashboard; a namespace for each pool keeps two of them from claiming one name.
                "namespace": f"monito-{uuid.uuid4().hex[:6]}",
            }
            self._loads = [0] * self._worker_count
            self._workers = [
                worker.options(name=f"LLM worker {number}", **options).remote(self._address) for number in range(1, self._worker_count + 1)
            ]
            self._scheduler.start()

    def _send(self, request: Request) -> None:
        """Give a request to the LLM worker with the fewest requests."""
        with self._counting:
            index = min(range(len(self._loads)), key=self._loads.__getitem__)
            self._loads[index] += 1
        options = request.options(self._timeout_s)
        reply = self._workers[index].ask.remote(request.queue.question, request.items, request.faults, options)
        reply.future().add_done_callback(partial(self._on_done, request, index))

    def _on_done(self, request: Request, index: int, future: "Future[WorkerReply]") -> None:
        """Pass the end of a request on to the scheduler; Ray calls this in a thread of its own."""
        with self._counting:
            self._loads[index] -= 1
        self._scheduler.on_reply(request, _reply_or_fault(future))

    def _next_outcomes(self, queue: QuestionQueue, stop: threading.Event | None) -> tuple[list[Outcome], bool]:
        """Wait at most `_POLL_S`; return the outcomes that have come, and whether no more will."""
        if not (stop and stop.is_set()):
            queue.ready.wait(_POLL_S)
        queue.ready.clear()
        return self._scheduler.collect(queue)


def _reply_or_fault(future: "Future[WorkerReply]") -> WorkerReply | Exception:
    """Return the worker's reply, a reply that says that the worker died with the request, or a fault of the program."""
    from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415

    try:
        return future.result()
    except RayTaskError as error:
        return error
    except RayError as error:
        lost = LlmWorkerLost(f"the worker that asked is gone: {type(error).__name__}")
        return WorkerReply({}, {}, LlmUse(requests=1), 0, lost, is_certain=False)
