"""Suppliers in the database: found by any of their names, renamed, merged and deleted."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from catalogue_tables import keys_that_differ
from rows import OIL, RICE
from sqlalchemy import func, select, update

from monito_ray.catalog import corrections, offers
from monito_ray.catalog.lists import supplier_edits, writing
from monito_ray.catalog.prices.change_log import changes_since
from monito_ray.catalog.suppliers import supplier_list
from monito_ray.catalog.suppliers.supplier_list import find_supplier
from monito_ray.errors import NothingToUndo, SupplierExists, SupplierUnknown, UsageWrong
from monito_ray.jobs import queue
from monito_ray.jobs.llm import column_choices
from monito_ray.jobs.task import Task
from monito_ray.pipeline.tables.layouts import ColumnChoice
from monito_ray.records import Method, ProductRow, RawRow, Standard
from monito_ray.store import schema
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import PERSON, price_history

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SALT = replace(OIL, original_name="Salt", standardized_name="Salt")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty database with tasks."""
    with open_store(url) as opened:
        for number in range(6):
            queue.submit(opened, Task(id=f"t{number}", created_at=NOW, updated_at=NOW, not_before=NOW))
        yield opened


def _write(store: Store, number: int, supplier: str, *rows: ProductRow, price: int = 0) -> None:
    """Write the list of the task with this number, that many weeks after the first; without a date of its own."""
    own = [replace(row, supplier=supplier, list_date=None, price=Decimal(price) if price else row.price) for row in rows]
    writing.write_list(store, f"t{number}", own, NOW + timedelta(weeks=number))


def _suppliers(store: Store) -> dict[str, tuple[int, int]]:
    return {supplier.name: (supplier.lists, supplier.offers) for supplier in supplier_list.list_suppliers(store)}


def _offers(store: Store) -> dict[tuple[str, str], int]:
    return {(offer.supplier, offer.row.standardized_name): int(offer.price) for offer in offers.snapshot(store).offers}


def _history(store: Store) -> list[int]:
    with store.read() as connection:
        return [int(price) for price in connection.execute(select(price_history.c.price).order_by(price_history.c.id)).scalars()]


def _raw(supplier: str) -> RawRow:
    return RawRow(
        source_file="f", source_sheet="s", source_row=1, original_name=RICE.original_name, price=None, supplier=supplier, sku=RICE.sku
    )


def _correct(store: Store, supplier: str, name: str, at: datetime = NOW) -> None:
    with store.write() as connection:
        standard = Standard(standardized_name=name, method=Method.MANUAL)
        corrections.save_corrections(connection, [(replace(RICE, supplier=supplier), standard)], at)


def _corrected(store: Store, supplier: str) -> str:
    return next((standard.standardized_name for standard in corrections.find_corrections(store, [_raw(supplier)]).values()), "")


def test_lists_under_one_name_in_other_words_are_one_suppliers(store: Store):
    """Case, blanks and legal forms make no second supplier, so that the price has changed instead."""
    for number, (name, price) in enumerate((("Zarvex", 70), ("PT. ZARVEX", 75), ("zarvex", 80), ("Qorbit", 60))):
        _write(store, number, name, RICE, price=price)
    assert _suppliers(store) == {"Qorbit": (1, 1), "Zarvex": (3, 1)}
    assert _offers(store) == {("Zarvex", "Rice"): 80, ("Qorbit", "Rice"): 60}
    assert [(change.price_before, change.price) for change in changes_since(store, NOW)] == [(75, 80), (70, 75)]


def test_a_supplier_is_shown_with_lists_dates_and_currencies(store: Store):
    """The commonest currency first; a list counts once, however often it is written; rows without a supplier make none."""
    rows = [replace(row, supplier="Zarvex", currency=currency) for row, currency in ((RICE, "USD"), (OIL, "IDR"), (SALT, "IDR"))]
    for _ in range(2):
        writing.write_list(store, "t0", rows, NOW)
    _write(store, 1, "", RICE)
    (supplier,) = supplier_list.list_suppliers(store)
    assert supplier == supplier_list.Supplier("Zarvex", 1, 3, date(2024, 6, 1), NOW, ("IDR", "USD"))
    assert supplier_list.find_supplier(store, "pt zarvex") == supplier


