"""Amounts that stand in lines and were not read: in price cells that are no amount, and in the middle of names."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import column_letters, text_of
from monito_ray.pipeline.price_remarks import is_on_request
from monito_ray.pipeline.rows.certainty.text_amounts import marked_amounts
from monito_ray.pipeline.rows.certainty.unread_cells import LONGEST_SHOWN, UnreadAmount, UnreadColumn
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.tables.locate import LocatedTable

#: Names of a list that are looked at; of a longer one every n-th, and each then counts n times.
NAMES_READ = 2_000


def amounts_read(line: OfferLine) -> frozenset[Decimal]:
    """Return the price and the tiers of a line."""
    tiers = json.loads(line.price_tiers).values() if line.price_tiers else ()
    own = () if line.price is None else (line.price,)
    return frozenset((*own, *(prices.rounded(Decimal(repr(tier))) for tier in tiers)))


def is_unreadable(line: OfferLine) -> bool:
    """Return whether the price cell of a line holds digits that are no amount: "340/360"."""
    return line.price is None and not line.role and any(map(str.isdigit, line.price_text)) and not is_on_request(line.price_text)


def has_other_amount(line: OfferLine) -> bool:
    """Return whether a name holds an amount with a currency that is no price of its line."""
    return any(prices.rounded(amount) not in amounts_read(line) for amount in marked_amounts(line.name))


def unread_in_lines(sheets: Sequence[SheetTables]) -> Iterator[tuple[UnreadColumn, Sequence[UnreadAmount]]]:
    """Yield the unread amounts of each column of lines, with the cells that hold them."""
    step = max(1, sum(len(sheet.lines) for sheet in sheets) // NAMES_READ)
    for sheet in sheets:
        cells_by_place: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for line in sheet.lines:
            if is_unreadable(line):
                cells_by_place[_place(sheet, line, line.price_text)].append((line.at, line.price_text))
        for line in sheet.lines[::step]:
            if line.is_priced and has_other_amount(line):
                cells_by_place[_place(sheet, line, line.name)] += [(line.at, line.name)] * step
        for (letters, title), cells in cells_by_place.items():
            name, rows = sheet.sheet.name, [sheet.sheet.row_number(at) for at, _ in cells]
            column = UnreadColumn(name, letters, title, len(cells), is_money=True, first_row=rows[0], last_row=rows[-1])
            shown = dict(zip(rows, (text for _, text in cells), strict=True))
            yield column, [UnreadAmount(name, row, letters, text[:LONGEST_SHOWN]) for row, text in shown.items()]


def _place(sheet: SheetTables, line: OfferLine, text: str) -> tuple[str, str]:
    """Return the letters and the title of the column in which a text of a line stands; "" where no cell has all of it."""
    table = next(
        (table for table in sheet.tables if table.first <= line.at <= table.last and _column(sheet, table, line, text) is not None), None
    )
    if table is None:
        return "", ""
    column = _column(sheet, table, line, text) or 0
    return column_letters(table.left + column), table.titles[column].text


def _column(sheet: SheetTables, table: LocatedTable, line: OfferLine, text: str) -> int | None:
    row = sheet.sheet.rows[line.at][table.left : table.right]
    return next((column for column, value in enumerate(row) if text_of(value) == text), None)
