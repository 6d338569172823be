"""Rows of a table from text that is already in columns: wrapped cells joined, several rows in one ruled band told apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from monito_ray.pipeline.pdf.rulings import clusters
from monito_ray.pipeline.pdf.words import CURRENCY, TextRun, is_currency

_NUMBER = r"[-+]?\d[\d .,'’]*"
_VALUE = re.compile(rf"(?:(?:{CURRENCY})\s*)?{_NUMBER}(?:[-=–])?(?:\s*(?:{CURRENCY}))?(?:\s*/\s*\w+\.?)?", re.IGNORECASE)
_MOST_WRAPPED_LINES = 6
_MOSTLY = 0.7
_TIGHTER = 0.92
_LEVEL = 0.3


@dataclass(frozen=True, slots=True)
class ColumnRun:
    """A run of words in a column."""

    column: int
    run: TextRun


RowRuns = list[ColumnRun]


def is_value(text: str) -> bool:
    """Whether a cell holds a number and nothing else but currency, sign and unit of the price."""
    return bool(_VALUE.fullmatch(text.strip()))


def group_into_lines(pieces: Iterable[ColumnRun]) -> list[RowRuns]:
    """Pieces by line of text, from the top, each line from the left."""
    ordered = sorted(pieces, key=lambda p: p.run.box.middle)
    if not ordered:
        return []
    height = median(p.run.box.height for p in ordered)
    lines = clusters(ordered, lambda p: p.run.box.middle, 0.45 * height)
    return [sorted(line, key=lambda p: p.run.box.left) for line in lines]


def cell_texts(row: RowRuns, width: int) -> list[str]:
    """The row's cells; lines of one cell are joined by a space, after a hyphenated word by nothing."""
    cells = [""] * width
    for line in group_into_lines(row):
        for column, text in _by_column(line).items():
            before = cells[column]
            glue = "" if not before or re.search(r"\w-$", before) else " "
            cells[column] = before + glue + text
    return cells


def ruled_rows(pieces: RowRuns) -> list[RowRuns]:
    """Rows of one band between rulings: a single one, unless numbers on several lines say otherwise."""
    lines = group_into_lines(pieces)
    if len(lines) > _MOST_WRAPPED_LINES and sum(_is_valued(line) for line in lines) > 1:
        return unruled_rows(pieces)
    anchors = _anchors(lines) if len(lines) > 1 else []
    if anchors:
        return _gathered(lines, anchors)
    return [pieces] if pieces else []


def unruled_rows(pieces: RowRuns, pitch: float = 0) -> list[RowRuns]:
    """Rows where nothing is ruled: lines closer than rows are from each other are one row, and lines that plainly wrapped.

    `pitch` is how far apart rows of one line stand, found from these lines when it is not known.
    """
    lines = _centred(group_into_lines(pieces))
    closest = _TIGHTER * (pitch or row_pitch(row_steps(lines)))
    groups: list[list[RowRuns]] = []
    for line in lines:
        if groups and _is_same_row(groups[-1][-1], line, closest):
            groups[-1].append(line)
        else:
            groups.append([line])
    if len(groups) < len(lines):
        return [row for group in groups for row in _rows_of_group(group)]
    return _unwrapped(lines)


def _centred(lines: list[RowRuns]) -> list[RowRuns]:
    """Lines, those joined where the values of a row stand at half the height of a cell that wrapped to an even number of lines."""
    joined: list[RowRuns] = []
    i = 0
    while i < len(lines):
        reach = 0
        if _is_valued(lines[i]):
            while reach < len(joined) and i + reach + 1 < len(lines) and _is_around(joined[-1 - reach], lines[i], lines[i + reach + 1]):
                reach += 1
        above = joined[len(joined) - reach :]
        del joined[len(joined) - reach :]
        joined.append([piece for line in (*above, *lines[i : i + reach + 1]) for piece in line])
        i += reach + 1
    return joined


def _is_around(above: RowRuns, line: RowRuns, below: RowRuns) -> bool:
    """Whether two lines of one cell stand equally far above and below `line`, which has nothing in their column."""
    if len(above) > 1 or len(below) > 1 or above[0].column != below[0].column or any(p.column == above[0].column for p in line):
        return False
    height = _height(line)
    near = _step(above, below) < 2 * _MOST_WRAPPED_LINES * height
    return near and abs(_step(above, line) - _step(line, below)) < _LEVEL * height


def _is_same_row(above: RowRuns, below: RowRuns, closest: float) -> bool:
    """Whether the lines stand closer than rows do, and neither is a title that runs over the other's columns, nor a header."""
    if _step(above, below) < 0.7 * _height(below):
        return True
    return not _is_header(above, below) and _step(above, below) < closest and not _runs_over(above, below) and not _runs_over(below, above)


def _is_header(above: RowRuns, below: RowRuns) -> bool:
    """Whether texts stand over all cells of a row, its values among them."""
    titles, cells = _by_column(above), _by_column(below)
    if len(cells) < 3 or not cells.keys() <= titles.keys():
        return False
    values = [column for column, text in cells.items() if is_value(text)]
    return len(values) > 1 and not any(is_value(titles[column]) or is_currency(titles[column]) for column in values)


