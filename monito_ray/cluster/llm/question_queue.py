"""One list's questions to the LLM: what waits, what is repeated or repaired, and when the list ends. Knows no Ray and no clock."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from monito_ray.cluster.llm.request_batch import REPAIRS, Batch, BatchSize, batch_parts, divide_evenly, repairs_of
from monito_ray.cluster.llm.request_retry import REQUEST_RETRIES
from monito_ray.cluster.llm.worker import Shortfall, WorkerReply
from monito_ray.errors import (
    LlmAnswersUnusable,
    LlmBudgetSpent,
    LlmMisconfigured,
    LlmNodeLost,
    LlmRefused,
    LlmTimedOut,
    LlmTooLong,
    LlmWithheld,
    LlmWorkerLost,
    MonitoError,
)
from monito_ray.pipeline.llm.questions import Question
from monito_ray.records import LlmUse, Retry

#: After this many requests in a row have failed for good, a list ends: if the LLM is down, the next batch would fail, too.
FAILURE_LIMIT = 3
#: After this many answers in a row of which nothing could be used, a list ends.
FRUITLESS_LIMIT = 20

#: Wait after a crash. A request to an LLM worker that is just restarting comes back as if it had made the worker crash.
_WORKER_RESTART_S = 2.0
#: So many nodes may be lost in turn while they ask about one batch.
_MOST_NODE_LOSSES = 8
#: Errors after which a list ends at once, since no request could succeed; of refusals those that no smaller request escapes.
_FINAL = LlmMisconfigured | LlmBudgetSpent | LlmRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one request, for the caller. Items that no outcome settles keep the result of the rules."""

    #: By the item's position in the list.
    standards: dict[int, Any]
    use: LlmUse
    duration_ms: int
    #: What went wrong with this request; its items may have been tried again since.
    error: MonitoError | None = None


