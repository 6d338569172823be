"""What documents are made of, lines and tables, collected in reading order into one sheet."""

import re

from monito_ray.errors import FileTooLarge
from monito_ray.isolation.limits import MAX_COLUMNS
from monito_ray.pipeline.cells import Merge, Sheet, TextLine
from monito_ray.pipeline.files.documents.document_table import Cell, Table, is_layout, join_continued_cells, rows_of
from monito_ray.pipeline.files.grid_builder import GridBuilder

#: Blanks that people type to reach the next column; two of them are a slip within a sentence.
_WIDE_GAP_CHARS = 3
_SPACES = re.compile(r"[^\S\n]+")
_WHITE_SPACE = re.compile(r"\s+")
#: Tables within tables within tables: what is nested deeper is text.
MAX_NESTED_TABLES = 6
#: Rows of a table that is a piece of a list, as where each offer has a table of its own.
_MOST_ROWS_OF_PIECE = 2
#: More lines than any list has; a document of nothing but short lines would fill the memory.
MAX_LINES = 1_000_000


class BlockCollector:
    """Collects a document's lines and tables, as a reader of its markup meets them.

    A row stays open until the next one begins or the table ends, and so does a cell: readers need not say where they end.
    """

    def __init__(self, file_name: str) -> None:
        self._sheet = _DocumentSheet(file_name)
        self._texts: list[str] = []
        self._tables: list[Table] = []
        #: The open cell of each open table.
        self._cells: list[Cell | None] = []
        self._too_deep = 0

    @property
    def is_in_cell(self) -> bool:
        """Whether text goes to a cell of a table."""
        return bool(self._cells) and self._cells[-1] is not None

    def add_text(self, text: str) -> None:
        """Go on with the line; a line feed in it ends the line."""
        first, *others = text.split("\n")
        self._texts.append(first)
        for line in others:
            self.end_line()
            self._texts.append(line)

    def add_gap(self) -> None:
        """Go on with the line behind a wide gap."""
        self._texts.append("\t")

    def add_space(self, lines: float) -> None:
        """Leave room of so many lines before the next line, as between paragraphs."""
        if not self._cells:
            self._sheet.add_space(lines)

    def end_line(self) -> None:
        """End the line, also an empty one."""
        typed = "".join(self._texts)
        line = wide_gaps_as_tabs(typed)
        self._texts.clear()
        if not self._cells:
            self._sheet.add_line(line, indent=len(typed) - len(typed.lstrip()))
        elif (cell := self._cells[-1]) is not None:
            cell.blocks.append(line)  # an empty one too: what stands beside it in another cell may have none

    def drop_line(self) -> None:
        """Forget the open line."""
        self._texts.clear()

    def break_line(self) -> None:
        """End the line if there is anything in it."""
        if self._texts:
            self.end_line()

    def add_row(self, cells: list[str]) -> None:
        """Add a row of cells outside of tables."""
        self.break_line()
        self._sheet.add_row(cells)

    def add_titles(self, titles: list[str]) -> None:
        """Add a row of titles that the document gives to the rows that follow, without showing them."""
        self.break_line()
        self._sheet.add_cells(titles)

    def start_table(self) -> None:
        """Begin a table, within the open cell if there is one."""
        self.break_line()
        if len(self._tables) >= MAX_NESTED_TABLES:
            self._too_deep += 1
            return
        self._tables.append(Table())
        self._cells.append(None)

    def start_row(self) -> None:
        """Begin a row of the table."""
        self.break_line()
        if self._tables and not self._too_deep:
            self._cells[-1] = None
            self._tables[-1].rows.append([])

    def start_cell(self, columns: int = 1, rows: int = 1) -> None:
        """Begin a cell of the row."""
        self.break_line()
        if not self._tables or self._too_deep:
            return
        cell = Cell(min(max(columns, 1), MAX_COLUMNS), min(max(rows, 1), MAX_COLUMNS))
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(cell)
        self._cells[-1] = cell

    def span_columns(self, columns: int) -> None:
        """Let the open cell span so many columns."""
        if self.is_in_cell and not self._too_deep:
            self._tables[-1].rows[-1][-1].columns = min(max(columns, 1), MAX_COLUMNS)

    def continue_cell_above(self) -> None:
        """Let the open cell be the lower part of the one above."""
        if self.is_in_cell and not self._too_deep:
            self._tables[-1].rows[-1][-1].continues = True

    def end_cell(self) -> None:
        """End the cell: text up to the next one belongs to none."""
        self.break_line()
        if self._cells and not self._too_deep:
            self._cells[-1] = None

    def end_table(self) -> None:
        """End the innermost table."""
        self.break_line()
        if self._too_deep:
            self._too_deep -= 1
        elif self._tables:
            table = self._tables.pop()
            self._cells.pop()
            join_continued_cells(table)
            if not self._cells:
                self._sheet.add_table(table)
            elif (cell := self._cells[-1]) is not None:
                cell.blocks.append(table)

    def to_sheet(self, name: str) -> Sheet:
        """Return the document as one sheet, whatever is still open being ended."""
        self.break_line()
        while self._tables:
            self.end_table()
        return self._sheet.to_sheet(name)


