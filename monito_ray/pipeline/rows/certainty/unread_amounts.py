"""What looks like an amount of money and ended in no row and in no known role: each is listed or counted, so that nothing is lost in silence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from monito_ray.pipeline.rows.certainty.line_amounts import unread_in_lines
from monito_ray.pipeline.rows.certainty.unread_cells import UnreadAmount, UnreadColumn
from monito_ray.pipeline.rows.certainty.unread_columns import unread_columns
from monito_ray.pipeline.rows.certainty.unread_text import unread_in_text
from monito_ray.pipeline.rows.offer_line import SheetTables

#: Unread amounts that are listed; the others are counted.
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class UnreadAmounts:
    """All that looks like money in a list and was not read."""

    #: The first `MOST_LISTED` of them.
    cells: tuple[UnreadAmount, ...] = ()
    columns: tuple[UnreadColumn, ...] = ()

    @property
    def count(self) -> int:
        """How many there are, about."""
        return sum(column.count for column in self.columns)

    @property
    def money_count(self) -> int:
        """How many of them are money beyond doubt, about."""
        return sum(column.count for column in self.columns if column.is_money)

    def __add__(self, other: "UnreadAmounts") -> "UnreadAmounts":
        return UnreadAmounts((*self.cells, *other.cells)[:MOST_LISTED], self.columns + other.columns)


def unread_outside(sheets: Sequence[SheetTables]) -> UnreadAmounts:
    """Return the unread amounts of columns without a role, and of rows outside of tables."""
    return _gather(chain.from_iterable(map(_unread_of_sheet, sheets)))


def _unread_of_sheet(sheet: SheetTables) -> Iterable[tuple[UnreadColumn, Sequence[UnreadAmount]]]:
    """Return the unread amounts of a sheet by its cells, or by its lines where its offers were read from running text."""
    if sheet.lines and not sheet.tables:
        return unread_in_text(sheet)
    return unread_columns(sheet)


def unread_within(sheets: Sequence[SheetTables]) -> UnreadAmounts:
    """Return the unread amounts of lines: prices that cannot be read, amounts in names."""
    return _gather(unread_in_lines([sheet for sheet in sheets if sheet.tables]))


def _gather(columns: Iterable[tuple[UnreadColumn, Sequence[UnreadAmount]]]) -> UnreadAmounts:
    pairs = list(columns)
    cells = chain.from_iterable(cells[:MOST_LISTED] for _, cells in pairs)
    return UnreadAmounts(tuple(cells)[:MOST_LISTED], tuple(column for column, _ in pairs))
