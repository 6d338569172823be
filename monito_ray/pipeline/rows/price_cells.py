"""The price cells of a table's rows: typed or in words, several amounts in one, one merged over several rows."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from monito_ray.pipeline import amount_factors, prices
from monito_ray.pipeline.cell_amounts import amount_before_remark, amounts_in_text, price_pair
from monito_ray.pipeline.cells import Sheet, Value, is_filled
from monito_ray.pipeline.price_remarks import without_word
from monito_ray.pipeline.rows.columns.price_signs import MOST_SIGNED, signs_of_column
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.roles import Roles

#: Larger numbers are no prices and do not fit the columns of `RawRow`.
_TOO_MUCH = 1e18
_NUMBERS_CACHED = 50_000
#: An amount below that share of the column's middle one is out of place; one within this factor of it is in place.
_OUT_OF_PLACE, _NEAR = 0.02, 20
#: In a table whose title says "thousands", amounts from here on in the middle are whole already.
_WHOLE_ALREADY = 10_000
#: Rows above a table's header in which a sentence may say that its prices are in thousands, and characters of it.
_HEAD_ROWS, _LONGEST_HEAD = 15, 120

#: Rows that are looked at for two prices in a cell, and different ones that are needed: two may fall by chance.
_ROWS_OF_PAIRS, _FEWEST_PAIRS = 300, 3
#: Rows that are looked at for signs beside amounts.
_ROWS_OF_SIGNS = 300

_quoted = json.encoder.encode_basestring


class PricedCell(NamedTuple):
    """A price cell with its amounts; the column is counted within the table."""

    column: int
    #: The price first; more where the cell holds several.
    amounts: tuple[prices.Amount, ...]

    @property
    def amount(self) -> prices.Amount:
        """The price."""
        return self.amounts[0]


class PriceCells:
    """Reads the price cells of one table."""

    def __init__(self, sheet: Sheet, table: LocatedTable) -> None:
        self._rows, self._left = sheet.rows, table.left
        self._columns = [(column, table.profiles[column].decimals) for column in table.roles.prices]
        #: What stands beside the amounts of columns whose currency is not known.
        self._words = {column: word for column, _ in self._columns if (word := table.profiles[column].currency_word)}
        #: Columns with two prices in a cell, the old one first.
        self._old_first = {column for column, decimals in self._columns if _are_old_and_new(sheet, table, column, decimals)}
        self._signs = {column: signs_of_column(_first_cells(sheet, table, column)) for column, _ in self._columns}
        self._factors = _factors(sheet, table)
        self._unclear = "" if self._factors else _unclear_remark(sheet, table)
        #: Above it the decimal mark of a column's texts may be trusted.
        self._small = {column: table.profiles[column].median * _OUT_OF_PLACE for column, decimals in self._columns if decimals}
        self._names = (table.left + table.roles.name, *(table.left + column for column in table.roles.variants))
        #: The row and column where a merged price cell stands, by each other row and column that it covers.
        self._merged = _covered_by_merges(sheet, table)
        self._profiles = table.profiles
        #: Whether columns are mostly below zero, as differences are, of those that were looked at.
        self._differences: dict[int, bool] = {}
        #: Quoted as in JSON: to write that by hand takes a third of the time.
        self._tier_titles = {column: _quoted(table.titles[column].text or f"price {n}") for n, column in enumerate(table.roles.prices, 1)}

    def of_row(self, index: int, row: Sequence[Value]) -> list[PricedCell]:
        """Return the cells of a row of the table that hold amounts, that of the main column first."""
        cells = []
        for column, decimals in self._columns:
            value = row[column]
            if self._merged and not is_filled(value):
                value = self._merged_value(index, column)
            if self._words and column in self._words:
                value = without_word(value, self._words[column])
            amounts = _amount_of_number(value) if type(value) is float else amounts_of(value, decimals)
            if not amounts and column in self._old_first and isinstance(value, str):
                amounts = price_pair(value, decimals)[1:]
            if amounts:
                if isinstance(value, str):
                    amounts = self._in_place(column, value, decimals, amounts)
                    if self._signs[column].is_negative(value):
                        amounts = tuple(amount._replace(value=-abs(amount.value)) for amount in amounts)
                if self._factors:
                    amounts = _multiplied(value, amounts, self._factors.get(column))
                cells.append(PricedCell(column, amounts))
        return cells

    def doubt_of(self, cell: PricedCell, text: str) -> str:
        """Return in words what is odd about how a cell's text was read, "" mostly."""
        if self._unclear:
            return f'above the table stands "{self._unclear}": the price may be meant a thousand times as high'
        if cell.amount.value > 0 and self._signs[cell.column].is_unclear(text):
            return _as_read(cell, text)
        small = self._small.get(cell.column, 0)
        if not small or self._factors or small <= cell.amount.value <= small / _OUT_OF_PLACE**2:
            return ""
        decimals = self._decimals(cell.column)
        is_odd = cell.amount.value > 0 and (
            _has_three_behind(text, decimals) if cell.amount.value < small else _has_one_group(text, decimals)
        )
        return _as_read(cell, text) if is_odd else ""

    def doubt_of_tiers(self, best: PricedCell, cells: Sequence[PricedCell]) -> str:
        """Return in words which other price of a row is below zero, so that it is left out, "" without one."""
        below = [cell for cell in cells if cell.column != best.column and cell.amount.value < 0]
        below = [cell for cell in below if not self._is_difference(cell.column)]
        if not below or best.amount.value <= 0:
            return ""
        title = json.loads(self._tier_titles[below[0].column])
        return f"{title}: {below[0].amount.value.normalize():f} is below zero and was left out"

    def _in_place(
        self, column: int, text: str, decimals: prices.Convention | None, amounts: tuple[prices.Amount, ...]
    ) -> tuple[prices.Amount, ...]:
        """Return the amounts with thousands for decimals where only that is about as much as the column's others: "41,500" among "95.000,00"."""
        small = self._small.get(column, 0)
        if not small or amounts[0].value >= small or not _has_three_behind(text, decimals):
            return amounts
        larger = amounts_of(text, prices.Convention.NEITHER)
        middle = small / _OUT_OF_PLACE
        return larger if larger and middle / _NEAR <= larger[0].value <= middle * _NEAR else amounts

    def _is_difference(self, column: int) -> bool:
        if column not in self._differences:
            numbers = self._profiles[column].numbers
            self._differences[column] = sum(number < 0 for number in numbers) > MOST_SIGNED * len(numbers)
        return self._differences[column]

    def _decimals(self, column: int) -> prices.Convention | None:
        return next((decimals for at, decimals in self._columns if at == column), None)

    def tiers(self, main: int, cells: Sequence[PricedCell]) -> str:
        """Return a row's other prices than the first of the column `main`, by their titles, as JSON; "" where there are none."""
        others: dict[str, str] = {}
        for column, amounts in cells:
            title = self._tier_titles[column]
            if column != main and amounts[0].value > 0:
                others[title] = _as_shown(amounts[0].value)
            for n, amount in enumerate(amounts[1:], start=2) if len(amounts) > 1 else ():
                if amount.value > 0:
                    others[_quoted(f"{json.loads(title)} {n}")] = _as_shown(amount.value)
        return f"{{{', '.join([f'{title}: {price}' for title, price in others.items()])}}}" if others else ""

    def _merged_value(self, index: int, column: int) -> Value:
        """Return the value of a merged cell for a row that it covers and that has a name of its own."""
        place = self._merged.get((index, column))
        if place is None or not any(is_filled(self._rows[index][name]) for name in self._names):
            return ""
        return self._rows[place[0]][self._left + place[1]]


