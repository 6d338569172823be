"""Three months of six suppliers' lists: each change is told once and nothing else, on SQLite and on PostgreSQL."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from three_months import TODAY, Expected, SentList, three_months

from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import snapshot
from monito_ray.catalog.prices.change_log import LoggedChange, changes_since
from monito_ray.catalog.prices.list_ages import list_ages
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.prices.price_history import histories
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DIARIES = three_months()
SENT = sorted((sent for diary in DIARIES for sent in diary.lists), key=lambda sent: (sent.came_at, sent.task_id))
EXPECTED = Counter(expected for diary in DIARIES for expected in diary.expected)
NUMBERS = {(diary.supplier, row.original_name): row.sku for diary in DIARIES for row in diary.every_row}


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an empty store."""
    opened = open_store(url)
    yield opened
    opened.close()


def _receive(store: Store, lists: Iterable[SentList]) -> None:
    for sent in lists:
        queue.submit(store, Task(id=sent.task_id, created_at=sent.came_at, updated_at=sent.came_at, not_before=sent.came_at))
        write_list(store, sent.task_id, sent.rows, sent.came_at)


def _in_brief(change: LoggedChange) -> Expected:
    sku = NUMBERS[change.supplier, change.original_name]
    return Expected(change.supplier, change.kind, sku, change.task_id, change.price_before, change.price)


def test_each_change_is_told_once_and_nothing_else(store: Store):
    """Prices, packs, articles that come, go and come back are told with the list that shows them; words, repeats and late lists are not."""
    _receive(store, SENT)
    told = Counter(map(_in_brief, changes_since(store, LONG_AGO)))
    assert sorted((told - EXPECTED).elements()) == []
    assert sorted((EXPECTED - told).elements()) == []
    assert len(EXPECTED) == EXPECTED.total() > 25


@pytest.mark.parametrize("seed", range(2))
def test_the_order_in_which_lists_come_does_not_matter(store: Store, seed: int):
    """Lists that come in any order tell the same changes in the end, since each is compared with the one that is before it by date."""
    shuffled = SENT.copy()
    random.Random(seed).shuffle(shuffled)  # noqa: S311  the same order each time
    _receive(store, shuffled)
    assert Counter(map(_in_brief, changes_since(store, LONG_AGO))) == EXPECTED


def test_what_is_read_beside_the_changes(store: Store):
    """A change has the dates of both lists and both packs; a list is stale by its own date; an offer's history has each price once."""
    _receive(store, SENT)
    (marie,) = (change for change in changes_since(store, LONG_AGO, "gudang", [ChangeKind.SMALLER_PACK]) if change.brand == "Marlina")
    assert (marie.list_date_before, marie.list_date, marie.pack_before, marie.pack) == (
        date(2026, 4, 1),
        date(2026, 5, 1),
        "300 g",
        "270 g",
    )
    assert (marie.relative_change, round(marie.relative_base_change or 0, 3)) == (0, 0.111)
    ages = list_ages(store, TODAY)
    assert [(age.supplier, age.text) for age in ages if age.is_stale] == [("Impor Kencana", "list of 3 Jul 2023, 2 years old")]
    assert {age.supplier: age.interval for age in ages}["Kebun Arwana"] == timedelta(days=7)
    (chili,) = (offer for offer in snapshot(store).offers if offer.row.original_name.startswith("Cabai rawit"))
    with store.read() as connection:
        points = histories(connection, [chili.offer_id])[chili.offer_id]
    assert [(point.listed_on.isoformat(), point.price) for point in points] == [
        ("2026-03-30", 65_000), ("2026-04-06", 78_000), ("2026-04-20", 92_000), ("2026-04-27", 70_000),
    ]  # fmt: skip


def test_a_misprint_is_suspected_until_it_is_put_right(store: Store):
    """A price of ten times the last one is suspected while it stands, and not the right one that follows it."""
    until = next(sent.came_at for sent in SENT if sent.task_id == "tirt03")
    _receive(store, [sent for sent in SENT if sent.came_at < until])
    assert {(offer.row.sku, offer.suspicion) for offer in snapshot(store).offers if offer.suspicion} == {
        ("d2", "10 times its last price: 39,000 → 390,000")
    }
    _receive(store, [sent for sent in SENT if sent.came_at >= until])
    assert [offer.suspicion for offer in snapshot(store).offers if offer.suspicion] == []
