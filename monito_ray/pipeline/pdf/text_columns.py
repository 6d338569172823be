"""Tables without rulings: blocks of lines that stand in the same columns, on one page or over several."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from monito_ray.pipeline.pdf import gutters
from monito_ray.pipeline.pdf.geometry import Box, bounding_box
from monito_ray.pipeline.pdf.pdf_table import PdfTable
from monito_ray.pipeline.pdf.row_grouping import row_pitch, row_steps, ruled_rows, step_to_next_row, unruled_rows
from monito_ray.pipeline.pdf.ruled_tables import MIN_TABLE_LINES
from monito_ray.pipeline.pdf.text_lines import ColumnRun, ColumnRuns, PageLine, cell_texts, group_into_lines, is_value
from monito_ray.pipeline.pdf.words import TextRun, is_currency, join_words
from monito_ray.pipeline.pdf.wrapped_cells import title_columns

#: Columns that this many lines agree on are settled: later lines are only compared with them, so that long lists take linear time.
_MAX_DECIDING_LINES = 300
#: Of more blocks the first ones decide whether titles stand between their rows.
_MOST_DECIDING_BLOCKS = 12
#: Lines with values that make text in columns a table.
_MIN_VALUED_LINES = 2
#: A gap of more than this many usual line steps, or text heights, parts two blocks.
_BLOCK_GAP_STEPS = 2.2
#: Horizontal rulings and edges of backgrounds part rows where there is at least one for this many lines.
_MAX_LINES_PER_SEPARATOR = 4
#: A value has at most this many words: a currency, digits in groups.
_MOST_VALUE_WORDS = 4
#: Lines with values decide the columns when they are this share of the lines from the first to the last of them.
_DECIDING_SHARE = 0.5
#: Of the lines with values those of so few cells, sums, decide no columns where the usual number of cells is so high.
_CELLS_OF_SUM, _FEWEST_CELLS = 2, 4
#: Edges of the same columns on two pages differ by at most about this: their texts are not equally long.
_RESEMBLING_PT = 25.0
#: Text that ends less than this many of its heights before the next column's edge may be that column's.
_NEXT_COLUMN_HEIGHTS = 2


@dataclass(slots=True)
class TextColumns:
    """The columns that lines share. Tables take their columns from here only when all lines of all pages are added."""

    lines: list[PageLine] = field(default_factory=list)
    edges: tuple[float, ...] = ()
    #: Distances in points between neighbouring rows with values.
    steps: list[float] = field(default_factory=list)
    #: The columns in which titles stand between the rows.
    titled: frozenset[int] = frozenset()
    #: The distance in points between rows of one line, or from the rest of a cell to the next row where all cells wrap; 0 where it is not known.
    pitch: float = 0.0
    _stops: frozenset[int] | None = None

    def is_beside(self, box: Box) -> bool:
        """Whether most of a block's width lies over the columns; else it stands in another column of the page."""
        shared = min(box.right, self.edges[-1]) - max(box.left, self.edges[0])
        return shared >= box.width / 2

    def resembles(self, edges: Sequence[float]) -> bool:
        """Whether other columns are as many and begin and end about where these do."""
        return len(edges) == len(self.edges) and all(
            abs(one - other) <= _RESEMBLING_PT for one, other in zip(edges, self.edges, strict=True)
        )

    def add_if_fitting(self, lines: Sequence[PageLine]) -> bool:
        """Whether `lines` and those so far agree on columns; they are added when they do, until enough lines have decided the columns."""
        if len(self.lines) > _MAX_DECIDING_LINES:
            return gutters.fits_columns(self.edges, _rows_with_values(lines))
        joint = [*self.lines, *lines]
        edges = gutters.find_column_edges(_deciding_rows(joint))
        if self.lines and not self._may_have(edges, lines):
            return False
        self.lines, self.edges = joint, edges
        return True

    def _may_have(self, edges: tuple[float, ...], lines: Sequence[PageLine]) -> bool:
        """Whether joint `edges` lose no column that either side has alone, and fit both sides."""
        alone = gutters.find_column_edges(_rows_with_values(lines))
        if len(edges) < max(len(self.edges), len(alone)):
            return False
        return gutters.fits_columns(edges, _rows_with_values(lines)) and gutters.fits_columns(edges, _rows_with_values(self.lines))

    def value_stops(self) -> frozenset[int]:
        """Return where values that stand apart begin and end, in whole points; to be asked when all lines are added."""
        if self._stops is None:
            values = [run.box for line in self.lines if len(line.runs) > 1 for run in line.runs if is_value(run.text)]
            self._stops = frozenset(round(x) for box in values for x in (box.left, box.right))
        return self._stops

    @property
    def is_table(self) -> bool:
        """Whether enough lines stand in several columns, and some have values."""
        wide = [line for line in self.lines if len(line.runs) > 1]
        valued = sum(_has_value(line.runs) for line in wide)
        return len(wide) >= MIN_TABLE_LINES and valued >= _MIN_VALUED_LINES


