"""Prices with a blank between their thousands ("2 051,09") become one word: columns are told by blanks, and on a till roll this one is as wide as any."""

import re
from collections.abc import Sequence
from dataclasses import replace

from monito_ray.pipeline.pictures.placed_lines import PlacedLine
from monito_ray.pipeline.pictures.text_reading import SeenText

#: From the middle of the digit before a blank to that of the one behind it are at most so many text heights; a column of counts stands farther off.
_WIDEST_BLANK = 1.4
_SPACED = re.compile(r"(?<![\d.,] )(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+[.,]\d\d(?!\d)")
_PLAIN = re.compile(r"(?<![\d.,] )(?<![\d.,])\d{1,3}[.,]\d\d(?=\D{0,5}$)")
#: No number begins with a nought before another digit: what looks so goes on from the figures before it.
_CUT = re.compile(r" 0\d\d")


def join_thousands(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """Return the lines of a page, prices with cents without blanks, where blanks stand within them.

    That is so where one goes on with a nought, or no more prices have a blank than have none: a count before the price would stand on each line.
    """
    spaced = [number for line in lines for number in _SPACED.findall(line.read.text)]
    plain = sum(_PLAIN.search(line.read.text) is not None for line in lines)
    if not spaced or not (len(spaced) <= plain or any(map(_CUT.search, spaced))):
        return list(lines)
    return [replace(line, read=_fused(line.read, line.cutout.shape[1] / line.cutout.shape[0])) for line in lines]


def _fused(line: SeenText, width: float) -> SeenText:
    """Return a line, `width` text heights long, without the blanks of its spaced numbers, as far as they are narrow."""
    spaces = {n for match in _SPACED.finditer(line.text) for n in range(*match.span()) if line.text[n] == " "}
    narrow = {n for n in spaces if (line.chars[n + 1].place - line.chars[n - 1].place) * width <= _WIDEST_BLANK}
    return replace(line, chars=tuple(char for n, char in enumerate(line.chars) if n not in narrow)) if narrow else line
