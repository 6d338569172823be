"""Which price stands on the row of which name where slopes lead to the row above or below."""

import numpy as np
import pytest

from monito_ray.pipeline.pictures.page_shape.row_shift import shifted_pairs
from monito_ray.pipeline.pictures.text_places import TextQuad

_PITCH = 40


def _pairs(names, prices):
    """Return the pairs of rows, of names at the heights `names` and prices at `prices`, in rows."""
    boxes = [(100, 400, row) for row in names] + [(900, 1000, row) for row in prices]
    quads = [
        TextQuad(np.array([[left, y - 14], [right, y - 14], [right, y + 14], [left, y + 14]], float))
        for left, right, row in boxes
        for y in (row * _PITCH,)
    ]
    sides = np.array([[left, right] for left, right, _ in boxes], float)
    return [(one, other - len(names)) for one, other in shifted_pairs(quads, sides, lambda _x, y, _to: y)]


@pytest.mark.parametrize(
    ("names", "prices", "expected"),
    [
        pytest.param(range(10), range(10), [], id="level"),
        pytest.param(range(10), range(1, 11), [(row, row) for row in range(10)], id="a row too low"),
        pytest.param([-4, *range(10)], range(1, 11), [(row, row) for row in range(10)], id="below a title"),
        pytest.param(range(12), range(10), [], id="names without prices"),
        pytest.param(range(10), [row * 1.1 for row in range(10)], [(row, row) for row in range(10)], id="lower and lower"),
        pytest.param(
            range(10), [1, 2, 4, 5, 6, 7, 8, 9, 10], [(0, 0), (1, 1), *((row + 1, row) for row in range(2, 9))], id="one not seen"
        ),
        pytest.param(range(10), range(3, 13), [], id="too far to be sure"),
        pytest.param(range(4), range(1, 5), [], id="too few"),
    ],
)
def test_prices_that_are_left_over_at_an_end_belong_to_the_names_beside_them(names, prices, expected):
    """Where all have a name when they are moved by a row, they are; where nothing is left over, or moving leaves others over, nothing is moved."""
    shift = len([row for row in names if row < 0])
    assert _pairs([*names], [*prices]) == [(one + shift, other) for one, other in expected]