@dataclass(slots=True)
class TextBlock:
    """Lines of a page, outside of ruled tables, that follow each other closely."""

    lines: list[PageLine]
    box: Box
    #: The columns that its lines are in, if any.
    columns: TextColumns | None = None


def split_into_blocks(lines: Sequence[PageLine], tables: Sequence[PdfTable]) -> list[TextBlock]:
    """Return lines, which are ordered from the top, in blocks: parted by wide gaps and by ruled tables."""
    if not lines:
        return []
    steps = [below.box.center_y - above.box.center_y for above, below in pairwise(lines)]
    height = median(line.box.height for line in lines)
    widest = max(_BLOCK_GAP_STEPS * (median(steps) if steps else 0), _BLOCK_GAP_STEPS * height)
    groups = [[lines[0]]]
    for above, below in pairwise(lines):
        has_table_between = any(above.box.center_y < table.box.center_y < below.box.center_y for table in tables)
        if has_table_between or below.box.center_y - above.box.center_y > widest:
            groups.append([])
        groups[-1].append(below)
    return [TextBlock(group, bounding_box([line.box for line in group])) for group in groups]


def assign_columns_to(block: TextBlock, recent: Sequence[TextColumns]) -> TextColumns | None:
    """Give `block` the first of the `recent` columns that its lines fit, else columns of its own; return them.

    A block of lines with one run each has none.
    """
    if not any(len(line.runs) > 1 for line in block.lines):
        return None
    alone = gutters.find_column_edges(_rows_with_values(block.lines))
    nearby = [one for i, one in enumerate(recent) if one.is_beside(block.box) and (i == 0 or one.resembles(alone))]
    columns = next((one for one in nearby if one.add_if_fitting(block.lines)), None)
    if columns is None:
        columns = TextColumns()
        columns.add_if_fitting(block.lines)
    block.columns = columns
    columns.steps += row_steps([[ColumnRun(0, run) for run in line.runs] for line in block.lines])
    return columns


def learn_rows(columns: TextColumns, blocks: Sequence[TextBlock]) -> None:
    """Find how rows and titles between them stand, from the blocks that stand in `columns`, the first ones of many."""
    lines = [group_into_lines(_in_columns(block.lines, columns)) for block in blocks[:_MOST_DECIDING_BLOCKS]]
    columns.titled = title_columns(lines)
    columns.pitch = row_pitch(columns.steps) or step_to_next_row(lines)


def read_unruled_table(block: TextBlock, columns: TextColumns, separators: Sequence[float]) -> PdfTable:
    """Return the rows of a block; `separators` are the y of horizontal rulings and backgrounds, which part rows where there are enough."""
    edges = columns.edges
    width = len(edges) - 1
    inside = [y for y in separators if block.box.top < y < block.box.bottom]
    rows: list[ColumnRuns] = []
    if _MAX_LINES_PER_SEPARATOR * len(inside) >= len(block.lines):
        for lines, is_enclosed in _between_separators(block.lines, inside):
            runs = _in_columns(lines, columns)
            rows += ruled_rows(runs) if is_enclosed else unruled_rows(runs, columns.pitch, columns.titled)
    else:
        rows = unruled_rows(_in_columns(block.lines, columns), columns.pitch, columns.titled)
    return PdfTable(edges, block.box, [cell_texts(row, width) for row in rows], line_counts=[len(group_into_lines(row)) for row in rows])


def _rows_with_values(lines: Sequence[PageLine]) -> list[gutters.RunLine]:
    """Return the lines that have to stand in columns that fit: those with values, where there are any."""
    rows: list[gutters.RunLine] = [line.runs for line in lines if len(line.runs) > 1]
    return [row for row in rows if _has_value(row)] or rows


