"""Cells that look like amounts of money and belong to no role: outside of tables, or in columns that are taken for nothing."""

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from itertools import pairwise

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Value, column_letters, is_number, text_of
from monito_ray.pipeline.rows.certainty.line_amounts import amounts_read
from monito_ray.pipeline.rows.certainty.text_amounts import marked_amounts
from monito_ray.pipeline.rows.certainty.unread_cells import LONGEST_SHOWN, UnreadAmount, UnreadColumn
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.price_cells import amount_in
from monito_ray.pipeline.tables.column_relations import factors_of
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import NO_TITLE, Title

#: Cells of a column that are looked at; of a longer one every n-th, and each then counts n times.
CELLS_READ = 2_000
#: Columns without a role that may be sums of others: each is compared with all pairs of columns, and sheets can have thousands.
MOST_SUMS = 12
#: Fewer amounts in a column outside tables are remarks: a telephone number, a house number, a date. One with a currency counts always.
FEWEST_OUTSIDE = 3


@dataclass(slots=True)
class _FreeColumn:
    """Cells of a column that belong to no role: outside all tables, or in a column of a table that is taken for nothing."""

    column: int
    title: Title = NO_TITLE
    is_in_table: bool = False
    #: With the index of their rows.
    cells: list[tuple[int, Value]] = field(default_factory=list)


def unread_columns(sheet: SheetTables) -> Iterator[tuple[UnreadColumn, Sequence[UnreadAmount]]]:
    """Yield the columns of a sheet with amounts under no role and no title that says what else they are, and the cells that hold them."""
    columns = list(_free_columns(sheet))
    amounts = _amounts_by_row(sheet.lines, {index for free, _ in columns for index, _ in free.cells})
    for free, step in columns:
        unread, is_money = _unread_cells(free, amounts)
        if unread:
            place = sheet.sheet.name, column_letters(free.column)
            cells = [UnreadAmount(place[0], sheet.sheet.row_number(index), place[1], text[:LONGEST_SHOWN]) for index, text in unread]
            yield UnreadColumn(*place, free.title.text, len(unread) * step, is_money, cells[0].row, cells[-1].row), cells


def _amounts_by_row(lines: Sequence[OfferLine], rows: Container[int]) -> Mapping[int, frozenset[Decimal]]:
    """Return the amounts that were read of each of these rows."""
    amounts: dict[int, frozenset[Decimal]] = {}
    for line in lines:
        if line.at in rows and line.price is not None:
            amounts[line.at] = amounts.get(line.at, frozenset()) | amounts_read(line)
    return amounts


def _free_columns(sheet: SheetTables) -> Iterator[tuple[_FreeColumn, int]]:
    """Yield the columns that belong to no role, each with the number of cells that one of its cells stands for."""
    yield from _outside_columns(sheet)
    for table in sheet.tables:
        for column in _columns_without_role(table):
            step = max(1, (table.last - table.first + 1) // CELLS_READ)
            rows = range(table.first, table.last + 1, step)
            at = table.left + column
            cells = [(index, sheet.sheet.rows[index][at]) for index in rows]
            yield _FreeColumn(at, table.titles[column], is_in_table=True, cells=cells), step


def _outside_columns(sheet: SheetTables) -> Iterator[tuple[_FreeColumn, int]]:
    """Yield the cells outside of tables by columns; those of headers are titles."""
    rows, width = sheet.sheet.rows, len(sheet.sheet.rows[0]) if sheet.sheet.rows else 0
    ranges = list(_row_ranges(sheet.tables, len(rows), width))
    columns = {c: _FreeColumn(c) for c in range(width)}
    step = max(1, sum(end - first for first, end, free in ranges if free) // CELLS_READ)
    for first, end, free in ranges:
        for index in range(first, end, step) if free else ():
            row = rows[index]
            for c in free:
                if row[c] not in ("", None):
                    columns[c].cells.append((index, row[c]))
    yield from ((column, step) for column in columns.values() if column.cells)


def _row_ranges(tables: Sequence[LocatedTable], rows: int, width: int) -> Iterator[tuple[int, int, Sequence[int]]]:
    """Yield the rows between two edges of tables, first and end, with the columns that no table has there. Tables may be as many as rows."""
    waiting = deque(sorted(tables, key=_top))
    around: list[LocatedTable] = []
    bounds = sorted({0, rows, *(edge for table in tables for edge in (_top(table), table.last + 1))})
    for first, end in pairwise(bounds):
        while waiting and _top(waiting[0]) <= first:
            around.append(waiting.popleft())
        around = [table for table in around if first <= table.last]
        covered = {c for table in around for c in range(table.left, table.right)}
        yield first, end, [c for c in range(width) if c not in covered]


def _top(table: LocatedTable) -> int:
    return table.header.top if table.header else table.first


def _columns_without_role(table: LocatedTable) -> list[int]:
    """Return the columns of a table that are taken for nothing and whose title does not say what else they are."""
    taken = columns_with_role(table.roles)
    free = [c for c, p in enumerate(table.profiles) if c not in taken and p.count and p.money and not p.running]
    free = [c for c in free if not (table.titles[c].is_clear and table.titles[c].role not in ("", "price"))]
    sums = {c for c in free[:MOST_SUMS] if factors_of(c, table.profiles) is not None}
    return [c for c in free if c not in sums]


def columns_with_role(roles: Roles) -> set[int]:
    """Return the columns of a table that are taken for something; a rival of a chosen column is taken for nothing."""
    taken: set[int] = set()
    for one in fields(roles):
        columns = getattr(roles, one.name)
        if not one.name.startswith("rival_") and isinstance(columns, int | tuple):
            taken |= {columns} if isinstance(columns, int) else {c for c in columns if isinstance(c, int)}
    return taken


def _unread_cells(free: _FreeColumn, values: Mapping[int, frozenset[Decimal]]) -> tuple[list[tuple[int, str]], bool]:
    """Return the cells of a column that look like amounts and were not read, with their texts, and whether they are money beyond doubt."""
    profile = profile_column([value for _, value in free.cells])
    score = price_score(free.title, profile)
    is_titled = free.title.role == "price" and free.title.is_clear
    floor = PRICE_COLUMNS.titled_floor if is_titled else PRICE_COLUMNS.untitled_floor
    is_price_like = score.points >= floor and (free.is_in_table or len(profile.numbers) >= FEWEST_OUTSIDE)
    unread: list[tuple[int, str]] = []
    marked = 0
    for index, value in free.cells:
        amounts = _amounts_of(value, profile.decimals, takes_all=is_price_like)
        read = values.get(index, frozenset())
        if any(prices.rounded(amount.value) not in read for amount in amounts):
            unread.append((index, text_of(value)))
            marked += any(amount.currency for amount in amounts)
    return unread, bool(unread) and (is_titled or marked * 2 > len(unread))


def _amounts_of(value: Value, decimals: prices.Convention | None, *, takes_all: bool) -> list[prices.Amount]:
    """Return the amounts in a cell: it is one, or it has some with a currency within."""
    if is_number(value):
        amount = amount_in(value, None) if takes_all else None
        return [amount] if amount and amount.value > 0 else []
    text = text_of(value)
    amount = prices.parse_price_or_range(text, decimals)
    if amount and amount.value > 0 and (amount.currency or takes_all):
        return [amount]
    return [prices.Amount(value_within, "?") for value_within in marked_amounts(text)] if amount is None else []
