"""Asking the catalogue: who sells what, and which prices moved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog import offers, price_changes, search
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
TEXTS = {
    "cola": "Cola Teratai 330 ml soft drinks Minuman Cola 330ml",
    "zero": "Cola zero Teratai 330 ml soft drinks Cola Zero 330ml",
    "oil": "Cooking oil 2 l oils & fats Minyak Goreng 2L",
    "rice": "White rice 5 kg rice & grains Beras Putih 5kg",
    "buckwheat": "Buckwheat 800 g Крупа гречневая 800 г",
}


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A catalogue into which three lists have come."""
    opened = open_store(url)
    lists = [
        [RICE, OIL],
        [replace(RICE, price=Decimal(90_000), base_price=Decimal(18_000), list_date=None), replace(OIL, price=Decimal(70_000))],
        [replace(RICE, supplier="Toko B", price=Decimal(80_000), base_price=Decimal(16_000))],
    ]
    for number, rows in enumerate(lists):
        at = NOW + timedelta(days=number)
        queue.submit(opened, Task(id=f"t{number}", created_at=at, updated_at=at, not_before=at))
        offers.upsert(opened, f"t{number}", rows, at)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cola", ["cola", "zero"]),
        ("cola zero", ["zero"]),
        ("COLA 330 ml", ["cola", "zero"]),
        ("330ml", ["cola", "zero"]),
        ("33", []),
        ("miny", ["oil"]),
        ("minyk goreng", ["oil"]),
        ("goreng minyak 2l", ["oil"]),
        ("minyak 5l", []),
        ("гречка", []),
        ("гречнев", ["buckwheat"]),
        ("susu", []),
        ("", []),
        ("--- %", []),
    ],
)
def test_a_product_is_found_by_what_anybody_calls_it(query: str, found: list[str]):
    """Each word must stand there, begin a word, or be nearly one; numbers must be equal."""
    assert search.match_texts(query, TEXTS) == found


def test_the_best_offer_of_a_product_comes_first(store: Store):
    """All suppliers of a product stand together, the cheapest by base price in front."""
    (found,) = search.search_products(store, "beras")
    assert found.product.label == "Rice, Sawah, 5 kg"
    assert [(offer.supplier, offer.price) for offer in found.offers] == [("Toko B", 80_000), ("Toko A", 90_000)]


def test_a_move_says_what_a_price_was_and_is(store: Store):
    """A first price is no move; the greatest of a list comes first; who looks back less far sees less."""
    found = price_changes.changes_since(store, NOW)
    assert [(move.product.name, move.before, move.after) for move in found] == [
        ("Rice", Decimal("75000.5"), 90_000),
        ("Oil", Decimal("75000.5"), 70_000),
    ]
    assert round(found[1].relative_change, 3) == -0.067
    assert price_changes.changes_since(store, NOW, supplier="toko b") == []
    assert price_changes.changes_since(store, NOW + timedelta(days=1, seconds=1)) == []
