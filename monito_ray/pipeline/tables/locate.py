"""Where the tables stand on a sheet, and what their columns hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from monito_ray.pipeline.cells import Sheet, Value, is_filled, text_of
from monito_ray.pipeline.tables.choice.priced_rows import is_clear_price
from monito_ray.pipeline.tables.headers import Header, find_headers, titled_rows
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable, layout_key, sample_table, with_columns
from monito_ray.pipeline.tables.shapes.block_tables import TableBlock, tables_of_block
from monito_ray.pipeline.tables.shapes.located_table import TABLE, LocatedTable, has_amount
from monito_ray.pipeline.tables.shapes.side_by_side import Block, propose_blocks
from monito_ray.pipeline.tables.shapes.turns import are_apart

#: Another division of a sheet is taken where it gives at least so many times the offers.
MORE_OFFERS = 1.15

__all__ = ["TABLE", "LocatedTable", "doubtful_table", "find_tables"]


def find_tables(
    sheet: Sheet, previous: LocatedTable | None = None, choices: Mapping[str, ColumnChoice] = MappingProxyType({})
) -> list[LocatedTable]:
    """Return the tables of a sheet, in the order of their rows, left before right.

    `previous` is the last table of the page or sheet before, whose columns go on where there is no header; `choices` settle the
    columns of tables that would be in doubt, by the keys of their layouts.
    """
    if not sheet.rows:
        return []
    width = len(sheet.rows[0])
    titled = titled_rows(sheet, 0, width)
    readings = (_read_blocks(sheet, blocks, titled, previous) for blocks in propose_blocks(sheet, width, titled))
    tables = [_settle_doubt(table, choices) if table.doubt else table for table in _best_reading(sheet, readings)]
    return sorted(tables, key=lambda table: (table.first, table.left))


def _read_blocks(sheet: Sheet, blocks: Sequence[Block], titled: Sequence[int], previous: LocatedTable | None) -> list[LocatedTable]:
    """Return the tables of a sheet that is divided into these blocks."""
    tables: list[LocatedTable] = []
    for left, right in blocks:
        own = titled if len(blocks) == 1 else _titled_rows_of(sheet, left, right, titled)
        before = _moved(tables, left, right) or previous
        tables += tables_of_block(TableBlock(sheet, left, right, before), find_headers(sheet, left, right, own))
    return tables


def _titled_rows_of(sheet: Sheet, left: int, right: int, titled: Sequence[int]) -> list[int]:
    """Return the rows that look like headers in a block of columns, and those headers of the whole sheet that name a price over it: "SEAFOOD | Rp"."""
    parts = [index for index in titled if _is_part_of_header(sheet.rows[index][left:right])]
    return sorted({*titled_rows(sheet, left, right), *parts})


def _is_part_of_header(row: Sequence[Value]) -> bool:
    return any(map(is_clear_price, row)) and not all(map(is_clear_price, filter(is_filled, row)))


def _moved(tables: Sequence[LocatedTable], left: int, right: int) -> LocatedTable | None:
    """Return a table of the columns `left` to `right` like the longest on their left that is as wide: a half without a header goes on with it.

    Blank columns behind the one on the left do not count.
    """
    width = right - left
    for table in sorted(tables, key=lambda table: table.first - table.last):
        if table.right - table.left >= width and not any(p.count for p in table.profiles[width:]):
            titles, profiles = table.titles[:width], table.profiles[:width]
            return replace(table, left=left, right=right, titles=titles, profiles=profiles, header=None, title="")
    return None


def _best_reading(sheet: Sheet, readings: Iterator[list[LocatedTable]]) -> list[LocatedTable]:
    """Return the first reading, or a later one that has clearly more offers in tables which are surely several."""
    best = next(readings)
    for reading in readings:
        offers, best_offers = (sum(map(len, _offer_rows(sheet, tables).values())) for tables in (reading, best))
        if offers >= MORE_OFFERS * best_offers and _are_several(sheet, best, reading):
            best = reading
    return best


def _are_several(sheet: Sheet, whole: Sequence[LocatedTable], reading: Sequence[LocatedTable]) -> bool:
    """Return whether tables side by side are several: each has a header or stands beside one, or none has and all are of one make or apart."""
    rows = list(_offer_rows(sheet, reading).items())
    if len(rows) < 2 or len(rows[0][0]) < 2:
        return False
    headers = [table.header for table in whole if table.header]
    if headers:
        titled = {(table.left, table.right) for table in reading if table.header}
        return all(block in titled or not _has_titles(headers, block) for block, _ in rows)
    widths = {(table.left, table.right): sum(p.count > 0 for p in table.profiles) for table in reading}
    return all(widths[left] == widths[right] or are_apart(a, b) for (left, a), (right, b) in pairwise(rows))


def _has_titles(headers: Sequence[Header], block: Block) -> bool:
    """Return whether headers of the whole sheet have a title over a block of columns."""
    return any(title.text for header in headers for title in header.titles[block[0] : block[1]])


def _offer_rows(sheet: Sheet, tables: Sequence[LocatedTable]) -> dict[Block, set[int]]:
    """Return the rows with words and an amount in each block of columns that has tables; names may be carried from above."""
    rows: dict[Block, set[int]] = {}
    for table in tables:
        offers = rows.setdefault((table.left, table.right), set())
        for index in range(table.first, table.last + 1):
            row = sheet.rows[index][table.left : table.right]
            if has_amount(row, table.roles) and (table.is_nameless or index - 1 in offers or _has_words(row)):
                offers.add(index)
    return rows


def doubtful_table(sheet: Sheet, table: LocatedTable) -> DoubtfulTable:
    """Return a table of `sheet` as a person or an LLM is asked about it."""
    rows = [[text_of(value) for value in sheet.rows[index][table.left : table.right]] for index in range(table.first, table.last + 1)]
    filled = [row for row in rows if sum(map(bool, row)) >= TABLE.fewest_filled]
    return replace(sample_table(sheet.name, table.titles, table.profiles, filled), left=table.left)


def _settle_doubt(table: LocatedTable, choices: Mapping[str, ColumnChoice]) -> LocatedTable:
    choice = choices.get(layout_key(table.titles, table.profiles))
    return replace(table, roles=with_columns(table.roles, choice)) if choice else table


def _has_words(row: Sequence[Value]) -> bool:
    return any(isinstance(value, str) and any(map(str.isalpha, value)) for value in row)
