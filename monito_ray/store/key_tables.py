"""Tables of two columns, a key and an id, written and read many rows at a time: one parameter for all of them takes half of the time of one each."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Executable, Table, Text, bindparam, func, insert, select, true


def insert_keys(connection: Connection, table: Table, keys_by_id: Mapping[str, Sequence[str]]) -> None:
    """Insert a row of `table`, which has a column `key` and then that of an id, for each key of each id; none of them is in the table."""
    if not any(keys_by_id.values()):
        return
    if connection.dialect.name == "sqlite":
        connection.execute(_from_json(table), {"rows": json.dumps(keys_by_id)})
        return
    pairs = [(key, one) for one, keys in keys_by_id.items() for key in keys]
    connection.execute(_from_arrays(table), {"keys": [key for key, _ in pairs], "ids": [one for _, one in pairs]})


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


# Cached, since building a statement takes longer than running it.
@cache
def _from_json(table: Table) -> Executable:
    own = func.json_each(bindparam("rows")).table_valued("key", "value", name="own")
    each = func.json_each(own.c.value).table_valued("value", name="each")
    return insert(table).from_select(table.columns.keys(), select(each.c.value, own.c.key).select_from(own.join(each, true())))


@cache
def _from_arrays(table: Table) -> Executable:
    pairs = (
        func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(Text)))
        .table_valued("key", "id", name="pairs")
        .render_derived()
    )
    return insert(table).from_select(table.columns.keys(), select(pairs.c.key, pairs.c.id))
