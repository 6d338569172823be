"""Pages of a PDF as tables and loose lines: ruled tables first, then columns between rivers, then text that is no table.

Tables of one form (the same column edges, without a header row of their own) share their columns over all pages.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf import gutters
from monito_ray.pipeline.pdf.lattice import Lattice, LatticeCell, find_lattices
from monito_ray.pipeline.pdf.row_grouping import (
    ColumnRun,
    RowRuns,
    cell_texts,
    group_into_lines,
    is_value,
    row_pitch,
    row_steps,
    ruled_rows,
    unruled_rows,
)
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pdf.words import Box, TextRun, bounding_box, join_lone_currencies

_ENOUGH_LINES = 300
_FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True)
class TextLine:
    """Runs of one line of text, from the left."""

    runs: tuple[TextRun, ...]
    box: Box

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(run.text for run in self.runs)


@dataclass(slots=True)
class PdfTable:
    """Rows of cells in columns at `xs`; `spans` are cells wider than a column or higher than a row."""

    xs: tuple[float, ...]
    box: Box
    rows: list[list[str]]
    spans: list[Merge] = field(default_factory=list)


@dataclass(slots=True)
class TextColumns:
    """Lines that stand in columns between rivers, on one page or several; its tables get their columns when all lines are known."""

    lines: list[TextLine] = field(default_factory=list)
    edges: tuple[float, ...] = ()
    steps: list[float] = field(default_factory=list)

    def takes(self, lines: Sequence[TextLine]) -> bool:
        """Whether the lines fit; they are added when they do, until there are enough to tell the columns."""
        if len(self.lines) > _ENOUGH_LINES:
            return gutters.fits_columns(self.edges, [line.runs for line in lines])
        joint = [*self.lines, *lines]
        edges = gutters.find_column_edges([line.runs for line in joint])
        alone = gutters.find_column_edges([line.runs for line in lines])
        narrower = len(edges) < max(len(self.edges), len(alone))
        if self.lines and (narrower or not all(gutters.fits_columns(edges, [line.runs for line in part]) for part in (lines, self.lines))):
            return False
        self.lines, self.edges = joint, edges
        return True

    @property
    def is_table(self) -> bool:
        """Whether enough lines have columns, and values in some."""
        wide = [line for line in self.lines if len(line.runs) > 1]
        return len(wide) >= _FEWEST_ROWS and sum(any(is_value(run.text) for run in line.runs) for line in wide) >= 2


@dataclass(slots=True)
class TextBlock:
    """Loose lines of a page that follow each other closely, and the flow that took them, if any."""

    lines: list[TextLine]
    box: Box
    flow: TextColumns | None = None


@dataclass(slots=True)
class PdfPage:
    """A page read: ruled tables, and stretches of loose lines with the level rulings between them."""

    tables: list[PdfTable]
    stretches: list[TextBlock]
    floors: list[float]

    def parts(self) -> list[PdfTable | TextLine]:
        """Tables and lines in reading order."""
        found: list[PdfTable | TextLine] = list(self.tables)
        for stretch in self.stretches:
            if stretch.flow is not None and stretch.flow.is_table:
                found.append(_flow_table(stretch, stretch.flow, self.floors))
            else:
                found += stretch.lines
        return sorted(found, key=lambda part: (part.box.top, part.box.left))


def analyse_page(runs: list[TextRun], drawing: PageDrawing) -> PdfPage:
    """Tell the page's ruled tables from its loose lines."""
    ruled = [lattice for lattice in find_lattices(drawing) if not _is_frame(lattice, runs)]
    inside: list[list[TextRun]] = [[] for _ in ruled]
    loose: list[TextRun] = []
    for run in runs:
        home = next((i for i, lattice in enumerate(ruled) if lattice.box.holds(run.box)), None)
        (loose if home is None else inside[home]).append(run)
    for i in [i for i, lattice in enumerate(ruled) if _heads_loose_rows(lattice, _lines(loose))]:
        loose += inside[i]
        inside[i] = []
    tables = [table for lattice, held in zip(ruled, inside, strict=True) if held and (table := _ruled_table(lattice, held)).rows]
    floors = sorted(
        {r.at for r in drawing.level if r.length > 100} | {y for f in drawing.fills if f.right - f.left > 100 for y in (f.top, f.bottom)}
    )
    return PdfPage(tables, _stretches(_lines(loose), tables), floors)


def assign_text_columns(pages: Iterable[PdfPage]) -> None:
    """Give stretches that stand in the same columns to one flow, over all pages in order."""
    current = TextColumns()
    for page in pages:
        for stretch in page.stretches:
            if not any(len(line.runs) > 1 for line in stretch.lines):
                continue
            if not current.takes(stretch.lines):
                current = TextColumns()
                current.takes(stretch.lines)
            stretch.flow = current
            current.steps += row_steps([[ColumnRun(0, run) for run in line.runs] for line in stretch.lines])


def _lines(runs: Iterable[TextRun]) -> list[TextLine]:
    lines = group_into_lines(ColumnRun(0, run) for run in runs)
    return [_line(join_lone_currencies([piece.run for piece in line])) for line in lines]


def _line(runs: list[TextRun]) -> TextLine:
    return TextLine(tuple(runs), bounding_box([run.box for run in runs]))


