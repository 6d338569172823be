"""Corrections of people, stored by supplier, name and article number. They go before stored answers, rules and LLM."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter

from sqlalchemy import Connection, delete, insert, select

from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.pipeline.products.build import with_standard
from monito_ray.records import ProductRow, RawRow, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import corrections

_ANY_KEY = select(corrections.c.key).limit(1)

#: A row of the catalogue, and its corrected fields.
Correction = tuple[ProductRow, Standard]


def find_corrections(store: Store, rows: Sequence[RawRow]) -> dict[int, Standard]:
    """Return the corrections of these rows, by index; they leave `price_unit` empty.

    A correction under any name of a row's supplier counts; of several the latest.
    """
    with store.read() as connection:
        return _find(connection, rows)


def with_corrections(connection: Connection, rows: Sequence[ProductRow]) -> list[ProductRow]:
    """Return the written rows of one list as their corrections have them."""
    corrected = _find(connection, rows)
    return [with_standard(row, corrected[index]) if index in corrected else row for index, row in enumerate(rows)]


def _find(connection: Connection, rows: Sequence[RawRow] | Sequence[ProductRow]) -> dict[int, Standard]:
    if connection.execute(_ANY_KEY).first() is None:
        return {}
    keys = _keys(connection, rows)
    query = select(corrections.c.key, corrections.c.standard, corrections.c.corrected_at).where(
        has_one_of(connection, corrections.c.key, list(dict.fromkeys(chain.from_iterable(keys))))
    )
    corrected = {row.key: row for row in connection.execute(query)}
    latest = {
        index: max(stored, key=attrgetter("corrected_at"))
        for index, own in enumerate(keys)
        if (stored := [corrected[key] for key in own if key in corrected])
    }
    return {index: standard_from_json(row.standard) for index, row in latest.items()}


def save_corrections(connection: Connection, corrected: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Store what a person corrected; the latest correction of a row replaces earlier ones. `lists.correcting` has the offers follow."""
    rows = {
        _key(row, row.supplier): {
            "supplier": row.supplier,
            "original_name": row.original_name,
            "standard": standard.as_json(),
            "user_id": user_id,
            "corrected_at": now,
        }
        for row, standard in corrected
    }
    replaced = list(chain.from_iterable(_keys(connection, [row for row, _ in corrected])))
    connection.execute(delete(corrections).where(has_one_of(connection, corrections.c.key, replaced)))
    if rows:
        connection.execute(insert(corrections), [{"key": key, **values} for key, values in rows.items()])


def _keys(connection: Connection, rows: Sequence[RawRow] | Sequence[ProductRow]) -> list[list[str]]:
    """Return the keys of each row: that under its own supplier's name, and those under the other names of that supplier."""
    names = read_names(connection)
    spellings = {name: list(dict.fromkeys([name, *names.names_of(names.supplier_of(name))])) for name in {row.supplier for row in rows}}
    return [[_key(row, name) for name in spellings[row.supplier]] for row in rows]


def _key(row: RawRow | ProductRow, supplier: str) -> str:
    """Return a key that is equal for an article in all lists that have this supplier's name."""
    texts = [" ".join(text.casefold().split()) for text in (supplier, row.original_name, row.sku)]
    return hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass")).hexdigest()
