"""Every request to the LLM, written down before it leaves and again when it ended: what it took, what it cost, whether that is certain.

A request is reserved at what it may cost; the answer settles it. Where no answer came it may have been paid for all the same, so the
reservation stays and is marked unknown. What an answer says is kept in the transaction that settles its request, so at any instant a
request is either reserved or its answer is here. Days are those of UTC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, insert, select, update

from monito_ray.jobs.llm import answers
from monito_ray.records import LlmUse, Standard
from monito_ray.spending import Decision, LlmReservation, LlmSettlement, OtherUsage
from monito_ray.store.database import Store
from monito_ray.store.schema import llm_requests

_TURN = "llm_requests"
_MINUTE = timedelta(minutes=1)
# Nobody waits so long for an answer: who reserved it is dead.
_ABANDONED_AFTER = timedelta(minutes=15)
_NOTHING = Decimal(0)


class RequestState(StrEnum):
    """How certain it is what a request took."""

    RESERVED = "reserved"
    SETTLED = "settled"
    UNKNOWN = "unknown"


# Statements are made once: building one takes longer than running it.
_RESERVE = insert(llm_requests)
_MARK = update(llm_requests).where(llm_requests.c.id == bindparam("which"))
_SETTLE = _MARK.values(cost_usd=bindparam("cost"), tokens=bindparam("took"))
_SUMMED = ("rows", "prompt_tokens", "cached_tokens", "completion_tokens")
_USED = select(
    func.count(),
    *(func.coalesce(func.sum(llm_requests.c[name]), 0) for name in _SUMMED),
    func.sum(case((llm_requests.c.state == RequestState.SETTLED.value, llm_requests.c.cost_usd), else_=_NOTHING)),
)


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that a task, and a day, may cost; 0 = no end."""

    task_usd: Decimal = _NOTHING
    day_usd: Decimal = _NOTHING

    def __bool__(self) -> bool:
        return bool(self.task_usd or self.day_usd)


@dataclass(slots=True)
class _Purse:
    """What is spent for good, and what is held for requests on their way."""

    limit: Decimal
    spent: Decimal
    held: Decimal

    def decide(self, cost: Decimal) -> Decision:
        if self.spent + cost > self.limit:
            return Decision.SPENT
        return Decision.WAIT if self.spent + self.held + cost > self.limit else Decision.GO


