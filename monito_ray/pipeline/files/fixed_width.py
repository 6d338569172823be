"""Text laid out with blanks: columns are what lies between the rivers of white space that run down the lines."""

import re
from collections.abc import Sequence

_GAP = re.compile(r"\S\s{2,}\S")
_SAMPLE_LINES = 2000
_WIDEST = 2000
_SHARE = 0.97


def split_fixed_width(lines: Sequence[str]) -> list[list[str]]:
    """Each line as cells, cut at the rivers; a line that runs through a river stays whole there. Without rivers: one cell a line."""
    texts = [line.rstrip("\n").expandtabs(8) for line in lines]
    cuts = _column_starts([text[:_WIDEST] for text in texts if _GAP.search(text)][:_SAMPLE_LINES])
    return [_split_at(text, cuts) for text in texts]


def _column_starts(sample: Sequence[str]) -> list[int]:
    """Where each column but the first begins: behind every river of two blanks or more."""
    width = max((len(text.rstrip()) for text in sample), default=0)
    filled = [0] * width
    for text in sample:
        for found in re.finditer(r"\S+", text):
            for place in range(found.start(), found.end()):
                filled[place] += 1
    allowed = len(sample) * (1 - _SHARE)
    blank = [count <= allowed for count in filled]
    return [place for place in range(2, width) if blank[place - 1] and blank[place - 2] and not blank[place] and not all(blank[:place])]


def _split_at(text: str, cuts: Sequence[int]) -> list[str]:
    cells, start = [], 0
    for cut in cuts:
        crossed = cut < len(text) and not text[cut - 1].isspace()
        cells.append("" if crossed else text[start:cut].strip())
        if not crossed:
            start = cut
    cells.append(text[start:].strip())
    return cells
