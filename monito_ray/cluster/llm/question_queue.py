"""One list's questions to the LLM: what is still to be asked, what is asked again, and when it ends. Knows no Ray and no clock."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from monito_ray.cluster.llm.request_retry import decide
from monito_ray.cluster.llm.worker import Reply
from monito_ray.errors import LlmAnswersUnusable, LlmBudgetSpent, LlmMisconfigured, LlmWorkerLost, MonitoError
from monito_ray.pipeline.llm.questions import Question
from monito_ray.records import LlmUse, Retry

REPAIRS = 2
"""How often a row whose answer was at fault is asked again; the last time alone."""

GIVEN_UP_LIMIT = 3
"""Requests in a row that failed for good, after which a list asks no more."""

# What is asked of a worker that is just starting again comes back as if it had died of it.
_RESTART_S = 2.0
_FINAL = LlmMisconfigured | LlmBudgetSpent

FRUITLESS_LIMIT = 20
"""Answers in a row of which nothing could be used, after which a list asks no more."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One request's outcome. `standards` goes by the item's position in what was asked; rows that never appear stay to the rules.

    `error` is what befell this request; it may have been tried again since.
    """

    standards: dict[int, Any]
    use: LlmUse
    duration_ms: int
    error: MonitoError | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one request by their positions in the list; `faults`, by position, are those of the answer before.

    `deaths` counts the workers that died with these rows.
    """

    positions: tuple[int, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    repair: int = 0
    attempt: int = 1
    not_before: float = 0.0
    deaths: int = 0

    @property
    def is_suspect(self) -> bool:
        """Whether workers die of it: once is bad luck, for whatever was with the same worker died, too."""
        return self.deaths > 1


class Asking:
    """The state of one list, or of other items that one kind of question is asked about. Times are of one monotonic clock.

    `share` names whose it is, for lists of one share divide its places; `task_id` which task pays; `keys`, one for each item, under which the
    ledger keeps its answer, none where it shall not. `news` is set when there are outcomes, or a failure: each list is woken for its own.
    """

    def __init__(
        self, question: Question, items: Sequence[Any], batch_rows: int, share: int = 0, task_id: str = "", keys: Sequence[str] = ()
    ) -> None:
        self.question = question
        self.items = items
        self.share = share
        self.task_id = task_id
        self.keys = keys
        self.in_flight = 0
        self.undelivered = 0
        self.last_turn = float("-inf")
        self._held_until = float("-inf")
        self.outcomes: deque[Answered] = deque()
        self.failure: Exception | None = None
        self.news = threading.Event()
        self._sizes = [question.size(item) for item in items]
        self._pending = deque(Batch(positions) for positions in _evenly(len(items), batch_rows))
        self._given_up = 0
        self._fruitless = 0
        self._suspects_in_flight = 0
        self._unsettled = len(items)
        self._cause: MonitoError | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be asked or on its way."""
        return bool(self._pending or self.in_flight)

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come: all is delivered that was asked, and no more will be asked."""
        return not self.undelivered and not self.outcomes and (self.is_hopeless or not self.is_open)

    @property
    def is_hopeless(self) -> bool:
        """Whether to ask on would only cost: the settings are wrong, the budget is spent, or nothing has come of the latest requests."""
        return isinstance(self._cause, _FINAL) or self._given_up >= GIVEN_UP_LIMIT or self._fruitless >= FRUITLESS_LIMIT

    @property
    def has_answers(self) -> bool:
        """Whether some of its items are settled."""
        return self._unsettled < len(self.items)

    @property
    def left_because(self) -> MonitoError | None:
        """Why rows are left that no answer settled; None where none are."""
        return self._cause if self._unsettled else None

    def size(self, batch: Batch) -> int:
        """About how many characters a request about `batch` has, instructions included."""
        return len(self.question.system) + sum(self._sizes[position] for position in batch.positions)

    def is_due(self, now: float) -> bool:
        """Whether something could be asked now."""
        return now >= self._held_until and not self.is_hopeless and any(self._may_go(batch, now) for batch in self._pending)

    def wait_s(self, now: float, longest_s: float) -> float:
        """Until the next retry is due, `longest_s` at most."""
        times = [max(batch.not_before, self._held_until) - now for batch in self._pending]
        return min([longest_s, *(wait_s for wait_s in times if wait_s > 0)])

    def next(self, now: float) -> Batch:
        """The next batch that is due; it stays in line."""
        return next(batch for batch in self._pending if self._may_go(batch, now))

    @property
    def waiting(self) -> int:
        """Batches that have not left."""
        return len(self._pending)

    def halve(self, now: float, least: int) -> None:
        """Make two of the next batch, if it is a fresh one and each half has `least` items: two side by side come back sooner."""
        batch = self.next(now)
        middle = len(batch.positions) // 2
        if middle >= least and batch == Batch(batch.positions):
            place = self._pending.index(batch)
            self._pending.remove(batch)
            self._pending.insert(place, Batch(batch.positions[middle:]))
            self._pending.insert(place, Batch(batch.positions[:middle]))

    def take(self, now: float) -> Batch:
        """The next batch that is due, now on its way; it comes back by `settle`, `put_back` or `refuse`."""
        batch = self.next(now)
        self._pending.remove(batch)
        self.in_flight += 1
        self.undelivered += 1
        self.last_turn = now
        self._suspects_in_flight += batch.is_suspect
        return batch

    def settle(self, batch: Batch, reply: Reply, now: float, spread: float) -> Answered:
        """Take `batch` back with its reply: what has to be asked again is in line again."""
        self._come_back(batch)
        self._held_until = float("-inf")
        if isinstance(reply.error, LlmWorkerLost):
            self._after_death(batch, reply.error, now)
        elif reply.error is not None:
            self._after_error(batch, reply.error, now, spread)
        else:
            self._after_answer(batch, reply)
        settled = {batch.positions[place]: standard for place, standard in reply.standards.items()}
        self._unsettled -= len(settled)
        return Answered(settled, reply.use, reply.duration_ms, reply.error)

    def fail(self, failure: Exception) -> None:
        """Nothing more can be asked; the first reason counts."""
        self.failure = self.failure or failure
        self.news.set()

    def deliver(self, outcome: Answered) -> None:
        """One request's outcome, for whoever waits."""
        self.undelivered -= 1
        self.outcomes.append(outcome)
        self.news.set()

    def put_back(self, batch: Batch, held_until: float) -> None:
        """`batch` did not leave after all; it is next in line, and nothing leaves before `held_until`, or before something else came back."""
        self._come_back(batch)
        self.undelivered -= 1
        self._held_until = held_until
        self._pending.appendleft(batch)

    def refuse(self, batch: Batch, error: MonitoError) -> Answered:
        """`batch` will never leave, for this reason."""
        self._come_back(batch)
        self._given_up += 1
        self._cause = self._cause if isinstance(self._cause, _FINAL) else error
        return Answered({}, LlmUse(), 0, error)

    def _come_back(self, batch: Batch) -> None:
        self.in_flight -= 1
        self._suspects_in_flight -= batch.is_suspect

    def _may_go(self, batch: Batch, now: float) -> bool:
        """One suspect at a time, so that the one that kills is not hidden behind those that die with it."""
        return batch.not_before <= now and not (batch.is_suspect and self._suspects_in_flight)

    def _after_death(self, batch: Batch, error: LlmWorkerLost, now: float) -> None:
        """Ask the same again; the second time in halves, until a row has killed that went alone. It is left to the rules."""
        again = replace(batch, deaths=batch.deaths + 1, not_before=now + _RESTART_S)
        if not again.is_suspect:
            self._pending.appendleft(again)
        elif len(batch.positions) > 1:
            middle = len(batch.positions) // 2
            halves = batch.positions[:middle], batch.positions[middle:]
            self._pending.extend(replace(again, positions=half) for half in halves)
        elif not batch.is_suspect:
            self._pending.append(again)
        elif not isinstance(self._cause, _FINAL):
            self._cause = error

    def _after_answer(self, batch: Batch, reply: Reply) -> None:
        self._given_up = 0
        self._fruitless = 0 if reply.standards else self._fruitless + 1
        faults = {batch.positions[place]: fault for place, fault in reply.faults.items()}
        self._pending.extend(_repairs(batch, faults))
        if faults and not isinstance(self._cause, _FINAL):
            self._cause = LlmAnswersUnusable(f"the LLM's answers cannot be used: {next(iter(faults.values()))}")

    def _after_error(self, batch: Batch, error: MonitoError, now: float, spread: float) -> None:
        decision = decide(error, batch.attempt, spread)
        if isinstance(decision, Retry):
            self._pending.append(replace(batch, attempt=batch.attempt + 1, not_before=now + decision.wait_s))
        else:
            self._given_up += 1
            if not isinstance(self._cause, _FINAL):
                self._cause = error


def _evenly(count: int, most: int) -> list[tuple[int, ...]]:
    """The positions of `count` items in as few batches as hold `most` each, about equally long: the longest is what a list waits for."""
    batches = -(-count // most)
    bounds = [-(-count * number // batches) for number in range(batches + 1)]
    return [tuple(range(start, end)) for start, end in pairwise(bounds)] if count else []


def _repairs(batch: Batch, faults: Mapping[int, str]) -> list[Batch]:
    """What is asked next about rows at fault: together, then each alone, then nothing."""
    repair = batch.repair + 1
    if not faults or repair > REPAIRS:
        return []
    if repair < REPAIRS:
        return [Batch(tuple(faults), faults, repair)]
    return [Batch((position,), {position: fault}, repair) for position, fault in faults.items()]
