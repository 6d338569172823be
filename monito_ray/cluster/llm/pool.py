"""Rows to the LLM and back: a few long-lived actors, a limit on requests in flight, retries and repairs.

Everything that waits, waits in the driver's threads; no Ray task ever blocks on an actor.
"""

import threading
import uuid
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from monito_ray.cluster.llm.asker import LlmAsker
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import LlmWorker, WorkerReply
from monito_ray.errors import ClusterUnavailable, LlmWorkerLost
from monito_ray.records import LlmUse
from monito_ray.spending import ModelAddress

#: A new actor takes long to import its modules; a running one answers in milliseconds.
_STATS_TIMEOUT_S = 60.0
#: Calls that a worker accepts beyond the requests in flight: for its statistics, and while replies are on their way.
_SPARE_CALLS = 8
#: LLM workers that a node has where no number is set: one holds the whole of a node's requests, and the second goes on while Ray restarts it.
_WORKERS_PER_NODE = 2


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool did so far."""

    #: How many LLM workers there are.
    workers: int
    #: Requests in flight.
    in_flight: int
    #: What the workers have used since they started.
    use: LlmUse


class LlmPool(LlmAsker):
    """Asks one LLM for any number of lists at once, through a few actors; threads may call `ask` side by side.

    The mutable state is the LLM workers, which `_starting` guards, and the requests in flight at each worker, which `_counting` guards.
    All that belongs to single requests is in the scheduler and its queues.

    Args:
        address: the model and where it is.
        concurrency: the maximum number of requests in flight, over all lists.
        batch_rows: the maximum number of rows in one request.
        workers: the number of LLM workers, each of which holds many requests; 0 = two for each node that the cluster has at the start.
        timeout_s: how long one request may take.
        others: see `LlmAsker`.
    """

    def __init__(
        self, address: ModelAddress, concurrency: int, batch_rows: int, workers: int = 0, timeout_s: float = 120.0, **others: Any
    ) -> None:
        super().__init__(address, concurrency, batch_rows, timeout_s, **others)
        self._requested_workers = workers
        self._workers: list[Any] = []
        self._loads: list[int] = []
        self._starting = threading.Lock()
        self._counting = threading.Lock()

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
                "scheduling_strategy": "SPREAD",
                # People read the names on the dashboard; a namespace for each pool keeps two of them from claiming one name.
                "namespace": f"monito-{uuid.uuid4().hex[:6]}",
            }
            nodes = sum(bool(node["Alive"]) for node in ray.nodes())  # type: ignore[no-untyped-call]
            count = worker_count(self._requested_workers, nodes, self._concurrency)
            self._loads = [0] * count
            self._workers = [worker.options(name=f"LLM worker {number}", **options).remote(self._address) for number in range(1, count + 1)]
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


def worker_count(requested: int, nodes: int, concurrency: int) -> int:
    """Return how many LLM workers are started: those requested, else some for each node, but no more than there are requests."""
    return min(requested or _WORKERS_PER_NODE * nodes, concurrency)


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
