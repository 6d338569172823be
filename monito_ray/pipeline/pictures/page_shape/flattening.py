"""A picture of a page becomes the page: upright, its rows level and its columns plumb, its letters of one size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monito_ray.pipeline.pictures.page_shape.curved_lines import PageShape, shape_of
from monito_ray.pipeline.pictures.scripts.cyrillic import read_cyrillic
from monito_ray.pipeline.pictures.text_places import TextQuad, find_text
from monito_ray.pipeline.pictures.text_reading import SeenText, cut_out, read_lines

#: The long side of the picture in which lines are looked for first, in pixels.
_FIRST_LOOK_SIDE = 1_120
#: The height that lines of a flat page have, in pixels, and the most pixels that a page may take: what finds text takes time by these.
LINE_HEIGHT = 28.0
_MOST_PIXELS = 4_500_000
#: Letters are not made larger than so many times: that would show nothing new.
_LARGEST_FACTOR = 1.6
#: Nodes of the grid in which a picture is bent; between them it is bent evenly.
_NODES = 48

#: Lines that are read both ways: those that are nearest to so many times as long as high.
_LINES_READ, _GOOD_LENGTH = 6, 6.0
#: Of Latin lines the right way up the network is surer than this, see `scripts.scripts_of_pages`.
_LATIN_CERTAINTY = 0.93
#: Lines at least so many times as long as high show their direction.
_SHOWS_DIRECTION = 2.5


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A page that lies flat."""

    #: An array of height x width x 3.
    pixels: Any
    #: By how many quarter turns to the left the picture was turned.
    turns: int
    #: How high its lines are, in pixels.
    line_height: float
    #: Whether it was bent so much that which of its lines are one row is not sure.
    is_shifted: bool


def flatten(picture: Any) -> FlatPage | None:
    """Return the page of a picture, None where it shows no text."""
    small, factor = _first_look(picture)
    quads = find_text(small)
    if not quads:
        return None
    turns = _quarter_turns(small, quads)
    if turns:
        picture = np.ascontiguousarray(np.rot90(picture, turns))
        small, factor = _first_look(picture)
        quads = find_text(small)
    quads = [quad.scaled(1 / factor) for quad in quads]
    if not quads:
        return None
    height, width = picture.shape[:2]
    usual = float(np.median([quad.height for quad in quads]))
    scale = _scale(picture, usual)
    shape = shape_of(quads, width, height)
    return FlatPage(_bend(picture, shape, scale), turns, usual * scale, shape.is_shifted)


def _first_look(picture: Any) -> tuple[Any, float]:
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    factor = min(1.0, _FIRST_LOOK_SIDE / max(picture.shape[:2]))
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), factor


def _scale(picture: Any, usual: float) -> float:
    """Return how many times as large the flat page is as the picture, whose lines are `usual` pixels high."""
    height, width = picture.shape[:2]
    return float(min(LINE_HEIGHT / usual, _LARGEST_FACTOR, (_MOST_PIXELS / (height * width)) ** 0.5))


def _bend(picture: Any, shape: PageShape, scale: float) -> Any:
    """Return the picture with its rows level and its columns plumb, `scale` times as large."""
    import cv2  # noqa: PLC0415

    height, width = picture.shape[:2]
    if scale < 1:  # a picture that is made smaller while it is bent would lose strokes between its pixels
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    x, y = np.meshgrid(np.linspace(0, width, _NODES), np.linspace(0, height, _NODES))
    source_x, source_y = shape.source_of(x, y)
    size = round(width * scale), round(height * scale)
    shrunk = picture.shape[1] / width, picture.shape[0] / height
    map_x, map_y = _spread(source_x * shrunk[0], size), _spread(source_y * shrunk[1], size)
    return cv2.remap(picture, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _spread(nodes: Any, size: tuple[int, int]) -> Any:
    """Return values between those of a grid's nodes, whose first and last stand on the edges."""
    import cv2  # noqa: PLC0415

    width, height = size
    x = np.linspace(0, _NODES - 1, width, dtype=np.float32)
    y = np.linspace(0, _NODES - 1, height, dtype=np.float32)
    across, down = np.meshgrid(x, y)
    return cv2.remap(nodes.astype(np.float32), across, down, cv2.INTER_LINEAR)


def _quarter_turns(picture: Any, quads: Sequence[TextQuad]) -> int:
    """Return by how many quarter turns to the left a picture has to be turned for its text to stand upright."""
    long = [quad for quad in quads if quad.width >= _SHOWS_DIRECTION * quad.height]
    if not long:
        return 0
    # The corners run along the text from left to right, or down where it stands on end.
    standing = sum(quad.width for quad in long if _stands(quad))
    turns = 1 if standing > sum(quad.width for quad in long) / 2 else 0
    same = [quad for quad in long if _stands(quad) == bool(turns)]
    read = sorted(same, key=lambda quad: abs(quad.width / quad.height - _GOOD_LENGTH))[:_LINES_READ]
    forward = [cut_out(picture, quad) for quad in read]
    backward = [np.ascontiguousarray(cutout[::-1, ::-1]) for cutout in forward]
    is_upside_down = _reads_better(backward, forward)
    # Text that runs down the picture wants a turn to the left, text that runs up one to the right.
    return (turns + 2 * is_upside_down) % 4


def _reads_better(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Return whether lines can be read better one way up than the other; in Cyrillic the network, which has no such letters, cannot tell."""
    first, second = _total_certainty(read_lines(one)), _total_certainty(read_lines(other))
    if max(first, second) < _LATIN_CERTAINTY * len(one):
        first, second = first + _total_certainty(read_cyrillic(one)), second + _total_certainty(read_cyrillic(other))
    return first > second


def _total_certainty(lines: Sequence[SeenText]) -> float:
    return sum(line.certainty for line in lines)


def _stands(quad: TextQuad) -> bool:
    along = quad.right - quad.left
    return bool(abs(along[1]) > abs(along[0]))
