"""Brands that are generally known, in any spelling."""

import pytest

from monito_ray.pipeline.products import brand_dictionary

BRANDS = [
    ("Heinz ketchup", "Heinz"),
    ("Ketchup heinz", "Heinz"),
    ("205/55 R16 MICHELIN X", "Michelin"),
    ("IndoMie goreng", "Indomie"),
    ("COCA COLA zero", "Coca-Cola"),
    ("Cocacola zero", "Coca-Cola"),
    ("Surf powder", "Surf"),
    ("Wind surf board", ""),
    ("Tomato", ""),
]


@pytest.mark.parametrize(("name", "brand"), BRANDS)
def test_a_dictionary_brand_is_recognized_anywhere_in_a_name(name: str, brand: str):
    """Only brands that are ordinary words, too, have to stand at its beginning."""
    assert brand_dictionary.first_brand_in(name) == brand


@pytest.mark.parametrize(("text", "brand"), [("COCA COLA", "Coca-Cola"), ("Coca cola zero", ""), ("", "")])
def test_a_spelling_is_the_whole_text(text: str, brand: str):
    """A text that says more than the brand is no spelling of it."""
    assert brand_dictionary.brand_spelled(text) == brand


TITLES = [("HEINZ", "Heinz"), ("Heinz sauces", "Heinz"), ("Heinz sauces and other goods", ""), ("Heinz 57", ""), ("Sauces", ""), ("", "")]


@pytest.mark.parametrize(("title", "brand"), TITLES)
def test_a_short_title_names_a_brand(title: str, brand: str):
    """A title that says much else, or has digits, names none."""
    assert brand_dictionary.brand_of_title(title) == brand


WITHOUT = [
    ("Heinz ketchup", "Heinz", "ketchup"),
    ("COCA COLA zero", "Coca-Cola", "zero"),
    ("ZARVEX - Dijon mustard", "Zarvex", "Dijon mustard"),
    ("Муфта ZARVEX 20", "ZARVEX", "Муфта 20"),
    ("Heinz", "Heinz", "Heinz"),
    ("Ketchup", "", "Ketchup"),
]


@pytest.mark.parametrize(("name", "brand", "rest"), WITHOUT)
def test_a_brand_is_removed_once(name: str, brand: str, rest: str):
    """Spelling does not matter, and a name is never left empty."""
    assert brand_dictionary.remove_brand(name, brand) == rest
