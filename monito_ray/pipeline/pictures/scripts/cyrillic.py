"""Lines in Cyrillic letters, read by Tesseract where it is installed with its Russian data: through its C interface, nothing is started."""

import ctypes
import os
from collections.abc import Iterator, Sequence
from ctypes.util import find_library
from functools import cache
from typing import Any

import numpy as np

from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText

#: What Debian's packages tesseract-ocr-rus and tesseract-ocr-eng bring; lists in Cyrillic have words in Latin letters, too. A short word is
#: read as Russian alone: "шт" looks like "wT".
_LANGUAGES, _SHORT_LANGUAGES, _ENGLISH = "rus+eng", "rus", "eng"
_SHORTEST_LATIN = 5
#: Tesseract's own numbers: one line of text (PSM_SINGLE_LINE), its neural network alone (OEM_LSTM_ONLY), a word and a symbol (PageIteratorLevel).
_SINGLE_LINE, _LSTM_ONLY, _WORD, _SYMBOL = 7, 1, 3, 4
#: Dots an inch that a line of 48 pixels would have been scanned with.
_RESOLUTION = 300
#: White around the line, in pixels, without which letters at its ends are lost.
_BORDER = 10

#: Of the shades of a column of pixels the percentiles that are ink, what there is most of, and paper; how far around a column its paper is looked
#: for, in heights of the line; and the shade that paper gets.
_LINE_SHADES, _PAPER_REACH, _PAPER = (10, 50, 85), 0.5, 235.0

_Handle, _Text, _Number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
#: The functions that are called, with what they return and take (tesseract/capi.h).
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "TessBaseAPICreate": (_Handle,),
    "TessBaseAPIInit2": (_Number, _Handle, _Text, _Text, _Number),
    "TessBaseAPISetPageSegMode": (None, _Handle, _Number),
    "TessBaseAPISetVariable": (_Number, _Handle, _Text, _Text),
    "TessBaseAPISetImage": (None, _Handle, _Handle, _Number, _Number, _Number, _Number),
    "TessBaseAPISetSourceResolution": (None, _Handle, _Number),
    "TessBaseAPIRecognize": (_Number, _Handle, _Handle),
    "TessBaseAPIGetIterator": (_Handle, _Handle),
    "TessResultIteratorGetPageIteratorConst": (_Handle, _Handle),
    "TessResultIteratorGetUTF8Text": (_Handle, _Handle, _Number),
    "TessResultIteratorConfidence": (ctypes.c_float, _Handle, _Number),
    "TessResultIteratorNext": (_Number, _Handle, _Number),
    "TessResultIteratorDelete": (None, _Handle),
    "TessPageIteratorBoundingBox": (_Number, _Handle, _Number, *[ctypes.POINTER(ctypes.c_int)] * 4),
    "TessPageIteratorIsAtBeginningOf": (_Number, _Handle, _Number),
    "TessDeleteText": (None, _Handle),
}


