"""Lines drawn on a PDF page, and the ruled tables that they make.

A ruling is a stroked line, a side of a stroked rectangle, or a filled rectangle too thin to be anything else; rulings that touch
in one direction are one. Wider fills are backgrounds: their edges part rows where no rulings do.
"""

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

import pypdfium2.raw as pdfium

from monito_ray.pipeline.pdf.words import Box, Turn

T = TypeVar("T")
Matrix = tuple[float, float, float, float, float, float]

_THIN = 3.0
_TOUCH = 3.0
_SHORTEST = 6.0
_MOST_OBJECTS = 30_000
_MOST_SEGMENTS = 400
_MOST_RULINGS = 3_000
_DEEPEST_FORM = 4


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line: at `at` across, from `start` to `end` along."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """From start to end."""
        return self.end - self.start


@dataclass(slots=True)
class PageDrawing:
    """What a page shows beside text: level and upright rulings, and backgrounds."""

    level: list[Ruling] = field(default_factory=list)
    upright: list[Ruling] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)


def read_page_drawing(page: Any, turn: Turn) -> PageDrawing:
    """All rulings of the page in reading coordinates, touching ones merged."""
    raw = PageDrawing()
    page_area = abs(page.get_width() * page.get_height())
    for kind, handle, matrix in _objects(page.raw):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _trace(handle, matrix, turn, raw)
        else:
            _take(_bounds(handle, matrix, turn), raw, thin_only=True)
        if len(raw.level) + len(raw.upright) > _MOST_RULINGS:
            break  # a drawing, not a table
    fills = [fill for fill in raw.fills if (fill.right - fill.left) * fill.height < 0.6 * page_area]
    return PageDrawing(merge_rulings(raw.level), merge_rulings(raw.upright), fills)


def merge_rulings(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Pieces of one line as one; what stays short is no ruling."""
    lines: list[Ruling] = []
    for near in clusters(sorted(rulings, key=lambda r: r.at), key=lambda r: r.at, apart=1.5):
        line: Ruling | None = None
        for piece in sorted(near, key=lambda r: r.start):
            if line is not None and piece.start <= line.end + _TOUCH:
                line = Ruling(line.at, line.start, max(line.end, piece.end))
                continue
            if line is not None:
                lines.append(line)
            line = piece
        if line is not None:
            lines.append(line)
    return [line for line in lines if line.length >= _SHORTEST]


def clusters(items: Iterable[T], key: Callable[[T], float], apart: float) -> list[list[T]]:
    """Ordered items in groups, each within `apart` of the group's first."""
    groups: list[list[T]] = []
    for item in items:
        if groups and key(item) - key(groups[-1][0]) <= apart:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _objects(page: Any) -> Iterator[tuple[int, Any, Matrix]]:
    """Paths and pictures with the matrix of the form they stand in, forms opened."""
    identity: Matrix = (1, 0, 0, 1, 0, 0)
    left = _MOST_OBJECTS
    stack: list[tuple[Any, Matrix, int, bool]] = [(page, identity, 0, True)]
    while stack:
        holder, matrix, depth, is_page = stack.pop()
        count = pdfium.FPDFPage_CountObjects(holder) if is_page else pdfium.FPDFFormObj_CountObjects(holder)
        get = pdfium.FPDFPage_GetObject if is_page else pdfium.FPDFFormObj_GetObject
        for i in range(min(count, left)):
            handle = get(holder, i)
            kind = pdfium.FPDFPageObj_GetType(handle)
            if kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield kind, handle, matrix
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
                stack.append((handle, _times(_matrix(handle), matrix), depth + 1, False))
        left -= count
        if left <= 0:
            return


def _matrix(handle: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _bounds(handle: Any, matrix: Matrix, turn: Turn) -> Box:
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(handle, *sides)
    left, bottom, right, top = (side.value for side in sides)
    return _box([turn(*_apply(matrix, left, bottom)), turn(*_apply(matrix, right, top))])


def _box(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _trace(handle: Any, matrix: Matrix, turn: Turn, raw: PageDrawing) -> None:
    """Add what one path draws."""
    count = pdfium.FPDFPath_CountSegments(handle)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, mode, stroke)
    stroked = bool(stroke.value) and _alpha(handle, pdfium.FPDFPageObj_GetStrokeColor) > 0
    filled = bool(mode.value) and _alpha(handle, pdfium.FPDFPageObj_GetFillColor) > 0
    for points, curved in _outlines(handle, count, _times(_matrix(handle), matrix), turn):
        if stroked:
            for (x0, y0), (x1, y1) in pairwise(points):
                _take_line(x0, y0, x1, y1, raw)
        if filled and not curved and len(points) >= 3:
            _take(_box(points), raw, thin_only=stroked or _is_white(handle) or not _is_rectangle(points))


def _rgba(handle: Any, read: Any) -> list[int]:
    channels = [ctypes.c_uint() for _ in range(4)]
    return [c.value for c in channels] if read(handle, *channels) else [0, 0, 0, 255]


def _alpha(handle: Any, read: Any) -> int:
    return _rgba(handle, read)[3]


def _outlines(handle: Any, count: int, matrix: Matrix, turn: Turn) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The path's closed or open outlines as points, and whether they have curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(handle, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points, curved
            points, curved = [], False
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        points.append(turn(*_apply(matrix, x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points, curved


def _is_rectangle(points: list[tuple[float, float]]) -> bool:
    return all(abs(x0 - x1) < 0.5 or abs(y0 - y1) < 0.5 for (x0, y0), (x1, y1) in pairwise(points))


def _is_white(handle: Any) -> bool:
    return min(_rgba(handle, pdfium.FPDFPageObj_GetFillColor)[:3]) > 250


def _take_line(x0: float, y0: float, x1: float, y1: float, raw: PageDrawing) -> None:
    if abs(y0 - y1) <= 0.7 and abs(x0 - x1) > 0.1:
        raw.level.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= 0.7 and abs(y0 - y1) > 0.1:
        raw.upright.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _take(box: Box, raw: PageDrawing, *, thin_only: bool) -> None:
    width = box.right - box.left
    if box.height <= _THIN and width > box.height:
        raw.level.append(Ruling(box.middle, box.left, box.right))
    elif width <= _THIN and box.height > width:
        raw.upright.append(Ruling((box.left + box.right) / 2, box.top, box.bottom))
    elif not thin_only:
        raw.fills.append(box)
