"""Prices that people called right, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from rows import RICE

from monito_ray.catalog.lists import supplier_edits, undo
from monito_ray.catalog.lists.correcting import confirm_prices
from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import snapshot
from monito_ray.catalog.prices.change_log import latest_changes
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)


def _list(store: Store, week: int, price: int) -> None:
    at = MONDAY + timedelta(weeks=week)
    queue.submit(store, Task(id=f"t{week}", created_at=at, updated_at=at, not_before=at))
    write_list(store, f"t{week}", [replace(RICE, price=Decimal(price), list_date=at.date())], at)


def _suspicion(store: Store) -> str:
    (offer,) = snapshot(store).offers
    return offer.suspicion


def test_a_price_that_is_called_right_is_not_suspected_until_it_changes(url: str):
    """Nor is one near it; one that is far off is suspected again, and after its list is taken back the right one stands."""
    with open_store(url) as store:
        _list(store, 0, 39_000)
        _list(store, 1, 390_000)
        assert "10 times" in _suspicion(store)
        (change,) = latest_changes(store)
        assert "10 times" in change.suspicion
        confirm_prices(store, [offer.row for offer in snapshot(store).offers], MONDAY)
        assert _suspicion(store) == ""
        (change,) = latest_changes(store)
        assert change.suspicion == ""
        _list(store, 2, 400_000)
        assert _suspicion(store) == ""
        _list(store, 3, 4_000)
        assert "hundredth" in _suspicion(store)
        undo.undo(store, "t3", 0, MONDAY)
        undo.undo(store, "t2", 0, MONDAY)
        assert _suspicion(store) == ""


def test_the_word_goes_with_the_supplier(url: str):
    """It holds under another name, and goes with the supplier."""
    with open_store(url) as store:
        _list(store, 0, 39_000)
        _list(store, 1, 390_000)
        confirm_prices(store, [offer.row for offer in snapshot(store).offers], MONDAY)
        supplier_edits.rename_supplier(store, RICE.supplier, "Qorbit", MONDAY)
        assert _suspicion(store) == ""
        supplier_edits.delete_supplier(store, "Qorbit")
        _list(store, 2, 39_000)
        _list(store, 3, 390_000)
        assert "10 times" in _suspicion(store)
