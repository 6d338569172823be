"""Blanks within prices of a picture are told from those between words."""

import numpy as np
import pytest

from monito_ray.pipeline.pictures.placed_lines import PlacedLine
from monito_ray.pipeline.pictures.spaced_thousands import join_thousands
from monito_ray.pipeline.pictures.text_places import TextQuad
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText


def _line(text: str, blank: float = 0.6) -> PlacedLine:
    """Return a line whose characters are 0.6 of its height wide, blanks as many as is said."""
    widths = [blank if char == " " else 0.6 for char in text]
    middles = np.cumsum(widths) - np.array(widths) / 2
    chars = tuple(SeenChar(char, float(at) / sum(widths), 1.0) for char, at in zip(text, middles, strict=True))
    return PlacedLine(TextQuad(np.zeros((4, 2))), np.zeros((48, round(48 * sum(widths)), 3), np.uint8), SeenText(chars))


@pytest.mark.parametrize(
    ("texts", "blank", "joined"),
    [
        pytest.param(["1 205,77", "45,10", "143,17 P"], 0.6, ["1205,77", "45,10", "143,17 P"], id="some have a blank"),
        pytest.param(["2 051,09", "1 205,77"], 0.6, ["2051,09", "1205,77"], id="one goes on with a nought"),
        pytest.param(["5 120,50", "3 145,10", "43,17"], 0.6, ["5 120,50", "3 145,10", "43,17"], id="a count before each"),
        pytest.param(["1 205,77", "45,10"], 2.0, ["1 205,77", "45,10"], id="far apart"),
        pytest.param(["500 9 1 205,77", "45,10"], 0.6, ["500 9 1 205,77", "45,10"], id="figures before it"),
        pytest.param(["Tea 250 g 1 205,77", "45,10"], 0.6, ["Tea 250 g 1205,77", "45,10"], id="behind a name"),
    ],
)
def test_thousands_are_joined_where_the_page_shows_that_they_are_some(texts: list[str], blank: float, joined: list[str]):
    """Nothing else loses its blanks."""
    assert [line.read.text for line in join_thousands([_line(text, blank) for text in texts])] == joined
