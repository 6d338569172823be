"""Questions to an LLM and their outcomes, wherever the requests are made: the way from a list to the scheduler and back."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.profile_finder import ProfileFinder
from monito_ray.cluster.llm.question_queue import Outcome, QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.scheduler import RequestScheduler
from monito_ray.errors import MonitoError
from monito_ray.events import Sink
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.records import LlmUse
from monito_ray.spending import Ledger, ModelAddress

#: Requests up to this much longer than the longest that was answered count as proved.
_LONGER = 2
#: A caller looks at its stop event at least this often.
_POLL_S = 0.2


class LlmAsker(ABC):
    """Asks one LLM; threads may call `ask` side by side. A subclass makes the requests.

    Args:
        address: the model and where it is.
        concurrency: the maximum number of requests in flight, over all lists.
        batch_rows: the maximum number of rows in one request.
        timeout_s: how long one request may take.
        limiter: decides how fast requests may leave; None: one that learns from refusals.
        ledger: records every request; None: no ledger.
        profile: what the server is known to take; None: nothing is known.
        on_profile: keeps what is found, from a thread of the scheduler's.
        sink: takes `LlmTraffic` and `LlmAdapted`, from a thread of the scheduler's.
    """

    def __init__(
        self,
        address: ModelAddress,
        concurrency: int,
        batch_rows: int,
        timeout_s: float = 120.0,
        *,
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
        self._finder = ProfileFinder(profile, on_profile, batch_rows)
        self._scheduler = RequestScheduler(
            self._send,
            concurrency,
            address.price,
            limiter or Limiter(),
            ledger,
            self._finder,
            sink,
            address.most_tokens,
            self._on_recorded,
        )

    @property
    def profile(self) -> ServerProfile:
        """What the server takes, as far as it is found."""
        return self._finder.profile

    @abstractmethod
    def _start(self) -> None:
        """Be ready to send; called before each list."""

    @abstractmethod
    def _send(self, request: Request) -> None:
        """Make a request, and pass its end on to the scheduler; called from the scheduler's thread."""

    def _on_recorded(self, request_ids: Sequence[str]) -> None:  # noqa: B027  a subclass may have nobody to tell
        """Take the ids of requests whose ends are recorded; called from the scheduler's thread."""

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
        most = max(1, min(self._batch_rows, profile.rows or self._batch_rows) // question.rows_an_item)
        is_proved = min(most, len(items)) * question.rows_an_item <= _LONGER * profile.longest
        queue = QuestionQueue(question, items, most, user_id, task_id, keys, is_size_proved=is_proved)
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

    def _next_outcomes(self, queue: QuestionQueue, stop: threading.Event | None) -> tuple[list[Outcome], bool]:
        """Wait at most `_POLL_S`; return the outcomes that have come, and whether no more will."""
        if not (stop and stop.is_set()):
            queue.ready.wait(_POLL_S)
        queue.ready.clear()
        return self._scheduler.collect(queue)
