"""Tables of two columns, a key and an id, written and read many rows at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Executable, Table, TableValuedAlias, Text, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql


def insert_keys(connection: Connection, table: Table, keys_by_id: Mapping[str, Sequence[str]]) -> None:
    """Insert a row of `table`, which has a column `key` and then that of an id, for each key of each id, of those that are not there yet."""
    insert_pairs(connection, table, sorted_pairs(keys_by_id))


def sorted_pairs(keys_by_id: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return each key of each id with it, in the order in which tables have them: written so, neighbours are on one page."""
    return sorted([(key, one) for one, keys in keys_by_id.items() for key in keys])


def insert_pairs(connection: Connection, table: Table, pairs: Sequence[tuple[str, str]]) -> None:
    """Do as `insert_keys` with pairs of a key and an id."""
    if not pairs:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table.name} VALUES (?, ?)", list(pairs))  # noqa: S608  a name of the schema
    else:
        connection.execute(_insert_from_arrays(table), _arrays(pairs))


def delete_keys(connection: Connection, table: Table, keys_by_id: Mapping[str, Sequence[str]]) -> None:
    """Delete the rows of `table` with these keys and ids, of those that there are."""
    pairs = sorted_pairs(keys_by_id)
    if not pairs:
        return
    if connection.dialect.name == "sqlite":
        key, own_id = (column.name for column in table.columns)
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {key} = ? AND {own_id} = ?", pairs)  # noqa: S608  names of the schema
    else:
        connection.execute(_delete_from_arrays(table), _arrays(pairs))


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
    return _under_both(one, other, func.json_extract(each, "$[0]"), func.json_extract(each, "$[1]"))


@cache
def _under_both_from_arrays(one: Table, other: Table) -> Executable:
    pairs = (
        func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("others", type_=ARRAY(Text)))
        .table_valued("key", "other", name="pairs")
        .render_derived()
    )
    return _under_both(one, other, pairs.c.key, pairs.c.other)


def _under_both(one: Table, other: Table, key: ColumnElement[Any], other_key: ColumnElement[Any]) -> Executable:
    own_id, its_id = one.columns.values()[1], other.columns.values()[1]
    own_pairs, is_one = (other.c.key == other_key) & (its_id == own_id), one.c.key == key
    return select(one.c.key, other.c.key, own_id).where(is_one, own_pairs)


def _arrays(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"keys": [key for key, _ in pairs], "ids": [one for _, one in pairs]}


# Cached, since building a statement takes longer than running it.
@cache
def _insert_from_arrays(table: Table) -> Executable:
    pairs = _unnested()
    return postgresql.insert(table).from_select(table.columns.keys(), select(pairs.c.key, pairs.c.id)).on_conflict_do_nothing()


@cache
def _delete_from_arrays(table: Table) -> Executable:
    pairs = _unnested()
    key, own_id = table.columns.values()
    return delete(table).where(key == pairs.c.key, own_id == pairs.c.id)


def _unnested() -> TableValuedAlias:
    arrays = func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(Text)))
    return arrays.table_valued("key", "id", name="pairs").render_derived()
