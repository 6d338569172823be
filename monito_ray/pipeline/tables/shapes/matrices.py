"""Grids of prices: sizes, models or services stand over the columns, and each cell is an offer of its own.

Columns for quantities, buyers or days are no grid: they hold several prices of one thing.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from monito_ray.pipeline.cell_amounts import amounts_in_text
from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.prices import Convention
from monito_ray.pipeline.tables.column_relations import RELATIONS, factors_of
from monito_ray.pipeline.tables.number_series import deviation
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.role_evidence import SINGLE_ROLES
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.title_kinds import is_quantity_title, size_of_title
from monito_ray.pipeline.tables.titles import NO_TITLE, Title


@dataclass(frozen=True, slots=True)
class MatrixThresholds:
    """When columns make a grid; shares are 0 to 1. Set by trial on labelled lists and on bent ones of our own."""

    #: Share of amounts that a column of a grid needs, and of cells with words that it may have.
    amounts: float = 0.6
    most_words: float = 0.3
    #: Columns that make a grid by their sizes; by titles that say nothing known, as those of services do.
    fewest_sizes: int = 2
    fewest_unknown: int = 3
    #: Of many names over the columns of a grid that share may happen to read like a title of prices.
    priced_titles: float = 0.25
    #: Points that the best two columns with unknown titles need as columns of prices.
    price_floor: float = 0.1
    #: The middle amounts of such columns lie within this factor of each other.
    widest_ratio: float = 20.0
    #: More of a thing costs at least so many times as much, or the numbers are quantities from which a lower price holds.
    dearer: float = 1.05
    #: Prices of one thing differ by a discount: their ratio spreads less than that (log scale), and is at most so large.
    discount_spread: float = 0.04
    largest_discount: float = 2.0
    #: They are those of several places or days where it is nearly 1.
    same_price: float = 1.34
    #: There the ratio spreads less than that (log scale).
    place_spread: float = 0.12
    #: Of the pairs of columns that share may be prices of one thing, and the columns are a grid all the same.
    most_of_one_thing: float = 0.5
    #: Share of blank cells above which columns are no prices of one thing.
    most_empty: float = 0.1
    #: Rows that are looked at, evenly taken.
    rows: int = 200
    #: Rows with both prices that show a ratio.
    fewest_rows: int = 3
    #: With fewer words or more sizes the names of rows are none: the goods are called by the titles.
    fewest_words: float = 0.3
    most_sizes: float = 0.5


MATRIX = MatrixThresholds()
_SINGLE_ROLES = (*SINGLE_ROLES, "rival_name", "rival_price")
#: The amounts of columns, row by row, 0 where there is none.
_Amounts = Mapping[int, Sequence[float]]


def grid_kinds(titles: Sequence[Title], profiles: Sequence[ColumnProfile], roles: Roles, rows: Sequence[Sequence[Value]]) -> dict[int, str]:
    """Return the columns of a grid with what their offers are called besides the name of the row; {} where there is none.

    `rows` are those of the table, as wide as `titles`.
    """
    taken = {roles.name, *roles.more_name, roles.number, roles.sku, roles.brand, roles.category, roles.min_quantity}
    free = [c for c in range(len(titles)) if c not in taken or (c != roles.name and size_of_title(titles[c].text))]
    columns = [c for c in free if titles[c].text and _holds_amounts(profiles[c])]
    sized = sum(size_of_title(titles[c].text) is not None for c in columns)
    if sized < MATRIX.fewest_sizes and sum(not titles[c].is_clear for c in columns) < MATRIX.fewest_unknown:
        return {}
    sample = rows[:: max(1, len(rows) // MATRIX.rows)]
    amounts = {c: [_amount(row[c], profiles[c].decimals) for row in sample] for c in columns}
    return _sizes(titles, amounts) or _unknown_kinds(titles, profiles, amounts, is_nameless=not are_words(profiles[roles.name]))


def with_quantities(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> list[Title]:
    """Return the titles of a table; those of quantities over amounts name prices, two or more of them, or beside another price.

    So do sizes: where they make no grid, more of a thing is cheaper.
    """
    quantities = {
        c for c, title in enumerate(titles) if _holds_amounts(profiles[c]) and (is_quantity_title(title.text) or size_of_title(title.text))
    }
    has_price = any(title.role == "price" and title.is_clear for c, title in enumerate(titles) if c not in quantities)
    if not has_price and len(quantities) < MATRIX.fewest_sizes:
        return list(titles)
    if has_price:
        quantities = {c for c in quantities if is_quantity_title(titles[c].text)}
    return [
        replace(title, roles={"price": 1.0}, tier=2 if has_price and title.tier == 1 else title.tier) if c in quantities else title
        for c, title in enumerate(titles)
    ]


def are_words(p: ColumnProfile) -> bool:
    """Return whether the cells of a column say by themselves what a thing is, as sizes do not."""
    return p.words >= MATRIX.fewest_words and p.sizes <= MATRIX.most_sizes


def with_grid(roles: Roles, kinds: Mapping[int, str]) -> Roles:
    """Return the roles of a table whose prices are those of a grid; its columns lose their other roles."""
    columns = tuple(sorted(kinds))
    others: dict[str, Any] = {name: None for name in _SINGLE_ROLES if getattr(roles, name) in kinds}
    variants = tuple(column for column in roles.variants if column not in kinds)
    return replace(roles, prices=columns, variants=variants, **others)


def _sizes(titles: Sequence[Title], amounts: _Amounts) -> dict[int, str]:
    """Return the columns with sizes in their titles, unless they are quantities or a price without a size stands beside them."""
    sizes = {c: size for c in amounts if (size := size_of_title(titles[c].text))}
    if len({size.text for size in sizes.values()}) < max(MATRIX.fewest_sizes, len(sizes)):
        return {}
    has_plain_price = any(titles[c].role == "price" and titles[c].is_clear for c in amounts if c not in sizes)
    if has_plain_price and not any(titles[c].role == "price" for c in sizes):
        return {}
    measured = sorted((size.number, c) for c, size in sizes.items() if size.number is not None)
    pairs = [(a, b) for (small, a), (large, b) in combinations(measured, 2) if small < large]
    ratios = [ratio for a, b in pairs for ratio in _log_ratios(amounts[a], amounts[b])]
    if ratios and statistics.median(ratios) < math.log(MATRIX.dearer):
        return {}
    return {c: size.text for c, size in sizes.items()}


def _unknown_kinds(titles: Sequence[Title], profiles: Sequence[ColumnProfile], amounts: _Amounts, *, is_nameless: bool) -> dict[int, str]:
    """Return the columns with titles that say nothing known, where no title names a price and their amounts are those of several goods."""
    priced = [c for c in range(len(titles)) if titles[c].is_clear and titles[c].role in ("price", "cost")]
    if len(priced) > (MATRIX.priced_titles * len(amounts) if is_nameless else 0):
        return {}
    unknown = [c for c in amounts if (not titles[c].is_clear or c in priced) and any(map(str.isalpha, titles[c].text))]
    if not is_nameless:
        unknown = [c for c in unknown if not titles[c].roles and titles[c].tier == 1]
    unknown = [c for c in unknown if not profiles[c].running and factors_of(c, profiles) is None]
    if len(unknown) < MATRIX.fewest_unknown or len({titles[c].text for c in unknown}) < len(unknown):
        return {}
    points = sorted((price_score(NO_TITLE, profiles[c]).points for c in unknown), reverse=True)
    medians = [abs(profiles[c].median) for c in unknown]
    if points[1] < MATRIX.price_floor or max(medians) > MATRIX.widest_ratio * min(medians):
        return {}
    if is_nameless:
        return {c: titles[c].text for c in unknown}
    if _blank_share([amounts[c] for c in unknown]) > MATRIX.most_empty:
        return {c: titles[c].text for c in unknown}  # not each thing is sold in each kind
    pairs = list(combinations(unknown[: RELATIONS.most_columns], 2))
    of_one_thing = sum(_are_prices_of_one_thing(_log_ratios(amounts[a], amounts[b])) for a, b in pairs)
    return {} if of_one_thing > MATRIX.most_of_one_thing * len(pairs) else {c: titles[c].text for c in unknown}


def _blank_share(columns: Sequence[Sequence[float]]) -> float:
    """Return the share of cells without an amount in rows with one."""
    rows = [row for row in zip(*columns, strict=True) if any(row)]
    return sum(row.count(0) for row in rows) / (len(rows) * len(columns)) if rows else 0.0


def _are_prices_of_one_thing(ratios: Sequence[float]) -> bool:
    """Return whether one of two columns is the other less a discount, or the price of the same thing elsewhere, by their ratios."""
    if len(ratios) < MATRIX.fewest_rows:
        return False
    middle, spread = math.exp(abs(statistics.median(ratios))), deviation(ratios)
    return spread < (MATRIX.place_spread if middle < MATRIX.same_price else MATRIX.discount_spread) and middle < MATRIX.largest_discount


def _log_ratios(a: Sequence[float], b: Sequence[float]) -> list[float]:
    """Return how many times the amounts of one column are those of another, row by row (log scale)."""
    return [math.log(y / x) for x, y in zip(a, b, strict=True) if x > 0 and y > 0]


def _amount(value: Value, decimals: Convention | None) -> float:
    """Return the amount in a cell, 0 without any."""
    if isinstance(value, str):
        amounts = amounts_in_text(value.strip(), decimals) if value else ()
        return float(amounts[0].value) if amounts else 0.0
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) else 0.0


def _holds_amounts(p: ColumnProfile) -> bool:
    return p.count > 0 and p.money + p.blank_amounts * (p.money < 1) >= MATRIX.amounts and p.words <= MATRIX.most_words and bool(p.numbers)
