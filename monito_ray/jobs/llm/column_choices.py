"""What was said of the columns of suppliers' tables, kept so that nobody is asked again next month."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from monito_ray.pipeline.tables.layouts import ColumnChoice
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import layouts

_LONGEST_SUPPLIER = 200


def known(store: Store, supplier: str, keys: Collection[str]) -> dict[str, ColumnChoice]:
    """What is known of that supplier's tables with these keys."""
    wanted = select(layouts.c.key, layouts.c.told).where(layouts.c.supplier == supplier[:_LONGEST_SUPPLIER], layouts.c.key.in_(list(keys)))
    with store.read() as connection:
        return {key: ColumnChoice(told["name"], tuple(told["prices"])) for key, told in connection.execute(wanted)}


def keep(store: Store, supplier: str, told: Mapping[str, ColumnChoice], model: str, now: datetime) -> None:
    """Keep it; what was said first stays."""
    rows = [
        {
            "supplier": supplier[:_LONGEST_SUPPLIER],
            "key": key,
            "told": {"name": one.name, "prices": list(one.prices)},
            "model": model,
            "created_at": now,
        }
        for key, one in told.items()
    ]
    with store.write() as connection:
        insert_missing(connection, layouts, rows)
