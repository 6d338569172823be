"""Lists written to the catalogue: what changes, and that writing twice is harmless."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE
from sqlalchemy import Connection, select

from monito_ray.catalog import offers
from monito_ray.catalog.changes import CatalogChanges
from monito_ray.errors import LeaseLost
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import price_history

NOW = datetime(2024, 7, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store with three tasks."""
    opened = open_store(url)
    for task_id in ("t1", "t2", "t3"):
        queue.submit(opened, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    yield opened
    opened.close()


def test_a_list_comes_back_as_it_was_written(store: Store):
    """Every field of every row survives, also of rows that are not the cheapest."""
    dearer = replace(RICE, price=Decimal(80000), min_quantity=Decimal("2.5"), source_row=11)
    assert offers.upsert(store, "t1", [RICE, OIL, dearer], NOW) == CatalogChanges(2, 0)
    catalogue = offers.snapshot(store)
    assert [(offer.row, offer.others, offer.updated) for offer in catalogue.offers] == [(RICE, (dearer,), NOW), (OIL, (), NOW)]
    assert [(product.name, product.size, product.first_added) for product in catalogue.products] == [("Oil", 1, NOW), ("Rice", 5, NOW)]
    assert {offer.product_id for offer in catalogue.offers} == {product.product_id for product in catalogue.products}


def test_writing_a_task_twice_changes_nothing(store: Store):
    """The second call returns the same and changes no table, also after the next list."""
    first = offers.upsert(store, "t1", [RICE, OIL], NOW)
    before = offers.snapshot(store)
    assert offers.upsert(store, "t1", [RICE, OIL], LATER) == first == offers.written_changes(store, "t1")
    assert offers.snapshot(store) == before
    offers.upsert(store, "t2", [replace(RICE, price=Decimal(1))], LATER)
    after = offers.snapshot(store)
    assert offers.upsert(store, "t1", [RICE, OIL], LATER) == first
    assert offers.snapshot(store) == after


def test_the_next_list_changes_prices_and_keeps_ids(store: Store):
    """Existing products keep their ids; changed prices are counted and go into the history; equal ones do not."""
    offers.upsert(store, "t1", [RICE, OIL], NOW)
    ids = {product.name: product.product_id for product in offers.snapshot(store).products}
    dearer, salt = replace(RICE, price=Decimal(76000)), replace(OIL, standardized_name="Salt")
    assert offers.upsert(store, "t2", [dearer, OIL, salt], LATER) == CatalogChanges(1, 1)
    catalogue = offers.snapshot(store)
    assert {product.name: product.product_id for product in catalogue.products}.items() >= ids.items()
    assert {(offer.row.standardized_name, offer.price) for offer in catalogue.offers} == {
        ("Rice", Decimal(76000)),
        ("Oil", RICE.price),
        ("Salt", RICE.price),
    }
    with store.read() as connection:
        history = connection.execute(select(price_history.c.task_id, price_history.c.price, price_history.c.list_date)).all()
    assert sorted(map(tuple, history)) == [
        ("t1", RICE.price, date(2024, 6, 1)),
        ("t1", RICE.price, date(2024, 6, 1)),
        ("t2", RICE.price, date(2024, 6, 1)),
        ("t2", Decimal(76000), date(2024, 6, 1)),
    ]


def test_suppliers_and_currencies_have_offers_of_their_own(store: Store):
    """One product has an offer for each supplier and currency."""
    rows = [RICE, replace(RICE, currency="USD", price=Decimal(5)), replace(RICE, supplier="Toko B")]
    assert offers.upsert(store, "t1", rows, NOW) == CatalogChanges(1, 0)
    catalogue = offers.snapshot(store)
    assert [(offer.supplier, offer.currency) for offer in catalogue.offers] == [("Toko A", "IDR"), ("Toko A", "USD"), ("Toko B", "IDR")]


def test_a_category_is_filled_in_and_not_overwritten(store: Store):
    """A later list may add the category of a product, not change it."""
    for task_id, category in (("t1", ""), ("t2", "Grains"), ("t3", "Drinks")):
        offers.upsert(store, task_id, [replace(RICE, category=category)], NOW)
    (product,) = offers.snapshot(store).products
    assert product.category == "Grains"


def test_a_write_that_fails_leaves_nothing(store: Store):
    """When the last statement of the transaction fails, no product is left behind."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        offers.upsert(store, "no-such-task", [RICE], NOW)
    assert offers.snapshot(store) == offers.Snapshot((), ())


def test_an_interrupted_long_list_continues_with_the_next_slice(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Each slice is written once; the counts are those of one run; the list counts as written when its last slice is."""
    monkeypatch.setattr(offers, "SLICE_ROWS", 10)
    rows = [replace(RICE, standardized_name=f"Rice {number}", source_row=number) for number in range(35)]
    calls = itertools.count()

    def confirm(_connection: Connection) -> None:
        if next(calls) == 2:
            raise LeaseLost("somebody else has it")

    with pytest.raises(LeaseLost):
        offers.upsert(store, "t1", rows, NOW, confirm)
    assert (len(offers.snapshot(store).offers), offers.written_changes(store, "t1")) == (20, None)
    assert offers.upsert(store, "t1", rows, NOW) == CatalogChanges(35, 0)
    assert (len(offers.snapshot(store).offers), offers.written_changes(store, "t1")) == (35, CatalogChanges(35, 0))
    assert offers.upsert(store, "t1", rows, NOW) == CatalogChanges(35, 0)


def test_the_frame_has_a_row_for_each_offer(store: Store):
    """The export names product and supplier of each row, and an empty catalogue has the same columns."""
    empty = offers.frame(store)
    offers.upsert(store, "t1", [RICE, OIL, replace(RICE, supplier="Toko B")], NOW)
    frame = offers.frame(store)
    assert list(frame.columns) == ["product_id", *ProductRow.__slots__, "updated"] == list(empty.columns)
    assert sorted(zip(frame["standardized_name"], frame["supplier"], strict=True)) == [
        ("Oil", "Toko A"),
        ("Rice", "Toko A"),
        ("Rice", "Toko B"),
    ]


def test_an_older_list_changes_no_price_of_today(store: Store):
    """Last month's list, read after this month's, leaves the newer prices alone; lists without a date count as of today."""
    july = replace(RICE, price=Decimal(80000), list_date=date(2024, 7, 1))
    offers.upsert(store, "t1", [july], NOW)
    assert offers.upsert(store, "t2", [RICE], LATER) == CatalogChanges(0, 0)
    assert offers.snapshot(store).offers[0].price == Decimal(80000)
    assert offers.upsert(store, "t3", [replace(RICE, list_date=None)], LATER) == CatalogChanges(0, 1)
