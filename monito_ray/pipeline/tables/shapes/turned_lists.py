"""Lists that lie on their side: a row of names, and below it a row of prices, each with its title on the left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monito_ray.pipeline.cells import Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.tables.titles import NO_TITLE, Title, parse_title


@dataclass(frozen=True, slots=True)
class TurnedThresholds:
    """When a list lies on its side. Set on lists of our own; none of the labelled ones does."""

    #: A sheet with more rows is no such list.
    most_rows: int = 60
    #: Goods that one has.
    fewest_goods: int = 2
    #: Share of the goods with a price.
    priced_share: float = 0.5
    #: Share of names that read like titles ("Putih" counts in another language); "Item | Price | Stock" stands over an upright list.
    most_titles: float = 0.3


TURNED = TurnedThresholds()


def stand_upright(sheet: Sheet) -> Sheet:
    """Return a sheet with a list on its side turned, so that each of the goods has a row: all have the number of the row of prices.

    Other sheets are returned as they are.
    """
    if len(sheet.rows) > TURNED.most_rows or sheet.paged or sheet.lines or sheet.uncomputed:
        return sheet
    for block in _filled_blocks(sheet):
        column = next(c for c, value in enumerate(sheet.rows[block[0]]) if is_filled(value))
        price = _row_of_prices(sheet, block, column)
        if price is not None:
            return _turned(sheet, block, column, price)
    return sheet


def _filled_blocks(sheet: Sheet) -> list[range]:
    """Return the runs of rows that begin in the same column and have more than one filled cell."""
    starts = [_start(row) for row in sheet.rows]
    runs = [list(run) for start, run in groupby(range(len(starts)), key=lambda index: starts[index]) if start is not None]
    return [range(run[0], run[-1] + 1) for run in runs if len(run) > 1]


def _start(row: Sequence[Value]) -> int | None:
    """Return the first filled column of a row with several filled cells, None of others."""
    filled = [column for column, value in enumerate(row) if is_filled(value)]
    return filled[0] if len(filled) > TURNED.fewest_goods else None


def _row_of_prices(sheet: Sheet, block: range, column: int) -> int | None:
    """Return the row of prices of a block that lies on its side, None of others: titles stand on its left, and none beside them."""
    titles = {index: _title(sheet.rows[index][column]) for index in block}
    if not all(title.is_clear for title in titles.values()):
        return None
    names = [index for index, title in titles.items() if title.role == "name"]
    prices = [index for index, title in titles.items() if title.role == "price"]
    if len(names) != 1 or not prices:
        return None
    goods = [c for c in range(column + 1, len(sheet.rows[0])) if is_filled(sheet.rows[names[0]][c])]
    are_titles = sum(_title(sheet.rows[names[0]][c]).is_clear for c in goods) > TURNED.most_titles * len(goods)
    are_names = not are_titles and all(_is_name(sheet.rows[names[0]][c]) for c in goods)
    priced = sum(_is_price(sheet.rows[prices[0]][c]) for c in goods)
    return prices[0] if are_names and priced >= max(TURNED.fewest_goods, TURNED.priced_share * len(goods)) else None


def _title(value: Value) -> Title:
    return parse_title(text_of(value)) if isinstance(value, str) else NO_TITLE


def _is_name(value: Value) -> bool:
    """Return whether a cell has letters and is no amount."""
    return isinstance(value, str) and any(map(str.isalpha, value)) and parse_price(value) is None


def _is_price(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and parse_price(value) is not None)


def _turned(sheet: Sheet, block: range, column: int, price: int) -> Sheet:
    cells = [list(line) for line in zip(*(sheet.rows[index][column:] for index in block), strict=True)]
    goods = [line for line in cells if any(map(is_filled, line))]
    above, below = range(block[0]), range(block[-1] + 1, len(sheet.rows))
    width = max(len(sheet.rows[0]), len(block))
    rows = [*(sheet.rows[index] for index in above), *goods, *(sheet.rows[index] for index in below)]
    numbers = [*map(sheet.row_number, above), *[sheet.row_number(price)] * len(goods), *map(sheet.row_number, below)]
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return replace(sheet, rows=padded, merges=(), hidden=frozenset(), numbers=numbers, currencies={})