def _has_value(row: gutters.RunLine) -> bool:
    return any(is_value(run.text) for run in row)


def _deciding_rows(lines: Sequence[PageLine]) -> list[gutters.RunLine]:
    """Return the lines that decide the columns: those with values, and the others that stand in the columns of those.

    Addresses and remarks above and below a table do not, though they come in several parts, nor do sums below tables of many columns,
    whose words stand across these. Where few lines have values, all decide.
    """
    rows = [line.runs for line in lines if len(line.runs) > 1]
    valued = {i for i, row in enumerate(rows) if _has_value(row)}
    if len(valued) < max(MIN_TABLE_LINES, _DECIDING_SHARE * (max(valued) + 1 - min(valued) if valued else 0)):
        return list(rows)
    usual = median(len(rows[i]) for i in valued)
    sums = {i for i in valued if usual >= _FEWEST_CELLS and len(rows[i]) <= _CELLS_OF_SUM}
    sums = sums if len(valued - sums) >= MIN_TABLE_LINES else set()
    columns = gutters.find_columns([rows[i] for i in valued - sums])
    return [row for i, row in enumerate(rows) if i not in sums and (i in valued or gutters.stands_in(columns, row))]


def _between_separators(lines: Sequence[PageLine], separators: Sequence[float]) -> list[tuple[list[PageLine], bool]]:
    """Return lines grouped by the separators between them, and whether a separator stands above and below."""
    groups: list[list[PageLine]] = [[] for _ in range(len(separators) + 1)]
    for line in lines:
        groups[bisect_right(separators, line.box.center_y)].append(line)
    return [(group, 0 < i < len(separators)) for i, group in enumerate(groups) if group]


def _in_columns(lines: Sequence[PageLine], columns: TextColumns) -> ColumnRuns:
    stops = columns.value_stops()
    return [placed for line in lines for placed in _line_in_columns(line, columns.edges, stops)]


def _line_in_columns(line: PageLine, edges: tuple[float, ...], stops: frozenset[int]) -> ColumnRuns:
    """Return the line's runs with their columns; a line of one run that crosses columns is a title, in the column where it begins."""
    runs = [part for run in line.runs for part in _split_before_value(run, edges, stops)]
    if len(runs) == 1:
        box = line.box
        start = Box(box.left, box.top, min(box.left + gutters.CROSSING_SLACK_PT, box.right), box.bottom)
        return [ColumnRun(gutters.column_of(edges, start if gutters.crosses_edge(edges, box) else box), line.runs[0])]
    parts = [part for run in runs for part in gutters.split_at_gutters(run, edges)]
    columns = [gutters.column_of(edges, part.box) for part in parts]
    for i, (left, right) in enumerate(pairwise(parts)):
        if (
            columns[i] == columns[i + 1] < len(edges) - 2
            and columns[i] + 1 not in columns
            and not any(is_currency(part.text) for part in (left, right))
        ):
            is_apart = right.box.left - left.box.right > gutters.WIDE_GAP_HEIGHTS * right.box.height
            if is_apart and right.box.right > edges[columns[i] + 1] - _NEXT_COLUMN_HEIGHTS * right.box.height:
                # Two texts set apart are two cells, and the second one reaches the next column, which is empty.
                columns[i + 1] += 1
    return [ColumnRun(column, part) for column, part in zip(columns, parts, strict=True)]


def _split_before_value(run: TextRun, edges: tuple[float, ...], stops: frozenset[int]) -> list[TextRun]:
    """Return an overlong name and the value that it runs into apart.

    The value is another text object, begins or ends where values of other lines do, and ends in a column farther right than the name's.
    """
    for i in range(max(1, len(run.words) - _MOST_VALUE_WORDS), len(run.words)):
        if run.words[i].source == run.words[i - 1].source:
            continue
        name, value = join_words(list(run.words[:i])), join_words(list(run.words[i:]))
        is_aligned = any(round(x) + off in stops for x in (value.box.left, value.box.right) for off in (-1, 0, 1))
        end = Box(value.box.right - 1, value.box.top, value.box.right, value.box.bottom)
        if is_aligned and is_value(value.text) and gutters.column_of(edges, end) > gutters.column_of(edges, name.box):
            return [name, value]
    return [run]
