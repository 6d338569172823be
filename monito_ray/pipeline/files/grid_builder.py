"""A sheet that is built cell by cell, with cells that span rows and columns."""

from dataclasses import dataclass, field

from monito_ray.errors import FileTooLarge
from monito_ray.isolation.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SPANNED_CELLS
from monito_ray.pipeline.cells import Merge, Sheet, Value


@dataclass(slots=True)
class GridBuilder:
    """Cells of one sheet, as a reader of markup meets them."""

    file_name: str
    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    #: Indexes of hidden rows.
    hidden: set[int] = field(default_factory=set)
    _row: int = -1
    #: The columns of each row that cells of rows above span.
    _spanned: dict[int, set[int]] = field(default_factory=dict)
    _cells: int = 0
    _spanned_cells: int = 0

    def start_row(self, row: int) -> None:
        """Go to the row of index `row`, the rows before it being empty where there are none yet."""
        self._row = row
        self._grow_row(0)

    def append_cell(self, value: Value, columns: int, rows: int) -> None:
        """Write `value` to the next free column of the row, over `columns` and `rows`."""
        if self._row < 0:
            self.start_row(0)
        spanned = self._spanned.get(self._row, set())
        column = len(self.rows[self._row])
        while column in spanned:
            column += 1
        self.write_cell(value, column, columns, rows)

    def write_cell(self, value: Value, column: int, columns: int, rows: int) -> int:
        """Write `value` at `column` of the row, over `columns` and `rows`, and return the column behind it."""
        if self._row < 0:
            self.start_row(0)
        self._grow_row(column + columns)
        self.rows[self._row][column] = value
        if columns > 1 or rows > 1:
            self._span(column, columns, rows)
        return column + columns

    def to_sheet(self, name: str) -> Sheet:
        """Return the sheet, all rows equally wide."""
        width = max(map(len, self.rows), default=0)
        if width * len(self.rows) > MAX_CELLS:
            self._refuse()
        rows = [row + [""] * (width - len(row)) for row in self.rows]
        return Sheet(name, rows, tuple(self.merges), frozenset(self.hidden))

    def _span(self, column: int, columns: int, rows: int) -> None:
        self.merges.append(Merge(self._row, column, self._row + rows - 1, column + columns - 1))
        rows_below = min(rows, MAX_COLUMNS) - 1
        self._spanned_cells += rows_below * columns
        if self._spanned_cells > MAX_SPANNED_CELLS:
            self._refuse()
        for below in range(self._row + 1, self._row + 1 + rows_below):
            self._spanned.setdefault(below, set()).update(range(column, column + columns))

    def _grow_row(self, width: int) -> None:
        missing_rows = max(0, self._row + 1 - len(self.rows))
        current_width = len(self.rows[self._row]) if not missing_rows else 0
        self._cells += missing_rows + max(0, width - current_width)
        if self._cells > MAX_CELLS or self._row >= MAX_ROWS:
            self._refuse()
        self.rows.extend([] for _ in range(missing_rows))
        row = self.rows[self._row]
        row.extend([""] * (width - len(row)))

    def _refuse(self) -> None:
        raise FileTooLarge(f"{self.file_name}: its table is larger than can be held")
