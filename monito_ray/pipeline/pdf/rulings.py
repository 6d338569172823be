"""Rulings: the lines drawn on a PDF page that may be borders of table cells.

As in Tabula and Camelot's "lattice" mode, a ruling is a stroked line, a side of a stroked rectangle, or a filled rectangle too thin to be
anything else (spreadsheet programs draw borders that way); collinear rulings that touch are one. Wider fills are backgrounds: their edges
separate rows where no rulings do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from monito_ray.pipeline.pdf import paths
from monito_ray.pipeline.pdf.chars import Rotation
from monito_ray.pipeline.pdf.geometry import Box, box_of_points, cluster

# Lengths are PDF points: a letter of a price list is 6 to 12 high, a common border 0.5 to 1.5 thick.
#: A filled rectangle of at most this thickness is a ruling: twice a thick border, and half the height of a small letter.
_MAX_THICKNESS_PT = 3.0
#: Collinear pieces with a gap of at most this are one ruling; pdfplumber's `join_tolerance` has the same default.
_JOIN_GAP_PT = 3.0
#: Parallel rulings within this distance are the two sides of one border.
_SNAP_PT = 1.5
#: Shorter rulings are parts of letters and signs, no side of a cell: no cell is narrower than its text.
_MIN_LENGTH_PT = 6.0
#: A stroke that rises or drifts by at most this is horizontal or vertical; rounded coordinates are off by less than a point.
_MAX_SLANT_PT = 0.7
#: A stroke of at most this length is a dot.
_MAX_DOT_PT = 0.1
#: A fill over this share of the page is the page's background, not a row's.
_PAGE_BACKGROUND_SHARE = 0.6
#: A page with more rulings than this is a drawing, and looking for cells in it costs more than it gives.
_MAX_RULINGS = 3_000


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical straight line."""

    #: The y of a horizontal ruling, the x of a vertical one.
    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """From start to end."""
        return self.end - self.start


@dataclass(slots=True)
class PageDrawing:
    """The lines and backgrounds of a page."""

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    #: Filled rectangles that are no rulings: backgrounds of rows and headers.
    fills: list[Box] = field(default_factory=list)


def read_page_drawing(page: Any, rotate: Rotation) -> PageDrawing:
    """Return all rulings and backgrounds of the page in reading coordinates, touching rulings merged."""
    raw = PageDrawing()
    for shapes in paths.page_shapes(page.raw, rotate):
        for shape in shapes:
            _add_shape(shape, raw)
        if len(raw.horizontal) + len(raw.vertical) > _MAX_RULINGS:
            break
    largest = _PAGE_BACKGROUND_SHARE * abs(page.get_width() * page.get_height())
    fills = [fill for fill in raw.fills if fill.width * fill.height < largest]
    return PageDrawing(merge_rulings(raw.horizontal), merge_rulings(raw.vertical), fills)


def merge_rulings(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the pieces of each line as one ruling, without those that stay too short for the side of a cell."""
    merged: list[Ruling] = []
    for parallel in cluster(sorted(rulings, key=lambda r: r.at), lambda r: r.at, _SNAP_PT):
        merged += _join_pieces(sorted(parallel, key=lambda r: r.start))
    return [ruling for ruling in merged if ruling.length >= _MIN_LENGTH_PT]


def _join_pieces(pieces: list[Ruling]) -> list[Ruling]:
    joined = pieces[:1]
    for piece in pieces[1:]:
        last = joined[-1]
        if piece.start <= last.end + _JOIN_GAP_PT:
            joined[-1] = Ruling(last.at, last.start, max(last.end, piece.end))
        else:
            joined.append(piece)
    return joined


def _add_shape(shape: paths.Shape, drawing: PageDrawing) -> None:
    points = shape.points
    if shape.is_stroked:
        for start, end in pairwise(points):
            _add_stroke(start, end, drawing)
    if shape.is_filled and not shape.is_curved and len(points) >= 3:
        # Only a plain coloured rectangle is a background; a thin one is a ruling however it is painted.
        may_be_background = not shape.is_stroked and not shape.is_white and shape.is_rectangle
        _add_fill(box_of_points(points), drawing, may_be_background=may_be_background)


def _add_stroke(start: tuple[float, float], end: tuple[float, float], drawing: PageDrawing) -> None:
    (x0, y0), (x1, y1) = start, end
    if abs(y0 - y1) <= _MAX_SLANT_PT and abs(x0 - x1) > _MAX_DOT_PT:
        drawing.horizontal.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= _MAX_SLANT_PT and abs(y0 - y1) > _MAX_DOT_PT:
        drawing.vertical.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _add_fill(box: Box, drawing: PageDrawing, *, may_be_background: bool) -> None:
    if box.height <= _MAX_THICKNESS_PT and box.width > box.height:
        drawing.horizontal.append(Ruling(box.center_y, box.left, box.right))
    elif box.width <= _MAX_THICKNESS_PT and box.height > box.width:
        drawing.vertical.append(Ruling(box.center_x, box.top, box.bottom))
    elif may_be_background:
        drawing.fills.append(box)
