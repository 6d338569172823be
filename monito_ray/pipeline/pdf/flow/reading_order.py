"""The lines of a page in reading order: column by column, and down each column.

A page is cut at its widest gutter; what stands above and below the lines that the gutter parts, and each side of it, is cut again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monito_ray.pipeline import cells
from monito_ray.pipeline.pdf.flow.page_gutters import find_page_gutter
from monito_ray.pipeline.pdf.flow.run_kinds import RunKinds
from monito_ray.pipeline.pdf.flow.visual_lines import VisualLine, line_box, visual_lines
from monito_ray.pipeline.pdf.words import TextRun, join_lone_currencies

#: A page is cut at most this often in depth; nobody prints more columns.
_MOST_CUTS = 8
#: A gap of at least this part of the lines' height is wide: another part of the line begins behind it. A space is a quarter of that.
_WIDE_GAP_HEIGHTS = 0.8


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of one column of a page, or of the whole page above and below its columns."""

    column: int
    lines: tuple[VisualLine, ...]


def page_regions(runs: Sequence[TextRun]) -> list[Region]:
    """Return the page's regions in reading order."""
    return list(_regions(visual_lines(runs), RunKinds(), 0, _MOST_CUTS))


def page_lines(regions: Iterable[Region]) -> list[cells.TextLine]:
    """Return the text of a page as lines in reading order."""
    lines: list[cells.TextLine] = []
    for region in regions:
        for line in region.lines:
            box = line_box(line)
            lines.append(cells.TextLine(len(lines) + 1, _text(line), box.left, box.right, box.top, box.bottom, region.column, line[0].font))
    return lines


def _regions(lines: Sequence[VisualLine], kinds: RunKinds, column: int, cuts: int) -> Iterator[Region]:
    gutter = find_page_gutter(lines, kinds) if cuts else None
    if gutter is None:
        if lines:
            yield Region(column, tuple(lines))
        return
    yield from _regions(lines[: gutter.first], kinds, column, cuts - 1)
    band = [run for line in lines[gutter.first : gutter.last + 1] for run in line]
    next_column = column
    for side in ([run for run in band if run.box.left < gutter.x], [run for run in band if run.box.left >= gutter.x]):
        inside = list(_regions(visual_lines(side), kinds, next_column, cuts - 1))
        yield from inside
        next_column = max(region.column for region in inside) + 1
    yield from _regions(lines[gutter.last + 1 :], kinds, column, cuts - 1)


def _text(line: VisualLine) -> str:
    """Return the line's words with a blank between them, and a tab at wide gaps."""
    parts = join_lone_currencies(list(line))
    text = parts[0].text
    for before, after in pairwise(parts):
        text += ("\t" if _is_wide(before, after) else " ") + after.text
    return text


def _is_wide(before: TextRun, after: TextRun) -> bool:
    return after.words[0].is_led or after.box.left - before.box.right >= _WIDE_GAP_HEIGHTS * min(before.box.height, after.box.height)
