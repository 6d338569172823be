"""Columns of tables without rulings: the rivers of white that run down between runs of text."""

from collections.abc import Sequence
from itertools import pairwise

from monito_ray.pipeline.pdf.rulings import clusters
from monito_ray.pipeline.pdf.words import Box, TextRun, Word, join_words

Line = Sequence[TextRun]

_NARROWEST = 3
_STRAY = 0.06
_SMALL = 0.2
_ALIGNED = 1.5
_RAGGED = 12.0


def find_column_edges(lines: Sequence[Line]) -> tuple[float, ...]:
    """Edges of the columns that the lines of two runs and more agree on (two edges when they agree on none).

    A few lines in a hundred may cross a river: a heading, an overlong name.
    """
    rows = [line for line in lines if len(line) > 1]
    if not rows:
        return ()
    left = min(run.box.left for row in rows for run in row)
    right = max(run.box.right for row in rows for run in row)
    covered = _spans(_cover(rows, left, right), int(_STRAY * len(rows)))
    spans = [(left + start, left + end) for start, end in covered]
    spans = _whole(rows, sorted([*spans, *_apart(rows, spans)]))
    spans = _split(spans, _aligned_starts(rows))
    return (left, *((before[1] + after[0]) / 2 for before, after in pairwise(spans)), right)


def column_of(edges: tuple[float, ...], box: Box) -> int:
    """The column that holds most of the box."""
    shares = [min(box.right, b) - max(box.left, a) for a, b in pairwise((float("-inf"), *edges[1:-1], float("inf")))]
    return shares.index(max(shares))


def split_at_gutters(run: TextRun, edges: tuple[float, ...]) -> list[TextRun]:
    """The run in parts where its words stand wide apart, or where a text object ends at a river."""
    parts: list[list[Word]] = [[run.words[0]]]
    for before, after in pairwise(run.words):
        wide = after.box.left - before.box.right > 0.45 * before.box.height
        at_river = any(before.box.right <= x + 1 and after.box.left >= x - 1 for x in edges[1:-1])
        begins = any(abs(after.box.left - x) <= _ALIGNED + 1 for x in edges[1:-1])
        if wide or (before.source != after.source and (begins or (at_river and not after.glued))):
            parts.append([after])
        else:
            parts[-1].append(after)
    return [join_words(words) for words in parts]


def fits_columns(edges: tuple[float, ...], lines: Sequence[Line]) -> bool:
    """Whether most lines of several runs stand in the columns, one run in each; a run may only reach over where it meets the next."""
    rows = [[part for run in line for part in split_at_gutters(run, edges)] for line in lines if len(line) > 1]
    fitting = sum(_fits(edges, row) for row in rows)
    return fitting >= 0.7 * len(rows)


def _fits(edges: tuple[float, ...], row: Line) -> bool:
    homes = [column_of(edges, run.box) for run in row]
    starts = [run.box.left for run in row[1:]] + [float("inf")]
    free = [run for run, after in zip(row, starts, strict=True) if after > run.box.right + run.box.height]
    crossing = any(run.box.left + 2 < x < run.box.right - 2 for run in free for x in edges[1:-1])
    return len(set(homes)) == len(homes) and not crossing


def _cover(rows: Sequence[Line], left: float, right: float) -> list[int]:
    """For each point of width, how many runs stand over it; a run ends where the next one on its line is drawn over it."""
    steps = [0] * (int(right - left) + 2)
    for row in rows:
        starts = [run.box.left for run in row[1:]] + [right]
        for run, after in zip(row, starts, strict=True):
            end = max(min(run.box.right, after), run.box.left)
            steps[int(run.box.left - left)] += 1
            steps[int(end - left) + 1] -= 1
    depth = 0
    cover = []
    for step in steps[:-1]:
        depth += step
        cover.append(depth)
    return cover


def _spans(cover: list[int], stray: int) -> list[tuple[int, int]]:
    """Stretches that more than `stray` runs cover, those joined that no river wide enough parts."""
    spans: list[tuple[int, int]] = []
    for x, depth in enumerate(cover):
        if depth <= stray:
            continue
        if spans and x - spans[-1][1] <= _NARROWEST:
            spans[-1] = (spans[-1][0], x)
        else:
            spans.append((x, x))
    return spans


def _whole(rows: Sequence[Line], spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches, a small one joined to a neighbour that never stands on the same line.

    A title set left over numbers set right touches none of them, and yet is their title.
    """
    held = [{i for i, row in enumerate(rows) if any(a <= (r.box.left + r.box.right) / 2 <= b for r in row)} for a, b in spans]
    i = 0
    while i + 1 < len(spans):
        small, large = sorted((len(held[i]), len(held[i + 1])))
        if small <= max(1, _SMALL * large) and not held[i] & held[i + 1]:
            spans[i : i + 2] = [(spans[i][0], spans[i + 1][1])]
            held[i : i + 2] = [held[i] | held[i + 1]]
        else:
            i += 1
    return spans


def _aligned_starts(rows: Sequence[Line]) -> list[float]:
    """Where text objects of most rows begin below each other, after text that ends anywhere: columns that overlong text may reach into."""
    starts: list[tuple[float, float]] = []
    for row in rows:
        for before, after in pairwise(word for run in row for word in run.words):
            if before.source != after.source:
                starts.append((after.box.left, before.box.right))
    found = []
    for group in clusters(sorted(starts), lambda start: start[0], _ALIGNED):
        ends = sorted(end for _, end in group)
        if len(group) >= 0.5 * len(rows) and ends[-1 - len(ends) // 8] - ends[len(ends) // 8] > _RAGGED:
            found.append(group[0][0])
    return found


def _split(spans: list[tuple[float, float]], starts: list[float]) -> list[tuple[float, float]]:
    """The stretches, cut where columns begin inside them."""
    parts = []
    for left, right in spans:
        inside = [x for x in starts if left + _RAGGED < x < right]
        bounds = [left, *inside, right]
        parts += list(pairwise(bounds))
    return parts


def _apart(rows: Sequence[Line], spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of runs that stand wholly between columns: a remark beside a few rows is a column, too."""
    apart: list[tuple[float, float]] = []
    boxes = sorted((run.box for row in rows for run in row), key=lambda box: box.left)
    for box in boxes:
        if any(start - _NARROWEST < box.right and box.left < end + _NARROWEST for start, end in spans):
            continue
        if apart and box.left <= apart[-1][1] + _NARROWEST:
            apart[-1] = (apart[-1][0], max(apart[-1][1], box.right))
        else:
            apart.append((box.left, box.right))
    return apart
