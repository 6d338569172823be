"""The gutters between the columns of a page: white space with names and prices of their own on both sides.

White space beside a price column parts the cells of one row instead, and is no gutter of the page. Candidates are the free verticals of the
projection, as in the X-Y cut (Nagy and Seth, 1984); what stands beside them decides.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from monito_ray.pipeline.pdf.flow.run_kinds import RunKinds, last_amount
from monito_ray.pipeline.pdf.flow.visual_lines import VisualLine, line_box
from monito_ray.pipeline.pdf.words import TextRun

#: Verticals are tried this many points apart, and not more of them than this on a wide page.
_STEP_PT, _MOST_VERTICALS = 3.0, 240
#: As many of the best candidates are looked at closely.
_MOST_CANDIDATES = 16
#: A column of a page has at least this many lines, and at least this share of them begin with words that others do not begin with.
_FEWEST_LINES, _WORDED_SHARE = 3, 0.3
#: More than so many line heights of blank part what stands above from what stands below.
_GAP_HEIGHTS = 2.0
#: A gutter of the page is at least as wide as a line is high.
_NARROWEST_HEIGHTS = 1.0
#: Sides with prices have at least this many.
_FEWEST_PRICES = 2
#: Lines stand on one baseline when theirs differ by at most this part of the height; a baseline is this part of it above the bottom.
_SAME_BASELINE_HEIGHTS, _DESCENT_HEIGHTS = 0.12, 0.18
#: Cells in a type of their own stand this much higher or lower, at most, and all of them equally.
_OWN_TYPE_HEIGHTS = 0.3
#: The maximum share of lines with a name left of a gutter and an amount right of it.
_CUT_SHARE = 0.3
#: The maximum share of lines with a name left of a gutter and nothing but numbers, several of them, right of it.
_NUMBERS_SHARE = 0.4
#: Amounts with at least this many names, as a share of the amounts, above and below them stand in the column of those.
_NAMED_SHARE = 0.3
#: Lines of which less than this share stand on one baseline are no cells of rows.
_ALIGNED_SHARE = 0.55
#: The same where one side has no prices: the cells of a table may wrap.
_ALIGNED_SHARE_UNPRICED = 0.2
#: ... and each side has at least so many lines: fewer are a letterhead's corner over the first rows of a table.
_FEWEST_LINES_UNPRICED = 4
#: Where one side has no prices, less than this share of those of the other have text of both sides on their baseline.
_PARTNER_SHARE = 0.35
#: At least this share of the lines of cards are amounts alone.
_STACKED_SHARE = 0.15
#: Where lines stand on one baseline, both sides are alike in at least this share of them.
_ALIKE_SHARE = 0.6
#: One column is at most this many times as wide as its neighbour, and its amounts as large.
_WIDEST_RATIO, _LARGEST_AMOUNTS = 3.5, 30.0

#: The parts of a line left and right of a gutter, either may be empty.
_Halves = tuple[VisualLine, VisualLine]


@dataclass(frozen=True, slots=True)
class PageGutter:
    """White space from line `first` to line `last`, both included, which it parts at `x`."""

    first: int
    last: int
    x: float


def find_page_gutter(lines: Sequence[VisualLine], kinds: RunKinds) -> PageGutter | None:
    """Return the gutter with most lines on both sides, None where the lines stand in one column.

    Where the lines of a page have none in common, those between two wide gaps may have one of their own.
    """
    whole = _gutter_of(lines, kinds)
    gaps = _gaps(lines) if whole is None else []
    for start, end in pairwise([0, *gaps, len(lines)]) if gaps else ():
        gutter = _gutter_of(lines[start:end], kinds)
        if gutter is not None:
            return PageGutter(gutter.first + start, gutter.last + start, gutter.x)
    return whole


def _gaps(lines: Sequence[VisualLine]) -> list[int]:
    """Return the indexes of the lines above which more is blank than between lines that belong together."""
    tops = [line_box(line) for line in lines]
    return [i for i, (above, below) in enumerate(pairwise(tops), start=1) if below.top - above.bottom > _GAP_HEIGHTS * below.height]


def _gutter_of(lines: Sequence[VisualLine], kinds: RunKinds) -> PageGutter | None:
    for gutter in _candidates(lines):
        halves = [_halves(line, gutter.x) for line in lines[gutter.first : gutter.last + 1]]
        if _PageHalves(halves, kinds).are_of_page():
            return gutter
    return None


def _candidates(lines: Sequence[VisualLine]) -> list[PageGutter]:
    """Return free verticals, those with most lines on their poorer side first."""
    left = min((line[0].box.left for line in lines), default=0.0)
    right = max((run.box.right for line in lines for run in line), default=0.0)
    step = max(_STEP_PT, (right - left) / _MOST_VERTICALS)
    crossing = _crossing_lines(lines, left, step, int((right - left) / step))
    channels: dict[tuple[int, int, int, int], list[list[int]]] = {}
    for n, crossed in enumerate(crossing[1:], start=1):
        x = left + n * step
        for above, below in pairwise([-1, *crossed, len(lines)]):
            if below - above <= _FEWEST_LINES:
                continue
            band = lines[above + 1 : below]
            on_left, on_right = sum(line[0].box.left < x for line in band), sum(line[-1].box.left >= x for line in band)
            if min(on_left, on_right) >= _FEWEST_LINES:
                _add_to_channel(channels.setdefault((above + 1, below - 1, on_left, on_right), []), n)
    ranked = [(min(key[2:]), len(at), key, at[len(at) // 2]) for key, of_key in channels.items() for at in of_key]
    best = sorted(ranked, key=lambda one: (-one[0], -one[1]))[:_MOST_CANDIDATES]
    return [PageGutter(key[0], key[1], left + n * step) for _, _, key, n in best]


def _add_to_channel(channels: list[list[int]], vertical: int) -> None:
    """Add a vertical to the channel that ends beside it, else begin one."""
    if channels and channels[-1][-1] == vertical - 1:
        channels[-1].append(vertical)
    else:
        channels.append([vertical])


def _crossing_lines(lines: Sequence[VisualLine], left: float, step: float, count: int) -> list[list[int]]:
    """Return for each vertical the lines that have a run across it."""
    crossing: list[list[int]] = [[] for _ in range(count + 1)]
    for i, line in enumerate(lines):
        for run in line:
            for n in range(int((run.box.left - left) / step) + 1, min(int((run.box.right - left) / step), count) + 1):
                if not crossing[n] or crossing[n][-1] != i:
                    crossing[n].append(i)
    return crossing


def _halves(line: VisualLine, x: float) -> _Halves:
    """Return the runs left and right of `x`."""
    return tuple(run for run in line if run.box.left < x), tuple(run for run in line if run.box.left >= x)


class _PageHalves:
    """What stands left and right of a gutter."""

    def __init__(self, halves: Sequence[_Halves], kinds: RunKinds) -> None:
        self.kinds = kinds
        self.shared = [(one, other) for one, other in halves if one and other]
        self.sides = [line for line, _ in halves if line], [line for _, line in halves if line]

    def are_of_page(self) -> bool:
        """Whether each side is a column of the page, and not a column of cells."""
        left, right = self.sides
        height = median(run.box.height for line in left for run in line)
        if _left_edge(right) - _right_edge(left) < _NARROWEST_HEIGHTS * height:
            return False
        if any(self._names(side) < max(2, _WORDED_SHARE * len(side)) for side in self.sides):
            return False
        level = [(one, other) for one, other in self.shared if _on_one_baseline(one[-1], other[0])]
        if self._cuts(level) > _CUT_SHARE * len(self.shared) or self._numbers_beside(level) > _NUMBERS_SHARE * len(self.shared):
            return False
        aligned = len(level) / min(map(len, self.sides))
        priced = sum(sum(map(self._is_priced, side)) >= _FEWEST_PRICES for side in self.sides)
        if priced == 0:
            return aligned < _ALIGNED_SHARE
        if priced == 1:
            if min(map(len, self.sides)) < _FEWEST_LINES_UNPRICED:
                return False
            level = max(level, self._level_beside(), key=len)
            aligned = len(level) / min(map(len, self.sides))
            return aligned < _ALIGNED_SHARE_UNPRICED or (aligned < _ALIGNED_SHARE and self._partners(level) < _PARTNER_SHARE)
        return aligned < _ALIGNED_SHARE or self._are_independent() or self._are_stacked() or self._are_alike()

    def _level_beside(self) -> list[_Halves]:
        """Return the lines in which the right side stands as much higher or lower as in the middle one, where that is little."""
        if not self.shared:
            return []
        usual = median(_baseline_step(one[-1], other[0]) for one, other in self.shared)
        height = median(one[-1].box.height for one, _ in self.shared)
        if abs(usual) > _OWN_TYPE_HEIGHTS * height:
            return []
        return [
            (one, other) for one, other in self.shared if abs(_baseline_step(one[-1], other[0]) - usual) <= _SAME_BASELINE_HEIGHTS * height
        ]

    def _partners(self, level: Sequence[_Halves]) -> float:
        """Return the share of lines with a price that have text of the other side on their baseline: names beside them, in a table."""
        together = sum(self._is_priced(one) or self._is_priced(other) for one, other in level)
        return together / sum(self._is_priced(line) for side in self.sides for line in side)

    def _cuts(self, level: Sequence[_Halves]) -> int:
        """Return how many names the gutter parts from their prices; amounts of cards have the names of theirs above and below them."""
        cut = [other[0].box for one, other in level if self._is_bare_name(one[-1]) and self._is_amount(other[0])]
        if not self._are_stacked():
            return len(cut)
        names = Counter(
            x
            for line in self.sides[1]
            for run in line
            if self.kinds.is_worded(run)
            for x in range(_bin(run.box.left), _bin(run.box.right) + 1)
        )
        return sum(names[_bin(box.center_x)] < max(_FEWEST_PRICES, _NAMED_SHARE * len(cut)) for box in cut)

    def _numbers_beside(self, level: Sequence[_Halves]) -> int:
        """Return how many lines have nothing but numbers right of the gutter, and a name left of it: the cells of one row."""
        return sum(
            any(map(self.kinds.is_worded, one)) and len(other) > 1 and not any(any(map(str.isalpha, run.text)) for run in other)
            for one, other in level
        )

    def _is_bare_name(self, run: TextRun) -> bool:
        return self.kinds.is_worded(run) and not self.kinds.is_priced(run)

    def _names(self, lines: Sequence[VisualLine]) -> int:
        """Return how many different lines begin with words, without their prices."""
        worded = (line for line in lines if self.kinds.is_worded(line[0]))
        return len({" ".join(run.text for run in line if not self.kinds.is_priced(run) or run is line[0]) for line in worded})

    def _is_priced(self, line: VisualLine) -> bool:
        """Whether an amount stands behind words, or alone; a number before a name is no price."""
        first = next((i for i, run in enumerate(line) if self.kinds.is_worded(run)), 0)
        return any(map(self.kinds.is_priced, line[first:]))

    def _are_independent(self) -> bool:
        """Whether many prices of either side stand beside text of the other without one: the cells of a row come together."""
        priced = [(self._is_priced(one), self._is_priced(other)) for one, other in self.shared]
        alone = priced.count((True, False)), priced.count((False, True))
        return min(alone) >= _FEWEST_PRICES and 2 * sum(alone) > priced.count((True, True))

    def _are_stacked(self) -> bool:
        """Whether both sides have amounts on lines of their own, below the names, as cards in a grid do."""
        amounts = [sum(all(self._is_amount(run) for run in line) for line in side) for side in self.sides]
        return all(n >= max(_FEWEST_PRICES, _STACKED_SHARE * len(side)) for n, side in zip(amounts, self.sides, strict=True))

    def _is_amount(self, run: TextRun) -> bool:
        return self.kinds.is_priced(run) and not self.kinds.is_worded(run)

    def _are_alike(self) -> bool:
        """Whether lines of both sides begin and end alike, with words, with amounts of about the same size."""
        alike = sum(self._kind(one) == self._kind(other) for one, other in self.shared)
        if alike < _ALIKE_SHARE * len(self.shared):
            return False
        widths = [_right_edge(side) - _left_edge(side) for side in self.sides]
        amounts = [median(self._amounts(side)) for side in self.sides]
        return max(widths) <= _WIDEST_RATIO * min(widths) and max(amounts) <= _LARGEST_AMOUNTS * min(amounts)

    def _kind(self, line: VisualLine) -> tuple[bool, bool]:
        return self.kinds.is_worded(line[0]), self._is_priced(line)

    def _amounts(self, lines: Sequence[VisualLine]) -> Iterator[float]:
        return (last_amount(run.text) for line in lines for run in line if self.kinds.is_priced(run))


def _bin(x: float) -> int:
    return int(x // _STEP_PT)


def _on_one_baseline(one: TextRun, other: TextRun) -> bool:
    """Whether the runs are set on one baseline; lines of columns that have nothing to do with each other happen to be near."""
    return abs(_baseline_step(one, other)) <= _SAME_BASELINE_HEIGHTS * min(one.box.height, other.box.height)


def _baseline_step(one: TextRun, other: TextRun) -> float:
    """Return how far below the baseline of `one` that of `other` stands."""
    left, right = ((run.box.bottom - _DESCENT_HEIGHTS * run.box.height) for run in (one, other))
    return right - left


def _left_edge(lines: Sequence[Sequence[TextRun]]) -> float:
    return min(line[0].box.left for line in lines)


def _right_edge(lines: Sequence[Sequence[TextRun]]) -> float:
    return max(run.box.right for line in lines for run in line)