class LlmLedger:
    """The ledger as one driver writes it.

    Args:
        store: where it lies.
        driver: who writes.
        model: which model is asked.
        prices: at what prices, for who reads the ledger later.
        budgets: what may be spent.
        clock: the time.
    """

    def __init__(self, store: Store, driver: str, model: str, prices: str, budgets: Budgets, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._driver = driver
        self._model = model
        self._prices = prices
        self._budgets = budgets
        self._clock = clock

    @property
    def is_capped(self) -> bool:
        """Whether there is a budget to keep."""
        return bool(self._budgets)

    def record(self, settlements: Sequence[LlmSettlement], reservations: Sequence[LlmReservation]) -> list[Decision]:
        """See `spending.Ledger`; nobody else reserves meanwhile, in whatever process."""
        now = self._clock()
        with self._store.write(alone=_TURN if self._budgets else "") as connection:
            _settle(connection, settlements, now)
            answers.save_answers(connection, self._model, _answers(settlements), now)
            decisions = self._decisions(connection, reservations, now) if self._budgets else [Decision.GO] * len(reservations)
            going = [one for one, decision in zip(reservations, decisions, strict=True) if decision is Decision.GO]
            if going:
                connection.execute(_RESERVE, [self._reserved(one, now) for one in going])
        return decisions

    def other_usage(self) -> OtherUsage:
        """Return what other drivers reserved in the last minute."""
        since = self._clock() - _MINUTE
        tokens = func.coalesce(func.sum(llm_requests.c.tokens), 0)
        usage = select(func.count(llm_requests.c.driver.distinct()), func.count(), tokens)
        with self._store.read() as connection:
            row = connection.execute(usage.where(llm_requests.c.at > since, llm_requests.c.driver != self._driver)).one()
        return OtherUsage(*map(int, row))

    def _reserved(self, reservation: LlmReservation, now: datetime) -> dict[str, Any]:
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
        _abandon(connection, llm_requests.c.at < now - _ABANDONED_AFTER)
        day = self._purse(connection, self._budgets.day_usd, llm_requests.c.at >= _midnight(now))
        tasks = {
            task_id: self._purse(connection, self._budgets.task_usd, llm_requests.c.task_id == task_id)
            for task_id in {one.task_id for one in reservations}
        }
        return [_decide([purse for purse in (day, tasks[one.task_id]) if purse.limit], one.cost_usd) for one in reservations]

    def _purse(self, connection: Connection, limit: Decimal, which: ColumnElement[bool]) -> _Purse:
        if not limit:
            return _Purse(limit, _NOTHING, _NOTHING)
        of_state = select(llm_requests.c.state, func.sum(llm_requests.c.cost_usd)).where(which).group_by(llm_requests.c.state)
        sums = {state: cost or _NOTHING for state, cost in connection.execute(of_state)}
        held = sums.pop(RequestState.RESERVED.value, _NOTHING)
        return _Purse(limit, sum(sums.values(), _NOTHING), held)


def use_of_task(store: Store, task_id: str) -> LlmUse:
    """What the task has asked of the LLM so far, as far as it is certain; every request counts as one."""
    with store.read() as connection:
        return _use(connection, llm_requests.c.task_id == task_id)


def uncertain_cost_usd(store: Store, task_id: str) -> Decimal:
    """What at most was paid for requests of the task whose answer never came."""
    with store.read() as connection:
        which = (llm_requests.c.task_id == task_id) & (llm_requests.c.state != RequestState.SETTLED.value)
        return connection.execute(select(func.sum(llm_requests.c.cost_usd)).where(which)).scalar() or _NOTHING


def use_of_day(store: Store, now: datetime, user_id: int | None = None) -> LlmUse:
    """What was asked since midnight (UTC), by everybody or by one user."""
    which = llm_requests.c.at >= _midnight(now)
    with store.read() as connection:
        return _use(connection, which if user_id is None else which & (llm_requests.c.user_id == user_id))


def use_of_model(store: Store, model: str) -> LlmUse:
    """What was ever asked of a model, as far as it is certain."""
    with store.read() as connection:
        return _use(connection, (llm_requests.c.model == model) & (llm_requests.c.state == RequestState.SETTLED.value))


def mark_abandoned(store: Store, task_id: str) -> None:
    """The task begins anew: what an earlier holder reserved for it and never settled is unknown from now on."""
    with store.read() as connection:
        which = (llm_requests.c.task_id == task_id) & (llm_requests.c.state == RequestState.RESERVED.value)
        if connection.execute(select(llm_requests.c.id).where(which).limit(1)).first() is None:
            return
    with store.write() as connection:
        _abandon(connection, llm_requests.c.task_id == task_id)


def _use(connection: Connection, which: ColumnElement[bool]) -> LlmUse:
    requests, rows, prompt, cached, answer, cost = connection.execute(_USED.where(which)).one()
    return LlmUse(int(requests), int(rows), int(prompt), int(cached), int(answer), cost or _NOTHING)


def _answers(settlements: Sequence[LlmSettlement]) -> dict[str, Standard]:
    return {key: standard for settlement in settlements for key, standard in settlement.answers.items()}


def _settle(connection: Connection, settlements: Sequence[LlmSettlement], now: datetime) -> None:
    """Record requests that ended: one that is certain costs what it cost, another what was reserved."""
    for is_certain, change in ((True, _SETTLE), (False, _MARK)):
        values = [_settled(settlement, now) for settlement in settlements if settlement.is_certain is is_certain]
        if values:
            connection.execute(change, values)


def _settled(settlement: LlmSettlement, now: datetime) -> dict[str, Any]:
    use = settlement.use
    cost = {"cost": use.cost_usd, "took": use.prompt_tokens + use.completion_tokens} if settlement.is_certain else {}
    return cost | {
        "which": settlement.id,
        "state": (RequestState.SETTLED if settlement.is_certain else RequestState.UNKNOWN).value,
        "ended_at": now,
        "rows": use.rows,
        "prompt_tokens": use.prompt_tokens,
        "cached_tokens": use.cached_tokens,
        "completion_tokens": use.completion_tokens,
        "error": settlement.error,
    }


def _abandon(connection: Connection, which: ColumnElement[bool]) -> None:
    reserved = llm_requests.c.state == RequestState.RESERVED.value
    connection.execute(update(llm_requests).where(reserved, which).values(state=RequestState.UNKNOWN.value))


def _decide(purses: Sequence[_Purse], cost: Decimal) -> Decision:
    decisions = {purse.decide(cost) for purse in purses}
    for decision in (Decision.SPENT, Decision.WAIT):
        if decision in decisions:
            return decision
    for purse in purses:
        purse.held += cost
    return Decision.GO


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
