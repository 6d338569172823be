"""Amounts in running text."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.rows.certainty.text_amounts import marked_amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Vanilla $35 (8 inch)", ["35"]),
        ("Harga Rp 25.500 dan Rp1.000.000,-", ["25500", "1000000"]),
        ("540₽/100гр", ["540"]),
        ("1 500 руб. за кг", ["1500"]),
        ("€12,50 / 13€", ["12.50", "13"]),
        ("Mate 50 RS", []),
        ("105_TMT, TMT", []),
        ("Pump 32M113/7,5", []),
        ("call +62 812 1234", []),
        ("no digits at all $", []),
    ],
)
def test_an_amount_has_a_currency_beside_it(text: str, amounts: list[str]):
    """A number counts where a mark stands right before or behind it, and codes of goods do not."""
    assert list(marked_amounts(text)) == [Decimal(amount) for amount in amounts]
