"""Lists that are taken back, or given to another supplier."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from catalogues import view
from rows import OIL, RICE
from sqlalchemy import select

from monito_ray.catalog import offers
from monito_ray.catalog.grouping.linking import link
from monito_ray.catalog.links import LinkKind
from monito_ray.catalog.lists import supplier_edits, undo, writing
from monito_ray.catalog.suppliers.supplier_list import list_suppliers
from monito_ray.errors import NothingToUndo, TaskUnknown
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import product_aliases

NOW = datetime(2024, 7, 1, tzinfo=UTC)
#: Suppliers of rice, and what they call it.
OTHER_WORDS = (("Qorbit", "Padi"), ("Zarvex", "Sawah"))


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


def _products(store: Store, supplier: str) -> dict[str, tuple[str, str]]:
    """Return the offers of a supplier by name as written: their ids and their products'."""
    return {
        offer.row.original_name: (offer.offer_id, offer.product_id) for offer in offers.snapshot(store).offers if offer.supplier == supplier
    }


def test_offers_of_a_list_that_goes_over_keep_their_ids(store: Store):
    """And their products'; an article that the former supplier has in another list, too, stays with that one."""
    _write(store, 0, 70, "june veg")
    before = _products(store, "june veg")
    undo.move_list(store, "t0", "Toko A", NOW)
    assert (_products(store, "Toko A"), _products(store, "june veg")) == (before, {})
    _write(store, 1, 75)
    undo.move_list(store, "t1", "Qorbit", NOW)
    assert _products(store, "Toko A") == before
    assert not {offer_id for offer_id, _ in before.values()} & {offer_id for offer_id, _ in _products(store, "Qorbit").values()}


def test_products_of_offers_that_become_one_with_others_lead_to_these(store: Store):
    """Whether two suppliers are merged or a list goes over, and whatever led to them before."""
    for number, supplier in enumerate(("Toko A", "Qorbit", "Zarvex", "Amber")):
        _write(store, number, 70 + number, supplier)
    for one, other in (("Toko A", "Qorbit"), ("Toko A", "Amber"), ("Zarvex", "Qorbit"), ("Zarvex", "Amber")):
        link(store, f"{one}: {RICE.original_name}", f"{other}: {RICE.original_name}", LinkKind.APART, 7, NOW)
    ids = sorted(
        {product_id for supplier in ("Toko A", "Qorbit", "Zarvex", "Amber") for _, product_id in _products(store, supplier).values()}
    )
    with store.read() as connection:
        former = offers.current_ids(connection, sorted(connection.execute(select(product_aliases.c.alias)).scalars()))
    supplier_edits.merge_suppliers(store, "Qorbit", "Toko A", NOW)
    undo.move_list(store, "t3", "Toko A", NOW)
    assert set(offers.products_of(store, [*ids, *former])) == {*ids, *former}


def test_a_former_id_outlives_that_two_of_a_products_suppliers_go_with_one_list(store: Store):
    """Not one after the other: its product would be another's in between, and go with that one."""
    _write(store, 0, 70)
    rows = [replace(RICE, supplier=supplier, sku="", standardized_name=name, original_name=name) for supplier, name in OTHER_WORDS]
    writing.write_list(store, "t1", rows, NOW + timedelta(weeks=1))
    for supplier, name, other in (("Qorbit", "Padi", f"Toko A: {RICE.original_name}"), ("Zarvex", "Sawah", "Qorbit: Padi")):
        link(store, f"{supplier}: {name}", other, LinkKind.SAME, 7, NOW)
    ids = [offer.product_id for offer in offers.snapshot(store).offers if offer.row.original_name == RICE.original_name]
    with store.read() as connection:
        former = sorted(connection.execute(select(product_aliases.c.alias)).scalars())
    assert (len(former), len(set(ids))) == (2, 1)
    undo.undo(store, "t1", 7, NOW)
    assert set(offers.products_of(store, [*ids, *former])) == {*ids, *former}
