"""Ruled tables: rulings that intersect make a lattice, and the walls between its positions make cells.

This is the "lattice" mode of Tabula and Camelot, the chain edges -> intersections -> cells -> tables of pdfplumber. A lattice has an edge
wherever any of its rulings stands; where a wall between two positions is missing, they are one merged cell, as a spreadsheet would have it.
Positions merge sideways first, then downwards when the cell below has the same width, so that every cell is a rectangle.

A lattice row is the strip between two neighbouring horizontal edges. Where only the columns are ruled, it holds several rows of the table.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from monito_ray.pipeline.pdf.geometry import Box, cluster
from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling
from monito_ray.pipeline.pdf.words import TextRun, Word, join_words

#: Rulings that miss each other by at most this many points meet, and parallel ones this close are one edge; pdfplumber's
#: `intersection_tolerance` and `snap_tolerance` have the same default.
_TOLERANCE_PT = 3.0
#: Text is drawn up to this many points over the edge of its cell.
_EDGE_SLACK_PT = 1
#: A gap of more than this part of the text's height at a wall separates two cells within one text object; a space is smaller.
_CELL_GAP_HEIGHTS = 0.6
#: Text that begins within this part of its height right of a cell's left edge belongs to that cell, even when it overflows to the right.
_LEFT_PADDING_HEIGHTS = 0.7
#: A wall stands where rulings cover at least this share of a position's side.
_WALL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """Lattice rows `top` to `bottom` and columns `left` to `right`, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table."""

    #: The x of each column's edges, one more than there are columns.
    column_edges: tuple[float, ...]
    #: The y of each lattice row's edges.
    row_edges: tuple[float, ...]
    #: The cell that covers each position, as `cells[row][column]`.
    cells: tuple[tuple[LatticeCell, ...], ...]

    @property
    def box(self) -> Box:
        """The outer frame."""
        return Box(self.column_edges[0], self.row_edges[0], self.column_edges[-1], self.row_edges[-1])

    def split_by_cells(self, run: TextRun) -> list[tuple[LatticeCell, TextRun]]:
        """Return the parts of `run` with their cells.

        A run is split at a wall only where a wide gap stands or another text object begins, so that a name drawn over the next cell
        stays whole.
        """
        row = self.cells[_interval_of(self.row_edges, run.box.center_y)]
        parts: list[list[Word]] = []
        for word in run.words:
            if parts and not self._begins_cell(row, parts[-1], word):
                parts[-1].append(word)
            else:
                parts.append([word])
        runs = [join_words(words) for words in parts]
        return [(self._cell_of(row, part.box), part) for part in runs]

    def _begins_cell(self, row: tuple[LatticeCell, ...], words: list[Word], word: Word) -> bool:
        before = words[-1]
        old_column = self._column_at(words[0].box.left)
        new_column = self._column_at(word.box.left + _EDGE_SLACK_PT)
        if row[old_column] == row[new_column]:
            return False
        if before.source != word.source:
            return True
        wall = self.column_edges[row[new_column].left]
        is_at_wall = before.box.right <= wall + _EDGE_SLACK_PT and word.box.left >= wall - _EDGE_SLACK_PT
        return is_at_wall and word.box.left - before.box.right > _CELL_GAP_HEIGHTS * before.box.height

    def _column_at(self, x: float) -> int:
        return _interval_of(self.column_edges, x)

    def _cell_of(self, row: tuple[LatticeCell, ...], box: Box) -> LatticeCell:
        """Return the cell at whose left side the text begins, else the one that holds most of it."""
        first = row[self._column_at(box.left + _EDGE_SLACK_PT)]
        if box.left - self.column_edges[first.left] < _LEFT_PADDING_HEIGHTS * box.height:
            return first
        touched = dict.fromkeys(row[self._column_at(box.left) : self._column_at(box.right) + 1])
        return max(touched, key=lambda cell: self._shared_width(cell, box))

    def _shared_width(self, cell: LatticeCell, box: Box) -> float:
        return min(box.right, self.column_edges[cell.right + 1]) - max(box.left, self.column_edges[cell.left])


def find_lattices(drawing: PageDrawing) -> list[Lattice]:
    """Return the page's ruled tables of at least two columns, from the top."""
    lattices = []
    for horizontal, vertical in _intersecting_groups(drawing.horizontal, drawing.vertical):
        column_edges = _edges(vertical, crossed=horizontal)
        row_edges = _edges(horizontal, crossed=vertical)
        if len(column_edges) >= 3 and len(row_edges) >= 2:
            lattices.append(Lattice(column_edges, row_edges, _cells(column_edges, row_edges, horizontal, vertical)))
    return sorted(lattices, key=lambda lattice: (lattice.row_edges[0], lattice.column_edges[0]))


