"""The fields of a product, from its offers: one of them speaks for it, the same whatever the order in which they came."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from monito_ray.catalog.articles.identity import unit_class
from monito_ray.catalog.matching.article import Article, article_of
from monito_ray.catalog.matching.blocking import family_key
from monito_ray.catalog.offer_rows import article_in, has_features, row_of
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers

FIELDS = (
    "family_id", "brand", "name", "size", "unit", "pack_count", "price_unit", "mark", "category", "first_added", "last_updated",
)  # fmt: skip
_FAMILY_LENGTH = 16
#: All but what finds offers alike, which is half of a row: a product may have hundreds of offers.
_COLUMNS = [column for column in offers.c if column.name not in {"block_keys", "word_keys"}]


def offers_by_product(connection: Connection, product_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Return the offers of products as rows of their table: those that stand, or, where none does, those that are gone."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(select(*_COLUMNS).where(has_one_of(connection, offers.c.product_id, list(product_ids)))):
        groups[row.product_id].append(row)
    return {product_id: [row for row in group if not row.is_gone] or group for product_id, group in groups.items()}


def fields_of(group: Sequence[Any]) -> dict[str, Any]:
    """Return the fields of the product that has these offers, given as rows of the table of offers."""
    ordered = sorted(group, key=_spokesman_order)
    speaker = ordered[0]
    categories = [row.category for row in ordered if row.category not in ("", OTHER)]
    row = row_of(speaker)
    article = article_in(speaker.features) if has_features(speaker.features) else article_of(row)  # an earlier version has written it
    return row_fields(row, article, speaker.mark) | {
        "category": categories[0] if categories else speaker.category,
        "first_added": min(row.first_seen for row in group),
        "last_updated": max(row.last_seen for row in group),
    }


def row_fields(row: ProductRow, article: Article, mark: str) -> dict[str, Any]:
    """Return the fields of a product but its times, as one row has them; `article` is what it is matched by."""
    return {
        "family_id": hashlib.sha256(family_key(article).encode("utf-8", "surrogatepass")).hexdigest()[:_FAMILY_LENGTH],
        "brand": row.brand,
        "name": row.standardized_name,
        "size": row.size,
        "unit": row.unit,
        "pack_count": row.pack_count,
        "price_unit": unit_class(row.price_unit),
        "mark": mark,
        "category": row.category,
    }


def _spokesman_order(row: Any) -> tuple[Any, ...]:
    """Return what the offer that speaks for its product is the first by: a person's word, then the surest, then the same one always."""
    return row.method != Method.MANUAL.value, -round(row.confidence, 2), row.supplier, row.original_name, row.mark, row.id
