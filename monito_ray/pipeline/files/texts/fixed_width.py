"""Text laid out in columns of fixed width: columns are between the gutters of white space that run down the lines."""

import re
from collections.abc import Sequence

_GAP = re.compile(r"\S\s{2,}\S")
_WORD = re.compile(r"\S+")
_TAB_WIDTH = 8
#: This many lines with a gap, and characters of each, decide where gutters are.
_SAMPLE_LINES, _SAMPLE_CHARS = 2000, 2000
#: A gutter is blank in at least this share of the lines: titles and overlong names run across.
_BLANK_SHARE = 0.97


def split_fixed_width(lines: Sequence[str]) -> list[list[str]]:
    """Return each line as cells, split at the gutters; without gutters each line is one cell.

    A line that runs across a gutter is not split there, and the cell behind it is empty.
    """
    texts = [line.rstrip("\n").expandtabs(_TAB_WIDTH) for line in lines]
    starts = _column_starts([text[:_SAMPLE_CHARS] for text in texts if _GAP.search(text)][:_SAMPLE_LINES])
    return [_split_at(starts, text) for text in texts]


def _column_starts(sample: Sequence[str]) -> list[int]:
    """Return where each column but the first begins: behind every gutter of two blanks or more."""
    width = max((len(text.rstrip()) for text in sample), default=0)
    filled = [0] * width
    for text in sample:
        for word in _WORD.finditer(text):
            for position in range(*word.span()):
                filled[position] += 1
    allowed = len(sample) * (1 - _BLANK_SHARE)
    blank = [count <= allowed for count in filled]
    margin = next((position for position in range(width) if not blank[position]), width)
    return [
        position
        for position in range(2, width)
        if blank[position - 1] and blank[position - 2] and not blank[position] and position > margin
    ]


def _split_at(starts: Sequence[int], text: str) -> list[str]:
    cells, cell_start = [], 0
    for start in starts:
        is_crossed = start < len(text) and not text[start - 1].isspace()
        cells.append("" if is_crossed else text[cell_start:start].strip())
        if not is_crossed:
            cell_start = start
    cells.append(text[cell_start:].strip())
    return cells
