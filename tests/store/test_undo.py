"""Lists that are taken back, or given to another supplier."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from catalogues import view
from rows import OIL, RICE

from monito_ray.catalog import offers
from monito_ray.catalog.lists import undo, writing
from monito_ray.catalog.suppliers.supplier_list import list_suppliers
from monito_ray.errors import NothingToUndo, TaskUnknown
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an empty catalogue with tasks."""
    with open_store(url) as opened:
        for number in range(4):
            task = Task(id=f"t{number}", file_name=f"{number}.xlsx", dedup_key="k" * 64, created_at=NOW, updated_at=NOW, not_before=NOW)
            queue.submit(opened, task)
        yield opened


def _write(store: Store, number: int, price: int, supplier: str = "Toko A") -> None:
    rows = [replace(row, supplier=supplier, list_date=None, price=Decimal(price)) for row in (RICE, OIL)]
    writing.write_list(store, f"t{number}", rows, NOW + timedelta(weeks=number))


@pytest.mark.parametrize("taken_back", [0, 1, 2])
def test_the_catalogue_is_as_if_the_list_had_never_come(store: Store, taken_back: int):
    """The first, one between, or the newest: prices, history and changes are those of the others; ids stay."""
    for number, price in enumerate((70, 75, 80)):
        _write(store, number, price)
    ids = {offer.row.original_name: offer.product_id for offer in offers.snapshot(store).offers}
    undone = undo.undo(store, f"t{taken_back}", 7, NOW)
    assert (undone.file_name, undone.suppliers, undone.rows) == (f"{taken_back}.xlsx", ("Toko A",), 2)
    rest = [price for number, price in enumerate((70, 75, 80)) if number != taken_back]
    seen = view(store)
    assert [[int(price) for price, _ in points] for points in seen.history.values()] == [rest, rest]
    assert {(int(offer.price), offer.previous_price and int(offer.previous_price)) for offer in offers.snapshot(store).offers} == {
        (rest[1], rest[0])
    }
    assert {offer.row.original_name: offer.product_id for offer in offers.snapshot(store).offers} == ids
    assert len(seen.changes) == 2


def test_nothing_is_left_of_a_supplier_with_one_list(store: Store):
    """Its next list is a new supplier's; the file can be sent again at once, and the task says who took it back."""
    _write(store, 0, 70)
    undo.undo(store, "t0", 7, NOW)
    assert (offers.snapshot(store), list_suppliers(store)) == (offers.Snapshot((), ()), [])
    assert queue.load(store, "t0").dedup_key == ""
    assert [(name, data) for _, name, data in queue.events_of(store, "t0")][-1] == ("list.undone", {"user_id": 7})
    with pytest.raises(NothingToUndo):
        undo.undo(store, "t0", 7, NOW)
    with pytest.raises(TaskUnknown):
        undo.undo(store, "nope", 7, NOW)
    assert writing.write_list(store, "t0", [RICE], NOW).products_new == 0
    assert offers.snapshot(store) == offers.Snapshot((), ())


def test_a_list_goes_over_to_another_supplier(store: Store):
    """As if it had come under that name."""
    _write(store, 0, 70)
    _write(store, 1, 75, "june veg")
    assert undo.move_list(store, "t1", "toko a", NOW) == "Toko A"
    assert [(supplier.name, supplier.lists, supplier.offers) for supplier in list_suppliers(store)] == [("Toko A", 2, 2)]
    assert {int(offer.price) for offer in offers.snapshot(store).offers} == {75}
    undo.move_list(store, "t1", "Qorbit", NOW)
    assert [(supplier.name, supplier.offers) for supplier in list_suppliers(store)] == [("Qorbit", 2), ("Toko A", 2)]
