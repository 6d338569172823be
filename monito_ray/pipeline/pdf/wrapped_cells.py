"""Cells that wrap where all lines stand equally far apart: a line that stands alone is the rest of a cell above, or a title between rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monito_ray.pipeline.pdf.text_lines import ColumnRun, ColumnRuns, has_value, is_value, line_height, line_step
from monito_ray.pipeline.pdf.words import TextRun, is_currency

#: The next line of a wrapped cell stands at most this many heights below; common line spacing is 1.0 to 1.5.
_WRAPPED_STEP_HEIGHTS = 1.6
#: Texts of one cell differ by at most this part of their height; another height is another font, a title.
_SAME_FONT_HEIGHTS = 0.15
#: Two texts of a column that end within this many heights of each other end where the column ends: there, lines wrap.
_WRAP_LIMIT_HEIGHTS = 2
#: Titles stand between at least so many times as many rows of one line, and this share of those has no room for another word.
_FEWEST_WHOLE_ROWS, _FULL_SHARE = 3, 0.6
#: The width of a space, in text heights.
_SPACE_HEIGHTS = 0.2
#: A column begins at one place when this share of its texts begin within so many points of it.
_ALIGNED_SHARE, _ALIGNED_PT = 0.8, 1.5
#: A cell ends less than so many heights before the next column begins.
_PADDING_HEIGHTS = 2

#: The lines of one block, from the top.
Lines = Sequence[ColumnRuns]


def join_wrapped_lines(lines: Lines, titled: frozenset[int] = frozenset()) -> list[ColumnRuns]:
    """Return the rows of lines that all stand equally far apart: a line belongs to the row above when its cells wrapped there.

    In the columns `titled`, and in those that these lines show to be such, a line that stands alone is a title.
    """
    limits = _wrap_limits([placed for line in lines for placed in line])
    titled |= title_columns([lines])
    rows: list[list[ColumnRuns]] = []
    for line in lines:
        if rows and _is_continuation(rows[-1], line, limits) and not (_lone_column(line) in titled and _begins_like_title(line)):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [[placed for line in row for placed in line] for row in rows]


def title_columns(blocks: Sequence[Lines]) -> frozenset[int]:
    """Return the columns in which titles stand between the rows of a table that goes over several blocks."""
    limits = _wrap_limits([placed for lines in blocks for line in lines for placed in line])
    starts = _column_starts([line for lines in blocks for line in lines if has_value(line)])
    columns = {column for lines in blocks for line in lines if (column := _lone_column(line)) is not None}
    return frozenset(column for column in columns if _LoneLines.of(column, blocks, limits).are_titles(starts))


@dataclass(frozen=True, slots=True)
class _LoneLines:
    """Lines that fill a column alone, each with the row above it."""

    column: int
    pairs: list[tuple[ColumnRuns, ColumnRuns]]
    #: How many of them begin as rests of texts do: small, or with a digit.
    small: int
    #: How many stand right between a header and the first row.
    first: int
    #: Rows that no such line follows.
    whole: list[ColumnRuns]
    limits: dict[int, float]

    @classmethod
    def of(cls, column: int, blocks: Sequence[Lines], limits: dict[int, float]) -> "_LoneLines":
        """Collect them from the blocks of a table."""
        steps = [pair for lines in blocks for pair in pairwise(lines)]
        lone = [(above, line) for above, line in steps if has_value(above) and _lone_column(line) == column]
        first = sum(
            len(above) > 1 and not has_value(above) and _lone_column(line) == column and _begins_like_title(line) and has_value(below)
            for lines in blocks
            for above, line, below in zip(lines, lines[1:], lines[2:], strict=False)
        )
        pairs = [(above, line) for above, line in lone if _begins_like_title(line)]
        whole = [above for above, below in steps if has_value(above) and has_value(below)]
        return cls(column, pairs, len(lone) - len(pairs), first, whole, limits)

    def are_titles(self, starts: dict[int, float]) -> bool:
        """Whether the lines are titles: most of them are no rest of the row above, or there was room for all, or the first row has one above it.

        They are, too, where most other rows have as little room for another word without going on below.
        """
        if not self.pairs:
            return False
        rests = sum(_is_continuation([above], line, self.limits) for above, line in self.pairs)
        if rests * 2 <= len(self.pairs):
            return True
        if not self.small and ((self.first and rests < len(self.pairs)) or self._have_room(starts)):
            return True
        return self._are_full()

    def _have_room(self, starts: dict[int, float]) -> bool:
        """Whether the first word of each line would have stood well before the column on the right of the row above."""
        start = min((start for column, start in starts.items() if column > self.column), default=None)
        if start is None:
            return False
        reaches = (_reach(placed.run, line[0].run) for above, line in self.pairs for placed in above if placed.column == self.column)
        return all(reach < start - _PADDING_HEIGHTS * self.pairs[0][1][0].run.box.height for reach in reaches)

    def _are_full(self) -> bool:
        if self.column not in self.limits or len(self.whole) < _FEWEST_WHOLE_ROWS * len(self.pairs):
            return False
        word = max(line[0].run.words[0].box.width for _, line in self.pairs)
        cells = (placed for row in self.whole for placed in row if placed.column == self.column)
        return sum(placed.run.box.right + word > self.limits[self.column] for placed in cells) >= _FULL_SHARE * len(self.whole)


def _column_starts(rows: Sequence[ColumnRuns]) -> dict[int, float]:
    """Return where each column begins that is set to the left."""
    lefts: dict[int, list[float]] = {}
    for placed in (placed for row in rows for placed in row):
        lefts.setdefault(placed.column, []).append(placed.run.box.left)
    starts = {column: float(Counter(map(round, own)).most_common(1)[0][0]) for column, own in lefts.items()}
    return {
        column: start
        for column, start in starts.items()
        if sum(abs(left - start) <= _ALIGNED_PT for left in lefts[column]) >= _ALIGNED_SHARE * len(lefts[column])
    }


def _lone_column(line: ColumnRuns) -> int | None:
    return line[0].column if len(line) == 1 else None


def _begins_like_title(line: ColumnRuns) -> bool:
    return line[0].run.text[:1].isupper()


def _wrap_limits(runs: Sequence[ColumnRun]) -> dict[int, float]:
    """Return how far to the right text reaches in each column where at least two texts reach about as far."""
    limits = {}
    for column in {placed.column for placed in runs}:
        boxes = sorted((placed.run.box for placed in runs if placed.column == column), key=lambda box: -box.right)
        if len(boxes) > 1 and boxes[0].right - boxes[1].right <= _WRAP_LIMIT_HEIGHTS * boxes[0].height:
            limits[column] = boxes[0].right
    return limits


def _is_continuation(row: Lines, line: ColumnRuns, limits: dict[int, float]) -> bool:
    """Whether all cells of `line` may be the rest of cells of `row`, and one of them had no room there for its first word."""
    if not 0 < line_step(row[-1], line) <= _WRAPPED_STEP_HEIGHTS * line_height(line):
        return False
    above = {placed.column: placed.run for earlier in row for placed in earlier}
    if len({placed.column for placed in line}) == len(above) > 1:
        return False  # it fills every column: a row of its own
    if len(above) > 1 and has_value(line) and not any(is_value(run.text) for run in above.values()):
        return False  # titles stand above it
    if not all(placed.column in above and _may_follow(above[placed.column], placed.run) for placed in line):
        return False
    return any(_has_wrapped(above[placed.column], placed.run, limits.get(placed.column)) for placed in line)


def _may_follow(above: TextRun, below: TextRun) -> bool:
    """Whether the cell above is a text, or a currency whose number went to the next line."""
    return not is_value(above.text) and (not is_value(below.text) or len(above.words) > 1 or is_currency(above.text))


def _has_wrapped(above: TextRun, below: TextRun, limit: float | None) -> bool:
    """Whether the first word of `below` would have gone past the limit of the line above."""
    if is_currency(above.text):
        return True
    if limit is None or abs(above.box.height - below.box.height) > _SAME_FONT_HEIGHTS * above.box.height:
        return False
    if below.font != above.font or (below.text.isupper() and not above.text.isupper()):
        return False  # a title in capitals or in bold is no rest of a sentence
    return _reach(above, below) > limit


def _reach(above: TextRun, below: TextRun) -> float:
    """Return how far the line above would reach with the first word of the line below."""
    return above.box.right + _SPACE_HEIGHTS * above.box.height + below.words[0].box.width
