"""Locks under which the offers of suppliers are written."""

import zlib

#: Lists of one supplier are written one after another, those of suppliers with another of these locks at the same time.
_LOCKS = 64


def supplier_lock(supplier: str) -> str:
    """Return the name of the lock under which the offers of a supplier are written."""
    return f"supplier-{zlib.crc32(supplier.encode('utf-8', 'surrogatepass')) % _LOCKS:02}"
