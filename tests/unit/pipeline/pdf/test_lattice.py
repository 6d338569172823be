"""Lattices from rulings that intersect."""

from collections.abc import Sequence

from papers import COLUMNS, GOODS, HEADER, Paper, pdf, ruled_table
from pdf_reading import rows_of

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.document import read_pdf
from monito_ray.pipeline.pdf.lattice import LatticeCell, find_lattices
from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling


def test_overflowing_name_keeps_off_the_next_column():
    """A name drawn over the next cell stays one name, and what stands in that cell stays there."""
    long = "Passion fruit syrup with pieces of real fruit in glass 500 ml"
    page = ruled_table([HEADER, *GOODS]).grid(COLUMNS, [180, 200]).row(193, [(43, "4"), (73, long), (318, "6"), (333, "Rp 58.000")])
    assert rows_of(pdf(page))[-1] == ["4", long, "6", "Rp 58.000"]


def test_a_header_over_two_columns_is_a_merge():
    """A header over two columns stands in the first and is a merge."""
    page = Paper()
    for y in (100, 120, 140, 160):
        page.line(40, y, 420, y)
    for x in (40, 200, 420):
        page.line(x, 100, x, 160)
    page.line(310, 120, 310, 160)
    page.row(113, [(43, "Item"), (260, "Price")]).row(133, [(203, "piece"), (313, "box")])
    page.row(153, [(43, "Oil"), (203, "1.000"), (313, "9.000")])
    (sheet,) = read_pdf(pdf(page))
    assert [list(row) for row in sheet.rows] == [["Item", "Price", ""], ["", "piece", "box"], ["Oil", "1.000", "9.000"]]
    assert sheet.merges == (Merge(0, 1, 0, 2),)


def _grid(xs: Sequence[float], ys: Sequence[float]) -> PageDrawing:
    horizontal = [Ruling(y, xs[0], xs[-1]) for y in ys]
    return PageDrawing(horizontal, [Ruling(x, ys[0], ys[-1]) for x in xs])


def test_a_grid_is_a_lattice_of_single_cells():
    """Its edges are where the rulings stand, and each position is a cell."""
    (lattice,) = find_lattices(_grid([0, 50, 90], [0, 20, 40]))
    assert (lattice.column_edges, lattice.row_edges) == ((0, 50, 90), (0, 20, 40))
    assert lattice.cells[1][1] == LatticeCell(1, 1, 1, 1)


def test_a_missing_wall_merges_the_cells_beside_it():
    """Sideways where the vertical ruling ends, downwards where the floor is missing under the whole cell."""
    drawing = _grid([0, 50, 90], [0, 20, 40])
    drawing.vertical[1] = Ruling(50, 20, 40)
    assert find_lattices(drawing)[0].cells[0] == (LatticeCell(0, 0, 0, 1),) * 2
    drawing = _grid([0, 50, 90], [0, 20, 40])
    drawing.horizontal[1] = Ruling(20, 50, 90)
    assert [row[0] for row in find_lattices(drawing)[0].cells] == [LatticeCell(0, 0, 1, 0)] * 2


def test_rulings_that_do_not_meet_are_lattices_of_their_own():
    """Two tables on a page share no rulings; the upper one comes first."""
    upper, lower = _grid([0, 50, 90], [0, 20]), _grid([0, 30, 90], [100, 120])
    drawing = PageDrawing(lower.horizontal + upper.horizontal, lower.vertical + upper.vertical)
    assert [lattice.row_edges for lattice in find_lattices(drawing)] == [(0, 20), (100, 120)]


def test_a_table_with_open_sides_ends_with_its_level_rulings():
    """Where the outer verticals are missing, the ends of the horizontals are the outer edges."""
    drawing = PageDrawing([Ruling(y, 0, 90) for y in (0, 20)], [Ruling(50, 0, 20)])
    assert find_lattices(drawing)[0].column_edges == (0, 50, 90)