def test_everything_of_a_renamed_supplier_has_its_new_name(store: Store):
    """Offers, the rows that repeat them, corrections, choices of columns; and the lists that come under any of its names afterwards."""
    _write(store, 0, "june veg", RICE, replace(RICE, source_row=19), OIL)
    _correct(store, "june veg", "Brown rice")
    column_choices.save_choices(store, "june veg", {"k1": ColumnChoice(1, (2,))}, PERSON, NOW)
    change = supplier_edits.rename_supplier(store, "June  Veg", " Sari  Sayur ", NOW)
    assert change == supplier_edits.SupplierChange("Sari Sayur", "june veg", 2)
    catalogue = offers.snapshot(store).offers
    assert {row.supplier for offer in catalogue for row in (offer.row, *offer.others)} == {"Sari Sayur"}
    assert [find_supplier(store, name).name for name in ("june veg", "JUNE VEG", "UD Sari Sayur")] == ["Sari Sayur"] * 3
    assert [_corrected(store, name) for name in ("Sari Sayur", "june veg", "other")] == ["Brown rice", "Brown rice", ""]
    assert list(column_choices.find_choices(store, "Sari Sayur", ["k1"])) == ["k1"]
    _write(store, 1, "June Veg", RICE, price=80_000)
    assert _offers(store)["Sari Sayur", "Brown rice"] == 80_000
    supplier_edits.rename_supplier(store, "Sari Sayur", "Dewata", NOW)
    assert [find_supplier(store, name).name for name in ("june veg", "Sari Sayur")] == ["Dewata"] * 2
    assert supplier_list.find_supplier(store, "dewata").other_names == ("Sari Sayur", "june veg")
    assert _corrected(store, "Dewata") == "Brown rice"


def test_renamed_to_the_name_that_it_has_a_supplier_is_as_before(store: Store):
    """Given the same command twice, too, since the former name is still its own: the next supplier's goods are matched with its."""
    _write(store, 0, "Zarvex", RICE)
    for _ in range(2):
        supplier_edits.rename_supplier(store, "Zarvex", "Toko Makmur", NOW)
        assert keys_that_differ(store) == {}
    _write(store, 1, "Qorbit", RICE)
    assert keys_that_differ(store) == {}
    assert len({offer.product_id for offer in offers.snapshot(store).offers}) == 1


def test_a_former_name_may_be_taken_again(store: Store):
    """Renamed there and back, a supplier is called as before; in another case, too."""
    _write(store, 0, "Zarvex", RICE)
    for name in ("Qorbit", "Zarvex", "ZARVEX"):
        supplier_edits.rename_supplier(store, "Zarvex", name, NOW)
    assert _suppliers(store) == {"ZARVEX": (1, 1)}


def test_wrong_names_change_nothing(store: Store):
    """One that another supplier has is refused with the command that makes one of both."""
    _write(store, 0, "Zarvex", RICE)
    _write(store, 1, "CV Qorbit", RICE)
    with pytest.raises(SupplierExists, match="'CV Qorbit' already") as refusal:
        supplier_edits.rename_supplier(store, "zarvex", "qorbit", NOW)
    assert refusal.value.remedy == '`monito suppliers merge "Zarvex" "CV Qorbit"` makes them one.'
    for new in ("  ", "x" * 201):
        with pytest.raises(UsageWrong):
            supplier_edits.rename_supplier(store, "Zarvex", new, NOW)
    with pytest.raises(UsageWrong, match="one supplier already"):
        supplier_edits.merge_suppliers(store, "Zarvex", "PT Zarvex", NOW)
    for change in (
        lambda: supplier_edits.delete_supplier(store, "Zavrex"),
        lambda: supplier_edits.merge_suppliers(store, "Zarvex", "", NOW),
    ):
        with pytest.raises(SupplierUnknown):
            change()
    assert _suppliers(store) == {"CV Qorbit": (1, 1), "Zarvex": (1, 1)}


