"""The standardized name of a row."""

import pytest

from monito_ray.pipeline.products.categories.keywords import ENGLISH_ONLY
from monito_ray.pipeline.products.names.naming import Named, standard_name

SPANISH = ("ru", "es"), ("ru", "uk", "bg", "und", "es", "en")
ENGLISH = ("ru",), ENGLISH_ONLY
CASES = [
    (Named("HEINZ TOMATO SAUCE", "Heinz", "sauces & condiments"), ENGLISH, "Tomato sauce"),
    (Named("Memory card 8 gb", "Memory card", "electronics & phone parts"), ENGLISH, "Memory card 8 gb"),
    (Named("Mama Lemon lime", "Mama Lemon", "cleaning"), ENGLISH, "Mama Lemon lime"),
    (Named("Progresivo Blanco", "Progresivo", "optics & eyewear"), SPANISH, "Progresivo Blanco"),
    (Named('Смартфон "Zarvex"', "Zarvex", "phones & tablets"), ENGLISH, "Смартфон"),
    (Named("CERRADURA SOBREPONER 2B", "", "hardware"), SPANISH, "Cerradura sobreponer 2B"),
    (Named("Cerradura Zarvex 2B", "", "hardware"), SPANISH, "Cerradura Zarvex 2B"),
    (Named("TAŞLAMA DİSKİ", "", "tools"), (("ru",), (*ENGLISH_ONLY[:-1], "tr", "en")), "Taşlama diski"),
]


@pytest.mark.parametrize(("row", "languages", "name"), CASES)
def test_a_name_is_english_or_as_written(row: Named, languages: tuple[tuple[str, ...], tuple[str, ...]], name: str):
    """It goes without its brand where the rest still says what the goods are."""
    assert standard_name(row, *languages)[0] == name
