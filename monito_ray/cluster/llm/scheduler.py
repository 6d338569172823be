"""The one thread through which all requests of a driver leave: whose turn it is, whether the limiter lets it, what the ledger says."""

import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal

from monito_ray import log
from monito_ray.cluster.llm.limiter import Limiter, Reservation
from monito_ray.cluster.llm.question_queue import Answered, Asking, Batch
from monito_ray.cluster.llm.token_estimate import TokenGuess, most_tokens
from monito_ray.cluster.llm.worker import Reply
from monito_ray.errors import ClusterUnavailable, LlmBudgetSpent, LlmRateLimited, StoreUnavailable
from monito_ray.records import Standard
from monito_ray.spending import Ended, Ledger, Verdict, Wanted, cost_usd

_IDLE_S = 0.5
_BUDGET_WAIT_S = 1.0
_OTHERS_S = 2.0
_UNHELD_S = 60.0
# A request of so few rows takes hardly longer than one of fewer.
_LEAST_ROWS = 20


@dataclass(slots=True)
class Request:
    """A batch on its way; `most_tokens` bounds its answer, 0 = nothing does."""

    id: str
    asking: Asking
    batch: Batch
    reservation: Reservation
    characters: int
    most_tokens: int = 0
    cost_usd: Decimal = Decimal(0)


Send = Callable[[Request], None]


