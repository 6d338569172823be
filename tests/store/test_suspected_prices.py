"""What the result of a list says of its prices that may be wrong, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from rows import RICE

from monito_ray.catalog.lists.correcting import confirm_prices
from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import snapshot
from monito_ray.catalog.prices.suspected_prices import MOST_NAMED, SuspectedPrices, suspected_prices
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, open_store

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
NUMBERS = range(1, MOST_NAMED + 3)


def _row(number: int, price: str) -> ProductRow:
    name = f"{RICE.original_name} {number}"
    return replace(RICE, original_name=name, standardized_name=name, sku=f"A{number}", source_row=number, price=Decimal(price))


def _suspected(store: Store, week: int, prices: list[str]) -> SuspectedPrices:
    at = MONDAY + timedelta(weeks=week)
    queue.submit(store, Task(id=f"t{week}", created_at=at, updated_at=at, not_before=at))
    rows = [replace(_row(number, price), list_date=at.date()) for number, price in zip(NUMBERS, prices, strict=True)]
    write_list(store, f"t{week}", [*rows[:1], replace(rows[1], doubt="its name is too long to be one"), *rows[2:]], at)
    return suspected_prices(store, RICE.supplier, f"t{week}")


def test_a_list_says_which_of_its_prices_may_be_wrong(url: str):
    """The first are named with their reasons, all are counted, those that are in doubt anyway apart; one that a person believes is none."""
    with open_store(url) as store:
        assert _suspected(store, 0, ["38000"] * len(NUMBERS)) == SuspectedPrices(0, 0, ())
        jumped = _suspected(store, 1, ["380000"] * len(NUMBERS))
        assert (jumped.count, jumped.otherwise_clear) == (len(NUMBERS), len(NUMBERS) - 1)
        assert jumped.named[0] == (f"{RICE.original_name} 1", "10 times its last price: 38,000 → 380,000")
        assert jumped.as_result()["suspected_prices"][0] == {"name": jumped.named[0][0], "why": jumped.named[0][1]}
        assert [name for name, _ in jumped.named] == [f"{RICE.original_name} {number}" for number in NUMBERS[:MOST_NAMED]]
        confirm_prices(store, [offer.row for offer in snapshot(store).offers], MONDAY + timedelta(weeks=2))
        assert suspected_prices(store, RICE.supplier, "t1") == SuspectedPrices(0, 0, ())
