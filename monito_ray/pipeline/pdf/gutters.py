"""Columns of tables without rulings: the whitespace gutters that run down between runs of text.

Gutters are the gaps in the projection of all runs on the x axis, as in the X-Y cut (Nagy and Seth, 1984) and in whitespace covers (Breuel,
2002). Where overlong names hide a gutter, the left edges of texts that stand below each other tell a column, as in Camelot's "stream" mode
and Nurminen's text edges (2013).
"""

from collections.abc import Sequence
from itertools import pairwise

from monito_ray.pipeline.pdf.geometry import Box, cluster
from monito_ray.pipeline.pdf.words import TextRun, Word, join_words

#: The runs of one line of text, from the left.
RunLine = Sequence[TextRun]
#: Left and right in points.
Interval = tuple[float, float]

#: Whitespace of at most this many points is no gutter; a space of a 10-point font is about as wide.
_MIN_GUTTER_PT = 3
#: The share of lines that may run across a gutter: headings, overlong names.
_MAX_CROSSING_SHARE = 0.06
#: A column with at most this share of its neighbour's lines is sparse: it may be the neighbour's title, set to the other side.
_SPARSE_SHARE = 0.2
#: Texts that begin within this many points of each other are aligned; programs round positions to less than that.
_ALIGNED_PT = 1.5
#: The share of lines whose texts must begin below each other to make a column that the projection does not show.
_ALIGNED_SHARE = 0.5
#: Texts that end more than this many points apart, an eighth at each side left out, end where they like: the aligned starts behind them
#: are those of a column, and not of the next words of a sentence that is the same in every line.
_RAGGED_PT = 12.0
#: Words farther apart than this part of their height stand in different columns; a space is smaller.
WIDE_GAP_HEIGHTS = 0.45
#: Text reaches this many points over the edge of its column without being counted as crossing it.
CROSSING_SLACK_PT = 2
#: Text within this many points of a gutter's middle stands at it.
_GUTTER_SLACK_PT = 1
#: The share of lines that must stand in the columns, one run in each, for the columns to be theirs.
_FITTING_SHARE = 0.7


def find_column_edges(lines: Sequence[RunLine]) -> tuple[float, ...]:
    """Return the edges of the columns that lines of two runs and more agree on, from left to right.

    They are two edges when the lines agree on no gutter, and none when no line has two runs.
    """
    columns = find_columns(lines)
    if not columns:
        return ()
    return (columns[0][0], *((before[1] + after[0]) / 2 for before, after in pairwise(columns)), columns[-1][1])


def find_columns(lines: Sequence[RunLine]) -> list[Interval]:
    """Return the columns that lines of two runs and more agree on, from left to right, each as wide as its text; none without such lines."""
    rows = [line for line in lines if len(line) > 1]
    if not rows:
        return []
    left = min(run.box.left for row in rows for run in row)
    right = max(run.box.right for row in rows for run in row)
    covered = _covered_intervals(_projection(rows, left, right), int(_MAX_CROSSING_SHARE * len(rows)))
    columns: list[Interval] = [(left + start, left + end) for start, end in covered]
    columns = _absorb_sparse_columns(rows, sorted([*columns, *_rare_columns(rows, columns)]))
    columns = _split_at_starts(columns, _aligned_starts(rows))
    columns[0], columns[-1] = (left, columns[0][1]), (columns[-1][0], right)
    return columns


def stands_in(columns: Sequence[Interval], row: RunLine) -> bool:
    """Whether each run touches a column of its own at most."""
    touched = [[i for i, (left, right) in enumerate(columns) if run.box.left < right and left < run.box.right] for run in row]
    first = [at[0] for at in touched if at]
    return all(len(at) <= 1 for at in touched) and len(set(first)) == len(first)


def column_of(edges: tuple[float, ...], box: Box) -> int:
    """Return the index of the column that holds most of `box`; the first and the last column are open to the outside."""
    open_edges = (float("-inf"), *edges[1:-1], float("inf"))
    shared_widths = [min(box.right, end) - max(box.left, start) for start, end in pairwise(open_edges)]
    return shared_widths.index(max(shared_widths))


def crosses_edge(edges: tuple[float, ...], box: Box) -> bool:
    """Whether `box` reaches over an inner edge of the columns by more than the slack."""
    return any(box.left + CROSSING_SLACK_PT < x < box.right - CROSSING_SLACK_PT for x in edges[1:-1])


def split_at_gutters(run: TextRun, edges: tuple[float, ...]) -> list[TextRun]:
    """Return `run` in parts: split where its words stand wide apart, or where a text object ends at a gutter."""
    parts: list[list[Word]] = [[run.words[0]]]
    for before, after in pairwise(run.words):
        is_wide = after.box.left - before.box.right > WIDE_GAP_HEIGHTS * before.box.height
        if is_wide or (before.source != after.source and _stands_at_gutter(before, after, edges)):
            parts.append([after])
        else:
            parts[-1].append(after)
    return [join_words(words) for words in parts]


