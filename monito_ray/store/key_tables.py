"""Tables of keys, each with the id that is found under it, written and read many rows at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
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

from monito_ray.store.database import has_one_of

#: Between ids in a text; none of them has one.
_BLANK = " "


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


def ids_by_key(connection: Connection, table: Table, keys: Collection[str]) -> dict[str, list[str]]:
    """Return the ids under each of these keys that has any, in no order.

    A key's ids come as one text: a row for each takes five times as long.
    """
    if not keys:
        return {}
    key, own_id = table.columns.values()[:2]
    query = select(key, blank_separated(connection, own_id)).where(has_one_of(connection, key, list(keys))).group_by(key)
    return {each: ids.split(_BLANK) for each, ids in connection.execute(query).all()}


def ids_under_both(
    connection: Connection, one: Table, other: Table, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return for each pair of keys the ids that have the first key in one table and the second one in the other, in no order."""
    if not pairs:
        return {}
    if connection.dialect.name == "sqlite":
        result = connection.execute(_under_both_from_json(one, other), {"pairs": json.dumps(list(pairs))})
    else:
        arrays = {"keys": [key for key, _ in pairs], "others": [key for _, key in pairs]}
        result = connection.execute(_under_both_from_arrays(one, other), arrays)
    return {(key, other_key): ids.split(_BLANK) if ids else [] for key, other_key, ids in result.all()}


def blank_separated(connection: Connection, texts: ColumnElement[str]) -> ColumnElement[str]:
    """Return the texts of a group, such as have no blank, as one with blanks between them."""
    return (func.group_concat if connection.dialect.name == "sqlite" else func.string_agg)(texts, _BLANK)


@cache
def _under_both_from_json(one: Table, other: Table) -> Executable:
    each = func.json_each(bindparam("pairs")).table_valued("value", name="pairs").c.value
    key, other_key = func.json_extract(each, "$[0]"), func.json_extract(each, "$[1]")
    own_id, its_id = one.columns.values()[1], other.columns.values()[1]
    is_under_both = one.c.key == key, other.c.key == other_key, its_id == own_id
    ids = select(func.group_concat(own_id, _BLANK)).where(*is_under_both).select_from(one, other).scalar_subquery()
    return select(key, other_key, ids)


@cache
def _under_both_from_arrays(one: Table, other: Table) -> Executable:
    arrays = func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("others", type_=ARRAY(Text)))
    pairs = arrays.table_valued("key", "other", name="pairs").render_derived()
    own, its = (
        select(table.columns.values()[1].label("id")).where(table.c.key == key).correlate(pairs)
        for table, key in ((one, pairs.c.key), (other, pairs.c.other))
    )
    # Pair by pair: as one join PostgreSQL goes through all rows of the second table, whose words it takes for rarer than they are.
    both = own.intersect(its).subquery("both")
    ids = select(func.string_agg(both.c.id, _BLANK).label("ids")).lateral("joined")
    return select(pairs.c.key, pairs.c.other, ids.c.ids).select_from(pairs.join(ids, true()))


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
