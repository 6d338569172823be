"""The lines that are drawn on a flat page: borders of a table, as rulings in points."""

from typing import Any

import numpy as np

from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling, merge_rulings

#: A border is at least so many text heights long: strokes of letters are shorter.
_SHORTEST_HEIGHTS = 3.0
#: A border is at most this part of a text height thick; what is thicker is a background or a picture.
_THICKEST_HEIGHTS = 0.35
#: How much darker than around it a border is, of 255, and the part of a text height that is "around".
_DARKER, _AROUND_HEIGHTS = 14, 0.8
#: Pieces of a faint border are joined over gaps of at most so many text heights.
_GAP_HEIGHTS = 0.5


def find_drawing(pixels: Any, line_height: float, points_a_pixel: float) -> PageDrawing:
    """Return the rulings of a flat page whose text is `line_height` pixels high."""
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (_odd(_AROUND_HEIGHTS * line_height),) * 2)
    dark = (cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, around) > _DARKER).astype(np.uint8)
    level = [Ruling(y, left, right) for left, right, y in _level_strokes(dark, line_height)]
    plumb = [Ruling(x, top, bottom) for top, bottom, x in _level_strokes(np.ascontiguousarray(dark.T), line_height)]
    return PageDrawing(merge_rulings(_in_points(level, points_a_pixel)), merge_rulings(_in_points(plumb, points_a_pixel)))


def _level_strokes(dark: Any, line_height: float) -> list[tuple[float, float, float]]:
    """Return start, end and place of the level lines in a mask."""
    import cv2  # noqa: PLC0415

    gap, shortest = _odd(_GAP_HEIGHTS * line_height), round(_SHORTEST_HEIGHTS * line_height)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    long = cv2.dilate(long, np.ones((3, 1), np.uint8))  # a line that is not quite level steps from one row of pixels to the next
    count, _, boxes, middles = cv2.connectedComponentsWithStats(long, connectivity=8)
    return [
        (float(box[0]), float(box[0] + box[2]), float(middle[1]))
        for box, middle in zip(boxes[1:count], middles[1:count], strict=True)
        if box[3] - 2 <= _THICKEST_HEIGHTS * line_height
    ]


def _in_points(lines: list[Ruling], points_a_pixel: float) -> list[Ruling]:
    return [Ruling(line.at * points_a_pixel, line.start * points_a_pixel, line.end * points_a_pixel) for line in lines]


def _odd(length: float) -> int:
    return max(3, round(length) // 2 * 2 + 1)
