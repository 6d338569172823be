"""The tables that stand one below the other in a block of columns, with a header of their own or without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monito_ray.pipeline.cells import Sheet, Value, is_filled, text_of
from monito_ray.pipeline.tables.headers import Header, find_headers
from monito_ray.pipeline.tables.name_evidence import name_score
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_as_money, profile_columns
from monito_ray.pipeline.tables.roles import assign_columns
from monito_ray.pipeline.tables.shapes.column_reading import read_columns
from monito_ray.pipeline.tables.shapes.grid_headers import grid_header_rows
from monito_ray.pipeline.tables.shapes.located_table import TABLE, LocatedTable, has_amount, is_offer_row
from monito_ray.pipeline.tables.shapes.loose_titles import titles_over_numbers
from monito_ray.pipeline.tables.shapes.nameless import title_above
from monito_ray.pipeline.tables.shapes.repeated_columns import are_alike
from monito_ray.pipeline.tables.title_kinds import is_quantity_title, size_of_title
from monito_ray.pipeline.tables.titles import NO_TITLE, Title


@dataclass(frozen=True, slots=True)
class TableBlock:
    """The columns `left` to `right` (excluded) of a sheet, and the last table of the page or sheet before."""

    sheet: Sheet
    left: int
    right: int
    previous: LocatedTable | None

    def row(self, index: int) -> Sequence[Value]:
        """Return the block's cells of a row."""
        return self.sheet.rows[index][self.left : self.right]

    def continues(self, table: LocatedTable | None) -> bool:
        """Return whether the block has the columns of a table above it or on another sheet, blank ones behind them aside."""
        if table is None or table.left != self.left or table.right > self.right:
            return False
        return table.right == self.right or not any(is_filled(value) for row in self.sheet.rows for value in row[table.right : self.right])

    def table(self, first: int, last: int, columns: LocatedTable) -> LocatedTable:
        """Return a table without a header on these rows, with the columns of another."""
        return replace(columns, first=first, last=last, header=None, title="")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A header and the rows `first` to `last` below it, up to the next header."""

    header: Header
    first: int
    last: int


def tables_of_block(block: TableBlock, headers: Sequence[Header]) -> list[LocatedTable]:
    """Return the tables of a block below its headers, above the first one and without any."""
    segments = _segments(headers, len(block.sheet.rows) - 1)
    tables = [table for group in _same_titles(segments) for table in _titled_tables(block, group)]
    tables = tables or _tables_below_copies(block, segments)
    if not tables:
        last = _last_row_above_end(block, segments)
        if any(_is_understood(header) for header in headers if header.top <= last):
            return []  # the titles are understood, and none of them names a price
        return _grid_tables(block, last) or _headless_tables(block, last)
    with_table = {table.header.top for table in tables if table.header}
    tables += _continued_segments(tables, [segment for segment in segments if segment.header.top not in with_table])
    first_header = headers[0].top
    if first_header >= (1 if block.sheet.paged else TABLE.fewest_headless_rows):
        tables += _grid_tables(block, first_header - 1) or _tables_above(
            block, first_header - 1, min(tables, key=lambda table: table.first)
        )
    return tables


def _last_row_above_end(block: TableBlock, segments: Sequence[_Segment]) -> int:
    """Return the last row, of a page that ends with a header the one above it: that header says what the rows of the next page are."""
    last = len(block.sheet.rows) - 1
    return segments[-1].header.top - 1 if block.sheet.paged and segments and segments[-1].first > last else last


def _tables_below_copies(block: TableBlock, segments: Sequence[_Segment]) -> list[LocatedTable]:
    """Return a table for each segment whose titles read as those of the table before, with the columns of that one."""
    previous = block.previous
    if not previous or not block.continues(previous):
        return []
    texts = [title.text for title in previous.titles]
    return [
        replace(previous, first=segment.first, last=segment.last, header=segment.header, title="")
        for segment in segments
        if [title.text for title in segment.header.titles[: len(texts)]] == texts and segment.last >= segment.first
    ]


def _is_understood(header: Header) -> bool:
    """Return whether a header says what its table holds: by many clear titles, or by nothing but clear ones, the name's among them."""
    titles = [title for title in header.titles if title.text]
    clear = [title.role for title in titles if title.is_clear]
    return len(clear) >= TABLE.clear_titles or ("name" in clear and len(clear) == len(titles) >= TABLE.only_clear_titles)


