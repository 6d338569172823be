"""Prices of pictures that a person has looked at, by the row of the list: right as they were read, or put right.

A price that was misread once says nothing of the supplier's next list, so these hold for their own list alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, insert, select

from monito_ray.pipeline.products.build import with_price
from monito_ray.records import PRICE_OF_PICTURE, ProductRow
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, settled_prices


def save_settled_prices(
    connection: Connection, suppliers: Mapping[str, str], rows: Sequence[tuple[ProductRow, Decimal]], now: datetime, user_id: int
) -> bool:
    """Store the prices of those rows that are in doubt because they were read from a picture; return whether there are any.

    `suppliers` are the present names of the rows' suppliers. `lists.correcting` has the offers follow.
    """
    saved = False
    for row, price in rows:
        task_id = list_of_row(connection, row, suppliers[row.supplier]) if row.doubt.startswith(PRICE_OF_PICTURE) else ""
        if not task_id:
            continue
        place = {"task_id": task_id, "source_sheet": row.source_sheet, "source_row": row.source_row, "original_name": row.original_name}
        connection.execute(delete(settled_prices).filter_by(**place))
        connection.execute(insert(settled_prices), {**place, "price": price, "user_id": user_id, "settled_at": now})
        saved = True
    return saved


def with_settled_prices(connection: Connection, task_id: str, rows: Sequence[ProductRow]) -> list[ProductRow]:
    """Return the written rows of a task's list with the prices that a person has settled, which are in doubt no longer."""
    stored = connection.execute(select(settled_prices).where(settled_prices.c.task_id == task_id)).all()
    if not stored:
        return list(rows)
    prices = {(one.source_sheet, one.source_row, one.original_name): one.price for one in stored}
    places = ((row.source_sheet, row.source_row, row.original_name) for row in rows)
    return [with_price(row, prices[place]) if place in prices else row for row, place in zip(rows, places, strict=True)]


def count_doubts_left(store: Store, task_id: str, rows: Sequence[ProductRow]) -> int:
    """Return how many of the rows of a task's list are in doubt: prices of pictures that the supplier's last list confirms are so no longer."""
    in_doubt = [row for row in rows if row.doubt]
    of_pictures = [row for row in in_doubt if row.doubt.startswith(PRICE_OF_PICTURE)]
    if not of_pictures:
        return len(in_doubt)
    places = select(offers.c.source_sheet, offers.c.source_row, offers.c.original_name)
    with store.read() as connection:
        clear = set(map(tuple, connection.execute(places.where(offers.c.task_id == task_id, offers.c.doubt == ""))))
    return len(in_doubt) - sum((row.source_sheet, row.source_row, row.original_name) in clear for row in of_pictures)


def list_of_row(connection: Connection, row: ProductRow, supplier: str) -> str:
    """Return the task of the list in which an offer's row stands, "" where it stands in none."""
    is_it = (
        (offers.c.supplier == supplier)
        & (offers.c.original_name == row.original_name)
        & (offers.c.source_sheet == row.source_sheet)
        & (offers.c.source_row == row.source_row)
        & (offers.c.source_file == row.source_file)
    )
    return connection.execute(select(offers.c.task_id).where(is_it, ~offers.c.is_gone)).scalars().first() or ""
