"""Lists written to the catalogue: what changes, and that writing twice is harmless."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from catalogue_tables import catalogue_tables, keys_that_differ
from rows import OIL, RICE
from sqlalchemy import Connection, select

from monito_ray.catalog import offers
from monito_ray.catalog.lists import correcting, supplier_edits, undo, writing
from monito_ray.catalog.lists.writing import CatalogChanges
from monito_ray.catalog.offer_tables import offer_tables
from monito_ray.errors import LeaseLost, NothingToUndo
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import CERTAIN, Method, ProductRow, Standard
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
    """Every field of every row survives, also of rows that repeat others."""
    again = replace(RICE, min_quantity=None, source_row=11)
    assert writing.write_list(store, "t1", [RICE, OIL, again], NOW) == CatalogChanges(2, 0)
    catalogue = offers.snapshot(store)
    assert [(offer.row, offer.others, offer.updated) for offer in catalogue.offers] == [(RICE, (again,), NOW), (OIL, (), NOW)]
    assert [(product.name, product.size, product.first_added) for product in catalogue.products] == [("Oil", 1, NOW), ("Rice", 5, NOW)]
    assert {offer.product_id for offer in catalogue.offers} == {product.product_id for product in catalogue.products}


def test_writing_a_task_twice_changes_nothing(store: Store):
    """The second call returns the same and changes no table, also after the next list."""
    first = writing.write_list(store, "t1", [RICE, OIL], NOW)
    before = offers.snapshot(store)
    assert writing.write_list(store, "t1", [RICE, OIL], LATER) == first == writing.written_changes(store, "t1")
    assert offers.snapshot(store) == before
    writing.write_list(store, "t2", [replace(RICE, price=Decimal(1))], LATER)
    after = offers.snapshot(store)
    assert writing.write_list(store, "t1", [RICE, OIL], LATER) == first
    assert offers.snapshot(store) == after


def test_the_next_list_changes_prices_and_keeps_ids(store: Store):
    """Existing products keep their ids; changed prices are counted and go into the history; equal ones do not."""
    writing.write_list(store, "t1", [RICE, OIL], NOW)
    ids = {product.name: product.product_id for product in offers.snapshot(store).products}
    dearer, salt = replace(RICE, price=Decimal(76000)), replace(OIL, standardized_name="Salt")
    assert writing.write_list(store, "t2", [dearer, OIL, salt], LATER) == CatalogChanges(1, 1)
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


def test_no_product_has_two_offers_of_one_list(store: Store):
    """What differs in price alone, in its number, section or currency, or in what the price is for, stands beside the other, told apart."""
    dearer, numbered = replace(RICE, price=Decimal(80_000), source_row=11), replace(RICE, sku="0043", source_row=12)
    carton, dollars = replace(RICE, price_unit="carton", source_row=13), replace(RICE, currency="USD", source_row=14)
    promoted = replace(RICE, section="Promo", source_row=15)
    rows = [RICE, dearer, numbered, carton, dollars, promoted, replace(RICE, supplier="Toko B")]
    assert writing.write_list(store, "t1", rows, NOW).products_new >= 6
    catalogue = offers.snapshot(store)
    assert sorted(offer.row.source_row for offer in catalogue.offers) == [9, 9, 11, 12, 13, 14, 15]
    assert all(count == 1 for count in Counter((offer.product_id, offer.supplier) for offer in catalogue.offers).values())
    assert len({product.label for product in catalogue.products}) == len(catalogue.products) == 7


def test_two_suppliers_sell_one_product(store: Store):
    """Written in another order, case and unit, too; its category does not depend on whose list came last."""
    theirs = replace(RICE, supplier="Toko B", original_name="5000 G BERAS", size=Decimal(5000), unit="g", price=Decimal(71_000))
    for task_id, row in (("t1", replace(RICE, category="")), ("t2", replace(theirs, category="Grains")), ("t3", RICE)):
        writing.write_list(store, task_id, [row], NOW)
    (product,) = offers.snapshot(store).products
    assert (len(offers.snapshot(store).offers), product.category) == (2, "Grains")


def test_a_write_that_fails_leaves_nothing(store: Store):
    """When the last statement of the transaction fails, no product is left behind."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        writing.write_list(store, "no-such-task", [RICE], NOW)
    assert offers.snapshot(store) == offers.Snapshot((), ())