def _is_frame(lattice: Lattice, runs: list[TextRun]) -> bool:
    """Whether cells hold several runs a line: a frame or a half-ruled table, whose columns are between rivers."""
    cells: dict[LatticeCell, list[TextRun]] = {}
    for run in runs:
        if lattice.box.holds(run.box):
            for cell, piece in lattice.place(run):
                cells.setdefault(cell, []).append(piece)
    lines = [line for held in cells.values() for line in _lines(held)]
    return bool(lines) and sum(len(line.runs) for line in lines) >= 1.6 * len(lines)


def _heads_loose_rows(lattice: Lattice, loose: list[TextLine]) -> bool:
    """Whether only the header is ruled and the rows stand below it."""
    if len(lattice.ys) > 3:
        return False
    below = sorted(line.box.top for line in loose if len(line.runs) > 2 and line.box.top >= lattice.box.bottom - 2)
    return len(below) >= _FEWEST_ROWS and below[0] - lattice.box.bottom < 40


def _ruled_table(lattice: Lattice, runs: list[TextRun]) -> PdfTable:
    bands: dict[int, RowRuns] = {}
    held: dict[LatticeCell, None] = {}
    for run in runs:
        for cell, piece in lattice.place(run):
            bands.setdefault(cell.top, []).append(ColumnRun(cell.left, piece))
            held[cell] = None
    _lift(bands, list(held))
    rows: list[list[str]] = []
    first, last = {}, {}
    for band in range(len(lattice.ys) - 1):
        first[band] = len(rows)
        rows += [cell_texts(row, len(lattice.xs) - 1) for row in ruled_rows(bands.get(band, []))]
        last[band] = len(rows) - 1
    spans = [Merge(first[c.top], c.left, last[c.bottom], c.right) for c in held if first[c.top] <= last[c.bottom]]
    wide = [span for span in spans if (span.top, span.left) != (span.bottom, span.right)]
    return PdfTable(lattice.xs, lattice.box, rows, sorted(wide, key=lambda m: (m.top, m.left)))


def _lift(bands: dict[int, RowRuns], held: list[LatticeCell]) -> None:
    """Move a band's text to the band above when most cells there reach down into it and its own columns are empty there.

    A ruling that crosses one column of a row by mistake does not make two rows of it.
    """
    for band in sorted(bands, reverse=True):
        above = band - 1
        here = {c.left for c in held if c.top == band}
        reaching = {c.left for c in held if c.top == above < c.bottom}
        starting = {c.left for c in held if c.top == above}
        if here and not here & starting and 2 * len(reaching) > len(starting) and bands.get(above):
            bands[above] += bands.pop(band)


def _stretches(lines: list[TextLine], tables: list[PdfTable]) -> list[TextBlock]:
    """Lines in groups that a wide gap or a ruled table parts."""
    if not lines:
        return []
    steps = [below.box.middle - above.box.middle for above, below in pairwise(lines)]
    height = median(line.box.height for line in lines)
    widest = max(2.2 * (median(steps) if steps else 0), 2.2 * height)
    groups = [[lines[0]]]
    for above, below in pairwise(lines):
        parted = any(above.box.middle < table.box.middle < below.box.middle for table in tables)
        if parted or below.box.middle - above.box.middle > widest:
            groups.append([])
        groups[-1].append(below)
    return [TextBlock(group, bounding_box([line.box for line in group])) for group in groups]


def _flow_table(stretch: TextBlock, flow: TextColumns, floors: list[float]) -> PdfTable:
    """Rows of a stretch, level rulings and backgrounds parting them where there are enough."""
    edges = flow.edges
    width = len(edges) - 1
    box = stretch.box
    inside = [y for y in floors if box.top < y < box.bottom]
    ruled = 4 * len(inside) >= len(stretch.lines)
    rows: list[RowRuns] = []
    for group, banded in _between(stretch.lines, inside) if ruled else [(stretch.lines, False)]:
        pieces = [piece for line in group for piece in _pieces(line, edges)]
        rows += ruled_rows(pieces) if banded else unruled_rows(pieces, row_pitch(flow.steps))
    return PdfTable(edges, box, [cell_texts(row, width) for row in rows])


def _between(lines: list[TextLine], floors: list[float]) -> list[tuple[list[TextLine], bool]]:
    """Lines by the floors that part them, and whether there is one above and below."""
    groups: list[list[TextLine]] = [[] for _ in range(len(floors) + 1)]
    for line in lines:
        groups[bisect_right(floors, line.box.middle)].append(line)
    return [(group, 0 < i < len(floors)) for i, group in enumerate(groups) if group]


def _pieces(line: TextLine, edges: tuple[float, ...]) -> list[ColumnRun]:
    """The line's runs in columns; a line of one run that crosses columns is a title, and begins where it begins."""
    if len(line.runs) == 1:
        box = line.box
        crossing = any(box.left + 2 < x < box.right - 2 for x in edges[1:-1])
        start = Box(box.left, box.top, min(box.left + 2, box.right), box.bottom)
        return [ColumnRun(gutters.column_of(edges, start if crossing else box), line.runs[0])]
    parts = [part for run in line.runs for part in gutters.split_at_gutters(run, edges)]
    homes = [gutters.column_of(edges, part.box) for part in parts]
    for i, (left, right) in enumerate(pairwise(parts)):
        beside = homes[i] + 1
        apart = right.box.left - left.box.right > 0.45 * right.box.height
        if (
            homes[i] == homes[i + 1] < len(edges) - 2
            and beside not in homes
            and apart
            and right.box.right > edges[beside] - 2 * right.box.height
        ):
            homes[i + 1] = beside
    return [ColumnRun(home, part) for home, part in zip(homes, parts, strict=True)]
