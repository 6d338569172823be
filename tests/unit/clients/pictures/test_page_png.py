"""A page of a picture, drawn with what was read of it."""

import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread, imsave

from monito_ray.clients.pictures.page_png import draw_page
from monito_ray.errors import OutputNotWritable
from monito_ray.pipeline.cells import SeenLine
from monito_ray.pipeline.explanation.page_explanation import ExplainedPage, PlacedOffer

_ROWS = (("Gula Pasir 1 kg", "17.500", ""), ("Сахар 1 кг", "18.000", "a digit in the picture is not clear"))


def _page() -> ExplainedPage:
    held = io.BytesIO()
    imsave(held, np.full((400, 300, 3), 230, np.uint8), format="jpeg")
    lines, offers = [], []
    for n, (name, price, doubt) in enumerate(_ROWS):
        top = 0.2 + 0.3 * n
        own = (SeenLine(name, 0.1, top, 0.5, top + 0.05), SeenLine(price, 0.7, top, 0.9, top + 0.05))
        lines += own
        offers.append(PlacedOffer(name, Decimal(price.replace(".", "")), doubt, own))
    return ExplainedPage("page 1", held.getvalue(), (*lines, SeenLine("title", 0.1, 0.05, 0.4, 0.09)), tuple(offers))


def _has(pixels: np.ndarray, colour: str, rows: slice, columns: slice) -> bool:
    wanted = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return bool((np.abs(pixels[rows, columns, :3] - wanted).max(axis=2) < 0.05).any())


def test_each_offer_stands_beside_its_line(tmp_path: Path):
    """Green where it is sure, orange where it is in doubt; a line that is no offer has a gray frame alone."""
    pixels = imread(draw_page(_page(), tmp_path / "seen" / "page.png"))
    height, width = pixels.shape[:2]
    left, beside = slice(0, int(width / 1.75)), slice(int(width / 1.75), width)
    thirds = slice(0, int(height * 0.15)), slice(int(height * 0.15), int(height * 0.4)), slice(int(height * 0.4), height)
    green, orange, gray = "#1d8a58", "#d9730d", "#9fb3c1"
    for columns in (left, beside):
        assert [_has(pixels, green, rows, columns) for rows in thirds] == [False, True, False]
        assert [_has(pixels, orange, rows, columns) for rows in thirds] == [False, False, True]
    assert _has(pixels, gray, thirds[0], left)
    assert not _has(pixels, gray, thirds[0], beside)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path):
    """A file in place of the folder is one sentence, not a traceback."""
    (tmp_path / "seen").write_text("in the way")
    with pytest.raises(OutputNotWritable, match="seen"):
        draw_page(_page(), tmp_path / "seen" / "page.png")
