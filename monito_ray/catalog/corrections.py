"""What people said rows are: kept by supplier, name and article number, and taken before anybody else is asked."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from monito_ray.records import ProductRow, RawRow, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import corrections

_ANY = select(corrections.c.key).limit(1)

Correction = tuple[ProductRow, Standard]
"""A row of the catalogue, and what it is."""


def find_corrections(store: Store, rows: Sequence[RawRow]) -> dict[int, Standard]:
    """What people said of these rows, by place; `price_unit` is left open."""
    with store.read() as connection:
        if connection.execute(_ANY).first() is None:
            return {}
        keys = [_key(row) for row in rows]
        wanted = select(corrections.c.key, corrections.c.standard).where(
            has_one_of(connection, corrections.c.key, list(dict.fromkeys(keys)))
        )
        found = {key: standard_from_json(values) for key, values in connection.execute(wanted)}
    return {place: found[key] for place, key in enumerate(keys) if key in found}


def save_corrections(store: Store, corrected: Sequence[Correction], now: datetime) -> None:
    """Keep corrections, all or none; the last word about a row counts."""
    rows = {
        _key(row): {"supplier": row.supplier, "original_name": row.original_name, "standard": standard.as_json(), "corrected_at": now}
        for row, standard in corrected
    }
    with store.write() as connection:
        connection.execute(delete(corrections).where(has_one_of(connection, corrections.c.key, list(rows))))
        if rows:
            connection.execute(insert(corrections), [{"key": key, **values} for key, values in rows.items()])


def _key(row: RawRow | ProductRow) -> str:
    """Equal for the same article of the same supplier in every list of theirs."""
    said = [" ".join(text.casefold().split()) for text in (row.supplier, row.original_name, row.sku)]
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).hexdigest()
