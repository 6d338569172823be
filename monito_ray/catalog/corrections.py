"""Corrections of people, stored by supplier, name and article number. They go before stored answers, rules and LLM."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from monito_ray.records import ProductRow, RawRow, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import corrections

_ANY_KEY = select(corrections.c.key).limit(1)

#: A row of the catalogue, and its corrected fields.
Correction = tuple[ProductRow, Standard]


def find_corrections(store: Store, rows: Sequence[RawRow]) -> dict[int, Standard]:
    """Return the corrections of these rows, by index; they leave `price_unit` empty."""
    with store.read() as connection:
        if connection.execute(_ANY_KEY).first() is None:
            return {}
        keys = [_key(row) for row in rows]
        query = select(corrections.c.key, corrections.c.standard).where(
            has_one_of(connection, corrections.c.key, list(dict.fromkeys(keys)))
        )
        corrected = {key: standard_from_json(values) for key, values in connection.execute(query)}
    return {index: corrected[key] for index, key in enumerate(keys) if key in corrected}


def save_corrections(store: Store, corrected: Sequence[Correction], now: datetime) -> None:
    """Store corrections, all or none; the latest correction of a row replaces earlier ones."""
    rows = {
        _key(row): {"supplier": row.supplier, "original_name": row.original_name, "standard": standard.as_json(), "corrected_at": now}
        for row, standard in corrected
    }
    with store.write() as connection:
        connection.execute(delete(corrections).where(has_one_of(connection, corrections.c.key, list(rows))))
        if rows:
            connection.execute(insert(corrections), [{"key": key, **values} for key, values in rows.items()])


def _key(row: RawRow | ProductRow) -> str:
    """Return a key that is equal for an article of a supplier in all of its lists."""
    texts = [" ".join(text.casefold().split()) for text in (row.supplier, row.original_name, row.sku)]
    return hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass")).hexdigest()
