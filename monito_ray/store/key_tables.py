"""Rows of tables of two columns, a key and an id, written many at a time: one parameter for all of them takes half of the time of one each."""

import json
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import ARRAY, Connection, Executable, Table, Text, bindparam, func, insert, select, true


def insert_keys(connection: Connection, table: Table, keys_by_id: Mapping[str, Sequence[str]]) -> None:
    """Insert a row of `table`, which has a column `key` and then that of an id, for each key of each id; none of them is in the table."""
    if not any(keys_by_id.values()):
        return
    if connection.dialect.name == "sqlite":
        connection.execute(_from_json(table), {"rows": json.dumps(keys_by_id)})
        return
    pairs = [(key, one) for one, keys in keys_by_id.items() for key in keys]
    connection.execute(_from_arrays(table), {"keys": [key for key, _ in pairs], "ids": [one for _, one in pairs]})


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
