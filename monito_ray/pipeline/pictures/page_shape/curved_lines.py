"""How the rows and columns of a photographed page run: slopes that change smoothly over the picture, from the places of its text.

A page that is held askew, or is not flat, has rows whose slope changes with the place. The slope of each line of text is a sample of that
field; a polynomial of low order through them, fitted so that outliers count little, is the field. Following it from a place to the middle of
the picture tells which row, or column, the place belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monito_ray.pipeline.pictures.page_shape.row_shift import shifted_pairs
from monito_ray.pipeline.pictures.text_places import TextQuad

#: Lines at least so many times as long as high show the slope of their row.
_LONG = 1.5
#: A line goes on with the next one on its right where that stands within this part of its height of where the row leads, and begins at most
#: so many heights behind its end.
_LEVEL_HEIGHTS, _NEXT_ON_ROW_HEIGHTS = 0.4, 40.0
#: A line below begins, or ends, within this many heights of where the one above does, and stands at most this many heights below.
_ALIGNED_HEIGHTS, _NEXT_HEIGHTS = 0.7, 3.5
#: Powers of x and y in the slope of rows (a curl is bent along x), and of columns, the plainest first.
_ROW_POWERS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (3, 0), (2, 1))
_COLUMN_POWERS = ((0, 0), (1, 0), (0, 1), (1, 1))
#: How large coefficients are by rights, by the sum of their powers, beside samples that are off by so much: what few samples say of places
#: far from them is held back.
_USUAL_SIZES, _USUAL_ERROR = (1.0, 0.12, 0.06, 0.03), 0.02
#: Rounds of fitting, each of which trusts outliers less; slopes that are off by less than this are none.
_ROUNDS, _SMALL_SLOPE = 6, 0.01
#: Rounds in which lines are joined to rows by the slopes found so far.
_JOINING_ROUNDS = 2
#: Steps in which a field is followed across the picture.
_STEPS = 24


@dataclass(frozen=True, slots=True)
class SlopeField:
    """Slopes over a picture of `width` x `height`: of rows dy/dx, of columns dx/dy."""

    coefficients: Any
    powers: tuple[tuple[int, int], ...]
    width: float
    height: float

    def at(self, x: Any, y: Any) -> Any:
        """Return the slope at places, arrays of equal shape."""
        by_powers = dict(zip(self.powers, self.coefficients, strict=True))
        u, v = 2 * x / self.width - 1, 2 * y / self.height - 1
        slope: Any = 0.0
        for q in range(max(q for _, q in self.powers), -1, -1):  # Horner's scheme: powers themselves take ten times as long
            own: Any = 0.0
            for p in range(max(p for p, _ in self.powers), -1, -1):
                own = own * u + by_powers.get((p, q), 0.0)
            slope = slope * v + own
        return slope


@dataclass(frozen=True, slots=True)
class PageShape:
    """How rows and columns run over a picture."""

    rows: SlopeField
    columns: SlopeField
    #: Lines beside a wide gap were taken for those of the row above or below what their slopes lead to.
    is_shifted: bool = False

    def source_of(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return where in the picture the places `x`, `y` of the flat page are: a row is named by its y in the middle, a column by its x."""
        middle_x, middle_y = self.rows.width / 2, self.rows.height / 2
        source_x, source_y = x, y
        for _ in range(3):  # each is where row and column cross, given the other
            source_y = follow(self.rows.at, middle_x, y, source_x)
            source_x = follow(lambda b, a: self.columns.at(a, b), middle_y, x, source_y)
        return source_x, source_y


def follow(slope: Any, start: Any, value: Any, end: Any) -> Any:
    """Return the value at `end` of the curve that has `value` at `start` and the given slope (second-order Runge-Kutta)."""
    step = (end - start) / _STEPS
    at = np.zeros_like(end) + start
    value = np.zeros_like(end) + value
    for _ in range(_STEPS):
        half = value + slope(at, value) * step / 2
        value = value + slope(at + step / 2, half) * step
        at = at + step
    return value


def shape_of(quads: Sequence[TextQuad], width: int, height: int) -> PageShape:
    """Return how rows and columns run in a picture of this size."""
    size = width, height
    long = [quad for quad in quads if quad.width >= _LONG * quad.height]
    samples = _samples([quad.left for quad in long], [quad.right for quad in long])
    rows = _fit(*samples, _ROW_POWERS[:3], size)
    for _ in range(_JOINING_ROUNDS):
        places, slopes, weights = (np.concatenate(pair) for pair in zip(samples, _row_samples(quads, rows), strict=True))
        rows = _fit(places, slopes, weights, _ROW_POWERS, size)
    columns = _columns_of(quads, rows, size)
    pairs = _shifted_pairs(quads, rows, columns)
    if pairs:
        centers = [quad.center for quad in quads]
        shifted = _samples([centers[one] for one, _ in pairs], [centers[other] for _, other in pairs])
        places, slopes, weights = (np.concatenate(pair) for pair in zip(samples, shifted, strict=True))
        rows = _fit(places, slopes, weights, _ROW_POWERS, size)
        columns = _columns_of(quads, rows, size)
    return PageShape(rows, columns, bool(pairs))


