"""Views of a catalogue that do not depend on ids, for tests that compare one with another."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from monito_ray.catalog import offers as catalogue
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, price_changes, price_history, products

#: Supplier, name as written, number, section, source row, mark, when it came, size, what the price is for.
Article = tuple[Any, ...]


@dataclass(frozen=True)
class CatalogueView:
    """What people and programs can see of a catalogue."""

    #: The offers of each product that stand, with the product's fields.
    products: frozenset[tuple[frozenset[Article], tuple[Any, ...]]]
    #: All that each offer says.
    offers: dict[Article, tuple[Any, ...]]
    #: Prices of each article with their lists, in order.
    history: dict[Article, list[tuple[Decimal, str]]]
    changes: list[tuple[Any, ...]]


def view(store: Store) -> CatalogueView:
    """Return the catalogue as it is now."""
    with store.read() as connection:
        rows = {row.id: row for row in connection.execute(select(offers))}
        points = connection.execute(select(price_history).order_by(price_history.c.id)).all()
        changes = connection.execute(select(price_changes)).all()
        known = {row.id: catalogue.product_from_row(row) for row in connection.execute(select(products))}
    by_product: dict[str, set[Article]] = defaultdict(set)
    history: dict[Article, list[tuple[Decimal, str]]] = defaultdict(list)
    for row in rows.values():
        if not row.is_gone:
            by_product[row.product_id].add(_article(row))
    for point in points:
        history[_article(rows[point.offer_id])].append((point.price, point.task_id))
    fields = ("brand", "name", "size", "unit", "pack_count", "price_unit", "mark", "category", "family_id", "first_added", "last_updated")
    return CatalogueView(
        frozenset((frozenset(own), tuple(getattr(known[product_id], name) for name in fields)) for product_id, own in by_product.items()),
        {
            _article(row): (row.standardized_name, row.category, row.price, row.previous_price, row.is_gone, row.suspicion, row.task_id)
            for row in rows.values()
        },
        dict(history),
        sorted((row.supplier, row.task_id, row.kind, row.original_name, str(row.price), str(row.price_before)) for row in changes),
    )


def _article(row: Any) -> Article:
    return row.supplier, row.original_name, row.sku, row.section, row.source_row, row.mark, row.first_seen, row.size, row.price_unit
