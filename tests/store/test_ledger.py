"""The ledger of LLM requests: exact sums, budgets that are never exceeded, and requests without an answer."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from lists import JUNE
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.jobs.llm import answers, ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger, RequestState
from monito_ray.records import LlmUse, Standard
from monito_ray.spending import Decision, LlmReservation, LlmSettlement, OtherUsage
from monito_ray.store.database import Store, new_id, open_store
from monito_ray.store.schema import llm_requests

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def task_id(store: Store, tmp_path: Path) -> str:
    """Give the id of a task in it."""
    return _task(store, tmp_path, "june.csv")


def _task(store: Store, folder: Path, name: str) -> str:
    path = folder / name
    path.write_text(JUNE + name, "utf-8")
    return submit_file(store, Artifacts(str(folder / "files"), 20.0), path, 7, {}, NOON)


def _ledger(store: Store, driver: str = "d", task_usd: str = "0", day_usd: str = "0", now: datetime = NOON) -> LlmLedger:
    return LlmLedger(store, driver, "gpt-6-luna", "0.10/0.01/0.50", Budgets(Decimal(task_usd), Decimal(day_usd)), lambda: now)


def _reservation(task_id: str, cost: str = "0.01") -> LlmReservation:
    return LlmReservation(new_id(), task_id, 7, 1000, Decimal(cost))


def test_an_answer_is_stored_with_the_settlement_of_its_request(store: Store, task_id: str):
    """Both or neither: when the settlement fails, the answer is not stored either; the first answer to a key stays."""
    book, reservation = _ledger(store), _reservation(task_id)
    book.record([], [reservation])
    first, later = Standard(standardized_name="Rice"), Standard(standardized_name="Bread")
    twice = LlmReservation(reservation.id, task_id, 7, 1, Decimal(0))
    with pytest.raises(IntegrityError):
        book.record([LlmSettlement(reservation.id, LlmUse(requests=1), is_certain=True, answers={"k": first})], [twice])
    assert (answers.find_answers(store, ["k"]), ledger.uncertain_cost_usd(store, task_id)) == ({}, Decimal("0.01"))
    book.record([LlmSettlement(reservation.id, LlmUse(requests=1), is_certain=True, answers={"k": first})], [])
    book.record([LlmSettlement(reservation.id, LlmUse(requests=1), is_certain=True, answers={"k": later})], [])
    assert answers.find_answers(store, ["k"])["k"].standardized_name == "Rice"


def test_settlements_add_up_to_the_last_digit(store: Store, task_id: str):
    """Sums of a task, a user and a day are exact, however small the parts."""
    book = _ledger(store)
    reservations = [_reservation(task_id) for _ in range(60)]
    assert book.record([], reservations) == [Decision.GO] * 60
    use = LlmUse(1, 40, 1000, 7, 13, Decimal("0.000000012345"))
    book.record([LlmSettlement(one.id, use, is_certain=True) for one in reservations], [])
    expected = (60, 2400, 60_000, 420, 780, Decimal("0.0000007407"))
    assert astuple(ledger.use_of_task(store, task_id)) == expected
    assert astuple(ledger.use_of_day(store, NOON, 7)) == astuple(ledger.use_of_day(store, NOON)) == expected
    assert ledger.use_of_day(store, NOON, 8) == ledger.use_of_day(store, NOON + timedelta(days=1)) == LlmUse()


def test_a_reservation_without_an_answer_stays_and_is_marked(store: Store, task_id: str):
    """It counts as a request and against the budget, not as certain use; a late answer settles it after all."""
    book = _ledger(store, task_usd="0.02")
    lost, failed = _reservation(task_id), _reservation(task_id)
    book.record([], [lost, failed])
    book.record(
        [
            LlmSettlement(lost.id, LlmUse(requests=1), is_certain=False, error="LlmUnavailable"),
            LlmSettlement(failed.id, LlmUse(requests=1), is_certain=True),
        ],
        [],
    )
    with store.read() as connection:
        rows = connection.execute(
            select(llm_requests.c.state, llm_requests.c.cost_usd, llm_requests.c.error).order_by(llm_requests.c.state)
        ).all()
    assert rows == [(RequestState.SETTLED, Decimal(0), ""), (RequestState.UNKNOWN, Decimal("0.01"), "LlmUnavailable")]
    assert ledger.use_of_task(store, task_id) == LlmUse(requests=2)
    assert ledger.uncertain_cost_usd(store, task_id) == Decimal("0.01")
    assert book.record([], [_reservation(task_id, "0.011")]) == [Decision.SPENT]
    book.record([LlmSettlement(lost.id, LlmUse(1, 1, 10, 0, 1, Decimal("0.001")), is_certain=True)], [])
    assert book.record([], [_reservation(task_id, "0.019")]) == [Decision.GO]


def test_reservations_of_a_dead_driver_become_unknown_when_its_task_restarts(store: Store, task_id: str):
    """Nothing is deleted, and requests of other tasks are left alone."""
    book = _ledger(store)
    book.record([], [_reservation(task_id)])
    ledger.mark_abandoned(store, "other")
    assert ledger.uncertain_cost_usd(store, task_id) == Decimal("0.01")
    ledger.mark_abandoned(store, task_id)
    with store.read() as connection:
        assert connection.execute(select(llm_requests.c.state)).scalars().all() == [RequestState.UNKNOWN]


def test_a_request_waits_while_the_budget_is_reserved_and_ends_when_it_is_spent(store: Store, task_id: str):
    """A reservation may cost less in the end, a settlement is final; a refusal reserves nothing."""
    book = _ledger(store, task_usd="0.02")
    first, second = _reservation(task_id), _reservation(task_id)
    assert book.record([], [first, second, _reservation(task_id)]) == [Decision.GO, Decision.GO, Decision.WAIT]
    cheap = LlmUse(1, 1, 10, 0, 1, Decimal("0.004"))
    assert book.record([LlmSettlement(first.id, cheap, is_certain=True)], [_reservation(task_id)]) == [Decision.WAIT]
    assert book.record([LlmSettlement(second.id, cheap, is_certain=True)], [third := _reservation(task_id)]) == [Decision.GO]
    assert book.record([LlmSettlement(third.id, LlmUse(1, 1, 9, 0, 9, Decimal("0.01")), is_certain=True)], [_reservation(task_id)]) == [
        Decision.SPENT
    ]


def test_a_day_has_a_budget_of_its_own(store: Store, task_id: str, tmp_path: Path):
    """Other tasks of the day count, yesterday's do not; reservations of a dead driver are counted as spent after a while."""
    other = _task(store, tmp_path, "july.csv")
    _ledger(store, now=NOON - timedelta(days=1)).record([], [_reservation(other, "0.03")])
    assert _ledger(store, "dead", day_usd="0.03").record([], [_reservation(other, "0.02")]) == [Decision.GO]
    assert _ledger(store, day_usd="0.03").record([], [_reservation(task_id, "0.02")]) == [Decision.WAIT]
    assert _ledger(store, day_usd="0.03", now=NOON + timedelta(hours=1)).record([], [_reservation(task_id, "0.02")]) == [Decision.SPENT]
    assert _ledger(store, day_usd="0.03", now=NOON + timedelta(hours=1)).record([], [_reservation(task_id)]) == [Decision.GO]


