"""Places of text in a picture: quadrangles that may stand askew, in pixels."""

from dataclasses import dataclass
from typing import Any

import numpy as np


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