def wide_gaps_as_tabs(line: str) -> str:
    """Return `line` with one blank between words, and a tab where there is a tab or a run of blanks as wide as a column's gap."""
    line = line.strip()
    is_plain = line.isascii() and "  " not in line and "\t" not in line
    return line if is_plain else _SPACES.sub(_gap, line)


def _gap(match: re.Match[str]) -> str:
    spaces = match.group()
    return "\t" if "\t" in spaces or len(spaces) >= _WIDE_GAP_CHARS else " "


class _DocumentSheet:
    """The sheet that grows from the top: each line a row, split where tabs are, each row of a table a row."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._grid = GridBuilder(file_name)
        self._lines: list[TextLine] = []
        #: Lines so far, empty ones too, and the room between them.
        self._height = 0.0
        #: Rows and columns of the table above, while nothing has followed it.
        self._table_above: tuple[int, int] | None = None

    def add_space(self, lines: float) -> None:
        """Leave room of so many lines."""
        self._height += lines

    def add_line(self, line: str, column: int = 0, indent: int = 0) -> None:
        """Add a line that begins `indent` characters from the left; an empty one is only room between lines."""
        if line:
            self.add_row(line.split("\t"), column, indent)
        else:
            self._height += 1

    def add_row(self, cells: list[str], column: int = 0, indent: int = 0) -> None:
        """Add a row of cells, of which at least one is filled."""
        self._height += 1
        self.add_cells(cells)
        self._add_text_line("\t".join(filter(None, cells)), column, indent)

    def add_cells(self, cells: list[str]) -> None:
        """Add a row of cells that is no line."""
        self._leave_table()
        self._start_row()
        for text in cells:
            self._grid.append_cell(text, 1, 1)

    def add_table(self, table: Table, column: int = 0) -> None:
        """Add a table: its cells, or where it only arranges the page, what stands in them."""
        if is_layout(table):
            for row in table.rows:
                for index, cell in enumerate(row):
                    for block in cell.blocks:
                        self._add_block(block, column or index)
            return
        rows = rows_of(table)
        extent = len(rows), max((sum(cell.columns for cell in row) for row in rows), default=0)
        if self._table_above and not _go_on(self._table_above, extent):
            self._leave_table()
        for row in rows:
            self._add_table_row(row, column)
        self._table_above = extent

    def _add_table_row(self, row: list[Cell], column: int) -> None:
        self._start_row()
        self._height += 1
        texts = [_cell_text(cell) for cell in row]
        for cell, text in zip(row, texts, strict=True):
            self._grid.append_cell(text, cell.columns, cell.rows)
        line = "\t".join(_WHITE_SPACE.sub(" ", text) for text in texts).strip("\t")
        if line:
            self._add_text_line(line, column)

    def to_sheet(self, name: str) -> Sheet:
        """Return the sheet."""
        sheet = self._grid.to_sheet(name)
        return Sheet(name, sheet.rows, _inside(sheet), paged=True, lines=self._lines)

    def _add_block(self, block: str | Table, column: int) -> None:
        if isinstance(block, Table):
            self.add_table(block, column)
        else:
            self.add_line(block, column)

    def _leave_table(self) -> None:
        """Keep an empty row between a table and what follows."""
        if self._table_above:
            self._table_above = None
            self._start_row()

    def _start_row(self) -> None:
        self._grid.start_row(len(self._grid.rows))

    def _add_text_line(self, line: str, column: int, indent: int = 0) -> None:
        if len(self._lines) >= MAX_LINES:
            raise FileTooLarge(f"{self._file_name}: has more than {MAX_LINES:,} lines")
        right, top = float(indent + len(line)), self._height - 1.0
        self._lines.append(TextLine(len(self._grid.rows), line, float(indent), right, top, top + 1, column))


def _go_on(above: tuple[int, int], extent: tuple[int, int]) -> bool:
    """Whether a table goes on with the one right above: as wide, and one of both so low that it is a piece of a list, not one of its own."""
    return above[1] == extent[1] and min(above[0], extent[0]) <= _MOST_ROWS_OF_PIECE


def _inside(sheet: Sheet) -> tuple[Merge, ...]:
    """Return the merges of a sheet cut at its last row: a cell may claim more rows than its table has."""
    last = len(sheet.rows) - 1
    cut = (Merge(merge.top, merge.left, min(merge.bottom, last), merge.right) for merge in sheet.merges)
    return tuple(merge for merge in cut if (merge.top, merge.left) != (merge.bottom, merge.right))


def _cell_text(cell: Cell) -> str:
    """Return the text of a cell, line by line; a table within it is text, a row a line."""
    return "\n".join(filter(None, map(_block_text, cell.blocks)))


def _block_text(block: str | Table) -> str:
    if isinstance(block, str):
        return block.replace("\t", " ")
    rows = (" ".join(filter(None, (_WHITE_SPACE.sub(" ", _cell_text(cell)) for cell in row))) for row in block.rows)
    return "\n".join(filter(None, rows))
