"""Where text stands in a picture, line by line: differentiable binarization (Liao et al., 2020), as PaddleOCR reads it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from monito_ray.pipeline.pictures import networks

#: Sides of the picture that the network is given are multiples of this.
_STRIDE = 32
#: The most pixels that it is given, each of which takes 250 bytes: letters of 14 pixels are found as well as larger ones.
_MOST_PIXELS = 2_000_000
#: A pixel is text from this certainty on, and a place is one where it is at least so high on average (PaddleOCR's own values).
_PIXEL_CERTAINTY, _PLACE_CERTAINTY = 0.3, 0.5
#: The network marks the heart of a line; its letters reach beyond by this part of area through circumference (PaddleOCR's own value).
_UNCLIP = 1.6
#: Smaller hearts of lines, in pixels, are specks.
_SMALLEST_HEART = 3
#: Text stands upright in a box that is so many times as high as wide, and runs down it (PaddleOCR's own value).
_TURNED = 1.5
#: A page of the smallest print has some 1,500 cells; more places than this are no text.
_MOST_PLACES = 4_000


@dataclass(frozen=True, slots=True)
class TextQuad:
    """Where a line of text stands."""

    #: Its corners as an array of 4 x 2: upper left, upper right, lower right, lower left, as its text reads.
    corners: Any

    @property
    def left(self) -> Any:
        """The middle of its left side."""
        return (self.corners[0] + self.corners[3]) / 2

    @property
    def right(self) -> Any:
        """The middle of its right side."""
        return (self.corners[1] + self.corners[2]) / 2

    @property
    def center(self) -> Any:
        """Its middle."""
        return self.corners.mean(axis=0)

    @property
    def width(self) -> float:
        """The length of its text."""
        return float(np.linalg.norm(self.right - self.left))

    @property
    def height(self) -> float:
        """The mean length of its left and right sides."""
        sides = np.linalg.norm(self.corners[3] - self.corners[0]) + np.linalg.norm(self.corners[2] - self.corners[1])
        return float(sides / 2)

    def scaled(self, factor: float) -> "TextQuad":
        """Return it in a picture that is so many times as large."""
        return TextQuad(self.corners * factor)


def find_text(picture: Any) -> list[TextQuad]:
    """Return where lines of text stand in `picture`, an array of height x width x 3."""
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    height, width = picture.shape[:2]
    smaller = min(1.0, (_MOST_PIXELS / (height * width)) ** 0.5)
    fitting = _multiple(width * smaller), _multiple(height * smaller)
    pixels = cv2.resize(picture, fitting, interpolation=cv2.INTER_AREA if smaller < 1 else cv2.INTER_LINEAR).astype(np.float32) / 127.5 - 1
    marks = networks.run(networks.finder(), pixels.transpose(2, 0, 1)[None])[0, 0]
    mask = cv2.dilate((marks > _PIXEL_CERTAINTY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    scale = np.array([width / fitting[0], height / fitting[1]], np.float32)
    hearts = (_heart(contour, marks) for contour in contours[:_MOST_PLACES])
    return [TextQuad(_upright(corners * scale)) for corners in hearts if corners is not None]


def _heart(contour: Any, marks: Any) -> Any:
    """Return the corners of the place that the network marks with a contour, None where it is unsure."""
    import cv2  # noqa: PLC0415

    (x, y), (long, short), angle = cv2.minAreaRect(contour)
    if min(long, short) < _SMALLEST_HEART or _certainty(contour, marks) < _PLACE_CERTAINTY:
        return None
    grown = _UNCLIP * long * short / (long + short)  # area through circumference is half of that on either side
    return cv2.boxPoints(((x, y), (long + grown, short + grown), angle))


def _certainty(contour: Any, marks: Any) -> float:
    """Return the mean certainty within the box of a contour."""
    import cv2  # noqa: PLC0415

    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - (left, top)], 1)
    return float(cv2.mean(marks[top : top + height, left : left + width], mask)[0])


def _upright(corners: Any) -> Any:
    """Return the corners from the upper left on, clockwise, the text running as nearly from left to right as may be.

    It runs along the level side, unless the other one is much longer: "kg" is about as wide as high.
    """
    sides = corners[1] - corners[0], corners[2] - corners[1]
    level = 0 if abs(sides[0][0]) >= abs(sides[1][0]) else 1
    lengths = [float(np.linalg.norm(side)) for side in sides]
    first = 1 - level if lengths[1 - level] >= _TURNED * lengths[level] else level
    ordered = np.roll(corners, -first, axis=0)
    direction = ordered[1] - ordered[0]
    is_level = abs(direction[0]) >= abs(direction[1])
    is_backward = direction[0] < 0 if is_level else direction[1] < 0
    return np.roll(ordered, 2, axis=0) if is_backward else ordered


def _multiple(length: float) -> int:
    return max(_STRIDE, round(length / _STRIDE) * _STRIDE)
