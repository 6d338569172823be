"""Text laid out in columns of fixed width: columns are between the gutters of white space that run down the lines."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_GAP = re.compile(r"\S\s{2,}(?=\S)")
_NUMBERED = re.compile(r"\s*(\d{1,6})[.)]? (?=\S)")
_WORD = re.compile(r"\S+")
_TAB_WIDTH = 8
#: This many lines with a gap, and characters of each, decide where gutters are.
_SAMPLE_LINES, _SAMPLE_CHARS = 2000, 2000
#: A gutter is blank in at least this share of the lines: titles and overlong names run across.
_BLANK_SHARE = 0.97
#: A column of running numbers ends one blank before the next one: this share of its numbers is one more than the one before.
_RUNNING_SHARE = 0.8
_FEWEST_NUMBERS = 5


def split_fixed_width(lines: Sequence[str]) -> list[list[str]]:
    """Return each line as cells, split at the gutters; without gutters each line is one cell.

    A line that runs across a gutter is not split there, and the cell behind it is empty.
    """
    texts = [line.rstrip("\n").expandtabs(_TAB_WIDTH) for line in lines]
    sample = _lines_of_table([text[:_SAMPLE_CHARS] for text in texts if _GAP.search(text)][:_SAMPLE_LINES])
    starts = _column_starts(sample)
    return [_split_at([*_behind_running_numbers(sample, starts), *starts], text) for text in texts]


def _lines_of_table(texts: Sequence[str]) -> list[str]:
    """Return the lines that have at least as many gaps as most lines have: those of a letterhead have fewer."""
    gaps = [len(_GAP.findall(text)) for text in texts]
    counts = Counter(gaps)
    usual = max(counts, key=lambda count: (counts[count], count), default=0)
    return [text for text, count in zip(texts, gaps, strict=True) if count >= usual]


def _behind_running_numbers(sample: Sequence[str], starts: Sequence[int]) -> list[int]:
    """Return where the second column begins if the first holds right-aligned running numbers one blank before it, else nothing."""
    numbered = [match for text in sample if (match := _NUMBERED.match(text[: starts[0]] if starts else text))]
    if len(numbered) < max(_FEWEST_NUMBERS, len(sample) * _RUNNING_SHARE):
        return []
    (start, lines), *_ = Counter(match.end() for match in numbered).most_common(1)
    numbers = [int(match[1]) for match in numbered]
    running = sum(after == before + 1 for before, after in pairwise(numbers))
    is_column = lines >= len(sample) * _RUNNING_SHARE and running >= (len(numbers) - 1) * _RUNNING_SHARE
    return [start] if is_column else []


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
