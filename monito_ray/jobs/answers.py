"""Answers of the LLM, kept as they arrive: what was paid for is never asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from monito_ray.records import LlmUse, Method, Standard
from monito_ray.store.database import Store, batched, insert_missing
from monito_ray.store.tables import answers, llm_use

_STANDARD = Standard.__slots__
_USE = LlmUse.__slots__


def known(store: Store, keys: Sequence[str]) -> dict[str, Standard]:
    """The answers there are to `keys`, each marked as coming from here."""
    found: dict[str, Standard] = {}
    with store.read() as connection:
        for part in batched(list(dict.fromkeys(keys))):
            for key, values in connection.execute(select(answers.c.key, answers.c.standard).where(answers.c.key.in_(part))):
                found[key] = _standard(values)
    return found


def keep(store: Store, task_id: str, model: str, found: Mapping[str, Standard], use: LlmUse, now: datetime) -> None:
    """Keep answers together with what they cost the task; the first answer to a key stays."""
    rows = [{"key": key, "standard": _values(standard), "model": model, "created_at": now} for key, standard in found.items()]
    with store.write() as connection:
        insert_missing(connection, answers, rows)
        more = {name: llm_use.c[name] + getattr(use, name) for name in _USE}
        if not connection.execute(update(llm_use).where(llm_use.c.task_id == task_id).values(more)).rowcount:
            connection.execute(insert(llm_use).values(task_id=task_id, **dict(zip(_USE, astuple(use), strict=True))))


def use_of(store: Store, task_id: str) -> LlmUse:
    """What the task has asked of the LLM so far."""
    with store.read() as connection:
        row = connection.execute(select(*(llm_use.c[name] for name in _USE)).where(llm_use.c.task_id == task_id)).one_or_none()
    return LlmUse() if row is None else LlmUse(*row)


def _values(standard: Standard) -> dict[str, Any]:
    values = {name: getattr(standard, name) for name in _STANDARD}
    return values | {"size": None if standard.size is None else str(standard.size)}


def _standard(values: Mapping[str, Any]) -> Standard:
    size = None if values["size"] is None else Decimal(values["size"])
    return Standard(**{**values, "size": size, "method": Method.CACHE})
