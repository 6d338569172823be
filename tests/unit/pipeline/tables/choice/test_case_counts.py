"""Counts under the name of a package."""

import pytest

from monito_ray.pipeline.tables.choice.case_counts import counts_as_packs
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.titles import parse_title


@pytest.mark.parametrize(
    ("title", "cells", "prices", "role"),
    [
        ("Case", [6, 8, 12, 12], [14.4, 12.9, 31.2, 14.8], "pack"),
        ("Case", [31, 14, 13, 15], [2.6, 2.4, 1.65, 1.25], "price"),
        ("Case", [6, 8, 12, 12], [14, 13, 31, 15], "price"),
        ("Case £", [6, 8, 12, 12], [14.4, 12.9, 31.2, 14.8], "price"),
        ("Case price", [6, 8, 12, 12], [14.4, 12.9, 31.2, 14.8], "price"),
    ],
)
def test_counts_under_a_package_are_packs_beside_prices_with_cents(title: str, cells: list[float], prices: list[float], role: str):
    """Not where its numbers are no usual counts, other prices are whole, or the title names a price or currency."""
    titles = [parse_title(title), parse_title("Price")]
    found = counts_as_packs(titles, [profile_column(cells), profile_column(prices)])
    assert [title.role for title in found] == [role, "price"]
