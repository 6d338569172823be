"""Several amounts in one cell, and amounts with words around them."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.cell_amounts import amount_before_remark, amounts_in_text, are_plainly_amounts, price_pair, several_amounts
from monito_ray.pipeline.prices import Amount


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("340/360", [340, 360]),
        ("1930 / 1890 / 1520", [1930, 1890, 1520]),
        ("1 200 | 1 400", [1200, 1400]),
        ("7 / 25", [7, 25]),
        ("450", [450]),
        ("700-900", [700, 900]),
        ("12/05/2023", []),
        ("500 / 12 000", []),
        ("45,00 / 62,5%", []),
        ("205/55 R16", []),
        ("Was $12 Now -$9", []),
    ],
)
def test_several_amounts_stand_in_one_cell_as_long_as_they_are_near_each_other(text: str, values: list[int]):
    """A date, a percentage, a minus or a number far from the first makes it something else."""
    assert [amount.value for amount in amounts_in_text(text)] == values


def test_the_currency_of_one_amount_is_that_of_all():
    """People write it once."""
    assert several_amounts("340/360 USD") == (Amount(Decimal(340), "USD"), Amount(Decimal(360), "USD"))


@pytest.mark.parametrize(
    ("text", "plain"), [("340/360", True), ("$7/$9", True), ("1/2", False), ("7/25", False), ("205/55", True), ("112/113", False)]
)
def test_small_or_crooked_numbers_may_be_something_else(text: str, plain: bool):
    """A column of such cells is none of prices until its title says so."""
    assert are_plainly_amounts(several_amounts(text)) is plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£79.95/6B case", "79.95"),
        ("1500-2000 (washing: 500)", "1500"),
        ("50 USD per stone 1", "50"),
        ("280/10pcs", "280"),
        ("45,00 / 62,5%", "45.00"),
        ("plus 30 % of the price", None),
        ("30% off (today)", None),
        ("See page 4", None),
        ("3 x 40", None),
        ("on 12/05/2023", None),
        ("12/05/2023", None),
    ],
)
def test_a_cell_may_begin_with_its_price_and_go_on_with_a_remark(text: str, value: str | None):
    """What is no amount at the beginning, or a percentage, is none."""
    amount = amount_before_remark(text)
    assert (amount.value if amount else None) == (Decimal(value) if value else None)


PAIRS = [
    ("6,49 zł 5,75 zł", ["6.49", "5.75"]),
    ("$ 81.40 $ 65.70", ["81.40", "65.70"]),
    ("6,49 zł", []),
    ("6 € 2 kg", []),
    ("AED 800 (USD 218)", []),
    ("105,60 € 105.60", ["105.60", "105.60"]),
    ("105,60 € 12", []),
]


@pytest.mark.parametrize(("text", "values"), PAIRS)
def test_two_prices_may_stand_in_a_cell(text: str, values: list[str]):
    """Both in one currency, with nothing between them."""
    assert [str(amount.value) for amount in price_pair(text)] == values


@pytest.mark.parametrize(
    ("text", "values"), [("6,49 zł 5,75 zł", []), ("105,60 € 105.60", ["105.60"]), ("Was: $24.95 Now: $19.00", ["19.00"])]
)
def test_of_two_prices_none_is_taken_without_proof(text: str, values: list[str]):
    """Which one is asked a cell says by its words, or by saying one twice."""
    assert [str(amount.value) for amount in amounts_in_text(text)] == values
    assert amount_before_remark("6,49 zł 5,75 zł") is None
