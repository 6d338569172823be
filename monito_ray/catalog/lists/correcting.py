"""People's words on rows that hold at once: corrections, also of the lists to come, and prices that are right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from monito_ray.catalog.confirmed_prices import save_confirmed_prices
from monito_ray.catalog.corrections import Correction, save_corrections
from monito_ray.catalog.grouping.grouping import update_products
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.lists.replay import replay
from monito_ray.catalog.search.index import index_products
from monito_ray.catalog.settled_prices import save_settled_prices
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers


def confirm_prices(store: Store, rows: Sequence[ProductRow], now: datetime, user_id: int = 0) -> None:
    """Keep that the prices of these rows are right, and suspect them no more, nor doubt that they were read rightly from a picture."""
    settle_prices(store, [(row, row.price) for row in rows], now, user_id)


def settle_prices(store: Store, settled: Sequence[tuple[ProductRow, Decimal]], now: datetime, user_id: int = 0) -> None:
    """Keep which price each of these rows has, as `confirm_prices`; only a price of a picture may be another one than was read."""
    if not settled:
        return
    rows = [replace(row, price=price) for row, price in settled]

    def present(connection: Connection) -> list[str]:
        return sorted(set(_suppliers_of(connection, rows).values()))

    with writing_suppliers(store, present) as connection:
        save_confirmed_prices(connection, rows, now, user_id)
        suppliers = _suppliers_of(connection, rows)
        if save_settled_prices(connection, suppliers, settled, now, user_id):
            replay(connection, sorted(set(suppliers.values())))
        offered = offers.c.supplier.in_(sorted(set(suppliers.values()))) & has_one_of(
            connection, offers.c.original_name, sorted({row.original_name for row in rows})
        )
        product_ids = sorted(set(connection.execute(select(offers.c.product_id).where(offered)).scalars()))
        update_products(connection, product_ids)
        index_products(connection, product_ids)


def _suppliers_of(connection: Connection, rows: Sequence[ProductRow]) -> dict[str, str]:
    """Return the present name of each row's supplier."""
    names = read_names(connection)
    return {row.supplier: names.supplier_of(row.supplier) if row.supplier else "" for row in rows}


def correct_rows(store: Store, corrected: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Keep what a person corrected, and make the offers of these suppliers anew from their lists with it; all or nothing."""
    if not corrected:
        return

    def present(connection: Connection) -> list[str]:
        return sorted(set(_suppliers_of(connection, [row for row, _ in corrected]).values()))

    with writing_suppliers(store, present) as connection:
        save_corrections(connection, corrected, now, user_id)
        replay(connection, present(connection))
