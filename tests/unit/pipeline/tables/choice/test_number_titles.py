"""Titles that are bare numbers."""

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.choice.number_titles import are_numbers_as_titles

BELOW: list[Value] = ["Rope", 12.5, 11.0, 9.5]


@pytest.mark.parametrize(
    ("row", "is_header"),
    [
        (["Item", 2024.0, 2025.0, 2026.0], True),
        (["Item", "2026", "2025", "2024"], True),
        (["Product", 1.0, 10.0, 50.0], True),
        (["Product", "1", "10", "50"], True),
        (["Item", 1.0, 2.0, 3.0], False),  # days
        (["Item", 10.0, 10.0, 50.0], False),
        (["Item", 12000.0, 13000.0, 14000.0], False),
        (["Rope 6 mm", 1.0, 10.0, 50.0], False),
        (["Item C", 1.0, 10.0, 50.0], False),
        (["", 1.0, 10.0, 50.0], False),
        (["Item", "Rope", 10.0, 50.0], False),
        (["Item", 1.5, 10.0, 50.0], False),
    ],
)
def test_numbers_beside_a_title_of_names_may_be_titles(row: list[Value], is_header: bool):
    """Years, and quantities that grow; those that count evenly are days."""
    assert are_numbers_as_titles(row, BELOW) is is_header


def test_numbers_over_no_amounts_are_no_titles():
    """A row of goods has a row of goods below."""
    assert not are_numbers_as_titles(["Item", 2024.0, 2025.0, 2026.0], ["Rope", 12.5, "", 9.5])
