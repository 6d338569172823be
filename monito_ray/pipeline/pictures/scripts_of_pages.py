"""In which script a page is written, and its lines read by what knows that script."""

import re
from collections.abc import Sequence
from typing import Any

from monito_ray.pipeline.characters import CYRILLIC
from monito_ray.pipeline.pictures.cyrillic import is_cyrillic_installed, read_cyrillic
from monito_ray.pipeline.pictures.text_reading import SeenText, without_ideographs

#: Of lines in Latin letters the network is surer than this; Cyrillic ones it takes for Latin, half sure.
_LATIN_CERTAINTY = 0.955
#: Lines that are read to see whether they are Cyrillic, the longest ones; so sure is Tesseract of those that are.
_LINES_TRIED, _CYRILLIC_CERTAINTY = 8, 0.85
#: A line with a larger share of digits among its letters and digits is a number, which the network reads better than Tesseract.
_NUMBER_SHARE = 0.6
_WORD = re.compile(r"[^\W_][\w.,]*")
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)


def read_in_script(lines: Sequence[SeenText], cutouts: Sequence[Any]) -> list[SeenText]:
    """Return the lines of a page, those of a page in Cyrillic letters as Tesseract reads them where it is installed, but for numbers."""
    lines = without_ideographs(lines)
    if not _may_be_cyrillic(lines) or not is_cyrillic_installed():
        return lines
    worded = [i for i, line in enumerate(lines) if not is_number(line)]
    tried = sorted(worded, key=lambda i: -cutouts[i].shape[1])[:_LINES_TRIED]
    if not _are_cyrillic(read_cyrillic([cutouts[i] for i in tried])):
        return lines
    read = list(lines)
    for i, line in enumerate(lines):
        by_tesseract = read_cyrillic([cutouts[i]])[0]
        if not is_number(line) or _same_number(by_tesseract, line):
            read[i] = by_tesseract if by_tesseract.chars else line
        else:
            read[i] = without_words(line)
    return read


def is_number(line: SeenText) -> bool:
    """Return whether a line is a number, with its currency or unit at most."""
    signs = [char for char in line.text if char.isalnum()]
    return bool(signs) and sum(map(str.isdigit, signs)) >= _NUMBER_SHARE * len(signs)


def _may_be_cyrillic(lines: Sequence[SeenText]) -> bool:
    worded = [line for line in lines if not is_number(line)]
    certainty = sum(line.certainty * len(line.chars) for line in worded) / max(sum(len(line.chars) for line in worded), 1)
    return certainty < _LATIN_CERTAINTY


def _are_cyrillic(lines: Sequence[SeenText]) -> bool:
    letters = [char for line in lines for char in line.text if char.isalpha()]
    cyrillic = sum(map(bool, map(_CYRILLIC.match, letters)))
    certainty = sum(line.certainty for line in lines) / max(len(lines), 1)
    return cyrillic > len(letters) / 3 and certainty >= _CYRILLIC_CERTAINTY


def _same_number(a: SeenText, b: SeenText) -> bool:
    """Return whether two readings have the same figures in the same groups: then that with the letters is better."""
    return re.findall(r"\d+", without_words(a).text) == re.findall(r"\d+", without_words(b).text)


def without_words(line: SeenText) -> SeenText:
    """Return a number without the words around it: in Cyrillic the network takes "руб." for "py6.", whose 6 is no price."""
    stays = [True] * len(line.chars)
    for word in _WORD.finditer(line.text):
        if any(map(str.isalpha, word.group())):
            stays[word.start() : word.end()] = [False] * len(word.group())
    return SeenText(tuple(char for char, does_stay in zip(line.chars, stays, strict=True) if does_stay))
