"""Rows that were kept long enough are removed, a few at a time, so that others write in between."""

import time

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select

from monito_ray.store.database import Store

#: Rows of a transaction: they are removed within some 20 ms.
SLICE_ROWS = 1_000
#: Rows of one call, which bounds its memory and time; the next call goes on.
MOST_ROWS = 200_000
#: Pause between two transactions. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02


def prune(store: Store, table: Table, is_expired: ColumnElement[bool], most_rows: int = MOST_ROWS) -> int:
    """Remove the rows of a table for which a condition holds, and return how many there were.

    The condition must stay true for a row for which it was true once.

    Raises:
        StoreUnavailable: what was removed until then is gone.
    """
    keys = list(table.primary_key.columns)
    with store.read() as connection:
        expired = [tuple(row) for row in connection.execute(select(*keys).where(is_expired).limit(most_rows))]
    statement = delete(table).where(and_(*(key == bindparam(f"key_{index}") for index, key in enumerate(keys))))
    for start in range(0, len(expired), SLICE_ROWS):
        if start:
            time.sleep(_PAUSE_S)
        with store.write() as connection:
            rows = expired[start : start + SLICE_ROWS]
            connection.execute(statement, [{f"key_{index}": value for index, value in enumerate(row)} for row in rows])
    return len(expired)
