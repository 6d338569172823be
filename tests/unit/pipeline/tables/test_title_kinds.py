"""Sizes and quantities in titles."""

import pytest

from monito_ray.pipeline.tables.title_kinds import are_sizes_over_numbers, is_quantity_title, least_quantity, size_of_title


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


@pytest.mark.parametrize(
    ("title", "least"),
    [
        ("from 10", 10),
        ("Price per pc 10 - 49", 10),
        ("Harga (pcs) 50+", 50),
        (">= 12", 12),
        ("< 12", 0),
        ("до 10 шт", 0),
        ("Price", None),
        ("Price 2", None),
        ("Price from 10 000 rub or more", None),
    ],
)
def test_the_quantity_from_which_a_price_holds_stands_at_the_end_of_its_title(title: str, least: float | None):
    """Prices up to a quantity hold from nothing on."""
    assert least_quantity(title) == least


def test_sizes_make_a_header_over_numbers():
    """Each has a number right below, and all differ."""
    assert are_sizes_over_numbers(["Pizza", "25 cm", "30 cm"], ["Tuna", 5.5, 7.0])
    assert not are_sizes_over_numbers(["Pizza", "25 cm", "30 cm"], ["Tuna", "28 cm", "32 cm"])
    assert not are_sizes_over_numbers(["Pipe", "25 cm", "25 cm"], ["Rod", 5.5, 7.0])
    assert not are_sizes_over_numbers(["Grand Margherita pizza, 25 cm", "19,50"], ["Tuna", 5.5])