def _runs_over(title: RowRuns, other: RowRuns) -> bool:
    if len(title) > 1:
        return False
    box, column = title[0].run.box, title[0].column
    return any(p.column != column and min(box.right, p.run.box.right) - max(box.left, p.run.box.left) > 2 for p in other)


def _rows_of_group(lines: list[RowRuns]) -> list[RowRuns]:
    anchors = _anchors(lines) if len(lines) > 1 else []
    if anchors:
        return _gathered(lines, anchors)
    if any(_is_valued(line) for line in lines) or _step(lines[0], lines[-1]) < 0.7 * _height(lines[0]) * (len(lines) - 1):
        return [[piece for line in lines for piece in line]]
    return lines


def _unwrapped(lines: list[RowRuns]) -> list[RowRuns]:
    """Rows of lines that all stand equally far apart."""
    limits = _limits([piece for line in lines for piece in line])
    rows: list[list[RowRuns]] = []
    for line in lines:
        if rows and _continues(rows[-1], line, limits):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [[piece for line in row for piece in line] for row in rows]


def row_steps(lines: list[RowRuns]) -> list[float]:
    """The steps between neighbouring lines that both hold values, and so are rows."""
    valued = [_is_valued(line) for line in lines]
    return [_step(lines[i], lines[i + 1]) for i in range(len(lines) - 1) if valued[i] and valued[i + 1]]


def _is_valued(line: RowRuns) -> bool:
    return len(line) > 1 and any(is_value(piece.run.text) for piece in line)


def row_pitch(steps: list[float]) -> float:
    """How far apart rows of one line stand: a step at the lower end; 0 when too few tell."""
    return sorted(steps)[len(steps) // 4] if len(steps) > 1 else 0.0


def _step(above: RowRuns, below: RowRuns) -> float:
    return _middle(below) - _middle(above)


def _middle(line: RowRuns) -> float:
    return median(piece.run.box.middle for piece in line)


def _height(line: RowRuns) -> float:
    return min(piece.run.box.height for piece in line)


def _by_column(line: RowRuns) -> dict[int, str]:
    texts: dict[int, str] = {}
    for piece in line:
        texts[piece.column] = f"{texts[piece.column]} {piece.run.text}" if piece.column in texts else piece.run.text
    return texts


def _anchors(lines: list[RowRuns]) -> list[int]:
    """Lines that begin rows of their own: those with a value in the column that has most of them; none when it is one row."""
    texts = [_by_column(line) for line in lines]
    filled: dict[int, list[int]] = {}
    for i, line in enumerate(texts):
        for column in line:
            filled.setdefault(column, []).append(i)
    values = {c: [i for i in at if is_value(texts[i][c])] for c, at in filled.items()}
    numeric = {c: at for c, at in values.items() if len(at) >= _MOSTLY * len(filled[c])}
    large = {c: at for c, at in numeric.items() if all(len(re.sub(r"\D", "", texts[i][c])) >= 3 for i in at)}
    repeated = [at for at in numeric.values() if len(at) > 1]
    worded = {i for c, at in filled.items() if c not in numeric for i in at}
    if not repeated or any(len(at) == 1 for at in large.values()) or (len(repeated) == 1 and not large):
        return []
    best = max(repeated, key=len)
    return best if len(worded) >= len(best) else []


def _gathered(lines: list[RowRuns], anchors: list[int]) -> list[RowRuns]:
    """A row for each anchor; other lines go to the anchor above, below or nearest, as the first and the last line tell."""
    rows: dict[int, RowRuns] = {i: [] for i in anchors}
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


def _limits(pieces: RowRuns) -> dict[int, float]:
    """How far text reaches in each column where at least two pieces reach about as far: there, lines wrap."""
    limits = {}
    for column in {p.column for p in pieces}:
        boxes = sorted((p.run.box for p in pieces if p.column == column), key=lambda b: -b.right)
        if len(boxes) > 1 and boxes[0].right - boxes[1].right <= 2 * boxes[0].height:
            limits[column] = boxes[0].right
    return limits


def _continues(row: list[RowRuns], line: RowRuns, limits: dict[int, float]) -> bool:
    """Whether `line` is the rest of cells that wrapped: its first word had no room above, or the two lines overlap."""
    if not 0 < _step(row[-1], line) <= 1.6 * _height(line):
        return False
    above = {p.column: p.run for earlier in row for p in earlier}
    if len({p.column for p in line}) == len(above) > 1:
        return False
    if not all(p.column in above and _may_follow(above[p.column], p.run) for p in line):
        return False
    return any(_wrapped(above[p.column], p.run, limits.get(p.column)) for p in line)


def _may_follow(above: TextRun, below: TextRun) -> bool:
    """Whether the cell above is a text, or a currency whose number went to the next line."""
    return not is_value(above.text) and (not is_value(below.text) or len(above.words) > 1 or is_currency(above.text))


def _wrapped(above: TextRun, below: TextRun, limit: float | None) -> bool:
    """Whether the first word below would have gone past the limit above; a title in capitals is no rest of a sentence."""
    if is_currency(above.text):
        return True
    if limit is None or abs(above.box.height - below.box.height) > 0.15 * above.box.height:
        return False
    if below.text.isupper() and not above.text.isupper():
        return False
    first = below.words[0].box
    return above.box.right + 0.2 * above.box.height + (first.right - first.left) > limit
