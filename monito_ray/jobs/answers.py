"""Answers of the LLM, kept as they arrive: what was paid for is never asked again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from monito_ray.records import Method, Standard
from monito_ray.store.database import Store, among, insert_missing
from monito_ray.store.tables import answers

_STANDARD = Standard.__slots__


def known(store: Store, keys: Sequence[str]) -> dict[str, Standard]:
    """The answers there are to `keys`, each marked as coming from here."""
    with store.read() as connection:
        wanted = select(answers.c.key, answers.c.standard).where(among(connection, answers.c.key, list(dict.fromkeys(keys))))
        return {key: _standard(values) for key, values in connection.execute(wanted)}


def keep(connection: Connection, model: str, found: Mapping[str, Standard], now: datetime) -> None:
    """Keep answers, in the transaction of `connection`; the first answer to a key stays."""
    if not found:
        return
    rows = [{"key": key, "standard": _values(standard), "model": model, "created_at": now} for key, standard in found.items()]
    insert_missing(connection, answers, rows)


def _values(standard: Standard) -> dict[str, Any]:
    values = {name: getattr(standard, name) for name in _STANDARD}
    return values | {"size": None if standard.size is None else str(standard.size)}


def _standard(values: Mapping[str, Any]) -> Standard:
    size = None if values["size"] is None else Decimal(values["size"])
    return Standard(**{**values, "size": size, "method": Method.CACHE})
