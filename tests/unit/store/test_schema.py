"""The types of columns: what the database has of a value."""

from decimal import Decimal

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from monito_ray.store.schema import Exact


@pytest.mark.parametrize(
    ("number", "text"),
    [("75000", "75000"), ("75000.000000", "75000"), ("7.5E+4", "75000"), ("0.70800", "0.708"), ("0.000000", "0"), ("-1.50", "-1.5")],
)
def test_equal_numbers_are_equal_texts_in_sqlite(number: str, text: str):
    """A price is the same text whether it comes from a list, from an artifact or from the database, so rows that are written twice are equal."""
    assert Exact().process_bind_param(Decimal(number), sqlite.dialect()) == text
    assert Exact().process_bind_param(Decimal(number), postgresql.dialect()) == Decimal(number)
    assert str(Exact().process_result_value(text, sqlite.dialect())) == text
