"""Words of the glossary in other forms."""

import pytest

from monito_ray.catalog.search.inflections import inflected_english


@pytest.mark.parametrize(
    ("word", "english"), [("zanahorias", "carrot"), ("fresas", "strawberry"), ("carrots", ""), ("zarvexes", ""), ("12", ""), ("", "")]
)
def test_a_word_has_the_english_of_its_stem(word: str, english: str):
    """Where one language has such a word and it is no English word."""
    assert inflected_english(word) == english


def test_a_word_of_one_language_is_none_of_another():
    """A language that is named is the only one looked in."""
    assert inflected_english("zanahorias", "id") == ""
