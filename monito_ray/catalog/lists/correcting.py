"""Corrections that hold at once: in the lists that there are, and in those to come."""

from collections.abc import Sequence
from datetime import datetime

from monito_ray.catalog.corrections import Correction, save_corrections
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.lists.replay import replay
from monito_ray.store.database import Store


def correct_rows(store: Store, corrected: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Keep what a person corrected, and make the offers of these suppliers anew from their lists with it; all or nothing."""
    suppliers = sorted({row.supplier for row, _ in corrected})
    if not suppliers:
        return
    with writing_suppliers(store, suppliers) as connection:
        save_corrections(connection, corrected, now, user_id)
        for supplier in suppliers:
            replay(connection, supplier)
