"""Headers in words that no vocabulary knows: short texts over columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.tables.title_kinds import are_quantities_over_numbers, are_sizes_over_numbers


@dataclass(frozen=True, slots=True)
class GridHeaderThresholds:
    """What makes a row of unknown words a header; shares are 0 to 1. Set by trial on labelled lists and on bent ones of our own."""

    #: Texts that such a row has, none of them longer (characters), and all different, but for copies of all of them.
    fewest_texts: int = 3
    longest_text: int = 80
    most_copies: int = 12
    #: The first row of numbers stands at most so many rows below it; in so many rows numbers stand under that share of the texts, and ...
    reach: int = 3
    rows_below: int = 8
    numbers_below: float = 0.4
    #: ... under so many of them.
    fewest_numbers: int = 2


GRID_HEADERS = GridHeaderThresholds()


def grid_header_rows(sheet: Sheet, left: int, right: int, end: int) -> list[int]:
    """Return the rows of a block of columns, up to the row `end`, that stand as titles over columns of numbers, by their place alone."""
    rows = [row[left:right] for row in sheet.rows[: end + 1]]
    return [index for index in range(len(rows)) if _stands_over(rows, index)]


def _is_amount(value: Value) -> bool:
    """Return whether a cell is a number, or a text that is nothing but an amount, as in text files."""
    return is_number(value) or (
        isinstance(value, str) and value[-1:].isdigit() and not any(map(str.isalpha, value)) and parse_price(value) is not None
    )


def is_sequence(texts: Sequence[str]) -> bool:
    """Return whether texts differ all, or are copies of one sequence of different ones: tables side by side."""
    return any(_has_copies(texts, copies) for copies in range(1, GRID_HEADERS.most_copies + 1))


def period_of(texts: Sequence[str]) -> int:
    """Return the length of the sequence of different texts that is copied two times or more to the letter, 0 where none is."""
    copies = next((copies for copies in range(2, GRID_HEADERS.most_copies + 1) if _has_copies(texts, copies)), 0)
    return len(texts) // copies if copies else 0


def _has_copies(texts: Sequence[str], copies: int) -> bool:
    period, rest = divmod(len(texts), copies)
    return not rest and len(set(texts[:period])) == period >= GRID_HEADERS.fewest_texts and list(texts) == [*texts[:period]] * copies


def _stands_over(rows: Sequence[Sequence[Value]], index: int) -> bool:
    row, below = rows[index], rows[index + 1 : index + 1 + GRID_HEADERS.rows_below]
    if not below:
        return False
    if are_quantities_over_numbers(row, rows[index - 1] if index else (), below[0]):
        return True
    if any(map(_is_amount, row)):
        return False
    if are_sizes_over_numbers(row, below[0]):
        return True
    titles = {column: text_of(value) for column, value in enumerate(row) if is_filled(value)}
    if not is_sequence(list(titles.values())):
        return False
    if any(len(text) > GRID_HEADERS.longest_text or not any(map(str.isalpha, text)) or parse_price(text) for text in titles.values()):
        return False
    if not any(any(map(_is_amount, cells)) for cells in below[: GRID_HEADERS.reach]):
        return False
    numbers = sum(any(_is_amount(cells[column]) for cells in below) for column in titles)
    return numbers >= max(GRID_HEADERS.fewest_numbers, GRID_HEADERS.numbers_below * len(titles))
