"""Queries of the catalogue: offers for a product, and price changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog.lists import writing
from monito_ray.catalog.prices.change_log import changes_since
from monito_ray.catalog.search import find
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a catalogue of three lists."""
    opened = open_store(url)
    lists = [
        [RICE, OIL],
        [replace(RICE, price=Decimal(90_000), base_price=Decimal(18_000), list_date=None), replace(OIL, price=Decimal(70_000))],
        [replace(RICE, supplier="Toko B", price=Decimal(80_000), base_price=Decimal(16_000))],
    ]
    for number, rows in enumerate(lists):
        at = NOW + timedelta(days=number)
        queue.submit(opened, Task(id=f"t{number}", created_at=at, updated_at=at, not_before=at))
        writing.write_list(opened, f"t{number}", rows, at)
    yield opened
    opened.close()


def test_the_best_offer_of_a_product_comes_first(store: Store):
    """A product comes with all its offers, the cheapest by base price first."""
    (result,) = find.search_products(store, "beras")
    assert result.product.label == "Rice, Sawah, 5 kg"
    assert [(offer.supplier, offer.price) for offer in result.offers] == [("Toko B", 80_000), ("Toko A", 90_000)]


def test_a_price_change_has_the_price_before_and_after(store: Store):
    """A first price is no change; the greatest change of a list comes first; earlier changes are left out."""
    changes = changes_since(store, NOW)
    assert [(change.name, change.price_before, change.price) for change in changes] == [
        ("Rice", Decimal("75000.5"), 90_000),
        ("Oil", Decimal("75000.5"), 70_000),
    ]
    assert round(changes[1].relative_change or 0, 3) == -0.067
    assert changes_since(store, NOW, supplier="toko b") == []
    assert changes_since(store, NOW + timedelta(days=1, seconds=1)) == []
