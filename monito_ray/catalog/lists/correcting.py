"""Corrections that hold at once: in the lists that there are, and in those to come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from monito_ray.catalog.corrections import Correction, save_corrections
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.lists.replay import replay
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.store.database import Store


def correct_rows(store: Store, corrected: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Keep what a person corrected, and make the offers of these suppliers anew from their lists with it; all or nothing."""
    written = {row.supplier for row, _ in corrected}
    if not written:
        return

    def present(connection: Connection) -> list[str]:
        names = read_names(connection)
        return sorted({names.supplier_of(name) if name else "" for name in written})

    with writing_suppliers(store, present) as connection:
        save_corrections(connection, corrected, now, user_id)
        replay(connection, present(connection))
