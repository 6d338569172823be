"""Where the tables stand on a sheet, and what their columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from monito_ray.pipeline.cells import Sheet, Value, column_letters, is_filled, is_number, text_of
from monito_ray.pipeline.tables.headers import Header, find_headers, titled_rows
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable, layout_key, sample_table, with_columns
from monito_ray.pipeline.tables.name_evidence import name_score
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_columns
from monito_ray.pipeline.tables.roles import Roles, assign_columns
from monito_ray.pipeline.tables.side_by_side import find_blocks
from monito_ray.pipeline.tables.titles import NO_TITLE, Title


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

    @property
    def doubt(self) -> str:
        """What else the columns may hold, where that is not clear."""
        roles = self.roles
        rivals = (("prices", roles.prices[0], roles.rival_price), ("names", roles.name, roles.rival_name))
        doubts = [
            f"column {self._letters(rival)} may hold the {what} as well as {self._letters(chosen)}"
            for what, chosen, rival in rivals
            if rival is not None
        ]
        if roles.cost_price is not None:
            doubts.append(f"column {self._letters(roles.cost_price)} may hold what the goods cost the seller")
        return " and ".join(doubts)

    def _letters(self, column: int) -> str:
        return column_letters(self.left + column)


@dataclass(frozen=True, slots=True)
class _TableBlock:
    """The columns `left` to `right` (excluded) of a sheet, and the last table of the page before."""

    sheet: Sheet
    left: int
    right: int
    previous: LocatedTable | None

    def row(self, index: int) -> Sequence[Value]:
        """Return the block's cells of a row."""
        return self.sheet.rows[index][self.left : self.right]

    def continues(self, table: LocatedTable | None) -> bool:
        """Whether the block has the columns of a table above it."""
        return table is not None and (table.left, table.right) == (self.left, self.right)

    def table(self, first: int, last: int, columns: LocatedTable) -> LocatedTable:
        """Return a table without a header on these rows, with the columns of another."""
        return LocatedTable(self.left, self.right, first, last, columns.titles, columns.roles, columns.profiles)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A header and the rows `first` to `last` below it, up to the next header."""

    header: Header
    first: int
    last: int


def find_tables(
    sheet: Sheet, previous: LocatedTable | None = None, choices: Mapping[str, ColumnChoice] = MappingProxyType({})
) -> list[LocatedTable]:
    """Return the tables of a sheet, in the order of their rows, left before right.

    `previous` is the last table of the page before, whose columns go on where a page has no header of its own; `choices` settle the
    columns of tables that would be in doubt, by the keys of their layouts.
    """
    if not sheet.rows:
        return []
    width = len(sheet.rows[0])
    tables: list[LocatedTable] = []
    titled = titled_rows(sheet, 0, width)
    for left, right in find_blocks(sheet, width, titled):
        own = titled if (left, right) == (0, width) else titled_rows(sheet, left, right)
        tables += _tables_of_block(_TableBlock(sheet, left, right, previous), find_headers(sheet, left, right, own))
    tables = [_settle_doubt(table, choices) if table.doubt else table for table in tables]
    return sorted(tables, key=lambda table: (table.first, table.left))


def doubtful_table(sheet: Sheet, table: LocatedTable) -> DoubtfulTable:
    """Return a table of `sheet` as a person or an LLM is asked about it."""
    rows = [[text_of(value) for value in sheet.rows[index][table.left : table.right]] for index in range(table.first, table.last + 1)]
    filled = [row for row in rows if sum(map(bool, row)) >= TABLE.fewest_filled]
    return sample_table(sheet.name, table.titles, table.profiles, filled)


def _settle_doubt(table: LocatedTable, choices: Mapping[str, ColumnChoice]) -> LocatedTable:
    choice = choices.get(layout_key(table.titles, table.profiles))
    return replace(table, roles=with_columns(table.roles, choice)) if choice else table


def _tables_of_block(block: _TableBlock, headers: Sequence[Header]) -> list[LocatedTable]:
    segments = _segments(headers, len(block.sheet.rows) - 1)
    tables = [table for group in _same_titles(segments) for table in _titled_tables(block, group)]
    if not tables:
        if any(map(_is_understood, headers)):
            return []  # the titles are understood, and none of them names a price
        return _headless_tables(block)
    with_table = {table.header.top for table in tables if table.header}
    tables += _continued_segments(tables, [segment for segment in segments if segment.header.top not in with_table])
    first_header = headers[0].top
    if first_header >= (1 if block.sheet.paged else TABLE.fewest_headless_rows):
        tables += _tables_above(block, first_header - 1, min(tables, key=lambda table: table.first))
    return tables


def _is_understood(header: Header) -> bool:
    """Return whether a header says what its table holds: by many clear titles, or by nothing but clear ones, the name's among them."""
    titles = [title for title in header.titles if title.text]
    clear = [title.role for title in titles if title.is_clear]
    return len(clear) >= TABLE.clear_titles or ("name" in clear and len(clear) == len(titles) >= TABLE.only_clear_titles)