def _interval_of(edges: tuple[float, ...], position: float) -> int:
    """Return the index of the interval between `edges` that holds `position`; the first or the last for a position outside."""
    return min(max(bisect_right(edges, position) - 1, 0), len(edges) - 2)


def _intersecting_groups(horizontal: list[Ruling], vertical: list[Ruling]) -> Iterable[tuple[list[Ruling], list[Ruling]]]:
    """Return the rulings that are connected by intersections, each group as (horizontal, vertical), by union-find."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, level in enumerate(horizontal):
        for j, upright in enumerate(vertical, start=len(horizontal)):
            if _intersect(level, upright):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, ruling in enumerate([*horizontal, *vertical]):
        groups.setdefault(root(i), ([], []))[i >= len(horizontal)].append(ruling)
    return [group for group in groups.values() if group[0] and group[1]]


def _intersect(level: Ruling, upright: Ruling) -> bool:
    crosses_level = level.start - _TOLERANCE_PT <= upright.at <= level.end + _TOLERANCE_PT
    return crosses_level and upright.start - _TOLERANCE_PT <= level.at <= upright.end + _TOLERANCE_PT


def _edges(rulings: list[Ruling], *, crossed: list[Ruling]) -> tuple[float, ...]:
    """Return where parallel `rulings` stand; the ends of `crossed` rulings that stick out are edges of a table with open sides."""
    ordered = sorted(rulings, key=lambda r: r.at)
    edges = [sum(r.at for r in near) / len(near) for near in cluster(ordered, lambda r: r.at, _TOLERANCE_PT)]
    first, last = min(r.start for r in crossed), max(r.end for r in crossed)
    if first < edges[0] - 2 * _TOLERANCE_PT:
        edges.insert(0, first)
    if last > edges[-1] + 2 * _TOLERANCE_PT:
        edges.append(last)
    return tuple(edges)


def _cells(
    column_edges: tuple[float, ...], row_edges: tuple[float, ...], horizontal: list[Ruling], vertical: list[Ruling]
) -> tuple[tuple[LatticeCell, ...], ...]:
    """Return the cell that covers each position."""
    side_walls = _walls(column_edges, row_edges, vertical)
    floors = _walls(row_edges, column_edges, horizontal)
    last_column = len(column_edges) - 2
    rows: list[list[LatticeCell]] = []
    for row_index in range(len(row_edges) - 1):
        row: list[LatticeCell] = []
        left = 0
        for column in range(last_column + 1):
            if column == last_column or (column + 1, row_index) in side_walls:
                row += [LatticeCell(row_index, left, row_index, column)] * (column + 1 - left)
                left = column + 1
        if rows:
            row = [_merge_with_above(rows, cell, row_index, floors) for cell in row]
        rows.append(row)
    return tuple(tuple(row) for row in rows)


def _merge_with_above(rows: list[list[LatticeCell]], cell: LatticeCell, row_index: int, floors: set[tuple[int, int]]) -> LatticeCell:
    """Return `cell`, or the cell above extended down to it when no floor separates the two; `rows` then hold the extended cell."""
    above = rows[-1][cell.left]
    has_floor = any((row_index, column) in floors for column in range(cell.left, cell.right + 1))
    if has_floor or (above.left, above.right) != (cell.left, cell.right):
        return cell
    if above.bottom == row_index:
        return above
    extended = LatticeCell(above.top, above.left, row_index, above.right)
    for row in rows[above.top :]:
        row[above.left : above.right + 1] = [extended] * (above.right + 1 - above.left)
    return extended


def _walls(edges: tuple[float, ...], across: tuple[float, ...], rulings: list[Ruling]) -> set[tuple[int, int]]:
    """Return (edge, interval) for each interval between the edges `across` of which rulings at that edge cover most."""
    covered: dict[tuple[int, int], float] = {}
    for ruling in rulings:
        edge = min(range(len(edges)), key=lambda i: abs(edges[i] - ruling.at))
        if abs(edges[edge] - ruling.at) > _TOLERANCE_PT:
            continue
        for i in range(max(bisect_right(across, ruling.start) - 1, 0), len(across) - 1):
            if across[i] >= ruling.end:
                break
            shared = min(ruling.end, across[i + 1]) - max(ruling.start, across[i])
            covered[edge, i] = covered.get((edge, i), 0) + shared
    return {(edge, i) for (edge, i), length in covered.items() if length >= _WALL_SHARE * (across[i + 1] - across[i])}