class Dispatcher:
    """Gives free places to those who wait for them: the user with the fewest goes first, then the list with the fewest.

    Nothing leaves that the limiter does not let, and nothing that the ledger has not written down.

    Args:
        send: lets a request leave; `arrived` is called with what came of it, from any thread.
        places: most requests in flight.
        model: whose prices reservations are made at.
        limiter: how fast requests may leave.
        ledger: where they are written down, if anywhere.
    """

    def __init__(self, send: Send, places: int, model: str, limiter: Limiter, ledger: Ledger | None = None) -> None:
        self.changed = threading.Condition()
        self._send = send
        self._places = places
        self._model = model
        self._limiter = limiter
        self._ledger = ledger
        self._guess = TokenGuess()
        self._askings: list[Asking] = []
        self._arrivals: deque[tuple[Request, Reply | Exception]] = deque()
        self._ended: list[Ended] = []
        self._in_flight = 0
        self._others_at = float("-inf")
        self._held_at = float("-inf")
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="llm-dispatcher", daemon=True)

    @property
    def in_flight(self) -> int:
        """Requests on their way."""
        return self._in_flight

    def start(self) -> None:
        """From now on requests leave."""
        self._thread.start()

    def close(self, patience_s: float = 2.0) -> None:
        """No more requests leave; what is on its way is waited for a moment and written down."""
        with self.changed:
            self._is_closing = True
            self.changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(patience_s)

    @contextmanager
    def registered(self, asking: Asking) -> Iterator[None]:
        """Let the requests of `asking` leave for as long as the block lasts; those on their way then are still written down.

        Raises:
            ClusterUnavailable: it was closed.
        """
        with self.changed:
            if self._is_closing:
                raise ClusterUnavailable("nothing is sent to the LLM any more")
            self._askings.append(asking)
            self.changed.notify_all()
        try:
            yield
        finally:
            with self.changed:
                self._askings.remove(asking)
                self.changed.notify_all()

    def arrived(self, request: Request, reply: Reply | Exception) -> None:
        """A request came back, with a reply or with a fault of the program."""
        with self.changed:
            self._arrivals.append((request, reply))
            self.changed.notify_all()

    def _run(self) -> None:
        try:
            while not (self._is_closing and not self._in_flight and not self._arrivals):
                with self.changed:
                    if not self._arrivals:
                        self.changed.wait(self._wait_s(time.monotonic()))
                    outcomes = self._settle_arrivals()
                    leaving = self._leaving()
                self._round(leaving, outcomes)
        finally:
            self._leave_nobody_waiting()

    def _leave_nobody_waiting(self) -> None:
        with self.changed:
            self._is_closing = True
            for asking in self._askings:
                asking.fail(ClusterUnavailable("nothing is sent to the LLM any more"))

    def _wait_s(self, now: float) -> float:
        """How long nothing can happen but arrivals; 0 when a request may leave now."""
        if self._is_closing or self._in_flight >= self._places:
            return _IDLE_S
        asking = self._turn(now)
        if asking is None:
            return min([_IDLE_S, *(waiting.wait_s(now, _IDLE_S) for waiting in self._askings)])
        batch = asking.next(now)
        return min(_IDLE_S, self._limiter.wait_s(self._guess.tokens(asking.size(batch), len(batch.positions)), now))

    def _turn(self, now: float) -> Asking | None:
        """Whose next request leaves: of the user with the fewest on their way, the list with the fewest."""
        due = [asking for asking in self._askings if asking.failure is None and asking.is_due(now)]
        if len(due) < 2:
            return due[0] if due else None
        by_share: dict[int, int] = {}
        for asking in self._askings:
            by_share[asking.share] = by_share.get(asking.share, 0) + asking.in_flight
        return min(due, key=lambda asking: (by_share[asking.share], asking.in_flight, asking.last_turn))

    def _settle_arrivals(self) -> list[tuple[Asking, Answered]]:
        outcomes = []
        now = time.monotonic()
        while self._arrivals:
            request, reply = self._arrivals.popleft()
            self._in_flight -= 1
            if isinstance(reply, Reply):
                self._learn(request, reply, now)
                outcomes.append((request.asking, request.asking.settle(request.batch, reply, now, random.random())))  # noqa: S311
            else:
                self._limiter.settle(request.reservation, None, None, now)
                request.asking.fail(reply)
        return outcomes

    def _learn(self, request: Request, reply: Reply, now: float) -> None:
        use, error = reply.use, reply.error
        if isinstance(error, LlmRateLimited):
            self._limiter.refuse(request.reservation, reply.limits, error.retry_after_s, now)
        else:
            tokens = use.prompt_tokens + use.completion_tokens
            self._limiter.settle(request.reservation, tokens or None, reply.limits, now)
            self._guess.learn(request.characters, len(request.batch.positions), use)
        if self._ledger is not None:
            self._ended.append(Ended(request.id, use, reply.is_known, error.code if error else "", _answers(request, reply)))

    def _leaving(self) -> list[Request]:
        """As many requests as places, limits and lists allow, taken out of their lists."""
        found: list[Request] = []
        while not self._is_closing and self._in_flight + len(found) < self._places:
            now = time.monotonic()
            asking = self._turn(now)
            if asking is None:
                break
            if self._has_room(asking, now):
                asking.halve(now, _LEAST_ROWS)
            batch = asking.next(now)
            characters = asking.size(batch)
            tokens = self._guess.tokens(characters, len(batch.positions))
            if self._limiter.wait_s(tokens, now) > 0:
                self._held_at = now
                break
            asking.take(now)
            found.append(Request(secrets.token_hex(8), asking, batch, self._limiter.reserve(tokens, now), characters))
        return found

    def _has_room(self, asking: Asking, now: float) -> bool:
        """Whether halves would come back sooner: places are enough for all that waits in halves, and no limit on requests is near.

        That goes for the end of a list, or a list alone: beside one that just begins there may be more to come.
        """
        is_alone = len(self._askings) == 1
        fits = 2 * sum(waiting.waiting for waiting in self._askings) <= self._places
        return fits and (is_alone or asking.has_answers) and now - self._held_at > _UNHELD_S

    def _round(self, leaving: list[Request], outcomes: list[tuple[Asking, Answered]]) -> None:
        """Write down what ended and what wants to leave, let leave what may, and deliver what came."""
        try:
            verdicts = self._record(leaving)
        except StoreUnavailable as error:
            self._withdraw(leaving, error)
        else:
            for request, verdict in zip(leaving, verdicts, strict=True):
                self._follow(request, verdict, outcomes)
        with self.changed:
            for asking, outcome in outcomes:
                asking.deliver(outcome)

    def _record(self, leaving: list[Request]) -> list[Verdict]:
        if self._ledger is None:
            return [Verdict.GO] * len(leaving)
        self._look_at_others(self._ledger)
        if not leaving and not self._ended:
            return []
        wanted = [self._wanted(request, is_capped=self._ledger.is_capped) for request in leaving]
        verdicts = self._ledger.record(self._ended, wanted)
        self._ended = []
        return verdicts

    def _wanted(self, request: Request, *, is_capped: bool) -> Wanted:
        """With a budget to keep, an upper bound of the cost; else the guess."""
        asking, items = request.asking, len(request.batch.positions)
        prompt, answer = round(request.reservation.tokens), 0
        if is_capped:
            user = asking.question.user([asking.items[position] for position in request.batch.positions], faults_by_place(request.batch))
            prompt, answer = most_tokens(asking.question, user, items)
            request.most_tokens = answer
        return Wanted(request.id, asking.task_id, asking.share, prompt + answer, cost_usd(self._model, prompt, 0, answer))

    def _follow(self, request: Request, verdict: Verdict, outcomes: list[tuple[Asking, Answered]]) -> None:
        if verdict is Verdict.GO:
            with self.changed:
                self._in_flight += 1
            self._send(request)
            return
        with self.changed:
            now = time.monotonic()
            self._limiter.settle(request.reservation, 0.0, None, now)
            if verdict is Verdict.WAIT:
                request.asking.put_back(request.batch, now + _BUDGET_WAIT_S)
            else:
                spent = LlmBudgetSpent("the budget for the LLM is spent")
                outcomes.append((request.asking, request.asking.refuse(request.batch, spent)))

    def _withdraw(self, leaving: list[Request], error: StoreUnavailable) -> None:
        """Nothing leaves that is not written down; lists that wanted to are told why they end."""
        log.warning("llm.ledger_away", code=error.code, message=str(error))
        with self.changed:
            now = time.monotonic()
            for request in leaving:
                self._limiter.settle(request.reservation, 0.0, None, now)
                request.asking.put_back(request.batch, now)
                request.asking.fail(error)

    def _look_at_others(self, ledger: Ledger) -> None:
        now = time.monotonic()
        if self._askings and now - self._others_at > _OTHERS_S:
            self._others_at = now
            with suppress(StoreUnavailable):
                self._limiter.leave(ledger.others(), now)


def _answers(request: Request, reply: Reply) -> dict[str, Standard]:
    """What a reply says, by the keys under which it is kept."""
    keys, positions = request.asking.keys, request.batch.positions
    return {keys[positions[place]]: standard for place, standard in reply.standards.items()} if keys else {}


def faults_by_place(batch: Batch) -> dict[int, str]:
    """What was wrong with earlier answers, by the place in the request."""
    return {place: batch.faults[position] for place, position in enumerate(batch.positions) if position in batch.faults}
