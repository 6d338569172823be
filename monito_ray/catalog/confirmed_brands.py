"""Brands that the catalogue is sure of: the rules look for them in every later list.

They come from columns of brands and titles, from answers of a believed LLM, and from people. What a list only repeats confirms no brand: a
wrong word would be found again in every list.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from monito_ray.pipeline.llm.merge import ANSWERED
from monito_ray.pipeline.products.brands.brand_register import BrandRegister, is_distinctive, make_register
from monito_ray.pipeline.products.brands.brand_words import fold_spelling
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow, Standard
from monito_ray.store.database import Store, has_one_of, insert_missing
from monito_ray.store.schema import brands

#: How sure a brand is by rules that confirm it: above that of a word that a list repeats.
_LEAST_CONFIDENCE = 0.9
#: Products of one list that bear a brand by an LLM's word: of a single one it takes the kind for the brand more often ("Parmigiano Reggiano").
_LEAST_PRODUCTS = 2
#: A longer text in a column of brands is a description.
_LONGEST = 60
#: Most brands that lists are searched for, the latest: they travel with every list.
_MOST = 20_000
_LATEST = (
    select(brands.c.brand, brands.c.category).order_by(brands.c.confirmed_at.desc(), brands.c.spelling, brands.c.category).limit(_MOST)
)


def find_brands(store: Store) -> BrandRegister:
    """Return the brands of the catalogue, as it spells them."""
    with store.read() as connection:
        return make_register((brand, category) for brand, category in connection.execute(_LATEST))


def confirm_brands(store: Store, rows: Sequence[ProductRow], now: datetime) -> None:
    """Add the brands that these rows of the catalogue are sure of, with the categories of their goods; those that are there keep their spelling."""
    products: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        products[row.brand].add(row.standardized_name)
    _add(store, ((row.brand, row.category) for row in rows if _is_confirmed(row, len(products[row.brand]))), now)


def correct_brands(store: Store, corrected: Sequence[tuple[ProductRow, Standard]], now: datetime) -> None:
    """Add the brands that a person gave to rows, and forget those that they took from them."""
    removed = {fold_spelling(row.brand) for row, standard in corrected if row.brand and row.brand != standard.brand}
    retained = {fold_spelling(standard.brand) for _, standard in corrected}
    if wrong := removed - retained:
        with store.write() as connection:
            connection.execute(delete(brands).where(has_one_of(connection, brands.c.spelling, sorted(wrong))))
    _add(store, ((standard.brand, standard.category) for _, standard in corrected), now)


def _is_confirmed(row: ProductRow, products: int) -> bool:
    """Whether the row is sure of its brand; `products` is the number of products that bear it in the list."""
    if not row.brand or row.method is Method.MANUAL:
        return bool(row.brand)
    sure = float(json.loads(row.field_confidence or "{}").get("brand", 0.0))
    is_answered = row.method is not Method.RULES and sure >= ANSWERED.brand and products >= _LEAST_PRODUCTS
    return is_answered or sure >= _LEAST_CONFIDENCE


def _add(store: Store, pairs: Iterable[tuple[str, str]], now: datetime) -> None:
    """Add brands with a category each, as far as they are not there."""
    new = {
        (fold_spelling(brand), "" if category == OTHER else category): brand
        for brand, category in pairs
        if len(brand) <= _LONGEST and is_distinctive(brand)
    }
    if not new:
        return
    with store.read() as connection:
        of_these = has_one_of(connection, brands.c.spelling, sorted({spelling for spelling, _ in new}))
        existing = {
            tuple(row[:2]): row.brand
            for row in connection.execute(select(brands.c.spelling, brands.c.category, brands.c.brand).where(of_these))
        }
    spelled = {spelling: brand for (spelling, _), brand in existing.items()}
    missing = [
        {"spelling": spelling, "category": category, "brand": spelled.setdefault(spelling, brand), "confirmed_at": now}
        for (spelling, category), brand in new.items()
        if (spelling, category) not in existing
    ]
    if missing:
        with store.write() as connection:
            insert_missing(connection, brands, missing)
