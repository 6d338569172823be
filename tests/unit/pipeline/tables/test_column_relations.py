"""Columns of numbers that belong together: two prices of one thing, a quantity and a price and their product."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.tables.column_relations import factors_of, is_added, move_together, price_ratio, quantity_of
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_column

RETAIL = [500.0 + 175 * n * n for n in range(1, 13)]
QUANTITIES = [2.0, 7.0, 3.0, 12.0, 4.0, 9.0, 5.0, 6.0, 8.0, 10.0, 11.0, 3.0]


def _profiles(*columns: Sequence[float]) -> list[ColumnProfile]:
    return [profile_column(list(column)) for column in columns]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ([price * 0.9 for price in RETAIL], True),
        ([round(price * 12 * 0.95) for price in RETAIL], True),
        (RETAIL[::-1], False),
        (QUANTITIES, False),
        ([float(n) for n in range(1, 13)], False),  # row numbers rise with sorted prices
        (RETAIL[:7], False),  # not of the same rows
    ],
)
def test_two_prices_of_one_thing_move_together(other: list[float], *, expected: bool):
    """Their ratio spreads far less than they do."""
    a, b = _profiles(RETAIL, other)
    assert move_together(a, b) is expected


def test_seven_rows_prove_nothing():
    """Few numbers move together by chance."""
    a, b = _profiles(RETAIL[:7], RETAIL[:7])
    assert not move_together(a, b)


def test_a_sum_is_the_product_of_two_columns():
    """Nine rows of twelve are enough: the others are typed by hand."""
    sums = [quantity * price for quantity, price in zip(QUANTITIES, RETAIL, strict=True)]
    sums[2] = sums[5] = sums[7] = 99.0
    profiles = _profiles(QUANTITIES, RETAIL, sums)
    assert factors_of(2, profiles) == (0, 1)
    assert factors_of(1, profiles) is None
    assert quantity_of((0, 1), profiles) == 0


def test_a_deposit_is_added_to_one_price_to_make_another():
    """In nearly all rows; a difference that is no column of its own is none."""
    deposit, price, both, other = _profiles(QUANTITIES, RETAIL, [q + p for q, p in zip(QUANTITIES, RETAIL, strict=True)], QUANTITIES[::-1])
    assert is_added(deposit, price, both)
    assert not is_added(other, price, both)


def test_one_times_anything_proves_nothing():
    """A column that is repeated beside a column of ones is no product."""
    assert factors_of(2, _profiles([1.0] * 12, RETAIL, RETAIL)) is None


def test_the_factor_with_cents_is_no_quantity():
    """Whatever their size."""
    assert quantity_of((0, 1), _profiles([0.5, 0.75, 1.25], [40.0, 50.0, 60.0])) == 1


def test_a_carton_is_so_many_times_a_piece():
    """The ratio of two columns is that of the middle row; too few rows have none."""
    carton, piece = _profiles([240.0, 480.0, 999.0, 120.0], [10.0, 20.0, 1.0, 5.0])
    assert price_ratio(carton, piece).typical == 24.0
    assert price_ratio(*_profiles([240.0, 480.0], [10.0, 20.0])).typical == 0.0


def test_a_ratio_spreads_where_cartons_differ():
    """A markup is the same in each row; read the other way round it is the inverse with the same spread."""
    assert price_ratio(*_profiles([240.0, 480.0, 120.0], [10.0, 40.0, 12.0])).spread > 0.3
    ratio = price_ratio(*_profiles([12.0, 24.0, 36.0], [10.0, 20.0, 30.0]))
    assert (round(ratio.typical, 9), round(ratio.spread, 9)) == (1.2, 0.0)
    assert round(ratio.reverse().typical, 9) == 0.833333333


def test_blank_cells_do_not_part_the_rows_of_two_columns():
    """The numbers of one row belong together, whatever is blank above them."""
    prices: list[float | None] = list(RETAIL)
    prices[3] = None
    wholesale = [price * 0.9 for price in RETAIL]
    assert move_together(profile_column(prices), profile_column(wholesale))
    assert factors_of(
        2, [profile_column(column) for column in (QUANTITIES, prices, [q * p for q, p in zip(QUANTITIES, RETAIL, strict=True)])]
    )
