"""Sizes and quantities in titles."""

import pytest

from monito_ray.pipeline.tables.title_kinds import are_sizes_over_numbers, is_quantity_title, size_of_title


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("25 cm", ("25 cm", 0.25)),
        ("Price 0,5 l", ("0,5 l", 0.5)),
        ("72x36", ("72x36", None)),
        ("XL", ("XL", None)),
        ('4"', ('4"', 4.0)),
        ("Price", None),
        ("Price per kg", None),
        ("10 pcs", None),
        ("10+", None),
        ("size 40 with lid", None),
    ],
)
def test_a_size_may_stand_beside_words_for_prices(title: str, size: tuple[str, float | None] | None):
    """Its number is in the unit's base; pieces are a quantity."""
    assert size_of_title(title) == size


@pytest.mark.parametrize(
    ("title", "is_quantity"),
    [
        ("from 10", True),
        ("от 50 шт", True),
        ("100+", True),
        ("10-49", True),
        (">= 20", True),
        ("10", False),
        ("Price", False),
        ("01.05.2026", False),
    ],
)
def test_a_quantity_says_from_when_a_price_holds(title: str, is_quantity: bool):
    """A bare number may be anything."""
    assert is_quantity_title(title) is is_quantity


def test_sizes_make_a_header_over_numbers():
    """Each has a number right below, and all differ."""
    assert are_sizes_over_numbers(["Pizza", "25 cm", "30 cm"], ["Tuna", 5.5, 7.0])
    assert not are_sizes_over_numbers(["Pizza", "25 cm", "30 cm"], ["Tuna", "28 cm", "32 cm"])
    assert not are_sizes_over_numbers(["Pipe", "25 cm", "25 cm"], ["Rod", 5.5, 7.0])
    assert not are_sizes_over_numbers(["Grand Margherita pizza, 25 cm", "19,50"], ["Tuna", 5.5])
