"""Headers whose titles are bare numbers: years of a history ("Item | 2025 | 2026"), or least quantities ("Product | 1 | 10 | 50")."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monito_ray.pipeline.cells import Value, is_filled, is_number, text_of
from monito_ray.pipeline.dates import FIRST_YEAR, LAST_YEAR
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.tables.titles import Title, parse_title


@dataclass(frozen=True, slots=True)
class NumberTitleThresholds:
    """When numbers are titles. Set on lists of our own; no row of the labelled ones is such a header."""

    #: The row stands among the first ones of the sheet and has so many numbers.
    first_rows: int = 40
    fewest: int = 2
    #: Fit of the title of names beside them: no goods are called "Item".
    name_fit: float = 1.0
    #: The first of several quantities is at most that.
    first_quantity: int = 100
    #: How well "price" fits such a title: as well as a date over a column of a history.
    price_fit: float = 0.4


NUMBER_TITLES = NumberTitleThresholds()


def are_numbers_as_titles(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether a row holds a title of names, and beside it years or growing quantities over amounts, and nothing else that is unknown."""
    numbers = {column: number for column, value in enumerate(row) if (number := number_of_title(value)) is not None}
    if len(numbers) < NUMBER_TITLES.fewest or not all(column < len(below) and _may_be_price(below[column]) for column in numbers):
        return False
    values = list(numbers.values())
    if not are_years(values) and not _are_quantities(values):
        return False
    titles = [parse_title(text_of(value)) for column, value in enumerate(row) if column not in numbers and is_filled(value)]
    is_named = any(title.role == "name" and title.strength >= NUMBER_TITLES.name_fit for title in titles)
    return is_named and all(title.is_clear for title in titles)


def number_of_title(value: Value) -> int | None:
    """Return the whole number, above zero, that a cell or a title is and nothing else; None for others."""
    if isinstance(value, str):
        bare = value.strip()
        return int(bare) if bare.isdecimal() and bare.isascii() and not bare.startswith("0") and len(bare) <= len("100000") else None
    return int(value) if is_number(value) and value > 0 and value == int(value) else None  # type: ignore[operator, arg-type]  # a number


def are_years(numbers: Sequence[int]) -> bool:
    """Return whether numbers are different years."""
    return all(FIRST_YEAR <= number <= LAST_YEAR for number in numbers) and len(set(numbers)) == len(numbers)


def _are_quantities(numbers: Sequence[int]) -> bool:
    """Return whether numbers grow; those that count evenly are days, weeks or places."""
    steps = {b - a for a, b in pairwise(numbers)}
    return numbers[0] <= NUMBER_TITLES.first_quantity and min(steps) > 0 and steps != {1}


def with_prices(titles: Sequence[Title]) -> tuple[Title, ...]:
    """Return the titles of such a header, the numbers among them as those of prices."""
    return tuple(
        replace(title, roles={"price": NUMBER_TITLES.price_fit}) if number_of_title(title.text) is not None else title for title in titles
    )


def _may_be_price(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and parse_price(value) is not None)