def _are_old_and_new(sheet: Sheet, table: LocatedTable, column: int, decimals: prices.Convention | None) -> bool:
    """Whether cells of a column hold two prices each, the first of which is always the higher: what was asked, and what is."""
    if not table.profiles[column].marked:
        return False
    texts = {row[table.left + column] for row in sheet.rows[table.first : table.first + _ROWS_OF_PAIRS]}
    pairs = [pair for text in texts if isinstance(text, str) and (pair := price_pair(text, decimals))]
    return len(pairs) >= _FEWEST_PAIRS and all(first.value > second.value for first, second in pairs)


def _as_read(cell: PricedCell, text: str) -> str:
    return f"{text} was read as {cell.amount.value.normalize():f}"


def _first_cells(sheet: Sheet, table: LocatedTable, column: int) -> list[Value]:
    """Return the first cells of a column."""
    return [row[table.left + column] for row in sheet.rows[table.first : min(table.last + 1, table.first + _ROWS_OF_SIGNS)]]


def _has_three_behind(text: str, decimals: prices.Convention | None) -> bool:
    """Whether a text has three digits behind the column's decimal mark: they may be thousands."""
    if not decimals or decimals not in text:
        return False
    return any(len(digits) == 3 for digits in re.findall(rf"{re.escape(decimals)}(\d+)", text))  # of a thousand


def _has_one_group(text: str, decimals: prices.Convention | None) -> bool:
    """Whether a text has one mark of thousands alone: "1.500" among "2,75" may be 1.5."""
    return decimals is not None and len(re.findall(r"\d[.,]\d", text)) == 1 and decimals not in text.strip(".,")


def _factors(sheet: Sheet, table: LocatedTable) -> dict[int, Decimal]:
    """Return by what the amounts of price columns are multiplied, as their titles say, or else what stands above the table."""
    of_titles = {column: _factor_of_title(sheet, table, column) for column in table.roles.prices}
    of_list = Decimal(1) if any(factor != 1 for factor in of_titles.values()) else _factor_above(sheet, table)
    factors = {column: factor if factor != 1 else of_list for column, factor in of_titles.items()}
    return {column: factor for column, factor in factors.items() if factor != 1 and table.profiles[column].median < _WHOLE_ALREADY}


