"""Words that names of goods are made of."""

import pytest

from monito_ray.pipeline.products.brands.common_words import is_common_word

WORDS = [
    ("chicory", True),
    ("hierbas", True),
    ("bier", True),
    ("silnik", True),  # the list has "silnika"
    ("przekaźnik", True),  # "przekaźniki"
    ("zarvex", False),
    ("nivea", False),  # "niveau" is alike by chance
    ("abcxyz", False),
    ("", False),
]


@pytest.mark.parametrize(("word", "is_common"), WORDS)
def test_a_word_is_common_in_any_ending(word: str, is_common: bool):
    """Long words may differ in their ending; short ones are alike by chance."""
    assert is_common_word(word) is is_common
