"""Ruled tables of a page: the text of each cell of a lattice, as rows of a table."""

from collections.abc import Sequence

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.lattice import Lattice, LatticeCell
from monito_ray.pipeline.pdf.pdf_table import PdfTable, without_single_cells
from monito_ray.pipeline.pdf.row_grouping import ruled_rows
from monito_ray.pipeline.pdf.text_lines import ColumnRun, ColumnRuns, PageLine, cell_texts, group_into_lines, to_text_lines
from monito_ray.pipeline.pdf.words import TextRun

#: Cells whose lines hold this many runs on average are no cells: a ruled table has one run a line, wide spaces in a few.
_FRAME_RUNS_PER_LINE = 1.6
#: A lattice of at most this many row edges, two rows, may be a ruled header over rows without rulings.
_MAX_HEADER_ROW_EDGES = 3
#: Lines of at least this many runs below a header are its rows, when there are at least as many such lines as `MIN_TABLE_LINES`.
_MIN_ROW_RUNS = 3
#: The first of them begins less than this many points below the header, two to three lines of text; its text may touch the border.
_MAX_HEADER_GAP_PT, _HEADER_OVERLAP_PT = 40, 2
#: Fewer lines in columns than this are no table.
MIN_TABLE_LINES = 3


def is_frame(lattice: Lattice, runs: Sequence[TextRun]) -> bool:
    """Whether the cells hold several runs a line: a frame or a half-ruled table, whose columns are between gutters."""
    cells: dict[LatticeCell, list[TextRun]] = {}
    for run in runs:
        if lattice.box.contains_center_of(run.box):
            for cell, part in lattice.split_by_cells(run):
                cells.setdefault(cell, []).append(part)
    lines = [line for parts in cells.values() for line in to_text_lines(parts)]
    return bool(lines) and sum(len(line.runs) for line in lines) >= _FRAME_RUNS_PER_LINE * len(lines)


def is_header_of_unruled_rows(lattice: Lattice, loose_lines: Sequence[PageLine]) -> bool:
    """Whether only the header is ruled and its rows stand below it."""
    if len(lattice.row_edges) > _MAX_HEADER_ROW_EDGES:
        return False
    bottom = lattice.box.bottom
    tops = sorted(line.box.top for line in loose_lines if len(line.runs) >= _MIN_ROW_RUNS and line.box.top >= bottom - _HEADER_OVERLAP_PT)
    return len(tops) >= MIN_TABLE_LINES and tops[0] - bottom < _MAX_HEADER_GAP_PT


def read_ruled_table(lattice: Lattice, runs: Sequence[TextRun]) -> PdfTable:
    """Return the rows of a ruled table; `runs` are those inside its frame."""
    strips: dict[int, ColumnRuns] = {}
    filled: dict[LatticeCell, None] = {}
    for run in runs:
        for cell, part in lattice.split_by_cells(run):
            strips.setdefault(cell.top, []).append(ColumnRun(cell.left, part))
            filled[cell] = None
    _undo_stray_rulings(strips, list(filled))
    rows: list[list[str]] = []
    line_counts: list[int] = []
    first_row, last_row = {}, {}
    for strip in range(len(lattice.row_edges) - 1):
        first_row[strip] = len(rows)
        of_strip = ruled_rows(strips.get(strip, []))
        rows += [cell_texts(row, len(lattice.column_edges) - 1) for row in of_strip]
        line_counts += [len(group_into_lines(row)) for row in of_strip]
        last_row[strip] = len(rows) - 1
    spans = [Merge(first_row[c.top], c.left, last_row[c.bottom], c.right) for c in filled if first_row[c.top] <= last_row[c.bottom]]
    merges = sorted(without_single_cells(spans), key=lambda merge: (merge.top, merge.left))
    return PdfTable(lattice.column_edges, lattice.box, rows, merges, line_counts)


def _undo_stray_rulings(strips: dict[int, ColumnRuns], filled: list[LatticeCell]) -> None:
    """Move the text of a lattice row to the one above when most cells there reach down into it and its own columns are empty there.

    A ruling that crosses one column of a row by mistake does not make two rows of it.
    """
    for strip in sorted(strips, reverse=True):
        above = strip - 1
        here = {c.left for c in filled if c.top == strip}
        starting = {c.left for c in filled if c.top == above}
        reaching = {c.left for c in filled if c.top == above < c.bottom}
        if here and not here & starting and 2 * len(reaching) > len(starting) and strips.get(above):
            strips[above] += strips.pop(strip)