def fits_columns(edges: tuple[float, ...], lines: Sequence[RunLine]) -> bool:
    """Whether most lines of several runs stand in the columns, one run in each."""
    rows = [[part for run in line for part in split_at_gutters(run, edges)] for line in lines if len(line) > 1]
    return sum(_fits(edges, row) for row in rows) >= _FITTING_SHARE * len(rows)


def _stands_at_gutter(before: Word, after: Word, edges: tuple[float, ...]) -> bool:
    if any(abs(after.box.left - x) <= _ALIGNED_PT + _GUTTER_SLACK_PT for x in edges[1:-1]):
        return True
    return not after.is_glued and any(
        before.box.right <= x + _GUTTER_SLACK_PT and after.box.left >= x - _GUTTER_SLACK_PT for x in edges[1:-1]
    )


def _fits(edges: tuple[float, ...], row: RunLine) -> bool:
    """Whether each run has a column of its own, and crosses an edge only where it runs into the next one, as overlong names do."""
    columns = [column_of(edges, run.box) for run in row]
    if len(set(columns)) < len(columns):
        return False
    next_starts = [run.box.left for run in row[1:]] + [float("inf")]
    return not any(
        next_start > run.box.right + run.box.height and crosses_edge(edges, run.box)
        for run, next_start in zip(row, next_starts, strict=True)
    )


def _projection(rows: Sequence[RunLine], left: float, right: float) -> list[int]:
    """Return for each point of the width how many runs stand over it; a run ends where the next one of its line is drawn over it."""
    changes = [0] * (int(right - left) + 2)
    for row in rows:
        next_starts = [run.box.left for run in row[1:]] + [right]
        for run, next_start in zip(row, next_starts, strict=True):
            end = max(min(run.box.right, next_start), run.box.left)
            changes[int(run.box.left - left)] += 1
            changes[int(end - left) + 1] -= 1
    depth = 0
    depths = []
    for change in changes[:-1]:
        depth += change
        depths.append(depth)
    return depths


def _covered_intervals(depths: list[int], max_crossing: int) -> list[tuple[int, int]]:
    """Return the intervals that more than `max_crossing` runs cover; those without a gutter between them are one."""
    intervals: list[tuple[int, int]] = []
    for x, depth in enumerate(depths):
        if depth <= max_crossing:
            continue
        if intervals and x - intervals[-1][1] <= _MIN_GUTTER_PT:
            intervals[-1] = (intervals[-1][0], x)
        else:
            intervals.append((x, x))
    return intervals


def _rare_columns(rows: Sequence[RunLine], columns: list[Interval]) -> list[Interval]:
    """Return the intervals of runs that stand wholly between `columns`: a remark beside a few rows is a column, too."""
    rare: list[Interval] = []
    for box in sorted((run.box for row in rows for run in row), key=lambda box: box.left):
        if any(start - _MIN_GUTTER_PT < box.right and box.left < end + _MIN_GUTTER_PT for start, end in columns):
            continue
        if rare and box.left <= rare[-1][1] + _MIN_GUTTER_PT:
            rare[-1] = (rare[-1][0], max(rare[-1][1], box.right))
        else:
            rare.append((box.left, box.right))
    return rare


def _absorb_sparse_columns(rows: Sequence[RunLine], columns: list[Interval]) -> list[Interval]:
    """Return the columns, a sparse one joined with a neighbour that never stands on the same line.

    A title set left over numbers set right touches none of them, and yet is their title.
    """
    lines = [_lines_within(rows, column) for column in columns]
    i = 0
    while i + 1 < len(columns):
        small, large = sorted((len(lines[i]), len(lines[i + 1])))
        if small <= max(1, _SPARSE_SHARE * large) and not lines[i] & lines[i + 1]:
            columns[i : i + 2] = [(columns[i][0], columns[i + 1][1])]
            lines[i : i + 2] = [lines[i] | lines[i + 1]]
        else:
            i += 1
    return columns


def _lines_within(rows: Sequence[RunLine], column: Interval) -> set[int]:
    """Return the indexes of the rows that have a run with its middle in `column`."""
    left, right = column
    return {i for i, row in enumerate(rows) if any(left <= run.box.center_x <= right for run in row)}


def _aligned_starts(rows: Sequence[RunLine]) -> list[float]:
    """Return where text objects of most rows begin below each other, after text that ends anywhere.

    They are columns that overlong text may reach into.
    """
    starts: list[tuple[float, float]] = []
    for row in rows:
        for before, after in pairwise(word for run in row for word in run.words):
            if before.source != after.source:
                starts.append((after.box.left, before.box.right))
    aligned = []
    for group in cluster(sorted(starts), lambda start: start[0], _ALIGNED_PT):
        ends = sorted(end for _, end in group)
        spread = ends[-1 - len(ends) // 8] - ends[len(ends) // 8]
        if len(group) >= _ALIGNED_SHARE * len(rows) and spread > _RAGGED_PT:
            aligned.append(group[0][0])
    return aligned


def _split_at_starts(columns: list[Interval], starts: list[float]) -> list[Interval]:
    """Return the columns, split where others begin inside them; a start close to a column's left edge is its own."""
    parts: list[Interval] = []
    for left, right in columns:
        inside = [x for x in starts if left + _RAGGED_PT < x < right]
        parts += pairwise([left, *inside, right])
    return parts
