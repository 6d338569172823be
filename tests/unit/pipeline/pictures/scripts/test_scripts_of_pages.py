"""Numbers of pages in Cyrillic letters."""

import pytest

from monito_ray.pipeline.pictures.scripts.scripts_of_pages import without_words
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText


@pytest.mark.parametrize(
    ("seen", "kept"),
    [("1 342,42 py6.", "1 342,42"), ("58,40 ", "58,40"), ("9,67py6", ""), ("Rp 12.500", "12.500"), ("706,96 P", "706,96")],
)
def test_a_word_that_was_taken_for_figures_is_no_part_of_a_number(seen: str, kept: str):
    """The network knows no Cyrillic letter: "руб." is "py6." to it; a number that it cannot part from the word is none."""
    line = SeenText(tuple(SeenChar(char, n / len(seen), 1.0) for n, char in enumerate(seen)))
    assert without_words(line).text.strip() == kept
