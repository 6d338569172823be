"""The one thread through which all LLM requests of a driver leave: whose turn it is, what the limiter allows, what the ledger decides."""

import random
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from monito_ray import log
from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.profile_finder import ProfileFinder
from monito_ray.cluster.llm.question_queue import Outcome, QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.request_batch import FEWEST_HALVED
from monito_ray.cluster.llm.token_estimate import TokenEstimator
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.errors import ClusterUnavailable, LlmBudgetSpent, LlmRateLimited, StoreUnavailable
from monito_ray.events import Event, LlmAdapted, LlmTraffic, Sink
from monito_ray.spending import Decision, Ledger, LlmSettlement, OtherUsage, Price

#: The thread wakes up at least this often.
_IDLE_S = 0.5
#: Wait before a request that the budget has no room for yet is tried again, unless a reply comes earlier.
_BUDGET_WAIT_S = 1.0
#: How often the usage of other drivers is read from the ledger.
_OTHER_USAGE_EVERY_S = 2.0
#: Batches are halved only if the limiter has held no request back for this long.
_UNLIMITED_FOR_S = 60.0


Send = Callable[[Request], None]


def _ignore(_: Event) -> None:
    """Take an event and do nothing."""


class RequestScheduler:
    """Schedules requests fairly: the user, then the list, with the fewest in flight goes next.

    Its thread runs rounds. Each settles the replies that came, takes the batches that may leave, records both in the ledger, and then
    sends and delivers. So no request leaves that the limiter holds back or that the ledger has not recorded, and no answer is delivered
    that is not stored. The ledger decides between three cases for a request: it leaves, it goes back into its queue until the budget has
    room, or it is refused because the budget is spent. If the ledger cannot be reached, all go back and their lists fail.

    The mutable state is of two kinds:

    - Many threads use the registered queues and all that is in them, the replies that arrived, the number of requests in flight, and
      whether the scheduler is closing. The condition `_changed` guards them and wakes the thread.
    - The limiter, the finder, the estimator, the settlements that are not recorded yet, and the two times belong to the thread alone.

    Args:
        send: sends a request; its reply, or a fault of the program, is passed to `on_reply`, from any thread.
        max_in_flight: the maximum number of requests in flight.
        price: the model's, for reservations; None: not known.
        limiter: decides how fast requests may leave.
        ledger: records requests and keeps the budgets; None: no ledger.
        finder: finds what the server takes; None: one that knows nothing yet.
        sink: takes `LlmTraffic` and `LlmAdapted`, from the scheduler's thread.
        answer_limit: the limit on an answer that the settings set; 0: as long as its items need.
        on_recorded: takes the ids of requests whose ends are recorded, from the scheduler's thread.
    """

    def __init__(
        self,
        send: Send,
        max_in_flight: int,
        price: Price | None,
        limiter: Limiter,
        ledger: Ledger | None = None,
        finder: ProfileFinder | None = None,
        sink: Sink = _ignore,
        answer_limit: int = 0,
        on_recorded: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        self._send = send
        self._on_recorded = on_recorded
        self._max_in_flight = max_in_flight
        #: How many may be in flight now; the workers may be away, or hold requests that nothing is heard of.
        self._open_slots = max_in_flight
        #: What other drivers on the same store use.
        self._others = OtherUsage()
        self._price = price
        self._ledger = ledger
        self._changed = threading.Condition()
        self._queues: list[QuestionQueue] = []
        self._arrivals: deque[tuple[Request, WorkerReply | Exception]] = deque()
        self._in_flight = 0
        self._is_closing = False
        self._limiter = limiter
        self._finder = finder or ProfileFinder()
        self._sink = sink
        self._answer_limit = answer_limit
        self._estimator = TokenEstimator()
        self._settlements: list[LlmSettlement] = []
        self._events: list[Event] = []
        self._other_usage_at = float("-inf")
        #: When the limiter last held a request back.
        self._limited_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="llm-scheduler", daemon=True)

    @property
    def in_flight(self) -> int:
        """How many requests are in flight."""
        return self._in_flight

    def set_slots(self, slots: int) -> None:
        """Let so many requests be in flight from now on; 0: none may leave."""
        with self._changed:
            if slots != self._open_slots:
                self._open_slots = slots
                self._changed.notify_all()

    def fail_open(self, error: Exception) -> None:
        """Let every list fail that asks now, because of `error`."""
        with self._changed:
            for queue in self._queues:
                queue.fail(error)

    def start(self) -> None:
        """Let requests leave from now on."""
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """Let no more requests leave; those in flight have `timeout_s` to come back and be recorded."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @contextmanager
    def registered(self, queue: QuestionQueue) -> Iterator[None]:
        """Let the requests of `queue` leave while the block lasts; those in flight at its end are still recorded.

        Raises:
            ClusterUnavailable: the scheduler was closed.
        """
        with self._changed:
            if self._is_closing:
                raise ClusterUnavailable("nothing is sent to the LLM any more")
            self._queues.append(queue)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._queues.remove(queue)
                self._changed.notify_all()

    def collect(self, queue: QuestionQueue) -> tuple[list[Outcome], bool]:
        """Return the outcomes that have come for `queue`, and whether no more will."""
        with self._changed:
            return queue.collect(), queue.is_done

    def on_reply(self, request: Request, reply: WorkerReply | Exception) -> None:
        """Accept the end of a request: a reply, or a fault of the program."""
        with self._changed:
            self._arrivals.append((request, reply))
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            while not (self._is_closing and not self._in_flight and not self._arrivals):
                with self._changed:
                    if not self._arrivals:
                        self._changed.wait(self._wait_s(time.monotonic()))
                    outcomes = self._settle_arrivals()
                    requests = self._take_requests()
                self._finish_round(requests, outcomes)
        finally:
            self._fail_all()

    def _fail_all(self) -> None:
        """Let every list fail, so that no caller waits for a thread that has ended."""
        with self._changed:
            self._is_closing = True
            for queue in self._queues:
                queue.fail(ClusterUnavailable("nothing is sent to the LLM any more"))

    def _wait_s(self, now: float) -> float:
        """Return how long the thread may sleep if no reply comes; 0 if a request may leave now."""
        if self._is_closing or self._in_flight >= self._slots():
            return _IDLE_S
        queue = self._next_queue(now)
        if queue is None:
            return min([_IDLE_S, *(waiting.wait_s(now, _IDLE_S) for waiting in self._queues)])
        batch = queue.peek(now)
        return min(_IDLE_S, self._limiter.wait_s(self._estimator.estimate(queue.characters(batch), len(batch.positions)), now))

    def _slots(self) -> int:
        """Return how many requests may be in flight now: what the other drivers leave of the limit, but an equal part of it at least."""
        equal_part = -(-self._max_in_flight // (self._others.drivers + 1))
        taken = min(self._others.in_flight, self._max_in_flight - equal_part)
        return self._finder.slots(max(0, self._open_slots - taken))

    def _next_queue(self, now: float) -> QuestionQueue | None:
        """Return the queue whose request leaves next: of the user with the fewest in flight, the list with the fewest."""
        due = [queue for queue in self._queues if queue.failure is None and queue.is_due(now)]
        if len(due) < 2:
            return due[0] if due else None
        by_user: Counter[int] = Counter()
        for queue in self._queues:
            by_user[queue.user_id] += queue.in_flight
        return min(due, key=lambda queue: (by_user[queue.user_id], queue.in_flight, queue.taken_at))

    def _settle_arrivals(self) -> list[tuple[QuestionQueue, Outcome]]:
        outcomes = []
        now = time.monotonic()
        while self._arrivals:
            request, reply = self._arrivals.popleft()
            self._in_flight -= 1
            if isinstance(reply, WorkerReply):
                self._release_permit(request, reply, now)
                self._settlements.append(request.settlement(reply))
                outcomes.append((request.queue, self._settle(request, reply, now)))
            else:
                self._limiter.release(request.permit, None, None, now)
                request.queue.fail(reply)
        return outcomes

    def _settle(self, request: Request, reply: WorkerReply, now: float) -> Outcome:
        lesson = self._finder.learn(request, reply)
        if lesson.notice:
            self._events.append(LlmAdapted(request.queue.task_id, lesson.notice))
        queue = request.queue
        outcome = queue.settle(request.batch, reply, now, random.random(), is_changed=lesson.is_changed)  # noqa: S311
        if reply.error is None and not reply.shortfall:
            self._finder.learn_size(queue.size, len(request.batch.positions), queue.question.rows_an_item)
        return outcome

    def _release_permit(self, request: Request, reply: WorkerReply, now: float) -> None:
        if isinstance(reply.error, LlmRateLimited):
            self._limiter.on_refusal(request.permit, reply.limits, reply.error.retry_after_s, now)
            return
        tokens = reply.use.prompt_tokens + reply.use.completion_tokens
        self._limiter.release(request.permit, tokens or None, reply.limits, now)
        self._estimator.learn(request.characters, len(request.batch.positions), reply.use)

    def _take_requests(self) -> list[Request]:
        """Take as many batches out of their queues as slots, limits and lists allow."""
        requests: list[Request] = []
        while not self._is_closing and self._in_flight + len(requests) < self._slots():
            now = time.monotonic()
            queue = self._next_queue(now)
            if queue is None:
                break
            if self._is_halving_faster(queue, now):
                queue.halve_next(now, FEWEST_HALVED)
            batch = queue.peek(now)
            characters = queue.characters(batch)
            tokens = self._estimator.estimate(characters, len(batch.positions))
            if self._limiter.wait_s(tokens, now) > 0:
                self._limited_at = now
                break
            batch, permit = queue.take(now), self._limiter.acquire(tokens, now)
            requests.append(Request(secrets.token_hex(8), queue, batch, permit, characters, self._finder.profile, self._answer_limit))
        return requests

    def _is_halving_faster(self, queue: QuestionQueue, now: float) -> bool:
        """Return whether halves would come back sooner than the whole batch.

        True when all waiting batches, halved, fit into the free slots and the limiter has not held a request back lately. Used at the end
        of a list or when only one list runs; otherwise more batches may still come.
        """
        is_alone = len(self._queues) == 1
        have_slots = 2 * sum(waiting.waiting_batches for waiting in self._queues) <= self._max_in_flight
        return have_slots and (is_alone or queue.has_answers) and now - self._limited_at > _UNLIMITED_FOR_S

    def _finish_round(self, requests: list[Request], outcomes: list[tuple[QuestionQueue, Outcome]]) -> None:
        """Record settlements and reservations, send the allowed requests, deliver the outcomes."""
        try:
            decisions = self._record(requests)
        except StoreUnavailable as error:
            self._put_back_all(requests, error)
        else:
            # The store may have taken long: a request counts from when it leaves, or what was saved up meanwhile would leave with it.
            self._withdraw(requests)
            for request, decision in zip(requests, decisions, strict=True):
                self._send_or_refuse(request, decision, outcomes)
        with self._changed:
            for queue, outcome in outcomes:
                queue.deliver(outcome)
        self._emit([request.queue for request in requests] + [queue for queue, _ in outcomes], requests)

    def _emit(self, touched: Sequence[QuestionQueue], requests: Sequence[Request]) -> None:
        """Emit what was learned of the server, and for the tasks whose lists are `touched` how many requests are in flight."""
        repairs = Counter(request.queue.task_id for request in requests if request.batch.repair)
        for task_id in dict.fromkeys(queue.task_id for queue in touched if queue.task_id):
            in_flight = {id(queue): queue.in_flight for queue in [*touched, *self._queues] if queue.task_id == task_id}
            self._events.append(LlmTraffic(task_id, sum(in_flight.values()), repairs[task_id]))
        events, self._events = self._events, []
        try:
            for event in events:
                self._sink(event)
        except Exception as error:  # noqa: BLE001  whoever looks on must not stop the requests
            log.fault("llm.sink_failed", error)
            self._sink = _ignore

    def _record(self, requests: list[Request]) -> list[Decision]:
        decisions = [Decision.GO] * len(requests)
        if self._ledger is not None:
            self._read_other_usage(self._ledger)
            if requests or self._settlements:
                reservations = [request.reservation(self._price, is_capped=self._ledger.is_capped) for request in requests]
                decisions = self._ledger.record(self._settlements, reservations)
        recorded, self._settlements = [one.id for one in self._settlements], []
        if recorded:
            self._on_recorded(recorded)
        return decisions

    def _send_or_refuse(self, request: Request, decision: Decision, outcomes: list[tuple[QuestionQueue, Outcome]]) -> None:
        if decision is Decision.GO:
            with self._changed:
                self._in_flight += 1
            request.permit = self._limiter.acquire(request.permit.tokens, time.monotonic())
            self._send(request)
            return
        with self._changed:
            now = time.monotonic()
            if decision is Decision.WAIT:
                request.queue.put_back(request.batch, now + _BUDGET_WAIT_S)
            else:
                spent = LlmBudgetSpent("the budget for the LLM is spent")
                outcomes.append((request.queue, request.queue.refuse(request.batch, spent)))

    def _put_back_all(self, requests: list[Request], error: StoreUnavailable) -> None:
        """Put back the requests that the ledger could not record; their lists end with the error."""
        log.warning("llm.ledger_away", code=error.code, message=str(error))
        self._withdraw(requests)
        with self._changed:
            now = time.monotonic()
            for request in requests:
                request.queue.put_back(request.batch, now)
                request.queue.fail(error)

    def _withdraw(self, requests: Sequence[Request]) -> None:
        """Uncount requests that have not left."""
        now = time.monotonic()
        for request in requests:
            self._limiter.withdraw(request.permit, now)

    def _read_other_usage(self, ledger: Ledger) -> None:
        now = time.monotonic()
        if self._queues and now - self._other_usage_at > _OTHER_USAGE_EVERY_S:
            self._other_usage_at = now
            with suppress(StoreUnavailable):
                self._read_other_usage_now(ledger)

    def _read_other_usage_now(self, ledger: Ledger) -> None:
        self._others = ledger.other_usage()
        self._limiter.set_other_usage(self._others, time.monotonic())
