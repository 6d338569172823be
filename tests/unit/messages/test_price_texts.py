"""Offers for a product beside each other, as a phone shows them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rows import cola_offer

from monito_ray.catalog.offers import Offer, Product
from monito_ray.catalog.search.find import SearchResult
from monito_ray.messages import Messages
from monito_ray.messages.price_texts import TABLE_WIDTH, match_text
from monito_ray.testing import telegram_markup

NOW = datetime(2026, 6, 10, tzinfo=UTC)
TODAY = date(2026, 6, 10)
COLA = Product(
    product_id="p1", brand="Nusa", name="Cola", size=Decimal(330), unit="ml", pack_count=1, category="soft drinks", first_added=NOW,
    last_updated=NOW,
)  # fmt: skip


def _offer(supplier: str, price: int, listed_on: date = date(2026, 6, 3), **changes: object) -> Offer:
    offer = cola_offer(supplier, price, str(price * 3), base_unit="l")
    return replace(offer, row=replace(offer.row, list_date=listed_on), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "ru", "id"])
def test_offers_stand_in_columns_that_a_phone_shows_whole(language: str):
    """Of a long name the end is cut; the price for a litre, the price and the supplier stand under each other."""
    offers = (_offer("Toko Melati Jaya Abadi Sentosa Makmur", 5_000), _offer("CV <Lumo>", 12_500, previous_price=Decimal(10_000)))
    seen = telegram_markup.visible_text(match_text(Messages(language), SearchResult(COLA, offers), TODAY, 5), "HTML")
    title, first, second, ages = seen.split("\n")
    assert title == f"Cola, Nusa, 330 {'мл' if language == 'ru' else 'ml'}"
    assert max(map(len, (first, second))) <= TABLE_WIDTH
    assert first.index("Toko") == second.index("CV <Lumo>")
    assert first.endswith("…")
    assert "CV <Lumo>: " in ages
    assert "+25" in ages


def test_old_and_doubtful_prices_say_so():
    """Below the table; a single offer is one line."""
    old, doubtful = _offer("A", 5_000, date(2023, 7, 1)), _offer("B", 500, suspicion="10 times")
    text = match_text(Messages("en"), SearchResult(COLA, (old, doubtful)), TODAY, 5)
    assert "A: Jul 1, 2023, ⚠ old; B: Jun 3, 2026, perhaps a misprint" in text
    assert match_text(Messages("en"), SearchResult(COLA, (old,)), TODAY, 5).count("\n") == 1
