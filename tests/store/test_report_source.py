"""What the report is planned from, read from SQLite and PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog.lists import writing
from monito_ray.catalog.reporting.report_plan import plan_report
from monito_ray.catalog.reporting.report_source import read_report_source
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.plans.planned_report import DatedPrice
from monito_ray.store.database import Store, open_store

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a catalogue of two lists of one supplier and one of another."""
    opened = open_store(url)
    lists = [
        [replace(RICE, list_date=date(2026, 6, 1)), OIL],
        [replace(RICE, list_date=date(2026, 7, 1), price=Decimal(90_000)), OIL],
        [replace(RICE, supplier="Toko B", list_date=None)],
    ]
    for number, rows in enumerate(lists):
        at = NOW + timedelta(days=number)
        queue.submit(opened, Task(id=f"t{number}", created_at=at, updated_at=at, not_before=at))
        writing.write_list(opened, f"t{number}", rows, at)
    yield opened
    opened.close()


def test_an_offers_history_is_by_the_dates_of_its_lists(store: Store):
    """The day is that of the list, without one the day it came; the ids are those of the snapshot."""
    source = read_report_source(store)
    histories = source.histories
    by_supplier = {offer.supplier: offer.offer_id for offer in source.snapshot.offers if offer.row.standardized_name == "Rice"}
    assert histories[by_supplier["Toko A"]] == (
        DatedPrice(date(2026, 6, 1), Decimal("75000.5")),
        DatedPrice(date(2026, 7, 1), Decimal(90_000)),
    )
    assert histories[by_supplier["Toko B"]] == (DatedPrice(date(2026, 7, 3), Decimal("75000.5")),)


def test_the_report_of_a_store(store: Store):
    """Both suppliers stand at the product that both sell, and the price that moved has its history."""
    report = plan_report(read_report_source(store), NOW)
    (rice,) = [comparison for comparison in report.comparisons if comparison.name == "Rice"]
    assert [(report.suppliers[offer.supplier].name, len(offer.history)) for offer in rice.offers] == [("Toko B", 0), ("Toko A", 2)]
    assert [supplier.name for supplier in report.suppliers] == ["Toko A", "Toko B"]
