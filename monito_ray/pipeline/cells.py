"""What every file becomes before anything is understood: named sheets of cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta | None


def column_letters(column: int) -> str:
    """A column, counted from 0, as spreadsheets call it: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, a text file, or a page of a PDF.

    `rows` hold the cells as the file types them, empty ones as "" or None, all rows equally wide. `numbers[i]` is the number of
    `rows[i]` as a person sees it (empty: rows count from 1 without gaps). On a `paged` sheet (a PDF's page) rows have no number:
    offers count in running order. `hidden` holds the indexes of rows that the workbook hides, `currencies` those that the number formats of
    columns draw, by the column's index.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    merges: tuple[Merge, ...] = ()
    hidden: frozenset[int] = frozenset()
    numbers: Sequence[int] = ()
    paged: bool = False
    currencies: Mapping[int, str] = field(default_factory=dict)

    def row_number(self, index: int) -> int:
        """The row number that a person sees for `rows[index]`."""
        return self.numbers[index] if self.numbers else index + 1


def text_of(value: Value) -> str:
    """A cell as a person reads it: white space folded, 25500.0 as 25500, dates in ISO form, empty as ""."""
    if isinstance(value, str):
        if value.isalnum():
            return value
        folded = " ".join(value.split())
        return value if folded == value else folded  # a long list holds each text once
    if value is None or value is True or value is False:
        return "" if value is None else str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def is_number(value: Value) -> bool:
    """Whether a cell holds a typed number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_filled(value: Value) -> bool:
    """Whether a cell holds anything."""
    return value is not None and (not isinstance(value, str) or bool(value.strip()))
