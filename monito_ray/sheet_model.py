"""Sheets as values: planned by the catalogue, drawn by the clients as a workbook or in a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import overload

_DEFAULT_WIDTH = 14.0

Cell = str | int | float | Decimal | date | None


class ColumnKind(StrEnum):
    """What a column holds, which decides how its cells are formatted."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    #: A change relative to what was before, shown in percent with its sign: 0.05 is +5.0 %.
    CHANGE = "change"


class CellMark(StrEnum):
    """Why a cell stands out from its neighbours."""

    #: The best of several.
    BEST = "best"
    #: From an old list.
    OUTDATED = "outdated"
    #: It may be wrong.
    SUSPICIOUS = "suspicious"
    #: A price that rose, or got dearer in another way.
    DEARER = "dearer"
    CHEAPER = "cheaper"
    #: What speaks to the reader: a sum, a refusal.
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Column:
    """A planned column."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    #: In characters of the standard font.
    width: float = _DEFAULT_WIDTH
    hidden: bool = False
    #: Shown when somebody points at the title.
    note: str = ""
    #: What a person may choose from in a cell; none = anything.
    choices: tuple[str, ...] = ()
    #: Whether people write here.
    is_input: bool = False
    #: Whether each cell has a ground by its number, red above 0 and green below.
    has_scale: bool = False
    #: Whether any amount is not whole; None = the cells say.
    has_decimals: bool | None = None


class ChartKind(StrEnum):
    """How a chart shows its numbers."""

    BARS = "bars"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Numbers of one column, each under the label beside it; rows are counted from 0 below the header."""

    name: str
    label_column: int
    value_column: int
    first_row: int
    last_row: int
    #: What all of it says, which has a color of its own.
    mark: CellMark | None = None


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """A chart of cells of its own sheet."""

    kind: ChartKind
    title: str
    series: tuple[ChartSeries, ...]
    #: The cell under its upper left corner, rows counted from 0 below the header.
    row: int
    column: int
    value_kind: ColumnKind = ColumnKind.NUMBER


