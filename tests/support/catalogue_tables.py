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
    schema.offers, schema.products, schema.product_aliases, schema.offer_blocks, schema.offer_words, schema.supplier_numbers, schema.keys_ahead,
    schema.price_history,
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


def keys_that_differ(store: Store) -> dict[str, set[tuple[str | int, ...]]]:
    """Return the keys that offers have and the tables of keys do not, or the other way round, by the table; those of blocks with the supplier's number."""
    with store.read() as connection:
        numbers: dict[str, int] = {row.supplier: row.number for row in connection.execute(select(schema.supplier_numbers))}
        of_offers = connection.execute(select(schema.offers)).all()
        blocks = {tuple(row) for row in connection.execute(select(schema.offer_blocks))}
        words = {tuple(row) for row in connection.execute(select(schema.offer_words))}
    blocks ^= {(key, row.id, numbers[row.supplier]) for row in of_offers for key in row.block_keys.split()}
    words ^= {(key, row.id) for row in of_offers for key in row.word_keys.split()}
    return {name: rows for name, rows in (("offer_blocks", blocks), ("offer_words", words)) if rows}