class _Tesseract:
    """One engine of libtesseract; it is kept as long as the process."""

    def __init__(self, library: Any, languages: str) -> None:
        self._library = library
        self._handle = library.TessBaseAPICreate()
        if library.TessBaseAPIInit2(self._handle, None, languages.encode(), _LSTM_ONLY):
            raise OSError(f"no data for {languages}")
        library.TessBaseAPISetPageSegMode(self._handle, _SINGLE_LINE)

    def read(self, cutout: Any) -> SeenText:
        """Return what the picture of a line says."""
        gray = np.ascontiguousarray(np.pad(_evenly_lit(cutout.mean(axis=2)).astype(np.uint8), _BORDER, mode="edge"))
        height, width = gray.shape
        self._library.TessBaseAPISetImage(self._handle, gray.ctypes.data, width, height, 1, width)
        self._library.TessBaseAPISetSourceResolution(self._handle, _RESOLUTION)
        if self._library.TessBaseAPIRecognize(self._handle, None):
            return SeenText(())
        symbols = self._library.TessBaseAPIGetIterator(self._handle)
        try:
            return SeenText(tuple(self._chars(symbols, cutout.shape[1])) if symbols else ())
        finally:
            if symbols:
                self._library.TessResultIteratorDelete(symbols)

    def _chars(self, symbols: Any, width: int) -> Iterator[SeenChar]:
        place = self._library.TessResultIteratorGetPageIteratorConst(symbols)
        last: float | None = None
        while True:
            text, middle = self._text(symbols), self._middle(place, width)
            if text and last is not None and self._library.TessPageIteratorIsAtBeginningOf(place, _WORD):
                yield SeenChar(" ", (last + middle) / 2, 1.0)
            certainty = self._library.TessResultIteratorConfidence(symbols, _SYMBOL) / 100
            for letter in text:
                yield SeenChar(letter, middle, min(max(certainty, 0.0), 1.0))
                last = middle
            if not self._library.TessResultIteratorNext(symbols, _SYMBOL):
                return

    def _text(self, symbols: Any) -> str:
        pointer = self._library.TessResultIteratorGetUTF8Text(symbols, _SYMBOL)
        if not pointer:
            return ""
        text = ctypes.string_at(pointer).decode("utf-8", "replace").strip()
        self._library.TessDeleteText(pointer)
        return text

    def _middle(self, place: Any, width: int) -> float:
        sides = [ctypes.c_int() for _ in range(4)]
        self._library.TessPageIteratorBoundingBox(place, _SYMBOL, *map(ctypes.byref, sides))
        left, _, right, _ = (side.value for side in sides)
        return min(max(((left + right) / 2 - _BORDER) / width, 0.0), 1.0)


def _evenly_lit(gray: Any) -> Any:
    """Return a line with its paper equally light all along: Tesseract sets one threshold for a line, below which paper in a shadow is ink."""
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    dark, middle, light = np.percentile(gray, _LINE_SHADES, axis=0).astype(np.float32)
    if (light - middle).sum() > (middle - dark).sum():  # light letters on dark paper
        return gray
    reach = round(_PAPER_REACH * gray.shape[0])
    paper = cv2.blur(cv2.dilate(light[None], np.ones((1, reach), np.uint8)), (reach, 1))
    return np.clip(gray / np.maximum(paper, 1.0) * _PAPER, 0, 255)


def is_cyrillic_installed() -> bool:
    """Return whether Tesseract and its Russian data are there."""
    return _engine(_SHORT_LANGUAGES) is not None


def read_cyrillic(cutouts: Sequence[Any]) -> list[SeenText]:
    """Return what pictures of lines say, lines without characters where Tesseract is not installed."""
    return [_read_cutout(cutout) for cutout in cutouts]


def read_english(cutouts: Sequence[Any]) -> list[SeenText]:
    """Return what pictures of lines say where all of it is in Latin letters; lines without characters where Tesseract has no English."""
    engine = _engine(_ENGLISH)
    return [engine.read(cutout) if engine else SeenText(()) for cutout in cutouts]


def read_russian(cutouts: Sequence[Any]) -> list[SeenText]:
    """Return what pictures of lines say where all of it is in Cyrillic letters."""
    engine = _engine(_SHORT_LANGUAGES)
    return [engine.read(cutout) if engine else SeenText(()) for cutout in cutouts]


def _read_cutout(cutout: Any) -> SeenText:
    short, long = _engine(_SHORT_LANGUAGES), _engine(_LANGUAGES)
    if short is None:
        return SeenText(())
    line = (long or short).read(cutout)
    letters = sum(map(str.isalpha, line.text))
    return short.read(cutout) if long and letters == len(line.text.rstrip(".")) < _SHORTEST_LATIN else line


@cache
def _engine(languages: str) -> _Tesseract | None:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # one page takes one core
    try:
        return _Tesseract(_library(), languages)
    except (AttributeError, OSError):
        return None


@cache
def _library() -> Any:
    library = ctypes.CDLL(find_library("tesseract") or "libtesseract.so.5")
    for name, (result, *taken) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, taken
    return library
