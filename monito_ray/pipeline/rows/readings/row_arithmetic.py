"""Whether the amounts of a row fit one another: a quantity times a price is the sum beside them, a price with tax is as many times the price in every row.

Where that holds in nearly all rows of a table, it shows of each other row that one of its amounts is misread, and of those that fit that none is.
"""

import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.tables.shapes.located_table import LocatedTable


@dataclass(frozen=True, slots=True)
class ArithmeticThresholds:
    """When amounts of a table are computed from its prices."""

    #: Rows that show it, with another quantity than 0 and 1: of fewer it may be chance.
    fewest_rows: int = 6
    #: The share of the rows with these amounts in which it holds: a page that is read badly enough to break more of them proves nothing.
    right_share: float = 0.75
    #: Columns of amounts beside the price that are tried, the first ones: an order has a quantity, a discount, a tax and two sums.
    most_columns: int = 6
    #: Decimals of the factor of a tax: 1.11, 1.055.
    factor_decimals: int = 3


ARITHMETIC = ArithmeticThresholds()
_WHOLE, _CENT = Decimal(1), Decimal("0.01")

#: The amounts of a row, by column.
_Amounts = Mapping[int, Decimal]
#: Says of the amounts of a row whether they fit, None where one of them is missing.
_Check = Callable[[_Amounts], bool | None]


def rows_that_fit(sheet: SheetTables) -> dict[OfferLine, bool]:
    """Return of the priced rows of tables whose amounts are computed whether they fit; rows that lack one of them are left out."""
    return {line: fits for table in sheet.tables for line, fits in _of_table(sheet.lines, table)}


def _of_table(lines: Sequence[OfferLine], table: LocatedTable) -> Iterator[tuple[OfferLine, bool]]:
    rows = {line: _amounts(line, table) for line in lines if line.is_priced and table.first <= line.at <= table.last}
    price = table.roles.prices[0] if table.roles.prices else -1
    others = [column for column, profile in enumerate(table.profiles) if column != price and profile.numbers][: ARITHMETIC.most_columns]
    amounts_of = {column: [amounts[column] for amounts in rows.values() if column in amounts] for column in (price, *others)}
    steps = {column: _step(own) for column, own in amounts_of.items()}
    checks = [
        *(_sum_check(price, *pair, steps) for pair in permutations(others, 2)),
        *(_factor_check(price, one, [*rows.values()], steps) for one in others),
    ]
    proven = [check for check in checks if _holds(check, [*rows.values()], price, others)]
    for line, amounts in rows.items():
        results = [check(amounts) for check in proven]
        if any(fits is not None for fits in results):
            yield line, any(results)


def _amounts(line: OfferLine, table: LocatedTable) -> _Amounts:
    cells = json.loads(line.cells)
    parsed = {
        column: parse_price(text, table.profiles[column].decimals) for column, text in enumerate(cells[: len(table.profiles)]) if text
    }
    return {column: amount.value for column, amount in parsed.items() if amount is not None}


def _holds(check: _Check, rows: Sequence[_Amounts], price: int, others: Sequence[int]) -> bool:
    """Return whether a check is right in nearly all rows, and in enough rows of different prices."""
    results = [(fits, amounts[price]) for amounts in rows if (fits := check(amounts)) is not None]
    right = {amount for fits, amount in results if fits}
    return (
        bool(others) and len(right) >= ARITHMETIC.fewest_rows and sum(fits for fits, _ in results) >= ARITHMETIC.right_share * len(results)
    )


def _sum_check(price: int, quantity: int, total: int, steps: _Amounts) -> _Check:
    """Return whether `quantity` times `price` is `total`, to what rounding leaves."""

    def check(amounts: _Amounts) -> bool | None:
        if not {price, quantity, total} <= amounts.keys() or not amounts[quantity]:
            return None
        times, off = amounts[quantity], amounts[quantity] * amounts[price] - amounts[total]
        return abs(off) <= (steps[price] * times + steps[total]) / 2

    return check


def _factor_check(price: int, other: int, rows: Sequence[_Amounts], steps: _Amounts) -> _Check:
    """Return whether the larger of a column and the price is as many times the other as in the row in the middle, which is not once."""
    both = [amounts for amounts in rows if {other, price} <= amounts.keys() and amounts[price] and amounts[other]]
    is_less = bool(both) and statistics.median(amounts[other] / amounts[price] for amounts in both) < 1
    base, product = (other, price) if is_less else (price, other)
    factor = round(statistics.median(row[product] / row[base] for row in both), ARITHMETIC.factor_decimals) if both else _WHOLE

    def check(amounts: _Amounts) -> bool | None:
        if not {other, price} <= amounts.keys() or factor in (0, 1):
            return None
        return abs(amounts[base] * factor - amounts[product]) <= (steps[base] * factor + steps[product]) / 2

    return check


def _step(amounts: Sequence[Decimal]) -> Decimal:
    """Return what the amounts of a column were rounded to: "12.00" among prices with cents is no round 12."""
    return _WHOLE if all(amount == amount.to_integral_value() for amount in amounts) else _CENT
