"""Corrections of people, stored by supplier, name, article number and what the price is for. They go before stored answers, rules and LLM."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter

from sqlalchemy import Connection, delete, insert, select

from monito_ray.catalog.articles.identity import unit_class
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.pipeline.products.build import with_standard
from monito_ray.records import ProductRow, RawRow, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import corrections

#: What the price of a corrected row is for, beside the fields of its standard.
_UNIT_CLASS = "unit_class"
_ANY_KEY = select(corrections.c.key).limit(1)

#: A row of the catalogue, and its corrected fields.
Correction = tuple[ProductRow, Standard]


def find_corrections(store: Store, rows: Sequence[RawRow], price_units: Sequence[str] = ()) -> dict[int, Standard]:
    """Return the corrections of these rows, by index; they leave `price_unit` empty.

    `price_units` says what each row's price is for, as the rules read it; without it all prices are for pieces. A correction under any name
    of a row's supplier counts; of several the latest.
    """
    with store.read() as connection:
        return _find(connection, rows, price_units or [""] * len(rows))


def with_corrections(connection: Connection, rows: Sequence[ProductRow]) -> list[ProductRow]:
    """Return the written rows of one list as their corrections have them."""
    corrected = _find(connection, rows, [row.price_unit for row in rows])
    return [with_standard(row, corrected[index]) if index in corrected else row for index, row in enumerate(rows)]


def _find(connection: Connection, rows: Sequence[RawRow | ProductRow], price_units: Sequence[str]) -> dict[int, Standard]:
    if connection.execute(_ANY_KEY).first() is None:
        return {}
    keys, keys_of_before = article_keys(connection, rows, price_units), article_keys(connection, rows, [""] * len(rows))
    query = select(corrections.c.key, corrections.c.standard, corrections.c.corrected_at).where(
        has_one_of(connection, corrections.c.key, list(dict.fromkeys(chain.from_iterable((*keys, *keys_of_before)))))
    )
    corrected = {row.key: row for row in connection.execute(query)}
    # Once a correction was of all articles of the name, whatever their prices are for.
    of_before = {key: row for key, row in corrected.items() if _UNIT_CLASS not in row.standard}
    latest = {
        index: max(stored, key=attrgetter("corrected_at"))
        for index, (own, before) in enumerate(zip(keys, keys_of_before, strict=True))
        if (stored := [*(corrected[key] for key in own if key in corrected), *(of_before[key] for key in before if key in of_before)])
    }
    return {index: standard_from_json(row.standard) for index, row in latest.items()}


def save_corrections(connection: Connection, corrected: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Store what a person corrected; the latest correction of a row replaces earlier ones. `lists.correcting` has the offers follow."""
    rows = {
        _key(row, row.supplier, row.price_unit): {
            "supplier": row.supplier,
            "original_name": row.original_name,
            "standard": standard.as_json() | {_UNIT_CLASS: unit_class(row.price_unit)},
            "user_id": user_id,
            "corrected_at": now,
        }
        for row, standard in corrected
    }
    replaced = list(chain.from_iterable(article_keys(connection, [row for row, _ in corrected], [row.price_unit for row, _ in corrected])))
    connection.execute(delete(corrections).where(has_one_of(connection, corrections.c.key, replaced)))
    if rows:
        connection.execute(insert(corrections), [{"key": key, **values} for key, values in rows.items()])


def article_keys(connection: Connection, rows: Sequence[RawRow | ProductRow], price_units: Sequence[str]) -> list[list[str]]:
    """Return the keys by which a person's word on an article is stored, for each row: that under its own supplier's name, and those under the other names of that supplier."""
    names = read_names(connection)
    spellings = {name: list(dict.fromkeys([name, *names.names_of(names.supplier_of(name))])) for name in {row.supplier for row in rows}}
    return [[_key(row, name, unit) for name in spellings[row.supplier]] for row, unit in zip(rows, price_units, strict=True)]


def _key(row: RawRow | ProductRow, supplier: str, price_unit: str) -> str:
    """Return a key that is equal for an article in all lists that have this supplier's name; a carton and a bottle have two."""
    texts = [" ".join(text.casefold().split()) for text in (supplier, row.original_name, row.sku)]
    texts += filter(None, [unit_class(price_unit)])
    return hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass")).hexdigest()