class QuestionQueue:
    """The items of one list that one question is about, in batches that wait or are in flight.

    `take` puts a waiting batch in flight. It comes back once, in one of three ways:

    - `settle`: a reply came. Items that it does not settle wait again, as far as retries, repairs and crashes allow; in smaller batches, where
      the server was too slow, the request too long or the answer cut. No request is repeated as it was after a refusal or a time-out.
    - `put_back`: the batch did not leave after all and is the next to leave.
    - `refuse`: the batch may never leave.

    A list is done when nothing is in flight, and nothing waits or no further request could succeed (`is_hopeless`).

    The mutable state is the waiting batches, the counters of batches in flight and of failures in a row, and the outcomes that wait for the
    caller. There is no lock here: scheduler and callers hold the lock of `RequestScheduler`, except for `ready` and for `failure`, which is
    set once. Times are of one monotonic clock.

    Args:
        question: the question.
        items: the items that it is about.
        batch_rows: the maximum number of items in one request.
        user_id: the owner of the list; the slots of one user are divided among the user's lists.
        task_id: the task that the ledger charges.
        keys: one for each item; the ledger stores its answer under it. Empty: answers are not stored.
        is_size_proved: whether requests of so many items were answered before; if not, a few leave first.
    """

    def __init__(
        self,
        question: Question,
        items: Sequence[Any],
        batch_rows: int,
        user_id: int = 0,
        task_id: str = "",
        keys: Sequence[str] = (),
        *,
        is_size_proved: bool = True,
    ) -> None:
        self.question = question
        self.items = items
        self.user_id = user_id
        self.task_id = task_id
        self.keys = keys
        self.in_flight = 0
        #: When a batch was last taken.
        self.taken_at = float("-inf")
        #: Why nothing more can be asked, if the LLM is not the cause.
        self.failure: Exception | None = None
        #: Set when there are outcomes or a failure; the caller alone waits for it.
        self.ready = threading.Event()
        #: How many items a request may have now.
        self.size = BatchSize(batch_rows, is_proved=is_size_proved)
        self._sizes = [question.characters_of(item) for item in items]
        self._waiting = deque(Batch(positions) for positions in divide_evenly(len(items), batch_rows))
        self._held_until = float("-inf")
        self._outcomes: list[Outcome] = []
        #: Batches that were taken and whose outcome the caller does not have yet.
        self._undelivered = 0
        self._suspects_in_flight = 0
        self._trials_in_flight = 0
        self._failures_in_a_row = 0
        self._fruitless_in_a_row = 0
        self._unsettled = len(items)
        #: The latest reason why items are left, and the one that ended the list.
        self._cause: MonitoError | None = None
        self._end: MonitoError | None = None

    @property
    def is_open(self) -> bool:
        """Whether a batch waits or is in flight."""
        return bool(self._waiting or self.in_flight)

    @property
    def is_done(self) -> bool:
        """Whether no more outcomes will come."""
        return not self._undelivered and not self._outcomes and (self.is_hopeless or not self.is_open)

    @property
    def is_hopeless(self) -> bool:
        """Whether more requests would only cost: the settings are wrong, the budget is spent, or the latest requests brought nothing."""
        return self._end is not None or self._failures_in_a_row >= FAILURE_LIMIT or self._fruitless_in_a_row >= FRUITLESS_LIMIT

    @property
    def has_answers(self) -> bool:
        """Whether some items are settled."""
        return self._unsettled < len(self.items)

    @property
    def unsettled(self) -> int:
        """How many items no answer has settled yet."""
        return self._unsettled

    @property
    def left_because(self) -> MonitoError | None:
        """The reason why items are left that no answer settled; None where none are left."""
        return (self._end or self._cause) if self._unsettled else None

    @property
    def waiting_batches(self) -> int:
        """How many batches wait."""
        return len(self._waiting)

    def characters(self, batch: Batch) -> int:
        """Return the approximate length of a request about `batch`, instructions included."""
        return len(self.question.system_message) + sum(self._sizes[position] for position in batch.positions)

    def is_due(self, now: float) -> bool:
        """Return whether a batch could leave now."""
        return now >= self._held_until and not self.is_hopeless and any(self._may_leave(batch, now) for batch in self._waiting)

    def wait_s(self, now: float, longest_s: float) -> float:
        """Return how long until the next retry is due, `longest_s` at most."""
        times = [max(batch.not_before, self._held_until) - now for batch in self._waiting]
        return min([longest_s, *(wait_s for wait_s in times if wait_s > 0)])

    def peek(self, now: float) -> Batch:
        """Return the next batch that is due; it goes on waiting."""
        return next(batch for batch in self._waiting if self._may_leave(batch, now))

    def halve_next(self, now: float, fewest: int) -> None:
        """Divide the next batch in two if it was never sent and each half has at least `fewest` items: in parallel they come back sooner."""
        batch = self.peek(now)
        middle = len(batch.positions) // 2
        if middle >= fewest and batch == Batch(batch.positions):
            index = self._waiting.index(batch)
            self._waiting.remove(batch)
            self._waiting.insert(index, Batch(batch.positions[middle:]))
            self._waiting.insert(index, Batch(batch.positions[:middle]))

    def take(self, now: float) -> Batch:
        """Put the next batch that is due in flight and return it."""
        waiting = self.peek(now)
        self._waiting.remove(waiting)
        batch = replace(waiting, is_trial=not self.size.is_proved)
        self.in_flight += 1
        self.taken_at = now
        self._undelivered += 1
        self._suspects_in_flight += batch.is_suspect
        self._trials_in_flight += batch.is_trial
        return batch

    def settle(self, batch: Batch, reply: WorkerReply, now: float, jitter: float, *, is_changed: bool = False) -> Outcome:
        """Take `batch` back with its reply, queue again what has to be repeated, and return the outcome, which is not delivered yet.

        `jitter` (0 to 1, random) spreads retries. `is_changed`: the server will be asked otherwise, so what it refused may leave again.
        """
        self._land(batch)
        self._held_until = float("-inf")
        settled = {batch.positions[index]: standard for index, standard in reply.standards.items()}
        self._unsettled -= len(settled)
        if reply.shortfall is Shortfall.THINKING:
            self.size.doubt()
        if is_changed and not reply.standards:
            self._waiting.appendleft(replace(batch, is_trial=False))
        elif reply.error is not None:
            self._after_error(batch, reply.error, now, jitter)
        elif reply.shortfall is Shortfall.WITHHELD and not reply.standards and len(batch.positions) > 1:
            self._after_withholding(batch, LlmAnswersUnusable("the LLM's answers cannot be used: they are withheld"))
        else:
            self._after_answer(batch, reply)
        return Outcome(settled, reply.use, reply.duration_ms, reply.error)

    def put_back(self, batch: Batch, held_until: float) -> None:
        """Take back a batch that did not leave. It is the next to leave, and nothing leaves until `held_until` or until a reply comes."""
        self._land(batch)
        self._undelivered -= 1
        self._held_until = held_until
        self._waiting.appendleft(replace(batch, is_trial=False))

    def refuse(self, batch: Batch, error: MonitoError) -> Outcome:
        """Take back a batch that will never leave because of `error`, and return the outcome, which is not delivered yet."""
        self._land(batch)
        self._give_up(error)
        return Outcome({}, LlmUse(), 0, error)

    def deliver(self, outcome: Outcome) -> None:
        """Hand an outcome to the caller."""
        self._undelivered -= 1
        self._outcomes.append(outcome)
        self.ready.set()

    def fail(self, failure: Exception) -> None:
        """Let the caller know that nothing more can be asked; the first reason counts."""
        self.failure = self.failure or failure
        self.ready.set()

    def collect(self) -> list[Outcome]:
        """Return the outcomes that were delivered since the last call."""
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def _land(self, batch: Batch) -> None:
        self.in_flight -= 1
        self._suspects_in_flight -= batch.is_suspect
        self._trials_in_flight -= batch.is_trial

    def _may_leave(self, batch: Batch, now: float) -> bool:
        """Return whether a batch may leave now. Only one suspect is in flight at a time, so that a crash is that suspect's, and few trials."""
        if not self.size.is_proved and self._trials_in_flight >= self.size.most_trials:
            return False
        return batch.not_before <= now and not (batch.is_suspect and self._suspects_in_flight)

    def _after_crash(self, batch: Batch, error: LlmWorkerLost, now: float) -> None:
        """Repeat the batch, from the second crash on in halves. A single item that still kills a worker is left to the rules."""
        again = replace(batch, crashes=batch.crashes + 1, not_before=now + _WORKER_RESTART_S, is_trial=False)
        if not again.is_suspect:
            self._waiting.appendleft(again)
        elif len(batch.positions) > 1:
            middle = len(batch.positions) // 2
            halves = batch.positions[:middle], batch.positions[middle:]
            self._waiting.extend(replace(again, positions=half) for half in halves)
        elif not batch.is_suspect:
            self._waiting.append(again)
        else:
            self._cause = error

    def _after_answer(self, batch: Batch, reply: WorkerReply) -> None:
        """Ask again about what the answer does not settle: as it is where the answer was cut before, else with its fault."""
        self._failures_in_a_row = 0
        self._fruitless_in_a_row = 0 if reply.standards else self._fruitless_in_a_row + 1
        faults = {batch.positions[index]: fault for index, fault in reply.faults.items()}
        is_cut = reply.shortfall in (Shortfall.CUT, Shortfall.THINKING)
        missing = [position for position, fault in faults.items() if is_cut and not fault.answer]
        if missing and len(batch.positions) > 1:
            self._fruitless_in_a_row = 0
            count = len(batch.positions)
            fitting = self.size.on_cut(count, count - len(missing), has_answers=self.has_answers)
            self._divide_answered(replace(batch, positions=tuple(missing)), fitting)
            faults = {position: fault for position, fault in faults.items() if position not in missing}
        elif not is_cut:
            self.size.on_answer(len(batch.positions))
        self._waiting.extend(repairs_of(batch, faults))
        if faults:
            self._cause = LlmAnswersUnusable(f"the LLM's answers cannot be used: {next(iter(faults.values()))}")

    def _after_error(self, batch: Batch, error: MonitoError, now: float, jitter: float) -> None:
        if isinstance(error, LlmNodeLost) and batch.node_losses < _MOST_NODE_LOSSES:
            self._waiting.appendleft(replace(batch, node_losses=batch.node_losses + 1, is_trial=False))
        elif isinstance(error, LlmNodeLost):
            self._give_up(error)
        elif isinstance(error, LlmWorkerLost):
            self._after_crash(batch, error, now)
        elif isinstance(error, LlmWithheld):
            self._after_withholding(batch, error)
        elif isinstance(error, LlmTimedOut | LlmTooLong):
            self._after_failure_of_size(batch, error)
        elif isinstance(decision := REQUEST_RETRIES.decide(error, batch.attempt, jitter), Retry):
            self._waiting.append(replace(batch, attempt=batch.attempt + 1, not_before=now + decision.wait_s, is_trial=False))
        else:
            self._give_up(error, is_end=isinstance(error, _FINAL))

    def _after_failure_of_size(self, batch: Batch, error: MonitoError) -> None:
        """Ask about fewer items at a time; one alone is left to the rules, and where nothing was ever answered, so are all."""
        count = len(batch.positions)
        if count == 1:
            self._give_up(error, is_end=not self.has_answers)
            return
        self.size.on_failure(count, has_answers=self.has_answers)
        self._divide(batch, min(self.size.limit, count - count // 2))

    def _after_withholding(self, batch: Batch, error: MonitoError) -> None:
        """Isolate the item that is not answered about: halves leave next."""
        count = len(batch.positions)
        if count > 1:
            if not self.has_answers:
                self.size.doubt()
            self._divide_answered(batch, count - count // 2)
            return
        self._fruitless_in_a_row += 1
        self._cause = error

    def _divide_answered(self, batch: Batch, limit: int) -> None:
        """Divide a batch whose answer was of no use; an item that is alone then was asked about often enough."""
        self._divide(replace(batch, repair=REPAIRS) if limit == 1 else batch, limit)

    def _divide(self, batch: Batch, limit: int) -> None:
        """Put parts of `batch` before all that waits, and divide what waits where it is longer than a request may be."""
        longer = [one for one in self._waiting if len(one.positions) > self.size.limit]
        if longer:
            self._waiting = deque(part for one in self._waiting for part in batch_parts(one, self.size.limit))
        self._waiting.extendleft(reversed(batch_parts(batch, limit)))

    def _give_up(self, error: MonitoError, *, is_end: bool = False) -> None:
        """Leave a batch to the rules because of `error`; `is_end`: and all others."""
        self._failures_in_a_row += 1
        self._cause = error
        if is_end or isinstance(error, LlmBudgetSpent):
            self._end = self._end or error
