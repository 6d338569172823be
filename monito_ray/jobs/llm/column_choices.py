"""Choices of columns in suppliers' tables, kept so that the LLM is asked once for each layout."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from monito_ray.pipeline.tables.layouts import ColumnChoice
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import column_choices

#: Suppliers' names are cut to the length of their column in the database.
_LONGEST_SUPPLIER = 200


def find_choices(store: Store, supplier: str, layout_keys: Collection[str]) -> dict[str, ColumnChoice]:
    """Return the stored choices for this supplier's tables, by layout key; layouts without one are omitted."""
    query = select(column_choices.c.layout_key, column_choices.c.choice).where(
        column_choices.c.supplier == supplier[:_LONGEST_SUPPLIER], column_choices.c.layout_key.in_(list(layout_keys))
    )
    with store.read() as connection:
        return {key: ColumnChoice(choice["name"], tuple(choice["prices"])) for key, choice in connection.execute(query)}


def save_choices(store: Store, supplier: str, choices: Mapping[str, ColumnChoice], model: str, now: datetime) -> None:
    """Store choices by layout key, with the model that made them; the first choice for a layout stays."""
    rows = [
        {
            "supplier": supplier[:_LONGEST_SUPPLIER],
            "layout_key": layout_key,
            "choice": {"name": choice.name, "prices": list(choice.prices)},
            "model": model,
            "created_at": now,
        }
        for layout_key, choice in choices.items()
    ]
    with store.write() as connection:
        insert_missing(connection, column_choices, rows)