def test_an_interrupted_long_list_continues_with_the_next_slice(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Each slice is written once; the counts are those of one run; the list counts as written when its last slice is."""
    monkeypatch.setattr(writing, "SLICE_ROWS", 10)
    monkeypatch.setattr(writing, "LONGEST_SLICE", 10)
    rows = [replace(RICE, standardized_name=f"Rice {number}", source_row=number) for number in range(35)]
    calls = itertools.count()

    def confirm(_connection: Connection) -> None:
        if next(calls) == 6:  # the list itself is kept first, then a number for its supplier and both kinds of keys
            raise LeaseLost("somebody else has it")

    with pytest.raises(LeaseLost):
        writing.write_list(store, "t1", rows, NOW, confirm)
    assert (len(offers.snapshot(store).offers), writing.written_changes(store, "t1")) == (20, None)
    assert writing.write_list(store, "t1", rows, NOW) == CatalogChanges(35, 0)
    assert (len(offers.snapshot(store).offers), writing.written_changes(store, "t1")) == (35, CatalogChanges(35, 0))
    assert writing.write_list(store, "t1", rows, NOW) == CatalogChanges(35, 0)


@pytest.mark.parametrize("broken_at", range(1, 13))
def test_keys_of_a_list_that_is_broken_off_are_used_when_it_goes_on_and_deleted_when_it_is_taken_back(
    broken_at: int, store: Store, monkeypatch: pytest.MonkeyPatch
):
    """Wherever it is: between the keys and their offers, too. Another supplier's list that comes meanwhile is matched with both halves."""
    monkeypatch.setattr(writing, "SLICE_ROWS", 4)
    monkeypatch.setattr(writing, "LONGEST_SLICE", 4)
    monkeypatch.setattr(writing, "OFFERS_AHEAD", 8)
    goods = "Beras Gula Kecap Minyak Garam Terigu Susu Kopi Teh Cuka Santan Mie Saus Madu Roti Keju Tahu Tempe".split()
    rows = [replace(RICE, original_name=f"{name} 5kg", sku="", source_row=number) for number, name in enumerate(goods)]
    others = [replace(row, supplier="Toko B") for row in rows[::3]]
    calls = itertools.count()

    def confirm(_connection: Connection) -> None:
        if next(calls) == broken_at:
            raise LeaseLost("somebody else has it")

    with pytest.raises(LeaseLost):
        writing.write_list(store, "t1", rows, NOW, confirm)
    writing.write_list(store, "t2", others, NOW + timedelta(hours=1))
    undo.undo(store, "t1", 7, NOW)
    left = catalogue_tables(store)
    owners = {row.id for row in left["offers"]}
    assert {row.offer_id for name in ("offer_blocks", "offer_words") for row in left[name]} == owners
    assert len(owners) == len(others)
    calls = itertools.count()
    with pytest.raises(LeaseLost):
        writing.write_list(store, "t3", rows, NOW, confirm)
    writing.write_list(store, "t3", rows, NOW)
    of_product = Counter(offer.product_id for offer in offers.snapshot(store).offers)
    assert sorted(of_product.values()) == [1] * (len(rows) - len(others)) + [2] * len(others)


def _older_list(store: Store, rows: Sequence[ProductRow]) -> None:
    older = [replace(row, source_file="may.xlsx", list_date=date(2024, 1, 1)) for row in rows]
    writing.write_list(store, "t2", older, LATER)


def _newer_list(store: Store, rows: Sequence[ProductRow]) -> None:
    writing.write_list(store, "t2", [replace(row, source_file="july.xlsx", list_date=date(2024, 7, 9)) for row in rows], LATER)


def _correction(store: Store, rows: Sequence[ProductRow]) -> None:
    """Correct a row whose offer is not there yet."""
    standard = Standard(
        standardized_name="White sugar", size=Decimal(2), unit="kg", category="", field_confidence=CERTAIN, method=Method.MANUAL
    )
    correcting.correct_rows(store, [(rows[-1], standard)], LATER)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda store, _rows: supplier_edits.rename_supplier(store, RICE.supplier, "Toko Makmur", LATER),
        lambda store, _rows: supplier_edits.merge_suppliers(store, RICE.supplier, "Qorbit", LATER),
        lambda store, _rows: supplier_edits.delete_supplier(store, RICE.supplier),
        lambda store, _rows: undo.move_list(store, "t1", "Qorbit", LATER),
        _older_list,
        _newer_list,
        _correction,
    ],
    ids=["renamed", "merged", "deleted", "moved", "older list", "newer list", "correction"],
)
@pytest.mark.parametrize("is_tried_again", [True, False])
def test_whatever_comes_after_a_list_was_broken_off_offers_have_their_keys_and_nothing_else_has_any(
    meanwhile: Callable[[Store, Sequence[ProductRow]], object], store: Store, monkeypatch: pytest.MonkeyPatch, *, is_tried_again: bool
):
    """Though the list wrote keys ahead, and its offers have other ids or other keys when it goes on, or never come."""
    for name, number in (("SLICE_ROWS", 4), ("LONGEST_SLICE", 4), ("OFFERS_AHEAD", 8)):
        monkeypatch.setattr(writing, name, number)
    writing.write_list(store, "t3", [replace(OIL, supplier="Qorbit")], NOW)
    goods = "Beras Gula Kecap Minyak Garam Terigu Susu Kopi".split()
    rows = [replace(RICE, original_name=f"{name} 5kg", sku="", source_row=number) for number, name in enumerate(goods)]
    calls = itertools.count()

    def confirm(_connection: Connection) -> None:
        if next(calls) == 5:  # the first half of the offers is written, and all keys
            raise LeaseLost("somebody else has it")

    with pytest.raises(LeaseLost):
        writing.write_list(store, "t1", rows, NOW, confirm)
    assert keys_that_differ(store)
    meanwhile(store, rows)
    with suppress(LookupError):  # of a list that was deleted
        if is_tried_again:
            writing.write_list(store, "t1", rows, LATER)
    assert keys_that_differ(store) == {}
    with suppress(NothingToUndo):
        undo.undo(store, "t1", 7, LATER)
    assert keys_that_differ(store) == {}