#: The columns that may have cells, and the cells in them.
FilledRow = tuple[tuple[int, ...], tuple[Cell, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class SparseRows(Sequence[tuple[Cell, ...]]):
    """Rows of `width` cells of which most are empty, so that only the others are kept."""

    width: int
    filled: Sequence[FilledRow]

    def __len__(self) -> int:
        return len(self.filled)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return map(self._whole, self.filled)

    @overload
    def __getitem__(self, index: int) -> tuple[Cell, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> "SparseRows": ...

    def __getitem__(self, index: int | slice) -> "tuple[Cell, ...] | SparseRows":
        if isinstance(index, slice):
            return SparseRows(self.width, self.filled[index])
        return self._whole(self.filled[index])

    def _whole(self, row: FilledRow) -> tuple[Cell, ...]:
        cells: list[Cell] = [None] * self.width
        for column, cell in zip(*row, strict=True):
            cells[column] = cell
        return tuple(cells)


def filled_rows(rows: Sequence[tuple[Cell, ...]]) -> Iterable[FilledRow]:
    """Return rows without what is known to be empty."""
    if isinstance(rows, SparseRows):
        return rows.filled
    columns: dict[int, tuple[int, ...]] = {}
    return ((columns.setdefault(len(cells), tuple(range(len(cells)))), cells) for cells in rows)


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """A sheet as it shall be: rows under columns. Rows are counted from 0 below the header."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    #: Columns at the left that stay in view.
    frozen_columns: int = 1
    #: Cells that stand out, by row and column.
    marked: Mapping[int, Mapping[int, CellMark]] = field(default_factory=dict)
    #: Texts shown when somebody points at a cell, by (row, column).
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    charts: tuple[ChartPlan, ...] = ()
    #: Equal for equal rows, so that they need not be read: a sheet drawn earlier is used again. "" where nothing is said.
    version: str = ""


@dataclass(frozen=True, slots=True)
class _FieldStyle:
    kind: ColumnKind
    width: float


_FIELD_STYLES = {
    "original_name": _FieldStyle(ColumnKind.TEXT, 42),
    "standardized_name": _FieldStyle(ColumnKind.TEXT, 34),
    "brand": _FieldStyle(ColumnKind.TEXT, 16),
    "size": _FieldStyle(ColumnKind.NUMBER, 8),
    "unit": _FieldStyle(ColumnKind.TEXT, 7),
    "pack_count": _FieldStyle(ColumnKind.NUMBER, 12),
    "price_unit": _FieldStyle(ColumnKind.TEXT, 11),
    "category": _FieldStyle(ColumnKind.TEXT, 22),
    "price": _FieldStyle(ColumnKind.MONEY, 14),
    "price_tiers": _FieldStyle(ColumnKind.TEXT, 24),
    "currency": _FieldStyle(ColumnKind.TEXT, 10),
    "base_price": _FieldStyle(ColumnKind.MONEY, 14),
    "base_unit": _FieldStyle(ColumnKind.TEXT, 11),
    "min_quantity": _FieldStyle(ColumnKind.NUMBER, 14),
    "supplier": _FieldStyle(ColumnKind.TEXT, 24),
    "sku": _FieldStyle(ColumnKind.TEXT, 16),
    "list_date": _FieldStyle(ColumnKind.DATE, 12),
    "tax_note": _FieldStyle(ColumnKind.TEXT, 24),
    "source_file": _FieldStyle(ColumnKind.TEXT, 28),
    "source_sheet": _FieldStyle(ColumnKind.TEXT, 18),
    "source_row": _FieldStyle(ColumnKind.NUMBER, 12),
    "confidence": _FieldStyle(ColumnKind.SHARE, 12),
    "field_confidence": _FieldStyle(ColumnKind.TEXT, 24),
    "cells": _FieldStyle(ColumnKind.TEXT, 60),
    "reason": _FieldStyle(ColumnKind.TEXT, 20),
    "repeats": _FieldStyle(ColumnKind.TEXT, 28),
    "doubt": _FieldStyle(ColumnKind.TEXT, 40),
    "section": _FieldStyle(ColumnKind.TEXT, 28),
    "updated": _FieldStyle(ColumnKind.DATE, 12),
}
_DEFAULT_STYLE = _FieldStyle(ColumnKind.TEXT, _DEFAULT_WIDTH)


def record_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Return a column for each field name of a record, in the style of that field."""
    return tuple(
        Column(name, _FIELD_STYLES.get(name, _DEFAULT_STYLE).kind, _FIELD_STYLES.get(name, _DEFAULT_STYLE).width) for name in names
    )


#: A cell as the Sheets API has it: dates are days since 1899-12-30, "" is an empty cell.
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class ExistingSheet:
    """An existing sheet: grid size and cells, trailing blanks trimmed."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    cells: Sequence[Sequence[Scalar]] = ()

    def cell_at(self, row: int | None, column: int | None) -> Scalar:
        """Return a cell; "" beyond the end, and where row or column is None."""
        cells = self.row_at(row)
        return cells[column] if column is not None and column < len(cells) else ""

    def row_at(self, row: int | None) -> Sequence[Scalar]:
        """Return the cells of a row, trailing blanks trimmed; none beyond the end and for None."""
        return self.cells[row] if row is not None and row < len(self.cells) else ()


@dataclass(frozen=True, slots=True)
class CellBlock:
    """A rectangle of cells to write, with its upper left cell at `row`, `column`."""

    row: int
    column: int
    cells: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` empty rows or columns before the one at index `at`."""

    is_rows: bool
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class Deletion:
    """`count` rows or columns from index `at` on."""

    is_rows: bool
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """The format of a column from `first_row` on."""

    column: int
    kind: ColumnKind
    first_row: int
    has_decimals: bool = False
    #: Whether the column is new, so that its header, width and visibility are set too.
    is_new: bool = False
    width: float = _DEFAULT_WIDTH
    is_hidden: bool = False
    is_input: bool = False
    note: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEdit:
    """The changes that bring one sheet up to date, in the order of the fields."""

    sheet_id: int
    title: str
    #: Whether the sheet is to be added.
    is_new: bool = False
    #: Each in the coordinates that the one before it leaves.
    deletions: tuple[Deletion, ...] = ()
    frozen_rows: int = 1
    frozen_columns: int = 1
    #: The grid of a new sheet; growth at the ends of an existing one.
    more_rows: int = 0
    more_columns: int = 0
    #: Each in the coordinates that the one before it leaves.
    insertions: tuple[Insertion, ...] = ()
    #: Product ids and currencies of inserted rows. They show whether an insertion was made, so both go into one atomic request.
    keys: tuple[CellBlock, ...] = ()
    column_formats: tuple[ColumnFormat, ...] = ()
    #: May be written later, in any order, any number of times.
    blocks: tuple[CellBlock, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to change."""
        return not (
            self.is_new
            or self.deletions
            or self.more_rows
            or self.more_columns
            or self.insertions
            or self.keys
            or self.column_formats
            or self.blocks
        )
