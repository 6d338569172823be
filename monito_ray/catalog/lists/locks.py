"""Locks under which the offers of suppliers are written: one list of a supplier after another, those of others at the same time.

Who has one finds no keys that a list wrote ahead of its offers before it was broken off.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection

from monito_ray.catalog.lists.keys_ahead import forget_keys, has_keys_ahead
from monito_ray.store.database import Store

#: Suppliers share so many locks, since each is a file beside the database.
_LOCKS = 64


def _supplier_lock(supplier: str) -> str:
    """Return the name of the lock under which the offers of a supplier are written."""
    return f"supplier-{zlib.crc32(supplier.encode('utf-8', 'surrogatepass')) % _LOCKS:02}"


@contextmanager
def writing_supplier(store: Store, supplier: str) -> Iterator[None]:
    """Let nobody else write the offers of a supplier while the block runs, in as many transactions as it has."""
    with store.alone(_supplier_lock(supplier)):
        with store.read() as connection:
            is_broken_off = has_keys_ahead(connection, supplier)
        if is_broken_off:
            with store.write(alone="catalogue") as connection:
                forget_keys(connection, [supplier])
        yield


@contextmanager
def writing_suppliers(store: Store, suppliers_of: Callable[[Connection], Iterable[str]]) -> Iterator[Connection]:
    """Open a transaction in which nobody else writes offers of these suppliers, as the transaction itself sees who they are.

    Their names are looked up before the locks are taken; where others were meant when they are held, these locks are taken instead.
    """
    with store.read() as connection:
        locks = _locks(suppliers_of(connection))
    while True:
        with ExitStack() as held:
            for lock in sorted(locks):
                held.enter_context(store.alone(lock))
            connection = held.enter_context(store.write(alone="catalogue"))
            suppliers = list(suppliers_of(connection))
            needed = _locks(suppliers)
            if needed <= locks:
                forget_keys(connection, suppliers)
                yield connection
                return
        locks = needed


def _locks(suppliers: Iterable[str]) -> set[str]:
    return {_supplier_lock(supplier) for supplier in suppliers}
