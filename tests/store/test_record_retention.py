"""Records that are old enough are removed, and what is still needed of them stays, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rows import RICE
from sqlalchemy import Table, func, insert, select

from monito_ray.catalog.lists.replay import replay
from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import snapshot
from monito_ray.catalog.prices.history_retention import LEAST_PRICES, remove_old_history
from monito_ray.jobs import queue
from monito_ray.jobs.retention.record_retention import remove_old_answers, remove_old_events, remove_old_requests
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.store import pruning
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import answers, llm_requests, open_pairs, pair_answers, price_changes, price_history, task_events

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = MONDAY + 100 * DAY
AGE = 30 * DAY


def _submit(store: Store, task_id: str, status: Status, at: datetime = MONDAY) -> None:
    queue.submit(store, Task(id=task_id, status=status, created_at=at, updated_at=at, not_before=at))


def _count(store: Store, table: Table) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _insert(store: Store, table: Table, *rows: dict[str, Any]) -> None:
    with store.write() as connection:
        connection.execute(insert(table), list(rows))


def test_events_of_ended_tasks_go_but_the_newest_of_all(url: str):
    """Open tasks keep theirs; the number of a later event is never one that was given before."""
    with open_store(url) as store:
        _submit(store, "ended", Status.SUCCESS)
        _submit(store, "open", Status.PENDING)
        for at in (MONDAY, NOW - DAY):
            queue.record_event(store, "ended", "task.succeeded", {}, at)
        newest = queue.newest_event(store)
        assert remove_old_events(store, AGE, NOW) == 2
        assert [name for _, name, _ in queue.events_of(store, "ended")] == ["task.succeeded"]
        assert len(queue.events_of(store, "open")) == 1
        assert remove_old_events(store, timedelta(0), NOW + DAY) == 0
        queue.record_event(store, "ended", "task.later", {}, NOW)
        assert queue.newest_event(store) > newest


def test_the_ledger_keeps_what_an_open_task_spent(url: str):
    """Its budget is counted from there."""
    request = {"user_id": 7, "driver": "d", "model": "m", "prices": "", "state": "settled", "tokens": 5, "cost_usd": Decimal("0.5")}
    with open_store(url) as store:
        _submit(store, "ended", Status.FAILURE)
        _submit(store, "open", Status.RETRY)
        rows = [{"id": f"{task}{age}", "task_id": task, "at": NOW - age * DAY, **request} for task in ("ended", "open") for age in (1, 60)]
        _insert(store, llm_requests, *rows)
        assert remove_old_requests(store, AGE, NOW) == 1
        assert _count(store, llm_requests) == 3


def test_answers_stay_for_tasks_that_have_not_ended_and_for_open_pairs(url: str):
    """An attempt that was broken off looks for its own answers; a pair that is open shows what was said of it."""
    with open_store(url) as store:
        _insert(store, answers, *({"key": f"a{age}", "standard": {}, "model": "m", "created_at": NOW - age * DAY} for age in (1, 50, 90)))
        said = [{"key": key, "same": "yes", "telling": "", "model": "m", "created_at": NOW - 90 * DAY} for key in ("asked", "settled")]
        _insert(store, pair_answers, *said)
        _submit(store, "open", Status.PENDING, NOW - 60 * DAY)
        at = NOW - 90 * DAY
        _submit(store, "list", Status.SUCCESS, at)
        write_list(store, "list", [RICE, replace(RICE, original_name="Beras Wangi", standardized_name="Fragrant Rice", source_row=9)], at)
        one, other = sorted(offer.offer_id for offer in snapshot(store).offers)
        _insert(store, open_pairs, {"offer_id": one, "other_id": other, "chance": 0.5, "answer_key": "asked"})
        assert remove_old_answers(store, AGE, NOW) == 2
        with store.read() as connection:
            assert set(connection.execute(select(answers.c.key)).scalars()) == {"a1", "a50"}
            assert set(connection.execute(select(pair_answers.c.key)).scalars()) == {"asked"}


def test_old_prices_and_changes_go_but_the_last_of_each(url: str):
    """Of each offer the newest prices stay, of each supplier the changes of its newest list; the lists themselves stay, and what they make."""
    with open_store(url) as store:
        for week in range(6):
            at = MONDAY + week * 7 * DAY
            _submit(store, f"t{week}", Status.SUCCESS, at)
            write_list(store, f"t{week}", [replace(RICE, price=Decimal(10_000 + 1_000 * week), list_date=at.date())], at)
        before = snapshot(store).offers
        assert (_count(store, price_history), _count(store, price_changes)) == (6, 5)
        assert remove_old_history(store, AGE, NOW) == (6 - LEAST_PRICES) + 4
        assert (_count(store, price_history), _count(store, price_changes)) == (LEAST_PRICES, 1)
        assert snapshot(store).offers == before
        with store.write() as connection:
            replay(connection, [RICE.supplier])
        assert snapshot(store).offers == before
        assert remove_old_history(store, AGE, NOW) == (6 - LEAST_PRICES) + 4


def test_many_rows_go_in_slices(url: str):
    """No transaction removes more than a slice, and no call more than it may: the next goes on."""
    with open_store(url) as store:
        rows = [{"key": f"k{number}", "standard": {}, "model": "m", "created_at": MONDAY} for number in range(2 * pruning.SLICE_ROWS + 5)]
        _insert(store, answers, *rows)
        is_old = answers.c.created_at < NOW
        assert pruning.prune(store, answers, is_old, most_rows=pruning.SLICE_ROWS + 5) == pruning.SLICE_ROWS + 5
        assert _count(store, answers) == pruning.SLICE_ROWS
        assert pruning.prune(store, answers, is_old) == pruning.SLICE_ROWS
        assert _count(store, answers) == 0
        assert _count(store, task_events) == 0
