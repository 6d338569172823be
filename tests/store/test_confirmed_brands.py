"""Brands that the catalogue is sure of."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rows import RICE

from monito_ray.catalog import confirmed_brands
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow, Standard
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty database."""
    with open_store(url) as opened:
        yield opened


def _row(brand: str, method: Method, sure: float) -> ProductRow:
    return replace(RICE, brand=brand, method=method, field_confidence=json.dumps({"brand": sure}))


CONFIRMING = [
    (Method.RULES, 0.97, True),
    (Method.RULES, 0.82, False),  # a word that the list repeats
    (Method.LLM, 0.8, True),
    (Method.CACHE, 0.8, True),
    (Method.LLM, 0.4, False),  # rules and LLM disagree, or the model is not believed
    (Method.MANUAL, 0.0, True),
]


@pytest.mark.parametrize(("method", "sure", "is_confirmed"), CONFIRMING)
def test_sure_rules_a_believed_llm_and_people_confirm_a_brand(store: Store, method: Method, sure: float, is_confirmed: bool):
    """What a list only repeats would be found again in every list."""
    rows = [replace(_row("Zarvex", method, sure), standardized_name=name) for name in ("Mustard", "Ketchup")]
    confirmed_brands.confirm_brands(store, rows, NOW)
    assert [entry.brand for entry in confirmed_brands.find_brands(store).values()] == (["Zarvex"] if is_confirmed else [])


def test_an_llm_confirms_no_brand_of_a_single_product(store: Store):
    """It may have taken the kind of goods for it."""
    confirmed_brands.confirm_brands(store, [_row("Zarvex", Method.LLM, 0.8)], NOW)
    assert confirmed_brands.find_brands(store) == {}


def test_the_first_spelling_stays(store: Store):
    """A brand is confirmed again and again; ordinary words, descriptions and no brand are no brands."""
    for at, brand in enumerate(("Coca-Cola", "COCA COLA", "Apple", "Zarvex and all " + "its houses " * 9, "")):
        confirmed_brands.confirm_brands(store, [_row(brand, Method.MANUAL, 1.0)], NOW + timedelta(days=at))
    assert [entry.brand for entry in confirmed_brands.find_brands(store).values()] == ["Coca-Cola"]


def test_a_brand_has_the_categories_of_its_goods(store: Store):
    """Those that are not known are left out."""
    rows = [replace(_row("Zarvex", Method.MANUAL, 1.0), category=category) for category in ("snacks", OTHER, "beverages", "snacks")]
    confirmed_brands.confirm_brands(store, rows, NOW)
    confirmed_brands.confirm_brands(store, rows, NOW)
    assert confirmed_brands.find_brands(store)["zarvex"].categories == {"snacks", "beverages"}


def test_a_person_gives_and_takes_brands(store: Store):
    """What they replaced is forgotten, unless they kept it elsewhere."""
    rows = [_row(brand, Method.RULES, 0.97) for brand in ("Progresso", "Zarvex", "Qorbit")]
    confirmed_brands.confirm_brands(store, rows, NOW)
    standards = [Standard(standardized_name="x", brand=brand, method=Method.MANUAL) for brand in ("", "Melvane", "Qorbit")]
    confirmed_brands.correct_brands(store, list(zip(rows, standards, strict=True)), NOW)
    assert {entry.brand for entry in confirmed_brands.find_brands(store).values()} == {"Melvane", "Qorbit"}
