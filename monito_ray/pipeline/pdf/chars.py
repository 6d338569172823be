"""The characters of a PDF page with their boxes, and the texts of its annotations, as pdfium gives them."""

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import pypdfium2.raw as pdfium

from monito_ray.pipeline.pdf.geometry import Box, box_of_points

#: A map from the page's own coordinates (y up) to reading coordinates (y down).
Rotation = Callable[[float, float], tuple[float, float]]

_QUARTER_TURN = math.pi / 2
#: Characters whose angle decides how a page is turned; a page has thousands, and asking for each costs a call into pdfium.
_ANGLE_SAMPLE_CHARS = 400
#: In quarter turns. Stamps and watermarks are tilted more than this; table text is not.
_MAX_TILT = 0.1
#: Longer names of fonts are not looked at (bytes).
_LONGEST_FONT_NAME = 128
_SPACES = frozenset(" \t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000")
_LINE_BREAKS = frozenset("\r\n")
#: The two characters that pdfium gives for a hyphen at the end of a line, and the soft hyphen.
_LINE_END_HYPHENS = frozenset("\x02\ufffe\u00ad")


class SpaceBefore(IntEnum):
    """The space between a character and the one before: nothing, one that pdfium inferred from a gap, one in the file, a leader of dots."""

    NONE = 0
    INFERRED = 1
    WRITTEN = 2
    LED = 3


@dataclass(slots=True)
class Char:
    """A visible character."""

    text: str
    #: The loose box: as wide as the font's advance and as high as its line, so that neighbours touch where nothing is between them.
    box: Box
    #: Tells the page's text objects apart; 0 where pdfium knows none.
    source: int
    #: Whether it runs at right angles to most of the page's text.
    is_turned: bool
    space_before: SpaceBefore
    #: The name of its font, "" where pdfium knows none.
    font: str = ""


def reading_rotation(page: Any, text_page: Any) -> Rotation:
    """Return the map to reading coordinates, decided by how most of the page's characters run.

    The page's own rotation flag is ignored: landscape pages are often portrait ones with everything turned.
    """
    count = pdfium.FPDFText_CountChars(text_page)
    step = max(1, count // _ANGLE_SAMPLE_CHARS)
    turns = Counter(round(pdfium.FPDFText_GetCharAngle(text_page, i) / _QUARTER_TURN) % 4 for i in range(0, count, step))
    left, bottom, right, top = page.get_bbox()
    rotations: dict[int, Rotation] = {
        0: lambda x, y: (x - left, top - y),
        1: lambda x, y: (top - y, right - x),
        2: lambda x, y: (right - x, y - bottom),
        3: lambda x, y: (y - bottom, x - left),
    }
    return rotations[turns.most_common(1)[0][0] if turns else 0]


def page_chars(text_page: Any, rotate: Rotation) -> Iterator[Char]:
    """Yield the page's visible characters in the file's order, without white space and tilted text."""
    rect = pdfium.FS_RECTF()
    rect_pointer = ctypes.byref(rect)
    space = SpaceBefore.WRITTEN
    is_sideways = rotate(1, 0)[1] != rotate(0, 0)[1]
    fonts: dict[int, str] = {}
    for i in range(pdfium.FPDFText_CountChars(text_page)):
        text = _char_text(text_page, i)
        if text in _SPACES or text in _LINE_BREAKS:
            is_inferred = pdfium.FPDFText_IsGenerated(text_page, i) == 1
            space = max(space, SpaceBefore.INFERRED if is_inferred else SpaceBefore.WRITTEN)
            continue
        if text < " " or not pdfium.FPDFText_GetLooseCharBox(text_page, i, rect_pointer):
            continue
        quarters = pdfium.FPDFText_GetCharAngle(text_page, i) / _QUARTER_TURN
        if abs(quarters - round(quarters)) > _MAX_TILT:
            continue
        handle = pdfium.FPDFText_GetTextObject(text_page, i)
        source = ctypes.addressof(handle.contents) if handle else 0
        if source not in fonts:
            fonts[source] = _font_name(handle) if handle else ""
        yield Char(text, _rotated_box(rect, rotate), source, (round(quarters) % 2 == 1) != is_sideways, space, fonts[source])
        space = SpaceBefore.NONE


def page_annotations(page: Any, rotate: Rotation) -> Iterator[tuple[Box, str]]:
    """Yield box and text of each visible FreeText annotation: text that a person laid over the page, which its text layer does not have."""
    for i in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        try:
            if _is_visible_free_text(annotation):
                rect = pdfium.FS_RECTF()
                pdfium.FPDFAnnot_GetRect(annotation, rect)
                text = _annotation_text(annotation, b"Contents")
                if text.strip():
                    yield _rotated_box(rect, rotate), text
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _font_name(text_object: Any) -> str:
    """Return the name of a text object's font: "Helvetica-Bold"."""
    font = pdfium.FPDFTextObj_GetFont(text_object)
    if not font:
        return ""
    buffer = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, _LONGEST_FONT_NAME)
    return buffer.value.decode("utf-8", "replace")


def _char_text(text_page: Any, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    text = chr(code) if code < 0x110000 else "\ufffd"
    return "-" if text in _LINE_END_HYPHENS else text


def _rotated_box(rect: Any, rotate: Rotation) -> Box:
    return box_of_points([rotate(rect.left, rect.bottom), rotate(rect.right, rect.top)])


def _is_visible_free_text(annotation: Any) -> bool:
    is_free_text = pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FREETEXT
    return is_free_text and not pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN


def _annotation_text(annotation: Any, key: bytes) -> str:
    size_bytes = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(size_bytes)
    pdfium.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size_bytes)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\x00")
