"""The tables of a catalogue as a whole, to compare two."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Row, select

from monito_ray.catalog.lists.derived_rows import DeriveRows
from monito_ray.catalog.lists.writing import write_list
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store import schema
from monito_ray.store.database import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
_TABLES = (
    schema.offers, schema.products, schema.product_aliases, schema.offer_blocks, schema.offer_words, schema.supplier_numbers, schema.price_history,
    schema.number_agreements, schema.search_words,
)  # fmt: skip
#: Of the index all but the numbers of its entries.
_ENTRIES = [column for column in schema.search_entries.c if column.name != "id"]


def write_task(store: Store, task_id: str, rows: Sequence[ProductRow], derive: DeriveRows) -> None:
    """Write a list under a new task."""
    queue.submit(store, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    write_list(store, task_id, rows, NOW, derive=derive)


def catalogue_tables(store: Store) -> dict[str, list[Row[tuple[object, ...]]]]:
    """Return the rows of a catalogue, in an order of their own."""
    queries = {table.name: select(table) for table in _TABLES} | {"entries": select(*_ENTRIES)}
    with store.read() as connection:
        return {name: sorted(connection.execute(query).all(), key=repr) for name, query in queries.items()}
