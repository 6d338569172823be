"""What goods are called in other languages."""

import pytest

from monito_ray.catalog.reporting.other_words import other_words


@pytest.mark.parametrize(
    ("name", "words"),
    [("Shallots", ["bawang merah"]), ("Avocado", ["alpukat", "aguacate", "palta"]), ("Whole chicken frozen", ["ayam utuh", "ayam"])],
)
def test_an_english_name_is_found_in_other_languages(name: str, words: list[str]):
    """Phrases and their words, in the singular or not."""
    text = other_words(name)
    assert all(word in text for word in words)


@pytest.mark.parametrize("name", ["", "Bimoli", "Xyz 12", "=cmd|'/C calc'"])
def test_other_names_have_none(name: str):
    """A brand, a number or nothing at all is called nothing else."""
    assert other_words(name) == ""
