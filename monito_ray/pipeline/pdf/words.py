"""A PDF page's characters, as words and runs of words with their places.

Places are points, x to the right and y down, turned so that most of the page's text reads from left to right: what the page's
own rotation says does not matter. Word breaks come from spaces, pdfium's own ones, and the gaps between loose character boxes
(advance widths: kerning moves digits by less than a break needs).
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium

Turn = Callable[[float, float], tuple[float, float]]

_QUARTER = math.pi / 2
_SPACES = frozenset(" \t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000")
_BREAKS = frozenset("\r\n")
_NUMBER_CHARS = frozenset("0123456789.,")
_LEADERS = frozenset("._…·")
_FEWEST_LEADERS = 4
_LINE_END_HYPHENS = frozenset("\x02\ufffe\u00ad")
CURRENCY = r"Rp\.?|IDR|USD|EUR|RUB|UAH|KZT|BYN|THB|PHP|MYR|SGD|руб\.?|р\.|тг\.?|грн\.?|[$€£¥₽₴₸₹₱₫฿]"
_ALONE = re.compile(rf"(?:{CURRENCY})\s*:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` is less than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_somewhere(self) -> bool:
        """Whether its edges are numbers: a broken file may put a character at infinity."""
        return math.isfinite(self.left + self.top + self.right + self.bottom)

    @property
    def middle(self) -> float:
        """The height at which the box stands."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def holds(self, other: "Box") -> bool:
        """Whether the centre of `other` lies inside."""
        return self.left <= (other.left + other.right) / 2 <= self.right and self.top <= other.middle <= self.bottom


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of one text object without a space; `source` tells the objects apart, `glued` says that no space goes before."""

    text: str
    box: Box
    source: int
    glued: bool = False


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one line that stand a natural space apart."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words with one space between, but where they are glued."""
        return "".join(word.text if word.glued else f" {word.text}" for word in self.words).strip()


class _Space(IntEnum):
    """What goes before a glyph: nothing, a space that pdfium saw in a gap, or one in the file."""

    NONE = 0
    SEEN = 1
    WRITTEN = 2


@dataclass(slots=True)
class _Glyph:
    char: str
    box: Box
    source: int
    turned: bool
    spaced: _Space


def is_currency(text: str) -> bool:
    """Whether the text is a currency's sign, code or name and nothing else."""
    return bool(_ALONE.fullmatch(text))


def join_words(words: list[Word]) -> TextRun:
    """Bind words that follow each other."""
    return TextRun(tuple(words), bounding_box([word.box for word in words]))


def reading_rotation(page: Any, text_page: Any) -> Turn:
    """The map from the page's own coordinates to reading coordinates, from the way most characters run."""
    count = pdfium.FPDFText_CountChars(text_page)
    step = max(1, count // 400)
    votes = Counter(round(pdfium.FPDFText_GetCharAngle(text_page, i) / _QUARTER) % 4 for i in range(0, count, step))
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, Turn] = {
        0: lambda x, y: (x - left, top - y),
        1: lambda x, y: (top - y, right - x),
        2: lambda x, y: (right - x, y - bottom),
        3: lambda x, y: (y - bottom, x - left),
    }
    return turns[votes.most_common(1)[0][0] if votes else 0]


def extract_runs(page: Any, text_page: Any, turn: Turn) -> list[TextRun]:
    """All visible runs of the page, those of annotations in place of what they cover."""
    notes = [(box, text) for box, text in _annotations(page, turn) if box.is_somewhere]
    shown = (glyph for glyph in _glyphs(text_page, turn) if glyph.box.is_somewhere and not any(box.holds(glyph.box) for box, _ in notes))
    found = _bind(_words(shown))
    for box, text in notes:
        found += _note_runs(box, text)
    return _distinct(found)


def join_lone_currencies(line: list[TextRun]) -> list[TextRun]:
    """Bind a currency that stands alone to the number on its right, however wide the gap; `line` is ordered by x."""
    joined: list[TextRun] = []
    for run in line:
        if joined and run.text[0].isdigit() and is_currency(joined[-1].text):
            joined[-1] = join_words([*joined[-1].words, *run.words])
        else:
            joined.append(run)
    return joined


def bounding_box(boxes: list[Box]) -> Box:
    """The smallest box that has them all in it."""
    return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))