def _columns_of(quads: Sequence[TextQuad], rows: SlopeField, size: tuple[int, int]) -> SlopeField:
    places, drifts, weights = _column_samples(quads, rows)
    if not len(drifts):  # a page that is merely turned has columns at right angles to its rows
        return SlopeField(np.array([-rows.coefficients[0]]), ((0, 0),), *size)
    return _fit(places, drifts, weights, _COLUMN_POWERS, size)


def _shifted_pairs(quads: Sequence[TextQuad], rows: SlopeField, columns: SlopeField) -> list[tuple[int, int]]:
    middle = rows.height / 2
    sides = [
        follow(lambda b, a: columns.at(a, b), ends[:, 1], ends[:, 0], np.full(len(ends), middle))
        for ends in (np.array(points).reshape(-1, 2) for points in ([quad.left for quad in quads], [quad.right for quad in quads]))
    ]
    return shifted_pairs(quads, np.stack(sides, axis=1), lambda x, y, to: follow(rows.at, x, y, np.full(len(x), to)))


def _samples(begins: Sequence[Any], ends: Sequence[Any]) -> tuple[Any, Any, Any]:
    """Return places, slopes and weights of what leads from one point to another on its right: the longer, the more exact."""
    first, last = np.array(begins).reshape(-1, 2), np.array(ends).reshape(-1, 2)
    across = np.maximum(last[:, 0] - first[:, 0], 1.0)
    return (first + last) / 2, (last[:, 1] - first[:, 1]) / across, across


def _row_samples(quads: Sequence[TextQuad], rows: SlopeField) -> tuple[Any, Any, Any]:
    """Return the samples that lead from the middle of a line to that of the next one on its row."""
    centers, lefts, rights = (
        np.array(points, float).reshape(-1, 2)
        for points in ([quad.center for quad in quads], [quad.left for quad in quads], [quad.right for quad in quads])
    )
    heights = np.array([quad.height for quad in quads]).reshape(-1, 1)
    gaps = lefts[None, :, 0] - rights[:, None, 0]
    one, other = np.nonzero((gaps > -heights / 2) & (gaps < _NEXT_ON_ROW_HEIGHTS * heights))
    leads = follow(rows.at, centers[one, 0], centers[one, 1], centers[other, 0])
    level = np.abs(centers[other, 1] - leads) < _LEVEL_HEIGHTS * heights[one, 0]
    distances = np.full(gaps.shape, np.inf)
    distances[one[level], other[level]] = gaps[one[level], other[level]]
    begins = np.unique(one[level])
    return _samples(centers[begins], centers[distances[begins].argmin(axis=1)] if len(begins) else centers[begins])


def _column_samples(quads: Sequence[TextQuad], rows: SlopeField) -> tuple[Any, Any, Any]:
    """Return places, slopes and weights of columns: from the ends of lines to the equal ends of lines below."""
    places, drifts, weights = [], [], []
    for ends in ([quad.left for quad in quads], [quad.right for quad in quads]):
        points = np.array(ends).reshape(-1, 2)
        for quad, point in zip(quads, points, strict=True):
            down = points - point
            expected = point[0] - rows.at(point[0], point[1]) * down[:, 1]
            off = np.abs(points[:, 0] - expected)
            is_next = (down[:, 1] > quad.height / 2) & (down[:, 1] < _NEXT_HEIGHTS * quad.height) & (off < _ALIGNED_HEIGHTS * quad.height)
            if is_next.any():
                nearest = np.flatnonzero(is_next)[np.argmin(down[is_next, 1])]
                places.append((points[nearest] + point) / 2)
                drifts.append(down[nearest, 0] / down[nearest, 1])
                weights.append(down[nearest, 1])
    return np.array(places).reshape(-1, 2), np.array(drifts), np.array(weights)


def _fit(places: Any, slopes: Any, weights: Any, powers: tuple[tuple[int, int], ...], size: tuple[int, int]) -> SlopeField:
    """Return the field through slopes at places (iteratively reweighted ridge regression): samples that the others contradict count little."""
    width, height = size
    if not len(slopes):
        return SlopeField(np.zeros(1), ((0, 0),), width, height)
    u, v = 2 * places[:, 0] / width - 1, 2 * places[:, 1] / height - 1
    design = np.stack([u**p * v**q for p, q in powers], axis=1)
    held = np.diag([(_USUAL_ERROR / _USUAL_SIZES[p + q]) ** 2 for p, q in powers])
    weights = weights / weights.mean()
    coefficients = np.zeros(len(powers))
    coefficients[0] = np.median(slopes)
    for _ in range(_ROUNDS):
        off = np.abs(slopes - design @ coefficients)
        scale = max(float(np.median(off)) * 3, _SMALL_SLOPE)
        trusted = design * (weights / (1 + (off / scale) ** 2))[:, None]
        coefficients = np.linalg.solve(trusted.T @ design + held, trusted.T @ slopes)
    return SlopeField(coefficients, powers, width, height)
