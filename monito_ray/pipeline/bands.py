"""Rows of a table from text that is already in columns: wrapped cells joined, several rows in one ruled band told apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from monito_ray.pipeline.glyphs import CURRENCY, Run
from monito_ray.pipeline.rulings import clusters

_NUMBER = r"[-+]?\d[\d .,'’]*"
_VALUE = re.compile(rf"(?:(?:{CURRENCY})\s*)?{_NUMBER}(?:[-=–])?(?:\s*(?:{CURRENCY}))?(?:\s*/\s*\w+\.?)?", re.IGNORECASE)
_MOST_WRAPPED_LINES = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in a column."""

    column: int
    run: Run


Row = list[Piece]


def is_value(text: str) -> bool:
    """Whether a cell holds a number and nothing else but currency, sign and unit of the price."""
    return bool(_VALUE.fullmatch(text.strip()))


def lines_of(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces by line of text, from the top, each line from the left."""
    ordered = sorted(pieces, key=lambda p: p.run.box.middle)
    if not ordered:
        return []
    height = median(p.run.box.height for p in ordered)
    lines = clusters(ordered, lambda p: p.run.box.middle, 0.45 * height)
    return [sorted(line, key=lambda p: p.run.box.left) for line in lines]


def cell_texts(row: Row, width: int) -> list[str]:
    """The row's cells; lines of one cell are joined by a space, after a hyphenated word by nothing."""
    cells = [""] * width
    for line in lines_of(row):
        for column, text in _by_column(line).items():
            before = cells[column]
            glue = "" if not before or re.search(r"\w-$", before) else " "
            cells[column] = before + glue + text
    return cells


def banded_rows(pieces: Row) -> list[Row]:
    """Rows of one band between rulings: a single one, unless numbers on several lines say otherwise."""
    lines = lines_of(pieces)
    if len(lines) <= 1:
        return [pieces] if pieces else []
    anchors = _anchors(lines)
    if anchors:
        return _gathered(lines, anchors)
    return [pieces] if len(lines) <= _MOST_WRAPPED_LINES else open_rows(pieces)


def open_rows(pieces: Row) -> list[Row]:
    """Rows where nothing is ruled: every line is one, unless it plainly continues the line above."""
    lines = lines_of(pieces)
    limits = _limits(pieces)
    rows: list[list[Row]] = []
    for line in lines:
        if rows and _continues(rows[-1], line, limits):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [[piece for line in row for piece in line] for row in rows]


def _by_column(line: Row) -> dict[int, str]:
    texts: dict[int, str] = {}
    for piece in line:
        texts[piece.column] = f"{texts[piece.column]} {piece.run.text}" if piece.column in texts else piece.run.text
    return texts


def _anchors(lines: list[Row]) -> list[int]:
    """Lines that begin rows of their own: those with a value in the column that has most of them; none when it is one row."""
    texts = [_by_column(line) for line in lines]
    filled: dict[int, list[int]] = {}
    for i, line in enumerate(texts):
        for column in line:
            filled.setdefault(column, []).append(i)
    numeric = {c: at for c, at in filled.items() if all(is_value(texts[i][c]) for i in at)}
    large = {c: at for c, at in numeric.items() if all(len(re.sub(r"\D", "", texts[i][c])) >= 3 for i in at)}
    repeated = [at for at in numeric.values() if len(at) > 1]
    worded = {i for c, at in filled.items() if c not in numeric for i in at}
    if not repeated or any(len(at) == 1 for at in large.values()) or (len(repeated) == 1 and not large):
        return []
    best = max(repeated, key=len)
    return best if len(worded) >= len(best) else []


def _gathered(lines: list[Row], anchors: list[int]) -> list[Row]:
    """A row for each anchor; other lines go to the anchor above, below or nearest, as the first and the last line tell."""
    rows: dict[int, Row] = {i: [] for i in anchors}
    for i, line in enumerate(lines):
        middle = line[0].run.box.middle
        if anchors[0] == 0:
            home = max(a for a in anchors if a <= i)
        elif anchors[-1] == len(lines) - 1:
            home = min(a for a in anchors if a >= i)
        else:
            home = min(anchors, key=lambda a: abs(lines[a][0].run.box.middle - middle))
        rows[home] += line
    return list(rows.values())


def _limits(pieces: Row) -> dict[int, float]:
    """How far text reaches in each column where at least two pieces reach about as far: there, lines wrap."""
    limits = {}
    for column in {p.column for p in pieces}:
        boxes = sorted((p.run.box for p in pieces if p.column == column), key=lambda b: -b.right)
        if len(boxes) > 1 and boxes[0].right - boxes[1].right <= 2 * boxes[0].height:
            limits[column] = boxes[0].right
    return limits


def _continues(row: list[Row], line: Row, limits: dict[int, float]) -> bool:
    """Whether `line` is the rest of cells that wrapped: its first word had no room above, or the two lines overlap."""
    height = min(p.run.box.height for p in line)
    step = line[0].run.box.middle - row[-1][0].run.box.middle
    if step < 0.7 * height:
        return True
    if step > 1.6 * height or any(is_value(text) for text in _by_column(line).values()):
        return False
    above = {p.column: p for earlier in row for p in earlier}
    return all(p.column in above for p in line) and any(_wrapped(above[p.column].run, p.run, limits.get(p.column)) for p in line)


def _wrapped(above: Run, below: Run, limit: float | None) -> bool:
    """Whether the first word below would have gone past the limit above; a title in capitals is no rest of a sentence."""
    if limit is None or abs(above.box.height - below.box.height) > 0.15 * above.box.height:
        return False
    if below.text.isupper() and not above.text.isupper():
        return False
    first = below.words[0].box
    return above.box.right + 0.2 * above.box.height + (first.right - first.left) > limit
