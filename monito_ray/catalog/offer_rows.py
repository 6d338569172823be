"""The rows of offers as the store keeps them, and what they are matched by."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row

from monito_ray.catalog.matching.article import ARTICLE_VERSION, Article, article_from_json, as_json
from monito_ray.records import Method, ProductRow
from monito_ray.store.schema import offers

ROW_FIELDS = ProductRow.__slots__
_NUMBERS = ("size", "price", "base_price", "min_quantity")
#: Features of another version are made again.
_VERSION = f"{ARTICLE_VERSION}:"


def row_of(row: Row[Any]) -> ProductRow:
    """Return the written row of an offer, from a row of the table of offers."""
    values = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    return ProductRow(**{name: values[name] for name in ROW_FIELDS} | {"method": Method(values["method"])})


def row_to_json(row: ProductRow) -> dict[str, Any]:
    """Return a row as `offers.others` keeps it."""
    values = {name: getattr(row, name) for name in ROW_FIELDS}
    return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in values.items()}


def repeats_of(row: Row[Any]) -> tuple[ProductRow, ...]:
    """Return the rows that repeat the written row of an offer, from a row of the table of offers; their supplier is its."""
    return tuple(_row_from_json({**other, "supplier": row.supplier}) for other in row.others)


def _row_from_json(values: Mapping[str, Any]) -> ProductRow:
    numbers = {name: None if values[name] is None else Decimal(values[name]) for name in _NUMBERS}
    list_date = values["list_date"] and date.fromisoformat(values["list_date"])
    return ProductRow(**{**values, **numbers, "list_date": list_date, "method": Method(values["method"])})


def features_of(article: Article) -> str:
    """Return what an offer is matched by, as the column `features` has it."""
    return _VERSION + as_json(article)


@lru_cache(maxsize=65_536)
def article_in(features: str) -> Article:
    """Return the article of a column `features` of this version."""
    return article_from_json(features.removeprefix(_VERSION))


def has_features(features: str) -> bool:
    """Whether a column `features` is of this version."""
    return features.startswith(_VERSION)


def is_matchable() -> ColumnElement[bool]:
    """Return the condition that the features of an offer are of this version."""
    return offers.c.features.startswith(_VERSION)
