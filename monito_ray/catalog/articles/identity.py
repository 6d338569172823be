"""The identity of a row: what has to be equal for two rows of one supplier to be the same article."""

import hashlib
import json
from functools import lru_cache

from monito_ray.pipeline.units import content_units, outer_packages
from monito_ray.records import ProductRow

#: Brand and standardized name in one case, size in plain digits ("" if unknown), unit, pack count, class of the price's unit.
Identity = tuple[str, str, str, str, int, str]


def identity(row: ProductRow) -> Identity:
    """Return what identifies the article of a row. A carton and a bottle are two, also where all else is equal."""
    size = "" if row.size is None else format(row.size.normalize(), "f")
    return _folded_text(row.brand), _folded_text(row.standardized_name), size, row.unit, row.pack_count, unit_class(row.price_unit)


@lru_cache(maxsize=256)
def unit_class(price_unit: str) -> str:
    """Return what a price is for, coarsely: the measure or the outer package itself, "" for a piece, whatever it is called."""
    return price_unit if price_unit in content_units() or price_unit in outer_packages() else ""


@lru_cache(maxsize=16_384)
def identity_hash(article: Identity) -> str:
    """Return an identity as 64 hexadecimal digits, since names may be longer than an index allows."""
    return hashlib.sha256(json.dumps(article, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def article_key(original_name: str, sku: str, price_unit: str) -> str:
    """Return the key under which a person's word about an article is kept, 32 hexadecimal digits.

    It is that of its name as written, its number, and what its price is for, and equal in all lists of a supplier.
    """
    texts = [_folded_text(original_name), _folded_text(sku), *filter(None, [unit_class(price_unit)])]
    return hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=16_384)
def _folded_text(text: str) -> str:
    return " ".join(text.casefold().split())
