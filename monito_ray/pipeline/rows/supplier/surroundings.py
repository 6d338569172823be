"""What stands around the tables of a list, where it speaks of itself."""

import itertools
import json
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from monito_ray.pipeline.cells import text_of
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

#: What is read of each sheet: rows outside tables, remarks within.
ROWS_OUTSIDE, REMARKS_READ = 80, 10
#: Lines at the end of a table that may be remarks.
REMARKS_BELOW = 3


def texts_around(sheet: SheetTables) -> Iterator[str]:
    """Yield the texts outside the tables of a sheet, the last remarks within, and the sheet's name."""
    yield from (text for row in _rows_outside(sheet) for text in row if text)
    yield from _remarks(sheet.lines)
    yield sheet.sheet.name


def rows_around(sheets: Sequence[SheetTables]) -> list[list[str]]:
    """Return the same texts of all sheets as rows of cells, in which "" is an empty one."""
    rows = ([*_rows_outside(sheet), *([text] for text in _remarks(sheet.lines)), [""], [sheet.sheet.name]] for sheet in sheets)
    return list(itertools.chain.from_iterable(rows))


def rows_at_head(sheets: Sequence[SheetTables]) -> list[list[str]]:
    """Return the rows outside the tables of all sheets, without those of titles of columns."""
    return [row for sheet in sheets for row in _rows_outside(sheet, besides=_header_rows(sheet))]


def _header_rows(sheet: SheetTables) -> set[int]:
    return {index for table in sheet.tables if table.header for index in range(table.header.top, table.first)}


def _rows_outside(sheet: SheetTables, besides: AbstractSet[int] = frozenset()) -> Iterator[list[str]]:
    rows = sheet.sheet.rows
    inside = {index for table in sheet.tables for index in range(table.first, table.last + 1)}
    if sheet.lines and not sheet.tables:  # running text: what stands between its offers describes them
        # Above the first offer stands the heading, though its first line, a firm, became the title of the offers.
        first = next((line for line in sheet.lines if line.is_priced), sheet.lines[0])
        inside = set(range(first.at, sheet.lines[-1].at + 1))
    outside = [index for index in range(len(rows)) if index not in inside and index not in besides][:ROWS_OUTSIDE]
    yield from ([text_of(value) for value in rows[index]] for index in outside)


def _remarks(lines: Sequence[OfferLine]) -> Iterator[str]:
    """Yield the last remarks within a table, and the texts without digits of its last lines: a remark may fill several cells."""
    yield from [line.name for line in lines if line.role][-REMARKS_READ:]
    for line in itertools.takewhile(lambda line: not line.is_priced, reversed(lines[-REMARKS_BELOW:])):
        text = " ".join(text for text in json.loads(line.cells or "[]") if text)
        if not line.role and not any(map(str.isdigit, text)):
            yield text
