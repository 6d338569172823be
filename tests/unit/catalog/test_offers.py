"""Slices of a list."""

from dataclasses import replace

import pytest
from rows import RICE

from monito_ray.catalog import offers


@pytest.mark.parametrize("most", [1, 3, 100])
def test_a_slice_holds_all_rows_for_a_product(most: int):
    """No row is lost or doubled, and all rows of a product are in one slice."""
    rows = [replace(RICE, standardized_name=f"Rice {number % 7}", source_row=number) for number in range(20)]
    slices = offers.split_by_product(rows, most)
    assert sorted(row.source_row for part in slices for row in part) == list(range(20))
    names = [{row.standardized_name for row in part} for part in slices]
    assert sum(map(len, names)) == 7