def test_of_two_suppliers_that_become_one_the_newest_offers_stand(store: Store):
    """Each product once, with the prices of both in the order of time, and what changed between them."""
    _write(store, 0, "Zarvex", RICE, OIL, price=70)
    _write(store, 1, "Zarvex July", RICE, SALT, price=75)
    _write(store, 2, "Zarvex", OIL, price=72)
    assert changes_since(store, NOW + timedelta(weeks=1), "July") == []
    change = supplier_edits.merge_suppliers(store, "zarvex july", "zarvex", NOW)
    assert change == supplier_edits.SupplierChange("Zarvex", "Zarvex July", 2, joined=1)
    assert _suppliers(store) == {"Zarvex": (3, 3)}
    assert _offers(store) == {("Zarvex", "Rice"): 75, ("Zarvex", "Oil"): 72, ("Zarvex", "Salt"): 75}
    assert sorted(_history(store)) == [70, 70, 72, 75, 75]
    changes = changes_since(store, NOW)
    assert [(change.name, change.price_before, change.price) for change in changes if change.relative_change] == [
        ("Oil", 70, 72),
        ("Rice", 70, 75),
    ]
    _write(store, 3, "PT Zarvex July", RICE, price=80)
    assert _offers(store)["Zarvex", "Rice"] == 80
    first_seen = min(product.first_added for product in offers.snapshot(store).products if product.name == "Rice")
    assert first_seen == NOW


def test_a_merge_is_taken_back(store: Store):
    """The name is a supplier's again with the lists that are named, also those of its next list; all else stays, and what cannot be is said."""
    _write(store, 0, "Toko A", RICE, OIL)
    _write(store, 1, "Toko B", RICE, price=70_000)
    _write(store, 2, "Toko B", SALT)
    before, offers_before = _suppliers(store), _offers(store)
    supplier_edits.merge_suppliers(store, "Toko B", "Toko A", NOW)
    for name, tasks, error in [
        ("Toko C", ["t1"], SupplierUnknown), ("Toko A", ["t1"], UsageWrong), ("Toko B", [], UsageWrong), ("Toko B", ["t1", "t9"], NothingToUndo)
    ]:  # fmt: skip
        with pytest.raises(error):
            supplier_edits.split_supplier(store, name, tasks, NOW)
    assert set(_suppliers(store)) == {"Toko A"}
    change = supplier_edits.split_supplier(store, "toko  b", ["t1", "t2"], NOW)
    assert (change.supplier, change.before) == ("Toko B", "Toko A")
    assert (_suppliers(store), _offers(store)) == (before, offers_before)
    _write(store, 3, "Toko B", RICE, price=71_000)
    assert _suppliers(store)["Toko B"][0] == 3


def test_the_later_correction_and_a_persons_choice_of_columns_survive_a_merge(store: Store):
    """Whichever of the two suppliers they were made for."""
    for number, name in enumerate(("Zarvex", "Qorbit")):
        _write(store, number, name, RICE)
    _correct(store, "Zarvex", "Late rice", NOW + timedelta(days=1))
    _correct(store, "Qorbit", "Early rice")
    column_choices.save_choices(store, "Zarvex", {"k1": ColumnChoice(1, (2,)), "k2": ColumnChoice(1, (2,))}, PERSON, NOW)
    column_choices.save_choices(
        store, "Qorbit", {"k1": ColumnChoice(5, (6,)), "k3": ColumnChoice(5, (6,))}, "model", NOW + timedelta(days=9)
    )
    supplier_edits.merge_suppliers(store, "Zarvex", "Qorbit", NOW)
    assert [_corrected(store, name) for name in ("Qorbit", "Zarvex")] == ["Late rice"] * 2
    choices = column_choices.find_choices(store, "Qorbit", ["k1", "k2", "k3"])
    assert {key: choice.name for key, choice in choices.items()} == {"k1": 1, "k2": 1, "k3": 5}
    _correct(store, "Qorbit", "Latest rice")
    assert _corrected(store, "Zarvex") == "Latest rice"


