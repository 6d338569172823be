"""How sure a row and its fields are: how often each rule is right, counted on labelled lists (`data/confidence.toml`)."""

import json
from functools import cache, lru_cache
from math import prod

from monito_ray.pipeline import data
from monito_ray.records import FieldConfidence

#: Rules alone are never certain.
MOST_BY_RULES = 0.99


@cache
def rule_accuracy(field: str, rule: str) -> float:
    """Return the chance that `rule` settles `field` rightly; 0.5 for a rule that was never counted.

    Laplace's rule of succession: when `right` of `total` rows were right, the next one is with (right + 1) / (total + 2).
    """
    right, total = data.table("confidence.toml").get(field, {}).get(rule, (0, 0))
    return (int(right) + 1) / (int(total) + 2)


def row_confidence(fields: FieldConfidence, price: float) -> float:
    """Return the chance that price, brand, size and pack count of a row are all right, as if one being wrong said nothing of the others.

    Name and category do not count: a buyer who compares prices is not misled by a plain name.
    """
    return round(prod((price, fields.brand, fields.size, fields.pack_count)), 3)


@lru_cache(maxsize=4096)
def as_json(fields: FieldConfidence, price: float) -> str:
    """Return the column `field_confidence` of a written row."""
    return json.dumps({name: round(value, 3) for name, value in (fields._asdict() | {"price": price}).items()})
