"""Prices that a person called right, by article as corrections are. Such a price is not suspected while it stands, whatever others ask."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, insert, select

from monito_ray.catalog.corrections import article_keys
from monito_ray.records import ProductRow
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import confirmed_prices

_ANY_KEY = select(confirmed_prices.c.key).limit(1)


def save_confirmed_prices(connection: Connection, rows: Sequence[ProductRow], now: datetime, user_id: int = 0) -> None:
    """Store that the prices of these rows are right; of an article the latest price replaces earlier ones."""
    keys = _keys(connection, rows)
    replaced = [key for own in keys for key in own]
    connection.execute(delete(confirmed_prices).where(has_one_of(connection, confirmed_prices.c.key, replaced)))
    values = {
        own[0]: {
            "supplier": row.supplier,
            "original_name": row.original_name,
            "price": row.price,
            "currency": row.currency,
            "user_id": user_id,
            "confirmed_at": now,
        }
        for row, own in zip(rows, keys, strict=True)
    }
    if values:
        connection.execute(insert(confirmed_prices), [{"key": key, **fields} for key, fields in values.items()])


def find_confirmed_prices(connection: Connection, rows: Sequence[ProductRow]) -> dict[int, Decimal]:
    """Return the prices that were called right of these rows' articles, in the rows' currencies, by the index of the row."""
    if not rows or connection.execute(_ANY_KEY).first() is None:
        return {}
    keys = _keys(connection, rows)
    table = confirmed_prices.c
    query = select(table.key, table.price, table.currency, table.confirmed_at)
    looked_up = list(dict.fromkeys(key for own in keys for key in own))
    confirmed = {row.key: row for row in connection.execute(query.where(has_one_of(connection, table.key, looked_up)))}
    prices: dict[int, Decimal] = {}
    for index, (row, own) in enumerate(zip(rows, keys, strict=True)):
        stored = [confirmed[key] for key in own if key in confirmed and confirmed[key].currency == row.currency]
        if stored:
            prices[index] = max(stored, key=lambda one: one.confirmed_at).price
    return prices


def _keys(connection: Connection, rows: Sequence[ProductRow]) -> list[list[str]]:
    return article_keys(connection, rows, [row.price_unit for row in rows])