def _segments(headers: Sequence[Header], last_row: int) -> list[_Segment]:
    """Return each header with the rows below it."""
    headers = _with_titles_above(headers)
    ends = [*(header.top - 1 for header in headers[1:]), last_row]
    return [_Segment(header, header.bottom + 1, end) for header, end in zip(headers, ends, strict=False)]


def _with_titles_above(headers: Sequence[Header]) -> list[Header]:
    """Return headers in which one of sizes alone has its other titles from the header above: "0,9 kg" under "Price", a name far left."""
    result: list[Header] = []
    for header in headers:
        above = result[-1].titles if result else ()
        if above and any(title.text for title in header.titles) and all(size_of_title(title.text) for title in header.titles if title.text):
            header = replace(header, titles=tuple(map(_size_under, header.titles, above)))  # noqa: PLW2901  # the same header, completed
        result.append(header)
    return result


def _size_under(size: Title, above: Title) -> Title:
    if not size.text:
        return above if above.role != "price" else NO_TITLE
    return replace(size, roles=size.roles | {"price": above.roles["price"]}) if "price" in above.roles else size


def _with_titled_money(
    titles: Sequence[Title], profiles: tuple[ColumnProfile, ...], rows: Sequence[Sequence[Value]]
) -> tuple[ColumnProfile, ...]:
    """Return the profiles, those of columns under clear titles of prices as columns of money, whatever their currency is called."""
    return tuple(
        profile_as_money([row[c] for row in rows], profile) if title.role == "price" and title.is_clear else profile
        for c, (title, profile) in enumerate(zip(titles, profiles, strict=True))
    )


def _same_titles(segments: Sequence[_Segment]) -> list[list[_Segment]]:
    """Return the segments in groups whose headers name the same roles and sizes: their columns are looked at together."""
    groups: dict[tuple[object, ...], list[_Segment]] = {}
    for segment in segments:
        groups.setdefault(tuple((title.role, size_of_title(title.text)) for title in segment.header.titles), []).append(segment)
    return list(groups.values())


def _titled_tables(block: TableBlock, group: Sequence[_Segment]) -> list[LocatedTable]:
    """Return a table for each segment of a group, none where no column can be the name or none the price."""
    rows = [block.row(index) for segment in group for index in range(segment.first, segment.last + 1)]
    profiles = profile_columns(rows, block.right - block.left)
    if block.sheet.paged:
        group = _over_their_cells(group, profiles)
    titles = _merged_titles([segment.header for segment in group])
    profiles = _with_titled_money(titles, profiles, rows)
    reading = read_columns(titles, profiles, rows)
    tables = [
        LocatedTable(
            block.left,
            block.right,
            segment.first,
            segment.last,
            _with_roles(segment.header.titles, reading.titles),
            reading.roles,
            profiles,
            segment.header,
            reading.kinds,
            reading.is_nameless,
            title_above(block.sheet, segment.header.top, block.left, block.right) if reading.is_nameless else "",
        )
        for segment in group
        if reading and segment.last >= segment.first
    ]
    return [table for table in tables if table.title or table.kinds or not table.is_nameless or _has_sections(block, table)]


def _over_their_cells(group: Sequence[_Segment], profiles: Sequence[ColumnProfile]) -> list[_Segment]:
    """Return segments of a page with each title over the cells that it names, where these stand in the column beside it.

    Short titles over long or right-aligned cells overlap with none of them, so that a page has a column for each.
    """
    titles = _merged_titles([segment.header for segment in group])
    bare = {c for c, title in enumerate(titles) if not title.text and profiles[c].count}
    moves: dict[int, int] = {}
    for column, title in enumerate(titles):
        beside = [c for c in (column - 1, column + 1) if c in bare and c not in moves.values()]
        if title.text and not profiles[column].count and len(beside) == 1:
            moves[column] = beside[0]
    return [replace(segment, header=replace(segment.header, titles=_moved(segment.header.titles, moves))) for segment in group]


def _moved(titles: Sequence[Title], moves: Mapping[int, int]) -> tuple[Title, ...]:
    moved = list(titles)
    for column, beside in moves.items():
        moved[beside], moved[column] = titles[column], NO_TITLE
    return tuple(moved)


