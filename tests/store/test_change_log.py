"""The changes of all lists, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE
from sqlalchemy import insert

from monito_ray.catalog.prices.change_log import LoggedChange, changes_since, delete_changes_of, write_changes
from monito_ray.catalog.prices.list_changes import ChangeKind, ListChange, ListedArticle
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import supplier_names

MONDAY = datetime(2026, 7, 6, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
DEARER_RICE = replace(RICE, price=Decimal(90_000), base_price=Decimal(18_000), list_date=date(2024, 7, 1))
SMALLER_OIL = replace(OIL, size=Decimal("0.9"), price=Decimal(76_000), base_price=Decimal("84444.44"))
BIG_OIL = replace(OIL, base_price=Decimal("75000.5"), base_unit="l")


def _change(kind: ChangeKind, before: object, after: object) -> ListChange:
    old, new = (None if row is None else ListedArticle(name, row) for name, row in (("old", before), ("new", after)))  # type: ignore[arg-type]
    return ListChange(kind, old, new)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a log of two lists of one supplier and one of another."""
    opened = open_store(url)
    for number in range(3):
        queue.submit(opened, Task(id=f"t{number}", created_at=MONDAY, updated_at=MONDAY, not_before=MONDAY))
    smaller = _change(ChangeKind.SMALLER_PACK, BIG_OIL, replace(SMALLER_OIL, base_unit="l"))
    up = _change(ChangeKind.UP, RICE, DEARER_RICE)
    new, gone = _change(ChangeKind.NEW, None, OIL), _change(ChangeKind.GONE, OIL, None)
    with opened.write() as connection:
        for name in ("Toko A", "Ünal"):
            connection.execute(insert(supplier_names), {"name": name, "supplier": name, "added_at": MONDAY})
        write_changes(connection, "Toko A", "t0", [new, smaller, up], MONDAY, date(2024, 7, 1))
        write_changes(connection, "Toko A", "t1", [gone], TUESDAY, None)
        write_changes(connection, "Ünal", "t2", [up], TUESDAY, None)
        write_changes(connection, "Ünal", "t2", [], TUESDAY, None)
    yield opened
    opened.close()


def _brief(changes: list[LoggedChange]) -> list[tuple[str, str, str]]:
    return [(change.supplier, change.kind.value, change.name) for change in changes]


def test_the_newest_list_comes_first_and_in_it_the_greatest_change(store: Store):
    """Changes are ordered by list, then by how much price or base price changed; what has no such number comes last."""
    assert _brief(changes_since(store, MONDAY)) == [
        ("Ünal", "up", "Rice"),
        ("Toko A", "gone", "Oil"),
        ("Toko A", "up", "Rice"),
        ("Toko A", "smaller_pack", "Oil"),
        ("Toko A", "new", "Oil"),
    ]
    assert _brief(changes_since(store, MONDAY, most=1)) == [("Ünal", "up", "Rice")]


def test_changes_are_selected_by_time_supplier_and_kind(store: Store):
    """Older lists, other suppliers and other kinds are left out; part of a supplier's name is enough, in any case."""
    assert len(changes_since(store, TUESDAY)) == 2
    assert _brief(changes_since(store, MONDAY, "üNA")) == [("Ünal", "up", "Rice")]
    assert changes_since(store, MONDAY, "nobody") == []
    assert [change.kind for change in changes_since(store, MONDAY, kinds=[ChangeKind.NEW, ChangeKind.GONE])] == ["gone", "new"]


def test_a_change_says_prices_packs_and_dates(store: Store):
    """A change of a price has both prices, what it rose by, and the dates of both lists."""
    up = changes_since(store, MONDAY, "toko", kinds=[ChangeKind.UP])[0]
    assert (up.offer_id, up.label, up.price_before, up.price, up.currency) == (
        "new",
        "Rice, Sawah, 5 kg",
        Decimal("75000.5"),
        90_000,
        "IDR",
    )
    assert up.relative_change == pytest.approx(0.19999, abs=1e-5)
    assert (up.list_date_before, up.list_date, up.listed_on, up.at) == (date(2024, 6, 1), date(2024, 7, 1), date(2024, 7, 1), MONDAY)


def test_a_smaller_pack_says_what_it_became_dearer_by(store: Store):
    """A smaller pack has the packs of both lists, and the change of the price for a litre."""
    (smaller,) = changes_since(store, MONDAY, kinds=[ChangeKind.SMALLER_PACK])
    assert (smaller.pack_before, smaller.pack) == ("1 l", "0.9 l")
    assert smaller.relative_change == pytest.approx(0.0133, abs=1e-4)
    assert smaller.relative_base_change == pytest.approx(0.1259, abs=1e-4)


def test_what_came_or_went_has_one_price(store: Store):
    """A new article has no price before, one that is gone none now, and neither a change; a list without a date is of the day it came."""
    gone, new = changes_since(store, MONDAY, kinds=[ChangeKind.NEW, ChangeKind.GONE])
    assert (new.price_before, new.price, new.relative_change, new.pack_before) == (None, Decimal("75000.5"), None, "")
    assert (gone.price_before, gone.price, gone.relative_change) == (Decimal("75000.5"), None, None)
    assert gone.listed_on == TUESDAY.date()


def test_the_changes_of_one_supplier_are_deleted(store: Store):
    """Where a supplier's lists are gone through again, its changes go and all others stay."""
    with store.write() as connection:
        delete_changes_of(connection, "Toko A")
    assert _brief(changes_since(store, MONDAY)) == [("Ünal", "up", "Rice")]
