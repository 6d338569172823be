"""Answers of the LLM, stored as they arrive, so that no row and no pair of offers is paid for twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from monito_ray.pipeline.llm.pair_question import PairAnswer
from monito_ray.records import Method, Standard, standard_from_json
from monito_ray.store.database import Store, has_one_of, insert_missing
from monito_ray.store.schema import answers, pair_answers


def find_answers(store: Store, keys: Sequence[str], own_since: datetime | None = None) -> dict[str, Standard]:
    """Return the stored answers to `keys`; keys without an answer are omitted.

    They are marked as cached, but for those stored since `own_since`, when the task began: an attempt that was broken off asked for them, and
    the list shall be what it would have been without the break.
    """
    with store.read() as connection:
        is_requested = has_one_of(connection, answers.c.key, list(dict.fromkeys(keys)))
        rows = connection.execute(select(answers.c.key, answers.c.standard, answers.c.created_at).where(is_requested))
        return {key: _as_cached(standard_from_json(values), created_at, own_since) for key, values, created_at in rows}


def save_answers(connection: Connection, model: str, standards: Mapping[str, Standard], now: datetime) -> None:
    """Store answers by key within the transaction of `connection`; the first answer to a key stays."""
    if not standards:
        return
    rows = [{"key": key, "standard": standard.as_json(), "model": model, "created_at": now} for key, standard in standards.items()]
    insert_missing(connection, answers, rows)


def _as_cached(standard: Standard, created_at: datetime, own_since: datetime | None) -> Standard:
    return standard if own_since is not None and created_at >= own_since else replace(standard, method=Method.CACHE)


def save_pair_answers(connection: Connection, model: str, by_key: Mapping[str, PairAnswer], now: datetime) -> None:
    """Store what a model said of pairs of offers, by key, within the transaction of `connection`; its first answer to a key stays."""
    if not by_key:
        return
    rows = [
        {"key": key, "model": model, "same": answer.same.value, "telling": answer.telling, "created_at": now}
        for key, answer in by_key.items()
    ]
    insert_missing(connection, pair_answers, rows)
