"""What people say of two offers goes before all rules, for ever, and can be taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog import offers
from monito_ray.catalog.grouping import linking
from monito_ray.catalog.links import LinkKind, all_links
from monito_ray.catalog.lists import supplier_edits, undo, writing
from monito_ray.errors import OfferUnknown, UsageWrong
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
RICE_A, OIL_B, RICE_B = "Toko A: Beras 5kg", "Toko B: Oil 1 L", "Toko B: Beras 5kg"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a catalogue in which two suppliers sell one rice and one of them oil."""
    with open_store(url) as opened:
        for number in range(4):
            queue.submit(opened, Task(id=f"t{number}", created_at=NOW, updated_at=NOW, not_before=NOW))
        writing.write_list(opened, "t0", [RICE], NOW)
        writing.write_list(opened, "t1", [replace(row, supplier="Toko B") for row in (RICE, OIL)], NOW + timedelta(days=1))
        yield opened


def _products(store: Store) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for offer in offers.snapshot(store).offers:
        groups.setdefault(offer.product_id, []).append(f"{offer.supplier}: {offer.row.original_name}")
    return sorted(sorted(group) for group in groups.values())


def test_a_persons_word_parts_and_joins(store: Store):
    """Against the rules, and until the opposite is said; who said what and when is kept."""
    assert _products(store) == [[RICE_A, RICE_B], [OIL_B]]
    assert not linking.link(store, RICE_A, RICE_B, LinkKind.APART, 7, NOW).is_one_product
    assert _products(store) == [[RICE_A], [RICE_B], [OIL_B]]
    assert linking.link(store, RICE_A, OIL_B, LinkKind.SAME, 8, NOW).is_one_product
    assert _products(store) == [[RICE_A, OIL_B], [RICE_B]]
    linking.link(store, OIL_B, RICE_A, LinkKind.APART, 9, NOW + timedelta(days=1))
    linking.unlink(store, RICE_B, RICE_A, 9, NOW + timedelta(days=1))
    assert _products(store) == [[RICE_A, RICE_B], [OIL_B]]
    with store.read() as connection:
        kept = [(link.kind, link.user_id, link.undone_at is None) for link in all_links(connection)]
    assert kept == [(LinkKind.APART, 7, False), (LinkKind.SAME, 8, False), (LinkKind.APART, 9, True)]


def test_ids_stay_and_lead_on(store: Store):
    """A product that was joined to another is found by its former id, and has it again when it parts."""
    ids = {product.name: product.product_id for product in offers.snapshot(store).products}
    linking.link(store, RICE_A, RICE_B, LinkKind.APART, 0, NOW)
    linking.link(store, RICE_A, OIL_B, LinkKind.SAME, 0, NOW)
    (joined,) = (offer.product_id for offer in offers.snapshot(store).offers if offer.supplier == "Toko A")
    former = offers.products_of(store, [ids["Oil"], ids["Rice"]])
    assert {product.product_id for product, _ in former.values()} == {joined}
    linking.unlink(store, RICE_A, OIL_B, 0, NOW)
    assert {product.name: product.product_id for product in offers.snapshot(store).products if product.name == "Oil"} == {"Oil": ids["Oil"]}


def test_links_outlive_lists_and_names(store: Store):
    """A list that is taken back and comes again, a new month, another name of the supplier."""
    linking.link(store, RICE_A, RICE_B, LinkKind.APART, 0, NOW)
    undo.undo(store, "t0", 0, NOW)
    assert _products(store) == [[RICE_B], [OIL_B]]
    writing.write_list(store, "t2", [replace(RICE, price=Decimal(80_000), list_date=None)], NOW + timedelta(days=9))
    assert _products(store) == [[RICE_A], [RICE_B], [OIL_B]]
    supplier_edits.rename_supplier(store, "Toko B", "Qorbit", NOW)
    writing.write_list(store, "t3", [replace(RICE, supplier="Toko B", list_date=None)], NOW + timedelta(days=10))
    assert [RICE_A] in _products(store)


def test_contradictions_are_told(store: Store):
    """Two offers of one supplier are never one product, and what is apart from one is not joined to it by way of another."""
    outcome = linking.link(store, RICE_B, OIL_B, LinkKind.SAME, 0, NOW)
    assert (outcome.is_one_product, "one of each supplier" in outcome.contradiction) == (False, True)
    with pytest.raises(OfferUnknown):
        linking.link(store, "nobody: nothing", RICE_A, LinkKind.SAME, 0, NOW)
    with pytest.raises(UsageWrong, match="one offer"):
        linking.link(store, RICE_A, RICE_A, LinkKind.SAME, 0, NOW)
    with pytest.raises(UsageWrong, match="nobody has said"):
        linking.unlink(store, RICE_A, OIL_B, 0, NOW)
