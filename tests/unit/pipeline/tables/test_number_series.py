"""Numbers that count rows or name articles are no prices."""

import pytest

from monito_ray.pipeline.tables.number_series import are_article_numbers, is_running, log_spread


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (range(1, 30), True),
        ([1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 5], True),  # each section counts by itself
        (range(7, 5_000, 7), True),  # a sample of a long list
        ([1, 2], False),
        (range(500, 50_000, 500), False),  # prices that rise evenly
        (range(30, 0, -1), False),
        ([1.5, 2.5, 3.5, 4.5], False),
        ([-1, 0, 1, 2], False),
        ([12, 15, 9, 30, 12], False),
    ],
)
def test_row_numbers_count_up_in_small_even_steps(numbers: list[float], *, expected: bool):
    """With restarts, and in the steps of a sample."""
    assert is_running([float(number) for number in numbers]) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([586_786_613.0 + 7 * n for n in range(20)], True),
        ([8_991_002_101_234.0] * 6, True),  # bar codes, whatever their ends
        ([15_000.0 + 250 * n for n in range(20)], False),  # round ends
        ([10_001.0] * 20, False),  # always the same
        ([101.0 + n for n in range(20)], False),  # short
        ([10_001.0, 10_002.0, 10_003.0, 10_004.0], False),  # too few to tell
        ([10_001.5 + n for n in range(20)], False),
    ],
)
def test_article_numbers_are_long_different_and_not_round(values: list[float], *, expected: bool):
    """Prices end in 0 and 5 more often than by chance."""
    assert are_article_numbers(values) is expected


def test_spread_is_that_of_logarithms():
    """Ten times as dear is as far away whatever the currency."""
    assert log_spread([1.0, 10.0]) == pytest.approx(log_spread([15_000.0, 150_000.0]))
    assert log_spread([5.0, 5.0, 5.0]) == 0.0
