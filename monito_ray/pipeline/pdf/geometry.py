"""Boxes on a page, and the grouping of things that stand close to each other.

All coordinates are reading coordinates: PDF points (1/72 inch), x to the right and y down, turned so that text reads from left to right.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` is less than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_finite(self) -> bool:
        """Whether its edges are numbers; a broken font may put a character at infinity."""
        return math.isfinite(self.left + self.top + self.right + self.bottom)

    @property
    def center_x(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2

    @property
    def center_y(self) -> float:
        """The middle between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def contains_center_of(self, other: "Box") -> bool:
        """Whether the centre of `other` lies inside or on an edge."""
        return self.left <= other.center_x <= self.right and self.top <= other.center_y <= self.bottom


def bounding_box(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all `boxes`, of which there is at least one."""
    return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))


def box_of_points(points: Sequence[tuple[float, float]]) -> Box:
    """Return the smallest box around `points`, of which there is at least one."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def cluster(items: Iterable[T], position: Callable[[T], float], tolerance: float) -> list[list[T]]:
    """Group `items`, which are ordered by `position`: each stands within `tolerance` of the first of its group."""
    groups: list[list[T]] = []
    for item in items:
        if groups and position(item) - position(groups[-1][0]) <= tolerance:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups
