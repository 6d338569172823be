"""What the ratio of two columns of prices may be."""

import pytest

from monito_ray.pipeline.tables.choice.price_ratios import are_hundreds, is_fixed_part, is_foreign, is_marked_up, is_of_carton, is_steady
from monito_ray.pipeline.tables.column_relations import Ratio


@pytest.mark.parametrize(
    ("ratio", "kinds"),
    [
        (Ratio(1.3, 0.1), {is_marked_up}),
        (Ratio(2.4, 0.01), {is_marked_up}),  # the same all the way down
        (Ratio(2.4, 0.4), {is_of_carton}),  # two pieces here, three there
        (Ratio(12.0, 0.0), {is_of_carton}),
        (Ratio(11.5, 0.0), {is_of_carton}),  # twelve at a lower price
        (Ratio(1 / 0.11, 0.0), set()),  # the price of a tax of 11 %
        (Ratio(5.0, 0.0), {is_of_carton}),  # or that of one of 20 %
        (Ratio(0.11, 0.001), {is_fixed_part}),
        (Ratio(0.2, 0.001), {is_fixed_part}),
        (Ratio(0.2 / 1.2, 0.001), set()),  # in a price, or one of six
        (Ratio(0.18 / 1.18, 0.001), {is_fixed_part}),
        (Ratio(0.11, 0.2), set()),
        (Ratio(0.087, 0.001), set()),  # no whole rate
        (Ratio(1 / 16_000, 0.01), {is_foreign}),
        (Ratio(0.0, 0.0), set()),  # too few rows
    ],
)
def test_a_ratio_is_of_a_kind(ratio: Ratio, kinds: set[object]):
    """Of none where it may be anything."""
    assert {kind for kind in (is_marked_up, is_of_carton, is_fixed_part, is_foreign) if kind(ratio)} == kinds


def test_a_steady_ratio_needs_numbers_that_differ():
    """All numbers alike have a steady ratio to whatever is alike."""
    assert is_steady(Ratio(1.4, 0.01), [100.0, 250.0, 900.0, 40.0])
    assert not is_steady(Ratio(1.4, 0.01), [100.0, 101.0, 99.0, 100.0])
    assert not is_steady(Ratio(1.4, 0.3), [100.0, 250.0, 900.0, 40.0])
    assert not is_steady(Ratio(0.0, 0.0), [100.0, 250.0, 900.0, 40.0])


@pytest.mark.parametrize(
    ("numbers", "expected"), [([12500.0, 3000.0, 400.0], True), ([12550.0, 3010.0, 4005.0], False), ([200.0, 300.0], False), ([], False)]
)
def test_whole_hundreds_are_money(numbers: list[float], *, expected: bool):
    """In thousands: hundreds alone may be quantities."""
    assert are_hundreds(numbers) is expected