def _has_sections(block: TableBlock, table: LocatedTable) -> bool:
    """Return whether the first filled row of a table is the title of a section."""
    rows = (block.row(index) for index in range(table.first, table.last + 1))
    first = next((texts for row in rows if (texts := [text_of(value) for value in row if is_filled(value)])), [])
    return len(first) == 1 and any(map(str.isalpha, first[0]))


def _with_roles(titles: Sequence[Title], understood: Sequence[Title]) -> tuple[Title, ...]:
    """Return titles with the roles of those that stand for them in a group of tables."""
    return tuple(
        replace(title, roles=other.roles, tier=other.tier) if title.text == other.text else title
        for title, other in zip(titles, understood, strict=True)
    )


def _grid_tables(block: TableBlock, last: int) -> list[LocatedTable]:
    """Return the grids and prices by quantity below headers that no vocabulary knows, down to the row `last`."""
    headers = find_headers(block.sheet, block.left, block.right, grid_header_rows(block.sheet, block.left, block.right, last))
    segments = _segments(headers, last) if headers else []
    return [table for segment in segments for table in _titled_tables(block, [segment]) if table.kinds or _has_quantities(table)]


def _has_quantities(table: LocatedTable) -> bool:
    return any(is_quantity_title(table.titles[column].text) for column in table.roles.prices)


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


def _tables_above(block: TableBlock, last: int, table: LocatedTable) -> list[LocatedTable]:
    """Return the table of rows above the first header that are offers all the same: a page that goes on, a header in the middle.

    `last` is the row above that header, `table` the one below it: what its titles say of units and packages does not hold above them.
    """
    for columns in (block.previous if block.sheet.paged else None, replace(table, titles=tuple(replace(t, text="") for t in table.titles))):
        if columns and block.continues(columns):
            fitting = [index for index in range(last + 1) if is_offer_row(block.row(index), columns.roles)]
            if len(fitting) >= (1 if block.sheet.paged else TABLE.fewest_headless_rows):
                return [block.table(fitting[0], last, columns)]
    return []


def _headless_tables(block: TableBlock, last: int) -> list[LocatedTable]:
    """Return the table of a block without a header, down to the row `last`: the columns of the page before, or what the cells say."""
    if block.previous and block.continues(block.previous) and _goes_on(block, last, block.previous):
        offers = (index for index in range(last + 1) if _fits(block.row(index), block.previous))
        return [block.table(0 if block.sheet.paged else next(offers, 0), last, block.previous)]
    rows = [block.row(index) for index in range(last + 1)]
    goods = [row for row in rows if sum(map(is_filled, row)) >= TABLE.fewest_filled]
    if len(goods) < TABLE.fewest_headless_rows:
        return []
    profiles = profile_columns(goods, block.right - block.left)
    titles = titles_over_numbers(rows, profiles)
    roles = assign_columns(titles, profiles)
    if roles is None:
        return []
    fitting = [index for index, row in enumerate(rows) if is_offer_row(row, roles)]
    filled = sum(any(map(is_filled, row)) for row in rows)
    if len(fitting) < max(TABLE.fewest_headless_rows, TABLE.priced_share * filled):
        return []
    return [LocatedTable(block.left, block.right, fitting[0], last, titles, roles, profiles)]


def _fits(row: Sequence[Value], table: LocatedTable) -> bool:
    """Return whether a row is an offer by the columns of a table."""
    return has_amount(row, table.roles) if table.is_nameless else is_offer_row(row, table.roles)


def _goes_on(block: TableBlock, last: int, previous: LocatedTable) -> bool:
    """Return whether a page or sheet without a header has the columns of the one before: they fit its rows, and none fits much better."""
    rows = map(block.row, range(last + 1))
    goods = [row for row in rows if sum(map(is_filled, row)) >= TABLE.fewest_filled]
    fitting = sum(_fits(row, previous) for row in goods)
    if not fitting:
        return False
    profiles = profile_columns(goods, previous.right - previous.left)
    if are_alike(previous.profiles, profiles):
        return True
    if fitting < TABLE.rows_that_fit * len(goods):
        return False
    prices = [price_score(NO_TITLE, p) for p in profiles]
    names = [name_score(NO_TITLE, p) for p in profiles]
    price, name = prices[previous.roles.prices[0]], names[previous.roles.name]
    best_price, best_name = max(score.points for score in prices), max(score.points for score in names)
    return price.is_possible and price.points >= best_price - TABLE.behind_best and name.points >= best_name - TABLE.behind_best
