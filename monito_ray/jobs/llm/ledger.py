"""The ledger of requests to the LLM. Each is reserved before it leaves at the most that it may cost, and settled when it has ended.

A request without an answer may have been paid for all the same, so its reservation stays and is marked unknown. An answer is stored in
the transaction that settles its request, so a request is at any instant either reserved or its answer is stored. Days are those of UTC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, insert, select, update

from monito_ray.jobs.llm import answers
from monito_ray.pipeline.llm.pair_question import PairAnswer
from monito_ray.records import LlmUse, Standard
from monito_ray.spending import Decision, LlmReservation, LlmSettlement, OtherUsage
from monito_ray.store.database import Store
from monito_ray.store.schema import llm_requests

#: Transactions of drivers with a budget run one after another under this name, so that no two reserve the same money.
_BUDGET_LOCK = "llm_requests"
#: The time over which rate limits count.
_MINUTE = timedelta(minutes=1)
#: No request takes this much longer than it may: an older reservation belongs to a driver that died.
_ABANDONED_AFTER = timedelta(minutes=10)
_NOTHING = Decimal(0)

T = TypeVar("T")


class RequestState(StrEnum):
    """Whether the use of a request is certain."""

    RESERVED = "reserved"
    SETTLED = "settled"
    UNKNOWN = "unknown"


# Statements are built once: building one takes longer than running it.
_RESERVE = insert(llm_requests)
_END = update(llm_requests).where(llm_requests.c.id == bindparam("request_id"))
_SETTLE = _END.values(cost_usd=bindparam("cost"), tokens=bindparam("total_tokens"))
_SUMMED = ("rows", "prompt_tokens", "cached_tokens", "completion_tokens")
_USED = select(
    func.count(),
    *(func.coalesce(func.sum(llm_requests.c[name]), 0) for name in _SUMMED),
    func.sum(case((llm_requests.c.state == RequestState.SETTLED.value, llm_requests.c.cost_usd), else_=_NOTHING)),
)


_USED_BY_OTHERS = select(
    func.count(llm_requests.c.driver.distinct()),
    func.count(),
    func.coalesce(func.sum(llm_requests.c.tokens), 0),
    func.coalesce(func.sum(case((llm_requests.c.state == RequestState.RESERVED.value, 1), else_=0)), 0),
).where(llm_requests.c.at > bindparam("since"), llm_requests.c.driver != bindparam("own"))


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that a task, and a day, may cost; 0 for no limit."""

    task_usd: Decimal = _NOTHING
    day_usd: Decimal = _NOTHING

    def __bool__(self) -> bool:
        return bool(self.task_usd or self.day_usd)


@dataclass(slots=True)
class _BudgetUse:
    """The use of one budget."""

    limit: Decimal
    #: Settled costs, and reservations that are unknown.
    spent: Decimal
    #: Reservations of requests on their way.
    reserved: Decimal

    def decide(self, cost: Decimal) -> Decision:
        if self.spent + cost > self.limit:
            return Decision.SPENT
        return Decision.WAIT if self.spent + self.reserved + cost > self.limit else Decision.GO


class LlmLedger:
    """The ledger as one driver writes it.

    Args:
        store: the database.
        driver: the id of the driver.
        model: the name of the model.
        prices: the model's prices as a text, recorded with each request.
        budgets: the most that may be spent.
        clock: gives the time.
        timeout_s: how long one request may take.
    """

    def __init__(
        self,
        store: Store,
        driver: str,
        model: str,
        prices: str,
        budgets: Budgets,
        clock: Callable[[], datetime],
        timeout_s: float = 120.0,
    ) -> None:
        self._store = store
        self._driver = driver
        self._model = model
        self._prices = prices
        self._budgets = budgets
        self._clock = clock
        self._abandoned_after = timedelta(seconds=timeout_s) + _ABANDONED_AFTER

    @property
    def is_capped(self) -> bool:
        """Whether there is a budget."""
        return bool(self._budgets)

    def record(self, settlements: Sequence[LlmSettlement], reservations: Sequence[LlmReservation]) -> list[Decision]:
        """See `spending.Ledger`. With a budget, no other process reserves meanwhile."""
        now = self._clock()
        with self._store.write(alone=_BUDGET_LOCK if self._budgets else "") as connection:
            _settle(connection, settlements, now)
            answers.save_answers(connection, self._model, _answers(settlements, Standard), now)
            answers.save_pair_answers(connection, self._model, _answers(settlements, PairAnswer), now)
            decisions = self._decisions(connection, reservations, now) if self._budgets else [Decision.GO] * len(reservations)
            granted = [one for one, decision in zip(reservations, decisions, strict=True) if decision is Decision.GO]
            if granted:
                connection.execute(_RESERVE, [self._reservation_row(one, now) for one in granted])
        return decisions

    def other_usage(self) -> OtherUsage:
        """Return what other drivers reserved in the last minute, and how much of it is on its way."""
        with self._store.read() as connection:
            row = connection.execute(_USED_BY_OTHERS, {"since": self._clock() - _MINUTE, "own": self._driver}).one()
        return OtherUsage(*map(int, row))

    def _reservation_row(self, reservation: LlmReservation, now: datetime) -> dict[str, Any]:
        return {
            "id": reservation.id,
            "task_id": reservation.task_id,
            "user_id": reservation.user_id,
            "driver": self._driver,
            "model": self._model,
            "prices": self._prices,
            "state": RequestState.RESERVED.value,
            "at": now,
            "tokens": reservation.tokens,
            "cost_usd": reservation.cost_usd,
        }

    def _decisions(self, connection: Connection, reservations: Sequence[LlmReservation], now: datetime) -> list[Decision]:
        if not reservations:
            return []
        _mark_unknown(connection, llm_requests.c.at < now - self._abandoned_after)
        day = _budget_use(connection, self._budgets.day_usd, llm_requests.c.at >= _midnight(now))
        tasks = {
            task_id: _budget_use(connection, self._budgets.task_usd, llm_requests.c.task_id == task_id)
            for task_id in {one.task_id for one in reservations}
        }
        return [_decide([budget for budget in (day, tasks[one.task_id]) if budget.limit], one.cost_usd) for one in reservations]