def _factor_of_title(sheet: Sheet, table: LocatedTable, column: int) -> Decimal:
    """Return the factor in a title, or in the cell below it where the title has a second line: "(x1000)"."""
    below = sheet.rows[table.first][table.left + column]
    text = below if isinstance(below, str) and not amounts_of(below, None) else ""
    return max(amount_factors.of_title(table.titles[column].text), amount_factors.of_title(text))


def _factor_above(sheet: Sheet, table: LocatedTable) -> Decimal:
    return next((factor for text in _texts_above(sheet, table) if (factor := amount_factors.of_remark(text)) != 1), Decimal(1))


def _unclear_remark(sheet: Sheet, table: LocatedTable) -> str:
    """Return a remark above a table of small amounts, or the title of the price, that may say that they are in thousands, "" without one."""
    price = table.roles.prices[0]
    if table.profiles[price].median >= _WHOLE_ALREADY:
        return ""
    if amount_factors.may_be_thousands(table.titles[price].text):
        return table.titles[price].text
    return next((text for text in _texts_above(sheet, table) if amount_factors.of_title(text) != 1), "")


def _texts_above(sheet: Sheet, table: LocatedTable) -> Iterator[str]:
    top = table.header.top if table.header else table.first
    yield from (
        value
        for row in sheet.rows[max(0, top - _HEAD_ROWS) : top]
        for value in row
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_HEAD
    )


def _multiplied(value: Value, amounts: tuple[prices.Amount, ...], factor: Decimal | None) -> tuple[prices.Amount, ...]:
    """Return the amounts of a cell times the factor of its column, unless it has a factor of its own: "25rb"."""
    if factor is None or (isinstance(value, str) and amount_factors.has_own(value)):
        return amounts
    return tuple(amount._replace(value=amount.value * factor) for amount in amounts)


def best_cell(cells: Sequence[PricedCell]) -> PricedCell | None:
    """Return the first cell with an amount that is not zero, else the first: a price below zero is none, whatever the other prices of its row."""
    for cell in cells:
        if cell.amounts[0].value:
            return cell
    return cells[0] if cells else None


def amount_in(value: Value, decimals: prices.Convention | None) -> prices.Amount | None:
    """Return the amount in a price cell, typed or text, the first of several; None where it holds none."""
    amounts = amounts_of(value, decimals)
    return amounts[0] if amounts else None


def amounts_of(value: Value, decimals: prices.Convention | None) -> tuple[prices.Amount, ...]:
    """Return the amounts in a price cell, typed or text, the price first; () where it holds none."""
    if type(value) is float:  # most cells of most lists
        return _amount_of_number(value)
    if isinstance(value, bool):
        return ()
    if isinstance(value, int | float):
        return _amount_of_number(value)
    if not isinstance(value, str) or not value or value.isspace():
        return ()
    amounts = amounts_in_text(value.strip(), decimals)
    if amounts:
        return amounts
    first = amount_before_remark(value, decimals)
    return (first,) if first else ()


@lru_cache(maxsize=_NUMBERS_CACHED, typed=True)
def _amount_of_number(value: float) -> tuple[prices.Amount, ...]:
    if isinstance(value, int):
        return (prices.Amount(Decimal(value)),)
    return (prices.Amount(Decimal(repr(value))),) if math.isfinite(value) and abs(value) < _TOO_MUCH else ()


def rows_in_cells(row: Sequence[Value], roles: Roles) -> Sequence[Sequence[Value]]:
    """Return the rows that one row of a table holds: several where name and price have as many lines each, one below the other."""
    name = row[roles.name]
    if not isinstance(name, str) or "\n" not in name:
        return (row,)
    lines = {c: [line.strip() for line in value.split("\n") if line.strip()] for c, value in enumerate(row) if isinstance(value, str)}
    count = len(lines[roles.name])
    if count < 2 or not any(len(lines.get(c, ())) == count and all(amounts_of(line, None) for line in lines[c]) for c in roles.prices):
        return [row]
    return [[lines[c][n] if len(lines.get(c, ())) == count else value for c, value in enumerate(row)] for n in range(count)]


def _covered_by_merges(sheet: Sheet, table: LocatedTable) -> dict[tuple[int, int], tuple[int, int]]:
    """Return where the merged cell stands that covers a price cell: above it, of a grid also left of it."""
    prices_at = {table.left + column: column for column in table.roles.prices}
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in sheet.merges:
        if merge.left not in prices_at or merge.bottom < table.first or merge.top > table.last:
            continue
        right = merge.right if table.kinds else merge.left
        columns = [prices_at[column] for column in range(merge.left, right + 1) if column in prices_at]
        places = ((row, column) for row in range(merge.top, merge.bottom + 1) for column in columns)
        covered |= dict.fromkeys(places, (merge.top, prices_at[merge.left]))
    return covered


@lru_cache(maxsize=_NUMBERS_CACHED)
def _as_shown(value: Decimal) -> str:
    """Return an amount as JSON, rounded as people see it."""
    shown = prices.rounded(value)
    whole = int(shown)
    return repr(whole if whole == shown else float(shown))