@pytest.mark.parametrize("broken_at", range(7))
def test_a_list_that_is_broken_off_anywhere_counts_as_one_that_is_not(broken_at: int, store: Store):
    """Also between its last slice, where changed prices were counted, and its end; and with rows of two suppliers."""
    rows = [RICE, OIL, replace(RICE, supplier="Toko B")]
    writing.write_list(store, "t1", rows, NOW)
    dearer = [*(replace(row, price=(row.price or 0) + 1) for row in rows), replace(RICE, standardized_name="Broken rice", source_row=9)]
    calls = itertools.count()

    def confirm(_connection: Connection) -> None:
        if next(calls) == broken_at:
            raise LeaseLost("somebody else has it")

    with suppress(LeaseLost):
        writing.write_list(store, "t2", dearer, LATER, confirm)
    assert writing.write_list(store, "t2", dearer, LATER) == CatalogChanges(1, 3)


def test_the_frame_has_a_row_for_each_offer(store: Store):
    """The export names product and supplier of each row, and an empty catalogue has the same columns."""
    empty = offers.frame(store)
    writing.write_list(store, "t1", [RICE, OIL, replace(RICE, supplier="Toko B")], NOW)
    frame = offers.frame(store)
    assert list(frame.columns) == ["product_id", "family_id", *ProductRow.__slots__, "updated"] == list(empty.columns)
    assert sorted(zip(frame["standardized_name"], frame["supplier"], strict=True)) == [
        ("Oil", "Toko A"),
        ("Rice", "Toko A"),
        ("Rice", "Toko B"),
    ]


def test_the_export_in_parts_is_the_frame(store: Store):
    """Also rows that repeat others, in its order, whatever a part holds; without offers it has no part."""
    assert list(offer_tables(store)) == []
    repeats = [replace(RICE, source_row=number) for number in (3, 4)]
    writing.write_list(store, "t1", [RICE, *repeats, OIL, replace(RICE, supplier="Toko B")], NOW)
    tables = list(offer_tables(store))
    assert [table.num_rows for table in tables] == [4, 1]
    frame = offers.frame(store)
    rows = [row for table in tables for row in table.to_pylist()]
    assert list(rows[0]) == list(frame.columns)
    for name in ("product_id", "family_id", "supplier", "source_row", "price", "list_date", "updated"):
        assert [row[name] for row in rows] == list(frame[name])


def test_an_older_list_changes_no_price_of_today(store: Store):
    """Last month's list, read after this month's, leaves the newer prices alone; lists without a date count as of today."""
    july = replace(RICE, price=Decimal(80000), list_date=date(2024, 7, 1))
    writing.write_list(store, "t1", [july], NOW)
    assert writing.write_list(store, "t2", [RICE], LATER) == CatalogChanges(0, 0)
    assert offers.snapshot(store).offers[0].price == Decimal(80000)
    assert writing.write_list(store, "t3", [replace(RICE, list_date=None)], LATER) == CatalogChanges(0, 1)


def test_a_late_list_between_two_others_takes_no_ids(store: Store):
    """Articles keep ids and products while a newer list of their supplier is kept and not yet written."""
    writing.write_list(store, "t2", [RICE, OIL], NOW + timedelta(days=1))
    before = {offer.row.original_name: (offer.offer_id, offer.product_id) for offer in offers.snapshot(store).offers}
    calls = itertools.count()

    def lose_the_lease(_: Connection) -> None:
        if next(calls):
            raise LeaseLost("t3")

    with pytest.raises(LeaseLost):
        writing.write_list(store, "t3", [RICE, OIL], NOW + timedelta(days=2), lose_the_lease)
    assert writing.write_list(store, "t1", [RICE, OIL], NOW) == CatalogChanges(0, 0)
    assert {offer.row.original_name: (offer.offer_id, offer.product_id) for offer in offers.snapshot(store).offers} == before
