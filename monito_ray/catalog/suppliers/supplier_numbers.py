"""Suppliers by short numbers, under which tables of many rows have them."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from monito_ray.store.database import has_one_of
from monito_ray.store.schema import supplier_numbers


def stored_numbers(connection: Connection, suppliers: Collection[str]) -> dict[str, int]:
    """Return the numbers of those of these suppliers that ever had an offer."""
    query = select(supplier_numbers.c.supplier, supplier_numbers.c.number)
    is_one = has_one_of(connection, supplier_numbers.c.supplier, list(suppliers))
    return {row.supplier: row.number for row in connection.execute(query.where(is_one))}


def numbers_of(connection: Connection, suppliers: Collection[str]) -> dict[str, int]:
    """Return the numbers of suppliers; who has none gets one. The caller is alone in writing the catalogue."""
    missing = [{"supplier": supplier} for supplier in sorted(set(suppliers) - stored_numbers(connection, suppliers).keys())]
    if missing:
        connection.execute(insert(supplier_numbers), missing)
    return stored_numbers(connection, suppliers)


def rename_number(connection: Connection, old: str, new: str) -> None:
    """Give the number of a supplier to its new name, which may be a former one of somebody who has no offer any more."""
    if old == new:
        return
    connection.execute(delete(supplier_numbers).where(supplier_numbers.c.supplier == new))
    connection.execute(update(supplier_numbers).where(supplier_numbers.c.supplier == old).values(supplier=new))
