"""Table rows from lines of text that are already in columns: wrapped cells are joined, several rows between two rulings are separated."""

import re
from collections.abc import Sequence
from itertools import pairwise

from monito_ray.pipeline.pdf.geometry import bounding_box
from monito_ray.pipeline.pdf.text_lines import ColumnRuns, group_into_lines, has_value, is_value, line_height, line_step, texts_by_column
from monito_ray.pipeline.pdf.words import is_currency
from monito_ray.pipeline.pdf.wrapped_cells import join_wrapped_lines

#: A cell does not wrap to more lines than this; more lines between two rulings are several rows, when two of them have values.
_MAX_WRAPPED_LINES = 6
#: A column is numeric when at least this share of its filled lines are values.
_NUMERIC_SHARE = 0.7
#: Numbers of at least this many digits may be prices; shorter ones are running numbers, sizes and counts.
_MIN_PRICE_DIGITS = 3
#: Lines closer than this part of the distance between rows are one row; rows are spaced evenly to within a few per cent.
_SAME_ROW_PITCH = 0.92
#: Lines closer than this part of their height overlap: they are one row.
_OVERLAPPING_HEIGHTS = 0.7
#: Two lines of a cell whose distances to the row's values differ by less than this part of the height have the values at half their height.
_CENTERED_HEIGHTS = 0.3
#: Lines of one cell begin, end or have their middle within this many heights of each other; a wrapped line may be indented.
_SHARED_EDGE_HEIGHTS = 2
#: Lines of one cell stand nearer than this part of the distance between rows, in type that differs by at most this part of its height.
_NEARER_STEPS, _SAME_TYPE_HEIGHTS = 0.85, 0.05
#: Lines of one cell stand equally far apart, up to this factor.
_EVEN_STEPS = 1.1
#: This share of the lines below rows begins in small letters or digits where they are rests of cells.
_REST_SHARE = 0.6
#: A description is set in type that is smaller than that of the name by this factor.
_SMALLER_TYPE = 0.92
#: Boxes that share at most this many points of width do not stand over each other.
_OVERLAP_SLACK_PT = 2


def ruled_rows(runs: ColumnRuns) -> list[ColumnRuns]:
    """Return the rows between two rulings: a single one, unless values on several lines say otherwise."""
    lines = group_into_lines(runs)
    if len(lines) > _MAX_WRAPPED_LINES and sum(has_value(line) for line in lines) > 1:
        return unruled_rows(runs)
    anchors = _anchor_lines(lines) if len(lines) > 1 else []
    if anchors:
        return _gather_around(anchors, lines)
    return [runs] if runs else []


def unruled_rows(runs: ColumnRuns, pitch: float = 0, titled: frozenset[int] = frozenset()) -> list[ColumnRuns]:
    """Return the rows where nothing is ruled: lines that stand closer than rows do are one row, and so are lines that plainly wrapped.

    `pitch` is the distance between rows of one line in points; 0 lets these lines tell it. In the columns `titled` lines that stand alone
    are titles between the rows.
    """
    lines = _join_centered_values(group_into_lines(runs))
    closest = _SAME_ROW_PITCH * (pitch or row_pitch(row_steps(lines)) or step_to_next_row([lines]))
    groups: list[list[ColumnRuns]] = []
    for line in lines:
        if groups and _is_same_row(groups[-1][-1], line, closest):
            groups[-1].append(line)
        else:
            groups.append([line])
    if len(groups) < len(lines):
        return [row for group in groups for row in _rows_of_close_lines(group)]
    return join_wrapped_lines(_join_lines_above(lines), titled)


def row_steps(lines: list[ColumnRuns]) -> list[float]:
    """Return the distances between neighbouring lines that both hold values, and so are rows."""
    valued = [has_value(line) for line in lines]
    return [line_step(lines[i], lines[i + 1]) for i in range(len(lines) - 1) if valued[i] and valued[i + 1]]


