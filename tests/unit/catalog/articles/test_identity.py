"""Which rows are one product."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from rows import RICE

from monito_ray.catalog.articles.identity import identity, identity_hash


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"price": Decimal(1), "supplier": "Toko B", "currency": "USD", "original_name": "x", "category": "y", "source_row": 1}, True),
        ({"size": Decimal("5.000000")}, True),
        ({"size": Decimal("5E+0")}, True),
        ({"size": Decimal(50)}, False),
        ({"size": None}, False),
        ({"unit": "g"}, False),
        ({"pack_count": 2}, False),
        ({"brand": ""}, False),
        ({"standardized_name": "RICE "}, True),
        ({"standardized_name": "Rices"}, False),
        ({"price_unit": "pcs"}, True),
        ({"price_unit": "carton"}, False),
        ({"price_unit": "kg"}, False),
    ],
)
def test_one_article_is_equal_in_six_fields(changes: dict[str, Any], is_same: bool):
    """Brand, name, size, unit, pack and what the price is for decide; similar is not equal, and case and notation do not matter."""
    other = replace(RICE, **changes)
    assert (identity(other) == identity(RICE)) is is_same
    assert (identity_hash(identity(other)) == identity_hash(identity(RICE))) is is_same
