"""The part of a page's picture that shows a price is cut out where it is sure which line that is."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from monito_ray.pipeline.cells import PagePicture, SeenLine
from monito_ray.pipeline.pictures.page_strips import cut_strip

_LINES = [
    ("Beras", "Rp45.000"),
    ("GulaPasir", "Rp17.500"),
    ("GulaMerah", "Rp45.000"),
    ("Telur", "Rp145.000"),
    ("Garam", "Rp9.000"),
    ("Garam", "Rp9.000"),
]


def _page() -> PagePicture:
    """A page whose lines are bars, each darker than the one above."""
    picture = Image.new("L", (1000, 600), "white")
    pen = ImageDraw.Draw(picture)
    lines = []
    for n, (name, price) in enumerate(_LINES):
        top = 0.1 + 0.14 * n
        for text, left, right in ((name, 0.1, 0.4), (price, 0.7, 0.9)):
            lines.append(SeenLine(text, left, top, right, top + 0.04))
            pen.rectangle((left * 1000, top * 600, right * 1000, (top + 0.04) * 600), fill=200 - 30 * n)
    held = io.BytesIO()
    picture.save(held, "PNG")
    return PagePicture(held.getvalue(), tuple(lines))


@pytest.mark.parametrize(
    ("number", "name", "line"), [("17.500", "Gula Pasir 1 kg", 1), ("45.000", "Gula Merah 500 g", 2), ("45.000", "Beras 5 kg", 0), ("145.000", "Telur", 3)]
)  # fmt: skip
def test_the_strip_shows_the_line_of_the_number_and_the_name(number: str, name: str, line: int):
    """Whole, from the name to the price, with a little around it, and not so narrow that a chat would cut it."""
    with Image.open(io.BytesIO(cut_strip(_page(), number, name))) as strip:
        gray = np.asarray(strip)
        middle = gray[gray.shape[0] // 2]
        assert abs(int(middle.min()) - (200 - 30 * line)) < 12
        assert 800 < strip.width <= 1000
        assert strip.height >= 0.12 * strip.width - 2


@pytest.mark.parametrize(("number", "name"), [("45.000", "Kopi"), ("9.000", "Garam"), ("7.500", "Gula Pasir"), ("", "Beras")])
def test_where_it_is_not_sure_which_line_it_is_there_is_none(number: str, name: str):
    """The strip of another line would mislead."""
    assert cut_strip(_page(), number, name) == b""
