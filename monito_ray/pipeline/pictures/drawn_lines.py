"""The lines that are drawn on a flat page: borders of a table, as rulings in points."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling, merge_rulings

#: A border is at least so many text heights long, one that is plumb and one that is level: the feet of a name's letters stand in a line of up to five.
_SHORTEST_PLUMB, _SHORTEST_LEVEL = 3.0, 7.0
#: A border is at most this part of a text height thick; what is thicker is a background or a picture.
_THICKEST_HEIGHTS = 0.35
#: How much darker than around it a border is, of 255, and the part of a text height that is "around".
_DARKER, _AROUND_HEIGHTS = 14, 0.8
#: What is left of a page's slope, lean and curl, as a border's rise by its length.
_STEEPEST = 0.05
#: Pieces of a faint border are longer than this, which strokes of letters are not: figures below one another would be joined to a line.
_PIECE_HEIGHTS = 1.3
#: They are joined over gaps of at most so many text heights.
_GAP_HEIGHTS = 0.5
#: So much of a border is drawn, and so much is dark on the side of it that has more: beside a border is paper, beside the feet and strokes of letters that
#: stand in a line the rest of them. On pages of our own 0.98 and more, and 0.21 and less, for borders; 0.98 and less, and 0.28 and more, for letters.
_LEAST_DRAWN, _MOST_BESIDE = 0.85, 0.25
#: A plumb line that is drawn in one piece over so many text heights is a border, whatever stands beside it: between lines of text there is paper. On pages
#: of our own each of the 30 was one, and two of them had 0.26 and 0.32 of letters and of shade beside them.
_SURE_HEIGHTS, _SURELY_DRAWN = 10.0, 0.98
#: "Beside" is so many pixels from the edge of a line, whose edges are blurred.
_BESIDE = 2


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """The borders of a flat page, in pixels."""

    level: list[Ruling]
    plumb: list[Ruling]
    #: Which pixels they take, an array of height x width.
    mask: Any

    def in_points(self, points_a_pixel: float) -> PageDrawing:
        """Return them as rulings in points."""
        return PageDrawing(merge_rulings(_in_points(self.level, points_a_pixel)), merge_rulings(_in_points(self.plumb, points_a_pixel)))


def find_drawn_lines(pixels: Any, line_height: float) -> DrawnLines:
    """Return the borders of a flat page whose text is `line_height` pixels high."""
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (_odd(_AROUND_HEIGHTS * line_height),) * 2)
    dark = (cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, around) > _DARKER).astype(np.uint8)
    level, level_mask = _level_strokes(dark, line_height, _SHORTEST_LEVEL, sure_heights=np.inf)
    plumb, plumb_mask = _level_strokes(np.ascontiguousarray(dark.T), line_height, _SHORTEST_PLUMB, sure_heights=_SURE_HEIGHTS)
    return DrawnLines(level, plumb, level_mask | plumb_mask.T)


def without_drawn_lines(pixels: Any, lines: DrawnLines, line_height: float) -> Any:
    """Return a page with paper where its borders were: they are taken for letters ("|", "l") beside those that they touch."""
    import cv2  # noqa: PLC0415

    if not lines.mask.any():
        return pixels
    paper = cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, np.ones((_odd(_AROUND_HEIGHTS * line_height),) * 2, np.uint8))
    return np.where(lines.mask[:, :, None], paper, pixels)


def _level_strokes(dark: Any, line_height: float, least_heights: float, sure_heights: float) -> tuple[list[Ruling], Any]:
    """Return the level lines in a mask that are at least so many text heights long, and which pixels they take.

    From `sure_heights` on they are borders whatever stands beside them.
    """
    import cv2  # noqa: PLC0415

    gap, shortest = _odd(_GAP_HEIGHTS * line_height), round(least_heights * line_height)
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))  # a thin line that is not quite level steps from one row of pixels to the next
    pieces = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(_PIECE_HEIGHTS * line_height)), np.uint8))
    joined = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, labels, boxes, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    strokes, mask = [], np.zeros(dark.shape, bool)
    thickest = _THICKEST_HEIGHTS * line_height
    for number in np.flatnonzero(boxes[1:, cv2.CC_STAT_WIDTH] >= shortest) + 1:  # number 0 is the paper
        left, top, width, height, area = boxes[number]
        is_thin = area / width - 2 <= thickest and height - 2 <= thickest + _STEEPEST * width
        within = np.s_[top : top + height, left : left + width]
        is_its = labels[within] == number
        if is_thin and _is_border(dark, is_its, top, left, is_long=width >= sure_heights * line_height):
            strokes.append(Ruling(float(middles[number][1]), float(left), float(left + width)))
            mask[within] |= is_its
    return strokes, mask


def _is_border(dark: Any, is_its: Any, top: int, left: int, *, is_long: bool) -> bool:
    """Return whether a level stroke is drawn in one piece with paper on both sides; `is_its` says which pixels are its from `top` and `left` on."""
    height, width = is_its.shape
    columns = np.arange(left, left + width)
    above = np.maximum(top + is_its.argmax(axis=0) - _BESIDE, 0)
    below = np.minimum(top + height - 1 - is_its[::-1].argmax(axis=0) + _BESIDE, len(dark) - 1)
    drawn = ((dark[top : top + height, left : left + width] > 0) & is_its).any(axis=0).mean()
    beside = max(dark[above, columns].mean(), dark[below, columns].mean())
    return bool((is_long and drawn >= _SURELY_DRAWN) or (drawn >= _LEAST_DRAWN and beside <= _MOST_BESIDE))


def _in_points(lines: list[Ruling], points_a_pixel: float) -> list[Ruling]:
    return [Ruling(line.at * points_a_pixel, line.start * points_a_pixel, line.end * points_a_pixel) for line in lines]


def _odd(length: float) -> int:
    return max(3, round(length) // 2 * 2 + 1)
