"""A sheet as planned and not yet drawn: what the catalogue wants to show, whatever will show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Cell = str | int | float | Decimal | date | None


class ColumnKind(StrEnum):
    """What a column holds, and with it how its cells are drawn."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` is in characters of the standard font."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: float = 14
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """Rows under columns. `marked` holds the (row, column) places, counted from 0 below the header, that shall stand out."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    frozen_columns: int = 1
    marked: frozenset[tuple[int, int]] = frozenset()


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
    "cells": _FieldStyle(ColumnKind.TEXT, 60),
    "reason": _FieldStyle(ColumnKind.TEXT, 20),
    "repeats": _FieldStyle(ColumnKind.TEXT, 28),
    "doubt": _FieldStyle(ColumnKind.TEXT, 40),
    "updated": _FieldStyle(ColumnKind.DATE, 12),
}
_DEFAULT_STYLE = _FieldStyle(ColumnKind.TEXT, 14)


def record_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Columns titled by the field names of a record, each drawn as befits the field."""
    return tuple(
        Column(name, _FIELD_STYLES.get(name, _DEFAULT_STYLE).kind, _FIELD_STYLES.get(name, _DEFAULT_STYLE).width) for name in names
    )


Scalar = str | int | float | bool
"""A cell as it goes over the wire: dates are days since 1899-12-30, and "" is an empty cell."""


@dataclass(frozen=True, slots=True)
class ExistingSheet:
    """A sheet as it stands: the grid's size, and its cells less what is empty at the ends."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    cells: Sequence[Sequence[Scalar]] = ()

    def at(self, row: int | None, column: int | None) -> Scalar:
        """The cell there; "" beyond the end, and where one of the two is None."""
        cells = self.row(row)
        return cells[column] if column is not None and column < len(cells) else ""

    def row(self, row: int | None) -> Sequence[Scalar]:
        """The cells of a row, less what is empty at its end."""
        return self.cells[row] if row is not None and row < len(self.cells) else ()


@dataclass(frozen=True, slots=True)
class Block:
    """Cells to write, as long in every row, the upper left one at `row`, `column`."""

    row: int
    column: int
    cells: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Insertion:
    """Empty rows, or columns, that push those from `at` on aside."""

    is_rows: bool
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """How a column looks from `first_row` on; its header, width and hiding are seen to when it is `fresh`."""

    column: int
    kind: ColumnKind
    first_row: int
    has_decimals: bool = False
    is_fresh: bool = False
    width: float = 14
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEdit:
    """What is to change in one sheet, in this order.

    A new sheet is added with a grid of `more_rows` by `more_columns`; one that stands gets `insertions`, each in the coordinates
    that the one before it left, and grows by that much at its ends. Then `keys` are written: they tell an insertion that was made
    from one that was not, so both belong in one atomic request. `blocks` may follow at any time, in any order, any number of times.
    """

    sheet_id: int
    title: str
    is_new: bool = False
    frozen_rows: int = 1
    frozen_columns: int = 1
    more_rows: int = 0
    more_columns: int = 0
    insertions: tuple[Insertion, ...] = ()
    keys: tuple[Block, ...] = ()
    column_formats: tuple[ColumnFormat, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return not (
            self.is_new or self.more_rows or self.more_columns or self.insertions or self.keys or self.column_formats or self.blocks
        )
