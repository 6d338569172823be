"""Titles that are brands."""

import pytest

from monito_ray.pipeline.products.brands.brand_titles import brand_of_title

TITLES = [
    ("ZARVEX", "Zarvex"),
    ("Brelo Zarvex", "Brelo Zarvex"),
    ("ZARVEX FROZEN MEALS", "Zarvex"),  # goods of the brand
    ("Sauces", ""),
    ("Frozen Zarvex", ""),
    ("Zarvex and all other houses", ""),  # says much else
    ("ZARVEX 57", "Zarvex"),
    ("ZX", ""),
    ("三星", "三星"),
    ("Заря", ""),  # may be a kind that no glossary has
    ("", ""),
]


@pytest.mark.parametrize(("title", "brand"), TITLES)
def test_a_short_title_begins_with_a_brand(title: str, brand: str):
    """Its words mean nothing in the trade, up to the first that does."""
    assert brand_of_title(title) == brand
