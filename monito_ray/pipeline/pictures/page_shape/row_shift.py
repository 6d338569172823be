"""Which price stands on the row of which name, where a page is curled so much between them that the slopes found so far lead to the row above or below.

Over a wide gap a slope may be a whole row off, and still nearly every line meets one on the other side. The ends tell: a price has a name on its row.
Where a price is left over at an end, and none is when all are moved by a row, they belong to the rows next to them; as many prices as names belong together
in their order.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from monito_ray.pipeline.pictures.text_places import TextQuad

#: Lines of a column without which nothing is said.
_FEWEST_ROWS = 6
#: A line below begins, or ends, within this many text heights of where the one above does, and stands at most this many heights below.
_ALIGNED_HEIGHTS, _NEXT_HEIGHTS = 0.7, 3.5
#: A gap between columns over which slopes are followed with doubt, in text heights: on a page of our own a curl of 3 percent led a row off over 3. Of 28
#: other photos none is taken for shifted with 1.5.
_WIDE_HEIGHTS = 2.0
#: Two lines stand on one row within this part of the distance from row to row.
_LEVEL_SHARE = 0.35
#: Slopes lead at most so many rows off.
_FARTHEST_ROWS = 1.6
#: From one line of a column to the next are as many rows as it says by this much; what is off by more, such as a title, is no line of it.
_EVEN_SHARE = 0.25

Numbers = NDArray[np.float64]
#: Takes the places x, y of lines and another x; returns where their rows are there.
Follow = Callable[[Numbers, Numbers, float], Numbers]


def shifted_pairs(quads: Sequence[TextQuad], sides: Numbers, follow_rows: Follow) -> list[tuple[int, int]]:
    """Return the pairs of lines, by their numbers, that stand on one row though the slopes lead from one to a neighbour of the other.

    `sides` has for each line where it begins and ends, along x, on a page whose columns are plumb. Empty where no slope has to be another.
    """
    height = float(np.median([quad.height for quad in quads])) if quads else 0.0
    centers = np.array([quad.center for quad in quads], float).reshape(-1, 2)
    columns = sorted(_columns(centers, sides, height), key=lambda own: float(np.median(sides[own].mean(axis=1))))
    pairs: list[tuple[int, int]] = []
    for left, right in combinations(columns, 2):
        end, begin = float(sides[left, 1].max()), float(sides[right, 0].min())
        if begin - end < _WIDE_HEIGHTS * height or any(_is_between(sides[other], end, begin) for other in columns):
            continue
        middle = (begin + end) / 2
        at_gap = [follow_rows(centers[own, 0], centers[own, 1], middle) for own in (left, right)]
        pairs += [(left[one], right[other]) for one, other in _pairs_of_rows(*at_gap)]
    return pairs


def _columns(centers: Numbers, sides: Numbers, height: float) -> Iterator[list[int]]:
    """Yield lines that begin, or end, below one another, from the top, where they are equally far apart: titles stand by themselves."""
    left = set(range(len(centers)))
    for side in (0, 1):
        order = [int(number) for number in np.argsort(centers[:, 1])]
        for start in order:
            own = [start] if start in left else []
            for number in order if own else ():
                is_next = 0.5 * height < centers[number, 1] - centers[own[-1], 1] < _NEXT_HEIGHTS * height
                if number in left and is_next and abs(sides[number, side] - sides[own[-1], side]) < _ALIGNED_HEIGHTS * height:
                    own.append(number)
            if len(own) >= _FEWEST_ROWS:
                left -= set(own)
                steps = np.diff(centers[own, 1]) / np.median(np.diff(centers[own, 1]))
                ends = [0, *(np.flatnonzero(np.abs(steps - np.round(steps)) > _EVEN_SHARE) + 1), len(own)]
                yield from (own[first:last] for first, last in pairwise(ends) if last - first >= _FEWEST_ROWS)


def _is_between(sides: Numbers, begin: float, end: float) -> bool:
    middle = float(np.median(sides.mean(axis=1)))
    return begin < middle < end


def _pairs_of_rows(left: Numbers, right: Numbers) -> list[tuple[int, int]]:
    """Return the pairs of two columns' rows, from the places of these where they meet; none where they meet as they are, or moving helps nothing."""
    pitch = float(np.median(np.diff(right)))
    if _level(left, right, pitch) is not None:
        return []
    own, others = _row_numbers(left, pitch), _row_numbers(right, pitch)
    if own[-1] == others[-1]:
        places = {row: place for place, row in enumerate(own)}
        in_order = [(places[row], place) for place, row in enumerate(others) if row in places]
        are_near = all(abs(left[one] - right[other]) < _FARTHEST_ROWS * pitch for one, other in in_order)
        return in_order if are_near and len(in_order) == len(others) else []
    moved = [pairs for rows in (-1, 1) if (pairs := _level(left, right + rows * pitch, pitch)) is not None]
    return moved[0] if len(moved) == 1 else []


def _row_numbers(rows: Numbers, pitch: float) -> list[int]:
    """Return which row of its column each line is, from the first on: between two lines one may be missing."""
    return [0, *np.cumsum(np.round(np.diff(rows) / pitch)).astype(int).tolist()]


def _level(left: Numbers, right: Numbers, pitch: float) -> list[tuple[int, int]] | None:
    """Return each row on the right with the one on the left; None where one on the right has none."""
    nearest = np.abs(left[None, :] - right[:, None]).argmin(axis=1)
    if (np.abs(left[nearest] - right) > _LEVEL_SHARE * pitch).any() or len(set(nearest)) < len(right):
        return None
    return [(int(one), other) for other, one in enumerate(nearest)]
