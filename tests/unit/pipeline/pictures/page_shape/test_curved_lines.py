"""Rows and columns of a picture that is askew, in perspective or curled are found from the places of its text."""

import numpy as np
import pytest

from monito_ray.pipeline.pictures.page_shape.curved_lines import shape_of
from monito_ray.pipeline.pictures.text_places import TextQuad

_WIDTH, _HEIGHT, _PITCH = 1200, 1600, 44


def _quads(bend):
    """A name and a price on each of 30 rows of a page that `bend` moves, places to places."""
    quads = []
    for row in range(30):
        y = 140 + row * _PITCH
        for left, right in ((120, 480), (960, 1040)):
            corners = np.array([[left, y - 14], [right, y - 14], [right, y + 14], [left, y + 14]], float)
            quads.append(TextQuad(np.array([bend(x, y) for x, y in corners])))
    return quads


@pytest.mark.parametrize(
    ("bend", "is_shifted"),
    [
        pytest.param(lambda x, y: (x, y), False, id="flat"),
        pytest.param(lambda x, y: (x - 0.05 * y, y + 0.05 * x), False, id="turned"),
        pytest.param(lambda x, y: (x + 4e-5 * (x - 600) * (800 - y), y + 5e-5 * x * (800 - y)), False, id="perspective"),
        pytest.param(lambda x, y: (x, y + 25 * np.sin(x / 380)), False, id="curled"),
        pytest.param(lambda x, y: (x, y + 42 / (1 + np.exp((700 - x) / 120))), True, id="lower by a row behind the gap"),
        pytest.param(lambda x, y: (x, y + (0.04 * (y - 140) if x > 700 else 0)), True, id="lower and lower behind the gap"),
    ],
)
def test_a_row_keeps_one_height_over_the_page(bend, is_shifted):
    """Names and prices of one row come from one height of the flat page, and those of the next row from another; of a bend that hides it, it is said."""
    shape = shape_of(_quads(bend), _WIDTH, _HEIGHT)
    assert shape.is_shifted == is_shifted
    for row in (0, 15, 29):
        y = 140 + row * _PITCH
        heights = []
        for x in (300, 1000):
            target = np.array(bend(x, y))
            grid = np.linspace(0, _HEIGHT, 1601)
            source_x, source_y = shape.source_of(np.full_like(grid, target[0]), grid)
            heights.append(grid[np.argmin(np.hypot(source_x - target[0], source_y - target[1]))])
        assert abs(heights[0] - heights[1]) < _PITCH / 4


def test_a_picture_without_text_is_flat():
    """Where nothing says otherwise a place stays where it is."""
    shape = shape_of([], _WIDTH, _HEIGHT)
    x, y = shape.source_of(np.array([100.0]), np.array([200.0]))
    assert (float(x[0]), float(y[0])) == pytest.approx((100.0, 200.0))
