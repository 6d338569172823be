"""The lines of a text file as running text, with places counted in characters and lines."""

import re
from collections.abc import Sequence

from monito_ray.pipeline.cells import TextLine

#: So many blanks, or a tab, show that another column begins.
_WIDE_GAP = re.compile(r"[ \u00a0]*\t[ \t\u00a0]*|[ \u00a0]{3,}")
_TAB_WIDTH = 4


def to_lines(lines: Sequence[str]) -> list[TextLine]:
    """Return the lines that are not blank, numbered from 1 as a person counts."""
    return [_to_line(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _to_line(number: int, line: str) -> TextLine:
    drawn = line.expandtabs(_TAB_WIDTH).rstrip()
    text = _WIDE_GAP.sub("\t", line.strip())
    left = len(drawn) - len(drawn.lstrip())
    return TextLine(number, " ".join(text.replace("\t", " \t ").split(" ")).replace(" \t ", "\t"), left, len(drawn), number, number + 1)
