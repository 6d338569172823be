"""What a read line is given on as."""

import numpy as np
import pytest

from monito_ray.pipeline.pdf.chars import SpaceBefore
from monito_ray.pipeline.pictures.page_chars import line_chars
from monito_ray.pipeline.pictures.text_places import TextQuad
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText

_PAPER = np.full((48, 400, 3), 255, np.uint8)
_QUAD = TextQuad(np.array([[0, 0], [400, 0], [400, 48], [0, 48]], np.float32))


def _given_on(text: str) -> str:
    """Return the characters of a line, a stroke where a leader of dots ends and a blank where words part."""
    line = SeenText(tuple(SeenChar(char, (n + 0.5) / len(text), 1.0) for n, char in enumerate(text)))
    marks = {SpaceBefore.LED: "|", SpaceBefore.WRITTEN: " "}
    return "".join(marks.get(char.space_before, "") + char.text for char in line_chars(line, _QUAD, _PAPER, 1, 1.0)).strip()


@pytest.mark.parametrize(
    ("text", "given_on"),
    [
        ("Syrup 330 ml ...", "Syrup 330 ml"),
        ("Rice 2 kg ..- 1 205,77", "Rice 2 kg|1 205,77"),
        ("Milk.. .. Rp 15.000", "Milk|Rp 15.000"),
        ("Tea 1.5 l - 20.000", "Tea 1.5 l - 20.000"),
        ("Cheese... fresh", "Cheese... fresh"),
    ],
)
def test_what_is_left_of_a_leader_is_no_part_of_a_name(text: str, given_on: str):
    """A network sees some of its dots; three within a name are an ellipsis."""
    assert _given_on(text) == given_on
