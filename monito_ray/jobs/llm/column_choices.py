"""Choices of columns in suppliers' tables, kept so that a person or the LLM is asked once for each layout."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from monito_ray.pipeline.tables.layouts import ColumnChoice
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import LONGEST_SUPPLIER, PERSON, column_choices


def find_choices(store: Store, supplier: str, layout_keys: Collection[str], model: str = "") -> dict[str, ColumnChoice]:
    """Return the stored choices for this supplier's tables, by layout key; layouts without one are omitted.

    With a `model`, or `PERSON`, only those that it made.
    """
    query = select(column_choices.c.layout_key, column_choices.c.choice).where(
        column_choices.c.supplier == supplier[:LONGEST_SUPPLIER], column_choices.c.layout_key.in_(list(layout_keys))
    )
    if model:
        query = query.where(column_choices.c.model == model)
    with store.read() as connection:
        return {key: _from_json(choice) for key, choice in connection.execute(query)}


def save_choices(store: Store, supplier: str, choices: Mapping[str, ColumnChoice], model: str, now: datetime) -> None:
    """Store choices by layout key, with the model that made them. The first choice for a layout stays, but a person's replaces any."""
    rows = [
        {"supplier": supplier[:LONGEST_SUPPLIER], "layout_key": key, "choice": _to_json(choice), "model": model, "created_at": now}
        for key, choice in choices.items()
    ]
    with store.write() as connection:
        if model == PERSON:
            is_replaced = column_choices.c.layout_key.in_(list(choices))
            connection.execute(delete(column_choices).where(column_choices.c.supplier == supplier[:LONGEST_SUPPLIER], is_replaced))
        insert_missing(connection, column_choices, rows)


def _to_json(choice: ColumnChoice) -> dict[str, Any]:
    return {"name": choice.name, "prices": list(choice.prices), "others": dict(choice.others)}


def _from_json(choice: Mapping[str, Any]) -> ColumnChoice:
    return ColumnChoice(choice["name"], tuple(choice["prices"]), tuple(choice.get("others", {}).items()))
