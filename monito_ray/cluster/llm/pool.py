"""Rows to the LLM and back: a few long-lived actors, a limit on requests in flight, retries and repairs.

Everything that waits, waits in the driver's threads; no Ray task ever blocks on an actor.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from monito_ray.cluster.llm.asker import LlmAsker
from monito_ray.cluster.llm.question_queue import Outcome
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.cluster.llm.workers.answers_under_way import AnswersUnderWay
from monito_ray.cluster.llm.workers.earlier_requests import EarlierRequests
from monito_ray.cluster.llm.workers.worker_group import WorkerGroup
from monito_ray.errors import ClusterUnavailable
from monito_ray.pipeline.llm.questions import Question
from monito_ray.records import LlmUse
from monito_ray.spending import Ledger, ModelAddress

#: A new actor takes long to import its modules; a running one answers in milliseconds.
_STATS_TIMEOUT_S = 60.0


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

    All that belongs to single requests is in the scheduler and its queues, all that belongs to the workers in their group.

    Args:
        address: the model and where it is.
        concurrency: the maximum number of requests in flight, over all lists.
        batch_rows: the maximum number of rows in one request.
        workers: the number of LLM workers, each of which holds many requests; 0 = two for each node that the cluster has at the start.
        timeout_s: how long one request may take.
        name: workers outlive this pool when its process is killed, and the next pool of this name has their answers; "": they do not.
        rests: workers leave the other nodes while nothing is asked, so that an autoscaler may take those away.
        others: see `LlmAsker`.
    """

    def __init__(
        self,
        address: ModelAddress,
        concurrency: int,
        batch_rows: int,
        workers: int = 0,
        timeout_s: float = 120.0,
        name: str = "",
        *,
        rests: bool = False,
        **others: Any,
    ) -> None:
        super().__init__(address, concurrency, batch_rows, timeout_s, **others)
        self._workers = WorkerGroup(
            address,
            concurrency,
            workers,
            timeout_s,
            self._on_reply,
            self._scheduler.set_slots,
            self._scheduler.fail_open,
            name,
            rests=rests,
        )
        self._under_way = AnswersUnderWay()
        self._ledger: Ledger | None = others.get("ledger")
        #: None until the workers are started, and where none were left.
        self._earlier: EarlierRequests | None = None
        self._is_started = False
        self._starting = threading.Lock()

    @property
    def size(self) -> int:
        """How many LLM workers there are; Ray restarts those that die."""
        return len(self._workers.actors)

    def ask(
        self,
        question: Question,
        items: Sequence[Any],
        keys: Sequence[str] = (),
        stop: threading.Event | None = None,
        user_id: int = 0,
        task_id: str = "",
    ) -> Iterator[Outcome]:
        """Ask as `LlmAsker.ask`, but not about items that requests on their way are about: their answers are waited for.

        An attempt that was broken off, an earlier driver or another list has asked for them.
        """
        self._start()
        with self._workers.asking():
            answers = self._answers_under_way(keys, stop)
            if not answers:
                yield from super().ask(question, items, keys, stop, user_id, task_id)
                return
            yield Outcome({position: answers[key] for position, key in enumerate(keys) if key in answers}, LlmUse(), 0)
            left = [position for position, key in enumerate(keys) if key not in answers]
            some = [items[position] for position in left], [keys[position] for position in left]
            for outcome in super().ask(question, *some, stop, user_id, task_id):
                yield replace(outcome, standards={left[position]: standard for position, standard in outcome.standards.items()})

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

        calls = [actor.stats.remote() for actor in self._workers.actors]
        answered = ray.wait(calls, num_returns=len(calls), timeout=_STATS_TIMEOUT_S)[0] if calls else []
        uses = []
        for answer in answered:
            with suppress(ray.exceptions.RayError):  # its worker, or its node, died meanwhile: the others tell
                uses.append(ray.get(answer))
        if calls and not uses:
            raise ClusterUnavailable("the LLM workers do not answer")
        return PoolStatistics(len(calls), self._scheduler.in_flight, sum(uses, LlmUse()))

    def close(self) -> None:
        """End the LLM workers; requests in flight are lost."""
        with self._starting:
            self._scheduler.close()
            if self._is_started:
                self._workers.close()

    def _start(self) -> None:
        import ray  # noqa: PLC0415

        with self._starting:
            if self._is_started:
                return
            if not ray.is_initialized():
                raise ClusterUnavailable("Ray does not run in this process")
            self._scheduler.set_slots(0)
            if left := self._workers.start():
                self._earlier = EarlierRequests(left, self._workers.id, self._ledger, self._timeout_s)
                self._earlier.start()
            self._is_started = True
            self._scheduler.start()

    def _answers_under_way(self, keys: Sequence[str], stop: threading.Event | None) -> Mapping[str, Any]:
        if not keys:
            return {}
        answers = self._under_way.take(keys, stop)
        return {**(self._earlier.answers(keys, stop) if self._earlier else {}), **answers}

    def _send(self, request: Request) -> None:
        self._under_way.leave(request.id, request.keys)
        self._workers.send(request)

    def _on_reply(self, request: Request, reply: WorkerReply | Exception) -> None:
        self._under_way.come(request.id, request.settlement(reply).answers if isinstance(reply, WorkerReply) else {})
        self._scheduler.on_reply(request, reply)

    def _on_recorded(self, request_ids: Sequence[str]) -> None:
        self._under_way.record(request_ids)
        self._workers.acknowledge(request_ids)
