"""Tables of keys, each with the id that is found under it, written and read many rows at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Executable,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    delete,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[str | int, ...]]) -> None:
    """Insert rows, which have the values of all columns, of those that are not there yet.

    They are to be in order: then neighbours are on one page.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        values = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table.name} VALUES ({values})", list(rows))  # noqa: S608  names of the schema
    else:
        arrays = dict(zip(table.columns.keys(), map(list, zip(*rows, strict=True)), strict=True))
        connection.execute(_insert_from_arrays(table), arrays)


def delete_keys(connection: Connection, table: Table, keys_by_id: Mapping[str, Sequence[str]]) -> None:
    """Delete the rows of `table` with these keys and ids, of those that there are."""
    pairs = sorted([(key, one) for one, keys in keys_by_id.items() for key in keys])
    if not pairs:
        return
    if connection.dialect.name == "sqlite":
        key, own_id = list(table.columns.keys())[:2]
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {key} = ? AND {own_id} = ?", pairs)  # noqa: S608  names of the schema
    else:
        connection.execute(_delete_from_arrays(table), dict(zip(table.columns.keys(), map(list, zip(*pairs, strict=True)), strict=False)))


def ids_under_both(connection: Connection, one: Table, other: Table, pairs: Collection[tuple[str, str]]) -> Sequence[tuple[str, str, str]]:
    """Return both keys and the id for each id that has the first key of a pair in one table and the second one in the other."""
    if connection.dialect.name == "sqlite":
        result = connection.execute(_under_both_from_json(one, other), {"pairs": json.dumps(list(pairs))})
    else:
        arrays = {"keys": [key for key, _ in pairs], "others": [key for _, key in pairs]}
        result = connection.execute(_under_both_from_arrays(one, other), arrays)
    return [(key, other_key, own_id) for key, other_key, own_id in result]


@cache
def _under_both_from_json(one: Table, other: Table) -> Executable:
    each = func.json_each(bindparam("pairs")).table_valued("value", name="pairs").c.value
    key, other_key = func.json_extract(each, "$[0]"), func.json_extract(each, "$[1]")
    own_id, its_id = one.columns.values()[1], other.columns.values()[1]
    return select(one.c.key, other.c.key, own_id).where(one.c.key == key, other.c.key == other_key, its_id == own_id)


@cache
def _under_both_from_arrays(one: Table, other: Table) -> Executable:
    arrays = func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("others", type_=ARRAY(Text)))
    pairs = arrays.table_valued("key", "other", name="pairs").render_derived()
    own, its = (
        select(table.columns.values()[1].label("id")).where(table.c.key == key).correlate(pairs)
        for table, key in ((one, pairs.c.key), (other, pairs.c.other))
    )
    # Pair by pair: as one join PostgreSQL goes through all rows of the second table, whose words it takes for rarer than they are.
    both = own.intersect(its).lateral("both")
    return select(pairs.c.key, pairs.c.other, both.c.id).select_from(pairs.join(both, true()))


# Cached, since building a statement takes longer than running it.
@cache
def _insert_from_arrays(table: Table) -> Executable:
    rows = _unnested(table.columns.values())
    return postgresql.insert(table).from_select(table.columns.keys(), select(*rows.c)).on_conflict_do_nothing()


@cache
def _delete_from_arrays(table: Table) -> Executable:
    key, own_id = table.columns.values()[:2]
    pairs = _unnested([key, own_id])
    return delete(table).where(key == pairs.c[key.name], own_id == pairs.c[own_id.name])


def _unnested(columns: Sequence[Column[Any]]) -> TableValuedAlias:
    """Return a table of these columns, whose values come as one parameter each."""
    arrays = func.unnest(*(bindparam(column.name, type_=ARRAY(column.type)) for column in columns))
    return arrays.table_valued(*(column.name for column in columns), name="rows").render_derived()
