"""Ruled tables: columns and bands from rulings that meet, cells from the walls between.

A lattice has the edges of all its rulings; where a wall is missing, cells are merged, as a spreadsheet would have them. Cells
merge sideways first, then downwards when the cells below have the same width, so that every cell is a rectangle.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling, clusters
from monito_ray.pipeline.pdf.words import Box, TextRun, Word, join_words

_NEAR = 3.0


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """Bands `top` to `bottom` and columns `left` to `right`, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: column edges `xs`, band edges `ys`, and the cell that owns each place `owners[band][column]`."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: tuple[tuple[LatticeCell, ...], ...]

    @property
    def box(self) -> Box:
        """The outer frame."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def place(self, run: TextRun) -> list[tuple[LatticeCell, TextRun]]:
        """The run in its cells: cut at walls where a column's gap or the next text object stands, else kept whole."""
        band = min(max(bisect_right(self.ys, run.box.middle) - 1, 0), len(self.ys) - 2)
        row = self.owners[band]
        pieces: list[list[Word]] = []
        for word in run.words:
            if pieces and not self._parted(row, pieces[-1], word):
                pieces[-1].append(word)
            else:
                pieces.append([word])
        placed = []
        for words in pieces:
            piece = join_words(words)
            placed.append((self._cell(row, piece.box), piece))
        return placed

    def _parted(self, row: tuple[LatticeCell, ...], words: list[Word], word: Word) -> bool:
        """Whether `word` begins another cell than `words`."""
        before = words[-1]
        home, here = self._column(words[0].box.left), self._column(word.box.left + 1)
        if row[home] == row[here]:
            return False
        if before.source != word.source:
            return True
        wall = self.xs[row[here].left]
        gap = word.box.left - before.box.right
        return before.box.right <= wall + 1 and word.box.left >= wall - 1 and gap > 0.6 * before.box.height

    def _column(self, x: float) -> int:
        return min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)

    def _cell(self, row: tuple[LatticeCell, ...], box: Box) -> LatticeCell:
        """The cell at whose left side the text begins, else the one that holds most of it."""
        first = row[self._column(box.left + 1)]
        if box.left - self.xs[first.left] < 0.7 * box.height:
            return first
        cells = dict.fromkeys(row[self._column(box.left) : self._column(box.right) + 1])
        return max(cells, key=lambda c: min(box.right, self.xs[c.right + 1]) - max(box.left, self.xs[c.left]))


def find_lattices(drawing: PageDrawing) -> list[Lattice]:
    """The page's ruled tables of at least two columns, from the top."""
    found = []
    for level, upright in _meeting(drawing.level, drawing.upright):
        xs = _edges(upright, [r.start for r in level], [r.end for r in level])
        ys = _edges(level, [r.start for r in upright], [r.end for r in upright])
        if len(xs) >= 3 and len(ys) >= 2:
            found.append(Lattice(xs, ys, _owners(xs, ys, level, upright)))
    return sorted(found, key=lambda t: (t.ys[0], t.xs[0]))


def _meeting(level: list[Ruling], upright: list[Ruling]) -> Iterable[tuple[list[Ruling], list[Ruling]]]:
    """Groups of rulings that touch across."""
    parent = list(range(len(level) + len(upright)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, flat in enumerate(level):
        for j, tall in enumerate(upright, start=len(level)):
            if flat.start - _NEAR <= tall.at <= flat.end + _NEAR and tall.start - _NEAR <= flat.at <= tall.end + _NEAR:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, ruling in enumerate([*level, *upright]):
        groups.setdefault(root(i), ([], []))[i >= len(level)].append(ruling)
    return [group for group in groups.values() if group[0] and group[1]]


def _edges(across: list[Ruling], starts: list[float], ends: list[float]) -> tuple[float, ...]:
    """Where rulings stand, and the ends of those that they cross when these stick out."""
    edges = [sum(r.at for r in near) / len(near) for near in clusters(sorted(across, key=lambda r: r.at), lambda r: r.at, _NEAR)]
    if min(starts) < edges[0] - 2 * _NEAR:
        edges.insert(0, min(starts))
    if max(ends) > edges[-1] + 2 * _NEAR:
        edges.append(max(ends))
    return tuple(edges)


def _owners(
    xs: tuple[float, ...], ys: tuple[float, ...], level: list[Ruling], upright: list[Ruling]
) -> tuple[tuple[LatticeCell, ...], ...]:
    """The cell of each place."""
    right_walls = _walls(xs, ys, upright)
    floors = _walls(ys, xs, level)
    rows: list[list[LatticeCell]] = []
    for band in range(len(ys) - 1):
        row: list[LatticeCell] = []
        left = 0
        for column in range(len(xs) - 1):
            if column == len(xs) - 2 or (column + 1, band) in right_walls:
                row += [LatticeCell(band, left, band, column)] * (column + 1 - left)
                left = column + 1
        if rows:
            row = [_lengthened(rows, cell, band, floors) for cell in row]
        rows.append(row)
    return tuple(tuple(row) for row in rows)


def _lengthened(rows: list[list[LatticeCell]], cell: LatticeCell, band: int, floors: set[tuple[int, int]]) -> LatticeCell:
    """`cell`, or the cell above grown by this band when nothing parts the two; the cell above is replaced in its rows."""
    above = rows[-1][cell.left]
    if (above.left, above.right) != (cell.left, cell.right) or any((band, c) in floors for c in range(cell.left, cell.right + 1)):
        return cell
    if above.bottom == band:
        return above
    grown = LatticeCell(above.top, above.left, band, above.right)
    for row in rows[above.top :]:
        row[above.left : above.right + 1] = [grown] * (above.right + 1 - above.left)
    return grown


def _walls(edges: tuple[float, ...], slots: tuple[float, ...], rulings: list[Ruling]) -> set[tuple[int, int]]:
    """(edge, slot) pairs where rulings at the edge cover most of the slot."""
    covered: dict[tuple[int, int], float] = {}
    for ruling in rulings:
        edge = min(range(len(edges)), key=lambda i: abs(edges[i] - ruling.at))
        if abs(edges[edge] - ruling.at) > _NEAR:
            continue
        for slot in range(max(bisect_right(slots, ruling.start) - 1, 0), len(slots) - 1):
            if slots[slot] >= ruling.end:
                break
            shared = min(ruling.end, slots[slot + 1]) - max(ruling.start, slots[slot])
            covered[edge, slot] = covered.get((edge, slot), 0) + shared
    return {key for key, shared in covered.items() if shared >= 0.5 * (slots[key[1] + 1] - slots[key[1]])}
