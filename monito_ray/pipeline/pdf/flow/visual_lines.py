"""Runs that a person sees on one line, however their types differ in size; lines that stand close are never one."""

from collections.abc import Iterable, Sequence
from statistics import median

from monito_ray.pipeline.pdf.geometry import Box, bounding_box
from monito_ray.pipeline.pdf.words import TextRun

#: Letters tell the type of a line's words from that of its prices: one weighs more than a run without.
_LETTER_WEIGHT = 4
#: Runs of one line share at least this part of the height of the lower one. Lines that are set close overlap by a quarter.
_SHARED_HEIGHT = 0.45
#: Runs that lie over each other by more than this part of the height of the lower one are not on one line.
_OVERLAP_HEIGHTS = 0.3
#: Runs whose middles differ by at most this part of the height are on one line, even where they lie over each other.
_LEVEL_HEIGHTS = 0.1
#: A run is compared with this many lines above: those of all columns of a page that begin at about its height.
_OPEN_LINES = 12

#: Runs of one line, from the left.
VisualLine = tuple[TextRun, ...]


def visual_lines(runs: Iterable[TextRun]) -> list[VisualLine]:
    """Return the runs as lines, from the top."""
    lines: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: (run.box.center_y, run.box.left)):
        home = _line_of(run, lines[-_OPEN_LINES:])
        if home is None:
            lines.append([run])
        else:
            home.append(run)
    ordered = [tuple(sorted(line, key=lambda run: run.box.left)) for line in lines]
    return sorted(ordered, key=lambda line: (median(run.box.center_y for run in line), line[0].box.left))


def line_box(line: Sequence[TextRun]) -> Box:
    """Return the box of a line: as wide as all of it, as high as the type in which most of its letters are set; digits count little."""
    letters: dict[int, int] = {}
    for run in line:
        weight = 1 + _LETTER_WEIGHT * sum(map(str.isalpha, run.text))
        letters[round(run.box.height)] = letters.get(round(run.box.height), 0) + weight
    usual = max(letters, key=lambda height: letters[height])
    body = next(run.box for run in line if round(run.box.height) == usual)
    whole = bounding_box([run.box for run in line])
    return Box(whole.left, body.top, whole.right, body.bottom)


def _line_of(run: TextRun, lines: Sequence[list[TextRun]]) -> list[TextRun] | None:
    """Return the line that `run` shares most of its height with and has room for it."""
    fitting = [(share, i) for i, line in enumerate(lines) if (share := _shared_height(run.box, line[0].box)) >= _SHARED_HEIGHT]
    for _, i in sorted(fitting, reverse=True):
        if not any(_lie_over(run.box, other.box) for other in lines[i]):
            return lines[i]
    return None


def _shared_height(one: Box, other: Box) -> float:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(min(one.height, other.height), 1.0)


def _lie_over(one: Box, other: Box) -> bool:
    """Whether one stands above the other; letters of one height that reach over each other are set that way."""
    if abs(one.center_y - other.center_y) <= _LEVEL_HEIGHTS * min(one.height, other.height):
        return False
    return min(one.right, other.right) - max(one.left, other.left) > _OVERLAP_HEIGHTS * max(min(one.height, other.height), 1.0)