def row_pitch(steps: list[float]) -> float:
    """Return the distance between rows of one line: the lower quartile of the steps, as some rows have more lines; 0 for fewer than two."""
    return sorted(steps)[len(steps) // 4] if len(steps) > 1 else 0.0


def step_to_next_row(blocks: Sequence[Sequence[ColumnRuns]]) -> float:
    """Return the least distance from the rest of a cell to the row below it, where such lines stand closer to the row above; else 0.

    It tells rows apart where nearly all cells of one column wrap, so that no two lines with values follow each other. Lines that begin
    as sentences do are descriptions, not rests.
    """
    pairs = [(above, line) for lines in blocks for above, line in pairwise(lines) if has_value(above) != has_value(line)]
    within = sorted(line_step(above, line) for above, line in pairs if has_value(above))
    to_next = [line_step(above, line) for above, line in pairs if has_value(line)]
    rests = [line for above, line in pairs if has_value(above) and line[0].run.text[:1].islower() | line[0].run.text[:1].isdigit()]
    if len(rests) < max(2, _REST_SHARE * len(within)) or len(to_next) < 2:
        return 0.0
    return min(to_next) if within[len(within) // 2] < _SAME_ROW_PITCH * min(to_next) else 0.0


def _join_centered_values(lines: list[ColumnRuns]) -> list[ColumnRuns]:
    """Join the lines of a cell that wrapped to an even number of lines with the row's values, which stand at half its height."""
    joined: list[ColumnRuns] = []
    i = 0
    while i < len(lines):
        reach = _lines_around(joined, lines, i) if has_value(lines[i]) else 0
        first = len(joined) - reach
        row = [*joined[first:], *lines[i : i + reach + 1]]
        joined[first:] = [_flatten(row)]
        i += reach + 1
    return joined


def _lines_around(above: list[ColumnRuns], lines: list[ColumnRuns], index: int) -> int:
    """Return how many lines above the line at `index` are matched by as many below it, each pair at the same distance."""
    reach = 0
    while reach < len(above) and index + reach + 1 < len(lines) and _encloses(above[-1 - reach], lines[index], lines[index + reach + 1]):
        reach += 1
    return reach


def _encloses(above: ColumnRuns, line: ColumnRuns, below: ColumnRuns) -> bool:
    """Whether two lines of one cell stand equally far above and below `line`, which has nothing in their column."""
    if len(above) > 1 or len(below) > 1 or above[0].column != below[0].column:
        return False
    if any(placed.column == above[0].column for placed in line):
        return False
    height = line_height(line)
    is_near = line_step(above, below) < 2 * _MAX_WRAPPED_LINES * height
    return is_near and abs(line_step(above, line) - line_step(line, below)) < _CENTERED_HEIGHTS * height


def _is_same_row(above: ColumnRuns, below: ColumnRuns, closest: float) -> bool:
    """Whether the lines stand closer than rows do, and neither is a header or a title that runs over the other's columns."""
    step = line_step(above, below)
    if step < _OVERLAPPING_HEIGHTS * line_height(below):
        return True
    if _is_header(above, below) or step >= closest or _describes(below, above) or _describes(above, below):
        return False
    return not _runs_over(above, below) and not _runs_over(below, above)


def _describes(text: ColumnRuns, row: ColumnRuns) -> bool:
    """Whether `text` is one text in smaller type near a name with values beside it: what describes goods on menus."""
    names = [placed.run.box.height for placed in row if placed.column == text[0].column]
    return len(text) == 1 and bool(names) and has_value(row) and text[0].run.box.height <= _SMALLER_TYPE * min(names)


def _is_header(above: ColumnRuns, below: ColumnRuns) -> bool:
    """Whether texts stand over all cells of a row, over its values too."""
    titles, cells = texts_by_column(above), texts_by_column(below)
    if len(cells) < 3 or not cells.keys() <= titles.keys():
        return False
    values = [column for column, text in cells.items() if is_value(text)]
    return len(values) > 1 and not any(is_value(titles[column]) or is_currency(titles[column]) for column in values)


def _runs_over(title: ColumnRuns, other: ColumnRuns) -> bool:
    """Whether `title` is one run and reaches over another column of `other`."""
    if len(title) > 1:
        return False
    box, column = title[0].run.box, title[0].column
    others = [placed.run.box for placed in other if placed.column != column]
    return any(min(box.right, cell.right) - max(box.left, cell.left) > _OVERLAP_SLACK_PT for cell in others)


def _rows_of_close_lines(lines: list[ColumnRuns]) -> list[ColumnRuns]:
    """Return the rows of lines that stand close together: by their values, all as one row, or each on its own when no line has a value."""
    if len(lines) > 1 and _is_out_of_line(lines[0], lines[1]):
        return [list(lines[0]), *_rows_of_close_lines(lines[1:])]
    anchors = _anchor_lines(lines) if len(lines) > 1 else []
    if anchors:
        return _gather_around(anchors, lines)
    overlap = line_step(lines[0], lines[-1]) < _OVERLAPPING_HEIGHTS * line_height(lines[0]) * (len(lines) - 1)
    if overlap or any(has_value(line) for line in lines):
        return [_flatten(lines)]
    return lines


def _is_out_of_line(title: ColumnRuns, below: ColumnRuns) -> bool:
    """Whether `title` is one run that shares no edge and no middle with the text below it in its column: lines of one cell share one."""
    under = [placed.run.box for placed in below if placed.column == title[0].column]
    if len(title) > 1 or not under or is_value(title[0].run.text):
        return False
    box, cell = title[0].run.box, bounding_box(under)
    offsets = (box.left - cell.left, box.right - cell.right, box.center_x - cell.center_x)
    return min(map(abs, offsets)) > _SHARED_EDGE_HEIGHTS * box.height


def _anchor_lines(lines: list[ColumnRuns]) -> list[int]:
    """Return the lines that begin rows of their own: those with a value in the column that has most of them; none for a single row.

    The only numbers are values of rows of their own when each has words beside it. It is a single row when a column has its only large number here (one price), when small numbers alone repeat in one column (sizes),
    or when fewer lines have words than would be rows.
    """
    texts = [texts_by_column(line) for line in lines]
    filled: dict[int, list[int]] = {}
    for i, line in enumerate(texts):
        for column in line:
            filled.setdefault(column, []).append(i)
    values = {column: [i for i in at if is_value(texts[i][column])] for column, at in filled.items()}
    numeric = {column: at for column, at in values.items() if len(at) >= _NUMERIC_SHARE * len(filled[column])}
    if len(numeric) == 1 and _stand_beside_words(texts, *numeric.items()):
        return next(iter(numeric.values()))
    prices = {column: at for column, at in numeric.items() if all(_digits(texts[i][column]) >= _MIN_PRICE_DIGITS for i in at)}
    repeated = [at for at in numeric.values() if len(at) > 1]
    if not repeated or any(len(at) == 1 for at in prices.values()) or (len(repeated) == 1 and not prices):
        return []
    worded = {i for column, at in filled.items() if column not in numeric for i in at}
    most = max(repeated, key=len)
    return most if len(worded) >= len(most) else []


def _stand_beside_words(texts: list[dict[int, str]], numbers: tuple[int, list[int]]) -> bool:
    """Whether the only numbers are several, and each has words on its own line: prices of one or two digits, below each other."""
    column, lines = numbers
    return len(lines) > 1 and all(any(other != column and text for other, text in texts[i].items()) for i in lines)


def _digits(text: str) -> int:
    return len(re.sub(r"\D", "", text))


def _gather_around(anchors: list[int], lines: list[ColumnRuns]) -> list[ColumnRuns]:
    """Return a row for each anchor line.

    A line above nothing but anchors is their title, a row of its own. Other lines go to the anchor above when the first line is an anchor
    (values at the top of their cells), to the anchor below when the last line is one, to the nearest when both are or none is.
    """
    if len(anchors) > 1 and anchors == list(range(1, len(lines))) and len(lines[0]) == 1:
        return [list(line) for line in lines]
    rows: dict[int, ColumnRuns] = {anchor: [] for anchor in anchors}
    begins, ends = anchors[0] == 0, anchors[-1] == len(lines) - 1
    for i, line in enumerate(lines):
        if begins and not ends:
            anchor = max(a for a in anchors if a <= i)
        elif ends and not begins:
            anchor = min(a for a in anchors if a >= i)
        else:
            anchor = min(anchors, key=lambda a: abs(_first_center(lines[a]) - _first_center(line)))
        rows[anchor] += line
    return list(rows.values())


def _first_center(line: ColumnRuns) -> float:
    return line[0].run.box.center_y


def _join_lines_above(lines: list[ColumnRuns]) -> list[ColumnRuns]:
    """Join lines that stand above a line with values, nearer to it than rows are to each other: its cell wrapped, the values stand below.

    A title stands as far above the first row as rows do above each other. The last row is measured by the cells that wrapped before it.
    """
    joined: list[ColumnRuns] = []
    wrapped_steps: list[float] = []
    for i, line in enumerate(lines):
        reach = _lines_of_cell_above(lines, i) if i and has_value(line) else 0
        step = line_step(lines[i - 1], line) if reach else 0.0
        if i == len(lines) - 1 and not any(step <= _EVEN_STEPS * other for other in wrapped_steps):
            reach = 0
        wrapped_steps += [step] if reach else []
        first = len(joined) - reach
        joined[first:] = [_flatten([*joined[first:], line])]
    return joined


def _lines_of_cell_above(lines: list[ColumnRuns], index: int) -> int:
    """Return how many lines above the one at `index` are the first part of a cell of its row."""
    steps = [line_step(above, below) for above, below in pairwise(lines[max(0, index - _MAX_WRAPPED_LINES) : index + 2])]
    below = steps.pop() if index + 1 < len(lines) else None
    reach = 0
    while (
        reach < len(steps) and steps[-1 - reach] <= _EVEN_STEPS * steps[-1] and _may_begin(lines[index - reach - 1], lines[index - reach])
    ):
        reach += 1
    around = [*steps[: len(steps) - reach][-1:], *([below] if below is not None else [])]
    return reach if reach and around and all(steps[-1] <= _NEARER_STEPS * step for step in around) else 0


def _may_begin(above: ColumnRuns, below: ColumnRuns) -> bool:
    """Whether `above` is one text that may go on in the line below: in its column, in its type, with an edge in common."""
    under = [placed.run.box for placed in below if placed.column == above[0].column]
    if len(above) > 1 or not under or is_value(above[0].run.text) or _is_out_of_line(above, below):
        return False
    return abs(under[0].height - above[0].run.box.height) <= _SAME_TYPE_HEIGHTS * under[0].height


def _flatten(lines: list[ColumnRuns]) -> ColumnRuns:
    return [placed for line in lines for placed in line]