def _segments(headers: Sequence[Header], last_row: int) -> list[_Segment]:
    """Return each header with the rows below it."""
    ends = [*(header.top - 1 for header in headers[1:]), last_row]
    return [_Segment(header, header.bottom + 1, end) for header, end in zip(headers, ends, strict=False)]


def _same_titles(segments: Sequence[_Segment]) -> list[list[_Segment]]:
    """Return the segments in groups whose headers name the same roles: their columns are looked at together."""
    groups: dict[tuple[str, ...], list[_Segment]] = {}
    for segment in segments:
        groups.setdefault(tuple(title.role for title in segment.header.titles), []).append(segment)
    return list(groups.values())


def _titled_tables(block: _TableBlock, group: Sequence[_Segment]) -> list[LocatedTable]:
    """Return a table for each segment of a group, none where no column can be the name or none the price."""
    rows = [block.row(index) for segment in group for index in range(segment.first, segment.last + 1)]
    profiles = profile_columns(rows, block.right - block.left)
    roles = assign_columns(_merged_titles([segment.header for segment in group]), profiles)
    if roles is None:
        return []
    return [
        LocatedTable(block.left, block.right, segment.first, segment.last, segment.header.titles, roles, profiles, segment.header)
        for segment in group
        if segment.last >= segment.first
    ]


def _merged_titles(headers: Sequence[Header]) -> tuple[Title, ...]:
    """Return the titles of headers that name the same roles: for each column the first that is not empty."""
    columns = zip(*(header.titles for header in headers), strict=True)
    return tuple(next((title for title in column if title.text), NO_TITLE) for column in columns)


def _continued_segments(tables: Sequence[LocatedTable], segments: Sequence[_Segment]) -> list[LocatedTable]:
    """Return tables of segments whose own header does not carry them: they go on with the columns of the table above."""
    continued: list[LocatedTable] = []
    for segment in segments:
        above = [table for table in tables if table.last < segment.header.top]
        if above and segment.last >= segment.first:
            nearest = max(above, key=lambda table: table.last)
            continued.append(replace(nearest, first=segment.first, last=segment.last, header=segment.header))
    return continued


def _tables_above(block: _TableBlock, last: int, table: LocatedTable) -> list[LocatedTable]:
    """Return the table of rows above the first header that are offers all the same: a page that goes on, a header in the middle.

    `last` is the row above that header, `table` the one below it.
    """
    for columns in (block.previous, table):
        if columns and block.continues(columns):
            fitting = [index for index in range(last + 1) if _fits(block.row(index), columns.roles)]
            if len(fitting) >= (1 if block.sheet.paged else TABLE.fewest_headless_rows):
                return [block.table(fitting[0], last, columns)]
    return []


def _headless_tables(block: _TableBlock) -> list[LocatedTable]:
    """Return the table of a block without a header: the columns of the page before, or what the cells say."""
    last = len(block.sheet.rows) - 1
    if block.previous and block.continues(block.previous) and _goes_on(block.sheet, block.previous):
        return [block.table(0, last, block.previous)]
    rows = [block.row(index) for index in range(last + 1)]
    goods = [row for row in rows if sum(map(is_filled, row)) >= TABLE.fewest_filled]
    if len(goods) < TABLE.fewest_headless_rows:
        return []
    profiles = profile_columns(goods, block.right - block.left)
    titles = (NO_TITLE,) * (block.right - block.left)
    roles = assign_columns(titles, profiles)
    if roles is None:
        return []
    fitting = [index for index, row in enumerate(rows) if _fits(row, roles)]
    filled = sum(any(map(is_filled, row)) for row in rows)
    if len(fitting) < max(TABLE.fewest_headless_rows, TABLE.priced_share * filled):
        return []
    return [LocatedTable(block.left, block.right, fitting[0], last, titles, roles, profiles)]


def _goes_on(sheet: Sheet, previous: LocatedTable) -> bool:
    """Return whether a page without a header has the columns of the page before: they fit its rows, and none fits much better."""
    goods = [row for row in sheet.rows if sum(map(is_filled, row)) >= TABLE.fewest_filled]
    if not goods or sum(_fits(row, previous.roles) for row in goods) < TABLE.rows_that_fit * len(goods):
        return False
    profiles = profile_columns(goods, previous.right)
    prices = [price_score(NO_TITLE, p) for p in profiles]
    names = [name_score(NO_TITLE, p) for p in profiles]
    price, name = prices[previous.roles.prices[0]], names[previous.roles.name]
    best_price, best_name = max(score.points for score in prices), max(score.points for score in names)
    return price.is_possible and price.points >= best_price - TABLE.behind_best and name.points >= best_name - TABLE.behind_best


def _fits(row: Sequence[Value], roles: Roles) -> bool:
    """Return whether a row has a name and an amount where the roles want them."""
    name, price = text_of(row[roles.name]), row[roles.prices[0]]
    if not any(map(str.isalpha, name)):
        return False
    if isinstance(price, str):
        return any(map(str.isdigit, price)) and sum(map(str.isalpha, price)) <= TABLE.most_letters
    return is_number(price)
