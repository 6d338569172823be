"""Answers of the LLM, kept as they arrive: what was paid for is never asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from monito_ray.records import Method, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of, insert_missing
from monito_ray.store.schema import answers


def find_answers(store: Store, keys: Sequence[str]) -> dict[str, Standard]:
    """The answers there are to `keys`, each marked as coming from here."""
    with store.read() as connection:
        wanted = select(answers.c.key, answers.c.standard).where(has_one_of(connection, answers.c.key, list(dict.fromkeys(keys))))
        return {key: replace(standard_from_json(values), method=Method.CACHE) for key, values in connection.execute(wanted)}


def save_answers(connection: Connection, model: str, found: Mapping[str, Standard], now: datetime) -> None:
    """Keep answers, in the transaction of `connection`; the first answer to a key stays."""
    if not found:
        return
    rows = [{"key": key, "standard": standard.as_json(), "model": model, "created_at": now} for key, standard in found.items()]
    insert_missing(connection, answers, rows)
