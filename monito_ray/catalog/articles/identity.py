"""Matching of rows to products: rows are one product only if brand, name, size, unit and pack are equal."""

import hashlib
import json
from functools import lru_cache

from monito_ray.records import ProductRow

#: Brand, standardized name, size in plain digits ("" if unknown), unit, pack count.
Identity = tuple[str, str, str, str, int]


def identity(row: ProductRow) -> Identity:
    """Return what identifies the product of a row."""
    size = "" if row.size is None else format(row.size.normalize(), "f")
    return row.brand, row.standardized_name, size, row.unit, row.pack_count


@lru_cache(maxsize=16_384)
def identity_hash(product: Identity) -> str:
    """Return an identity as 64 hexadecimal digits, since names may be longer than an index allows."""
    return hashlib.sha256(json.dumps(product, ensure_ascii=False).encode()).hexdigest()
