"""The shapes that a PDF page draws: its paths and pictures, those inside form XObjects too, in reading coordinates."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from monito_ray.pipeline.pdf.chars import Rotation
from monito_ray.pipeline.pdf.geometry import Box, box_of_points

#: The six numbers of a PDF transformation matrix: x' = a x + c y + e, y' = b x + d y + f.
Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
#: Objects of a page that are looked at; more are a map or a drawing, and each costs a call into pdfium.
_MAX_OBJECTS = 30_000
#: A path with more segments than this is a picture, not borders of cells.
_MAX_SEGMENTS = 400
#: Form XObjects may stand in each other, in a broken file without end.
_MAX_FORM_DEPTH = 4
#: Sides of a rectangle are level and upright within this many points.
_RECTANGLE_SLANT_PT = 0.5
#: Of 255: a fill with all colours above this is white, and covers rather than shows.
_WHITE = 250


@dataclass(frozen=True, slots=True)
class Shape:
    """One subpath of a path, or the outline of a picture, which counts as filled with white."""

    points: list[tuple[float, float]]
    is_stroked: bool
    is_filled: bool
    is_white: bool
    is_curved: bool = False

    @property
    def is_rectangle(self) -> bool:
        """Whether all sides are horizontal or vertical."""
        return all(abs(x0 - x1) < _RECTANGLE_SLANT_PT or abs(y0 - y1) < _RECTANGLE_SLANT_PT for (x0, y0), (x1, y1) in pairwise(self.points))


def page_shapes(page: Any, rotate: Rotation) -> Iterator[list[Shape]]:
    """Yield the shapes of each object of `page`, a raw pdfium handle."""
    for kind, handle, matrix in _page_objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield list(_path_shapes(handle, matrix, rotate))
        else:
            yield [_picture_shape(handle, matrix, rotate)]


def _page_objects(page: Any) -> Iterator[tuple[int, Any, Matrix]]:
    """Yield paths and pictures with the matrix of the form XObject that they stand in, opening forms."""
    left = _MAX_OBJECTS
    stack: list[tuple[Any, Matrix, int, bool]] = [(page, _IDENTITY, 0, True)]
    while stack:
        holder, matrix, depth, is_page = stack.pop()
        count = pdfium.FPDFPage_CountObjects(holder) if is_page else pdfium.FPDFFormObj_CountObjects(holder)
        get = pdfium.FPDFPage_GetObject if is_page else pdfium.FPDFFormObj_GetObject
        for i in range(min(count, left)):
            handle = get(holder, i)
            kind = pdfium.FPDFPageObj_GetType(handle)
            if kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield kind, handle, matrix
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
                stack.append((handle, _multiply(_object_matrix(handle), matrix), depth + 1, False))
        left -= count
        if left <= 0:
            return


def _path_shapes(handle: Any, matrix: Matrix, rotate: Rotation) -> Iterator[Shape]:
    count = pdfium.FPDFPath_CountSegments(handle)
    if not 2 <= count <= _MAX_SEGMENTS:
        return
    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill_mode, stroke)
    fill_color = _rgba(handle, pdfium.FPDFPageObj_GetFillColor)
    is_stroked = bool(stroke.value) and _rgba(handle, pdfium.FPDFPageObj_GetStrokeColor)[3] > 0
    is_filled = bool(fill_mode.value) and fill_color[3] > 0
    is_white = min(fill_color[:3]) > _WHITE
    for points, is_curved in _subpaths(handle, count, _multiply(_object_matrix(handle), matrix), rotate):
        yield Shape(points, is_stroked, is_filled, is_white, is_curved)


def _subpaths(handle: Any, count: int, matrix: Matrix, rotate: Rotation) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Yield the points of each subpath, closed or open, and whether it has curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    is_curved = False
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(handle, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points, is_curved
            points, is_curved = [], False
        is_curved = is_curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        points.append(rotate(*_transform(matrix, x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points, is_curved


def _picture_shape(handle: Any, matrix: Matrix, rotate: Rotation) -> Shape:
    """Return the bounds of a picture: some programs draw borders as pictures of one dot, stretched."""
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(handle, *sides)
    left, bottom, right, top = (side.value for side in sides)
    box = box_of_points([rotate(*_transform(matrix, left, bottom)), rotate(*_transform(matrix, right, top))])
    return Shape(_corners(box), is_stroked=False, is_filled=True, is_white=True)


def _corners(box: Box) -> list[tuple[float, float]]:
    return [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]


def _rgba(handle: Any, get_color: Any) -> list[int]:
    channels = [ctypes.c_uint() for _ in range(4)]
    return [channel.value for channel in channels] if get_color(handle, *channels) else [0, 0, 0, 255]


def _object_matrix(handle: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _transform(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
