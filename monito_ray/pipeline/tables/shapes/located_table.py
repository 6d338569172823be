"""A located table: where it stands, and what its columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline.cells import Value, column_letters, is_number, text_of
from monito_ray.pipeline.tables.headers import Header
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class TableThresholds:
    """When rows are those of a table; shares are 0 to 1. Set by trial on labelled lists where no test is named."""

    #: Filled cells that a row of goods needs: a name and a price.
    fewest_filled: int = 2
    #: Rows with a name and a price that make a table without a header; on a page that goes on, one is enough.
    fewest_headless_rows: int = 3
    #: Share of rows with a name and a price, below which amounts are remarks beside a list without prices
    #: (held by tests/data/remarks_without_prices.json).
    priced_share: float = 0.05
    #: Clear titles that say, without one of prices, that a table has none (held by tests/data/stock_without_prices.json).
    clear_titles: int = 3
    #: ... and fewer of them, where the header has no others (held by tests/data/stock_of_two_titles.json).
    only_clear_titles: int = 2
    #: Share of a page's rows that fit the columns of the page before, where the page has no header of its own ...
    rows_that_fit: float = 0.5
    #: ... and how many points the columns of names and prices may be behind the best ones of the page.
    behind_best: float = 1.0
    #: The maximum number of letters next to the digits of a price: a currency, a unit.
    most_letters: int = 7


TABLE = TableThresholds()
#: Characters of a title that is shown.
LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A located table: the columns `left` to `right` (excluded) of the rows `first` to `last` (included), indexes both."""

    left: int
    right: int
    first: int
    last: int
    titles: tuple[Title, ...]
    roles: Roles
    profiles: tuple[ColumnProfile, ...]
    header: Header | None = None
    #: Of a grid: what the offers of each price column are called besides the name of their row.
    kinds: Mapping[int, str] = field(default_factory=dict)
    #: Its rows have no name of their own: they are called by its title, or that of their section, and their sizes.
    is_nameless: bool = False
    #: The title over a table without names.
    title: str = ""

    @property
    def doubt(self) -> str:
        """What else the columns may hold, where that is not clear."""
        roles = self.roles
        rivals = (("prices", roles.prices[0], roles.rival_price), ("names", roles.name, roles.rival_name))
        doubts = [self.say_rival(what, chosen, rival) for what, chosen, rival in rivals if rival is not None]
        if roles.cost_price is not None:
            doubts.append(f"column {self._letters(roles.cost_price)} may hold what the goods cost the seller")
        if roles.unsaid_price is not None:
            doubts.append(f"column {self._letters(roles.unsaid_price)} may hold no prices: no title says so, nor that there are names")
        return " and ".join(doubts)

    def say_rival(self, what: str, chosen: int, rival: int) -> str:
        """Return that another column may hold the "prices" or "names": "column D ('Now') may be the price instead of column C ('Was')"."""
        return f"column {self._called(rival)} may be the {what.removesuffix('s')} instead of column {self._called(chosen)}"

    def _called(self, column: int) -> str:
        title = " ".join(self.titles[column].text.split())[:LONGEST_TITLE]
        return f"{self._letters(column)} ({title!r})" if title else self._letters(column)

    def _letters(self, column: int) -> str:
        return column_letters(self.left + column)


def is_offer_row(row: Sequence[Value], roles: Roles) -> bool:
    """Return whether a row has a name and an amount where the roles want them."""
    return any(map(str.isalpha, "".join(text_of(row[column]) for column in (roles.name, *roles.more_name)))) and has_amount(row, roles)


def has_amount(row: Sequence[Value], roles: Roles) -> bool:
    """Return whether a row has an amount where the roles want a price."""
    return any(_looks_like_amount(row[column]) for column in roles.prices)


def _looks_like_amount(value: Value) -> bool:
    if isinstance(value, str):
        return any(map(str.isdigit, value)) and sum(map(str.isalpha, value)) <= TABLE.most_letters
    return is_number(value)
