"""Unread amounts, one by one and by columns."""

from dataclasses import dataclass

#: Characters of a cell that are shown.
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class UnreadAmount:
    """A cell that looks like an amount and was not read."""

    sheet: str
    #: As a person counts.
    row: int
    #: The letters of its column.
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class UnreadColumn:
    """The unread amounts of one column."""

    sheet: str
    column: str
    title: str
    #: How many there are, about: of a long column some cells are looked at.
    count: int
    #: Whether a currency beside them or a title of prices leaves no doubt that they are money.
    is_money: bool
    first_row: int
    last_row: int