def test_other_drivers_are_seen(store: Store, task_id: str):
    """Their use of the last minute is returned, and what of it is on its way, not one's own."""
    mine, theirs = _ledger(store, "mine"), _ledger(store, "theirs")
    assert mine.other_usage() == OtherUsage()
    ended = _reservation(task_id)
    theirs.record([], [_reservation(task_id), _reservation(task_id), ended])
    theirs.record([LlmSettlement(ended.id, LlmUse(1, 1, 900, 0, 100), is_certain=True)], [])
    assert (mine.other_usage(), theirs.other_usage()) == (OtherUsage(1, 3, 3000, 2), OtherUsage())
    assert _ledger(store, "mine", now=NOON + timedelta(minutes=2)).other_usage() == OtherUsage()


CALLERS = 32


@pytest.mark.parametrize("seed", range(2))
def test_callers_side_by_side_never_pass_the_budget(store: Store, task_id: str, seed: int):
    """Thirty-two callers of two drivers with random costs and random lost answers never pay more than the budget."""
    chance, lock = Random(seed), threading.Lock()  # noqa: S311
    budget = Decimal(chance.randint(1, 60)) / 100
    books = [_ledger(store, driver, task_usd=str(budget)) for driver in ("one", "two")]
    paid = [Decimal(0)]

    def call(number: int) -> None:
        book = books[number % 2]
        for _ in range(2):
            reservation = _reservation(task_id, str(Decimal(chance.randint(1, 400)) / 10_000))
            if book.record([], [reservation]) == [Decision.GO]:
                cost = reservation.cost_usd * chance.randint(0, 4) / 4
                with lock:
                    paid[0] += cost
                is_certain = chance.random() < 0.8
                book.record([LlmSettlement(reservation.id, LlmUse(1, 1, 1, 0, 1, cost), is_certain=is_certain)], [])

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(call, range(CALLERS)))
    assert paid[0] <= budget
    assert paid[0] <= ledger.use_of_task(store, task_id).cost_usd + ledger.uncertain_cost_usd(store, task_id) <= budget