def test_a_list_with_the_names_of_both_is_one_list_of_the_merged_supplier(store: Store):
    """The products of one submission may be of several suppliers; two prices of one list stand beside each other."""
    writing.write_list(
        store, "t0", [replace(RICE, supplier=name, price=Decimal(price)) for name, price in (("Zarvex", 70), ("Qorbit", 80))], NOW
    )
    assert _suppliers(store) == {"Qorbit": (1, 1), "Zarvex": (1, 1)}
    supplier_edits.merge_suppliers(store, "Zarvex", "Qorbit", NOW)
    assert _suppliers(store) == {"Qorbit": (1, 2)}
    assert sorted(_history(store)) == [70, 80]


def test_nothing_is_left_of_a_deleted_supplier(store: Store):
    """Products of others stay with their prices; its next list is a new supplier's, and what was corrected is not."""
    _write(store, 0, "Zarvex", RICE, OIL)
    _write(store, 1, "Qorbit", RICE)
    _correct(store, "Zarvex", "Brown rice")
    column_choices.save_choices(store, "Zarvex", {"k1": ColumnChoice(1, (2,))}, PERSON, NOW)
    change = supplier_edits.delete_supplier(store, "PT Zarvex")
    assert change == supplier_edits.SupplierChange("Zarvex", "", 2)
    assert _suppliers(store) == {"Qorbit": (1, 1)}
    assert [product.name for product in offers.snapshot(store).products] == ["Rice"]
    assert len(_history(store)) == 1
    _write(store, 2, "Zarvex", RICE)
    assert (_suppliers(store)["Zarvex"], _corrected(store, "Zarvex")) == ((1, 1), "")
    assert column_choices.find_choices(store, "Zarvex", ["k1"]) == {}


def test_lists_of_a_deleted_supplier_may_be_sent_again_at_once(store: Store):
    """Their tasks no longer stand for the same files; those of other suppliers do."""
    for number, supplier in enumerate(("Zarvex", "Zarvex", "Qorbit")):
        _write(store, number, supplier, RICE)
    with store.write() as connection:
        connection.execute(update(schema.tasks).values(dedup_key="k" * 64))
    supplier_edits.delete_supplier(store, "Zarvex")
    assert [len(queue.load(store, f"t{number}").dedup_key) for number in range(3)] == [0, 0, 64]


def test_a_long_list_goes_on_under_the_name_that_its_supplier_has_by_then(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Who renames a supplier between two slices of its list waits for the last one."""
    monkeypatch.setattr(writing, "SLICE_ROWS", 1)
    with ThreadPoolExecutor(1) as other:
        renaming: list[Future[Any]] = []

        def rename_after_the_first(_: object) -> None:
            if _suppliers(store) == {"Zarvex": (1, 1)}:
                renaming.append(other.submit(supplier_edits.rename_supplier, store, "Zarvex", "Qorbit", NOW))

        rows = [replace(row, supplier="Zarvex") for row in (RICE, OIL, SALT)]
        writing.write_list(store, "t0", rows, NOW, rename_after_the_first)
        assert renaming[0].result(timeout=30).offers == 3
    assert _suppliers(store) == {"Qorbit": (1, 3)}


def test_many_products_of_both_are_joined(store: Store):
    """More than a statement takes."""
    rows = [replace(RICE, original_name=f"Rice {number}", standardized_name=f"Rice {number}") for number in range(1_100)]
    _write(store, 0, "Zarvex", *rows, price=70)
    _write(store, 1, "Qorbit", *rows, price=80)
    assert supplier_edits.merge_suppliers(store, "Zarvex", "Qorbit", NOW).joined == 1_100
    assert set(_offers(store).values()) == {80}
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.price_history)).scalar_one() == 2_200
