"""Which rows are the same product: exact brand, name, size, unit and pack, and nothing that merely looks alike."""

import hashlib
import json
from functools import lru_cache

from monito_ray.records import ProductRow

Identity = tuple[str, str, str, str, int]


def identity(row: ProductRow) -> Identity:
    """What makes a row the product it is: brand, standardized name, size (in plain digits, "" if unknown), unit, pack count."""
    size = "" if row.size is None else format(row.size.normalize(), "f")
    return row.brand, row.standardized_name, size, row.unit, row.pack_count


@lru_cache(maxsize=16_384)
def identity_hash(found: Identity) -> str:
    """An identity as 64 characters: names may be longer than an index allows."""
    return hashlib.sha256(json.dumps(found, ensure_ascii=False).encode()).hexdigest()
