"""What lists showed of their suppliers, in the database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, func, select

from monito_ray.catalog.suppliers.supplier_memory import preview_supplier, settle_supplier, settled_supplier
from monito_ray.catalog.suppliers.supplier_signs import SupplierSigns
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.pipeline.rows.supplier.row_sketch import sketch_list
from monito_ray.pipeline.rows.supplier.supplier_marks import Mark, MarkKind
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import supplier_marks, supplier_signs

NOW = datetime(2024, 7, 1, tzinfo=UTC)
PHONE = Mark(MarkKind.TELEPHONE, "623619075914")
ROWS = sketch_list([f"Goods {n}" for n in range(40)], [""] * 40, [Decimal(1000 + n) for n in range(40)])


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty database with tasks."""
    with open_store(url) as opened:
        for number in range(4):
            queue.submit(opened, Task(id=f"t{number}", created_at=NOW, updated_at=NOW, not_before=NOW))
        yield opened


def test_a_list_is_settled_once_and_shows_whose_the_next_one_is(store: Store):
    """By its telephone, also while it is being written; settling it again changes nothing."""
    first = settle_supplier(store, "t0", SupplierSigns("a.csv", letterhead="PT Zarvex", marks=(PHONE,)), NOW)
    assert settle_supplier(store, "t0", SupplierSigns("other.csv"), NOW) == settled_supplier(store, "t0") == first
    second = settle_supplier(store, "t1", SupplierSigns("scan.csv", marks=(PHONE,)), NOW)
    assert (second.supplier, second.is_sure) == ("PT Zarvex", True)
    assert settled_supplier(store, "t3") is None


def test_a_look_keeps_nothing(store: Store):
    """A list is settled when it is written."""
    assert preview_supplier(store, SupplierSigns("a.csv", letterhead="PT Zarvex")).supplier == "PT Zarvex"
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(supplier_signs)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(supplier_marks)).scalar_one() == 0


def test_a_list_in_doubt_teaches_its_rows_and_not_its_marks(store: Store):
    """The next list with its rows is of the same unnamed supplier; one with its telephone alone is not."""
    first = settle_supplier(store, "t0", SupplierSigns("document (3).csv", marks=(PHONE,), sketch=ROWS), NOW)
    assert not first.is_sure
    assert preview_supplier(store, SupplierSigns("IMG 1.csv", sketch=ROWS)).supplier == first.supplier
    assert preview_supplier(store, SupplierSigns("IMG 1.csv", marks=(PHONE,))).supplier == "IMG 1"


def test_a_mark_of_two_suppliers_is_nobodys(store: Store):
    """It stands in the lists of both: a carrier's number."""
    for number, name in enumerate(("PT Zarvex", "CV Qorbit")):
        settle_supplier(store, f"t{number}", SupplierSigns("a.csv", name, marks=(PHONE,)), NOW)
    assert not preview_supplier(store, SupplierSigns("scan.csv", marks=(PHONE,))).is_sure


def test_unnamed_lists_at_the_same_time_are_two_suppliers(store: Store):
    """Nothing of the one is in the other."""
    suppliers = [settle_supplier(store, f"t{number}", SupplierSigns("document (3).csv"), NOW).supplier for number in range(2)]
    assert suppliers == ["document (3)", "document (3) #2"]


def test_nothing_is_kept_where_the_lease_is_lost(store: Store):
    """Another driver settles the list."""

    def lose(_: Connection) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        settle_supplier(store, "t0", SupplierSigns("a.csv"), NOW, lose)
    assert settled_supplier(store, "t0") is None