def use_of_task(store: Store, task_id: str) -> LlmUse:
    """Return a task's use of the LLM so far: all requests, and the rows, tokens and cost that are certain."""
    with store.read() as connection:
        return _use(connection, llm_requests.c.task_id == task_id)


def uncertain_cost_usd(store: Store, task_id: str) -> Decimal:
    """Return the most that was paid for a task's requests without an answer."""
    with store.read() as connection:
        is_uncertain = (llm_requests.c.task_id == task_id) & (llm_requests.c.state != RequestState.SETTLED.value)
        return connection.execute(select(func.sum(llm_requests.c.cost_usd)).where(is_uncertain)).scalar() or _NOTHING


def use_of_day(store: Store, now: datetime, user_id: int | None = None) -> LlmUse:
    """Return the use since midnight (UTC), of all users or of one."""
    condition = llm_requests.c.at >= _midnight(now)
    with store.read() as connection:
        return _use(connection, condition if user_id is None else condition & (llm_requests.c.user_id == user_id))


def use_of_model(store: Store, model: str) -> LlmUse:
    """Return the use of a model by all settled requests."""
    with store.read() as connection:
        return _use(connection, (llm_requests.c.model == model) & (llm_requests.c.state == RequestState.SETTLED.value))


def mark_abandoned(store: Store, task_id: str) -> None:
    """Mark a task's reservations as unknown when it starts again: an earlier owner made them and will not settle them."""
    with store.read() as connection:
        is_reserved = (llm_requests.c.task_id == task_id) & (llm_requests.c.state == RequestState.RESERVED.value)
        if connection.execute(select(llm_requests.c.id).where(is_reserved).limit(1)).first() is None:
            return
    with store.write() as connection:
        _mark_unknown(connection, llm_requests.c.task_id == task_id)


def _use(connection: Connection, condition: ColumnElement[bool]) -> LlmUse:
    requests, rows, prompt, cached, answer, cost = connection.execute(_USED.where(condition)).one()
    return LlmUse(int(requests), int(rows), int(prompt), int(cached), int(answer), cost or _NOTHING)


def _answers(settlements: Sequence[LlmSettlement], kind: type[T]) -> dict[str, T]:
    return {key: answer for settlement in settlements for key, answer in settlement.answers.items() if isinstance(answer, kind)}


def _settle(connection: Connection, settlements: Sequence[LlmSettlement], now: datetime) -> None:
    """Record ended requests. A certain one gets its own cost, an uncertain one keeps the reserved cost."""
    for is_certain, statement in ((True, _SETTLE), (False, _END)):
        values = [_settled(settlement, now) for settlement in settlements if settlement.is_certain is is_certain]
        if values:
            connection.execute(statement, values)


def _settled(settlement: LlmSettlement, now: datetime) -> dict[str, Any]:
    use = settlement.use
    cost = {"cost": use.cost_usd, "total_tokens": use.prompt_tokens + use.completion_tokens} if settlement.is_certain else {}
    return cost | {
        "request_id": settlement.id,
        "state": (RequestState.SETTLED if settlement.is_certain else RequestState.UNKNOWN).value,
        "ended_at": now,
        "rows": use.rows,
        "prompt_tokens": use.prompt_tokens,
        "cached_tokens": use.cached_tokens,
        "completion_tokens": use.completion_tokens,
        "error": settlement.error,
    }


def _mark_unknown(connection: Connection, condition: ColumnElement[bool]) -> None:
    is_reserved = llm_requests.c.state == RequestState.RESERVED.value
    connection.execute(update(llm_requests).where(is_reserved, condition).values(state=RequestState.UNKNOWN.value))


def _budget_use(connection: Connection, limit: Decimal, condition: ColumnElement[bool]) -> _BudgetUse:
    if not limit:
        return _BudgetUse(limit, _NOTHING, _NOTHING)
    by_state = select(llm_requests.c.state, func.sum(llm_requests.c.cost_usd)).where(condition).group_by(llm_requests.c.state)
    costs = {state: cost or _NOTHING for state, cost in connection.execute(by_state)}
    reserved = costs.pop(RequestState.RESERVED.value, _NOTHING)
    return _BudgetUse(limit, sum(costs.values(), _NOTHING), reserved)


def _decide(budgets: Sequence[_BudgetUse], cost: Decimal) -> Decision:
    """Return the strictest decision of the budgets, and reserve the cost in each when all let it go."""
    decisions = {budget.decide(cost) for budget in budgets}
    for decision in (Decision.SPENT, Decision.WAIT):
        if decision in decisions:
            return decision
    for budget in budgets:
        budget.reserved += cost
    return Decision.GO


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