def _box(turn: Turn, left: float, bottom: float, right: float, top: float) -> Box:
    (x0, y0), (x1, y1) = turn(left, bottom), turn(right, top)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _glyphs(text_page: Any, turn: Turn) -> Iterator[_Glyph]:
    rect = pdfium.FS_RECTF()
    place = ctypes.byref(rect)
    spaced, straight = _Space.WRITTEN, turn(1, 0)[1] == turn(0, 0)[1]
    for i in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, i)
        char = chr(code) if code < 0x110000 else "\ufffd"
        if char in _SPACES or char in _BREAKS:
            spaced = max(spaced, _Space.SEEN if pdfium.FPDFText_IsGenerated(text_page, i) == 1 else _Space.WRITTEN)
            continue
        if char in _LINE_END_HYPHENS:
            char = "-"
        if char < " " or not pdfium.FPDFText_GetLooseCharBox(text_page, i, place):
            continue
        angle = pdfium.FPDFText_GetCharAngle(text_page, i) / _QUARTER
        if abs(angle - round(angle)) > 0.1:
            continue  # stamps and watermarks lie askew
        handle = pdfium.FPDFText_GetTextObject(text_page, i)
        source = ctypes.addressof(handle.contents) if handle else 0
        box = _box(turn, rect.left, rect.bottom, rect.right, rect.top)
        yield _Glyph(char, box, source, (round(angle) % 2 == 0) != straight, spaced)
        spaced = _Space.NONE


def _words(glyphs: Iterator[_Glyph]) -> Iterator[Word]:
    word: list[_Glyph] = []
    glued = False
    for glyph in _without_leaders(glyphs):
        apart = bool(word) and _breaks(word[-1], glyph)
        if word and (apart or glyph.source != word[-1].source):
            yield _word(word, glued)
            word, glued = [], not apart
        word.append(glyph)
    if word:
        yield _word(word, glued)


def _without_leaders(glyphs: Iterable[_Glyph]) -> Iterator[_Glyph]:
    """Drop the dots that lead the eye from a name to its price; a gap is left."""
    for char, group in groupby(glyphs, key=lambda glyph: glyph.char if glyph.char in _LEADERS else ""):
        same = list(group)
        if not char or len(same) < _FEWEST_LEADERS:
            yield from same


def _breaks(before: _Glyph, after: _Glyph) -> bool:
    if before.turned or after.turned:
        return before.turned != after.turned or after.spaced is not _Space.NONE
    em = max(before.box.height, 1.0) / 1.2
    gap = after.box.left - before.box.right
    if abs(before.box.middle - after.box.middle) > 0.5 * em or gap < -0.6 * em:
        return True
    if after.spaced is _Space.WRITTEN:
        return True
    in_number = before.char in _NUMBER_CHARS and after.char in _NUMBER_CHARS
    return gap > ((0.35 if before.source == after.source else 0.2) if in_number else 0.1 if after.spaced is _Space.SEEN else 0.25) * em


def _word(glyphs: list[_Glyph], glued: bool) -> Word:
    text = "".join(glyph.char for glyph in glyphs)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Word(text, bounding_box([glyph.box for glyph in glyphs]), glyphs[0].source, glued)


def _bind(words: Iterable[Word]) -> list[TextRun]:
    bound: list[TextRun] = []
    run: list[Word] = []
    for word in words:
        if run and not _neighbours(run[-1], word):
            bound.append(join_words(run))
            run = []
        run.append(word)
    return [*bound, join_words(run)] if run else bound


def _neighbours(before: Word, after: Word) -> bool:
    if after.glued:
        return True
    em = max(min(before.box.height, after.box.height), 1.0) / 1.2
    gap = after.box.left - before.box.right
    widest = 1.0 if before.source == after.source else 0.6
    return abs(before.box.middle - after.box.middle) < 0.35 * em and -0.2 * em < gap < widest * em


def _distinct(found: list[TextRun]) -> list[TextRun]:
    """Without what is drawn twice in one place to look bold."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for run in found:
        key = (run.text, round(run.box.left / 2), round(run.box.top / 2))
        if key not in seen:
            seen.add(key)
            kept.append(run)
    return kept


def _annotations(page: Any, turn: Turn) -> Iterator[tuple[Box, str]]:
    for i in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, i)
        if not note:
            continue
        try:
            if (
                pdfium.FPDFAnnot_GetSubtype(note) != pdfium.FPDF_ANNOT_FREETEXT
                or pdfium.FPDFAnnot_GetFlags(note) & pdfium.FPDF_ANNOT_FLAG_HIDDEN
            ):
                continue
            rect = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(note, rect)
            text = _string(note, b"Contents")
            if text.strip():
                yield _box(turn, rect.left, rect.bottom, rect.right, rect.top), text
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _string(note: Any, key: bytes) -> str:
    size_bytes = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    buffer = ctypes.create_string_buffer(size_bytes)
    pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size_bytes)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\x00")


def _note_runs(box: Box, text: str) -> Iterator[TextRun]:
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    height = box.height / len(lines)
    for i, line in enumerate(lines):
        place = Box(box.left, box.top + i * height, box.right, box.top + (i + 1) * height)
        yield TextRun((Word(" ".join(line.split()), place, -1),), place)
