"""Where the tables stand on a sheet, and what their columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from monito_ray.pipeline.cells import Sheet, Value, column_letters, is_filled, is_number, text_of
from monito_ray.pipeline.tables.headers import CLEAR_TITLE, Header, find_headers, titled_rows
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable, layout_key, sample_table, with_columns
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_column
from monito_ray.pipeline.tables.roles import IMPOSSIBLE, PRICE_FLOOR, Roles, assign_columns, name_score, price_score
from monito_ray.pipeline.tables.titles import Title, parse_title

NO_TITLE = Title("")
FEWEST_HEADLESS_ROWS = 3
PRICED_SHARE = 0.05
ROWS_OF_BLOCKS = 60
MIN_FILLED = 2
FEWEST_FILLED, LONG = 0.15, 5


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
        rivals = (("prices", self.roles.prices[0], self.roles.rival_price), ("names", self.roles.name, self.roles.rival_name))
        said = [
            f"column {column_letters(self.left + rival)} may hold the {what} as well as {column_letters(self.left + chosen)}"
            for what, chosen, rival in rivals
            if rival is not None
        ]
        return " and ".join(said)


def find_tables(
    sheet: Sheet, before: LocatedTable | None = None, told: Mapping[str, ColumnChoice] = MappingProxyType({})
) -> list[LocatedTable]:
    """The tables of a sheet, in the order of their rows, left before right.

    `before` is the last table of the page before, whose columns go on where a page has no header of its own; `told` says by the keys of
    their layouts what the columns of tables hold that would be in doubt.
    """
    if not sheet.rows:
        return []
    width = len(sheet.rows[0])
    tables: list[LocatedTable] = []
    titled = titled_rows(sheet, 0, width)
    for left, right in _blocks(sheet, width, titled):
        own = titled if (left, right) == (0, width) else titled_rows(sheet, left, right)
        tables += _block_tables(sheet, left, right, find_headers(sheet, left, right, own), before)
    tables = [_as_told(table, told) if table.doubt else table for table in tables]
    return sorted(tables, key=lambda table: (table.first, table.left))


def _as_told(table: LocatedTable, told: Mapping[str, ColumnChoice]) -> LocatedTable:
    known = told.get(layout_key(table.titles, table.profiles))
    return replace(table, roles=with_columns(table.roles, known)) if known else table


def doubtful_table(sheet: Sheet, table: LocatedTable) -> DoubtfulTable:
    """The layout of a table on `sheet`, as it is asked about."""
    rows = [[text_of(value) for value in sheet.rows[index][table.left : table.right]] for index in range(table.first, table.last + 1)]
    return sample_table(sheet.name, table.titles, table.profiles, [row for row in rows if sum(map(bool, row)) >= MIN_FILLED])


def _blocks(sheet: Sheet, width: int, titled: Sequence[int]) -> list[tuple[int, int]]:
    """Column ranges of tables that stand side by side: where the titles of a header repeat themselves from left to right."""
    for index in titled:
        starts = _repeats([(c, parse_title(text_of(value))) for c, value in enumerate(sheet.rows[index]) if is_filled(value)])
        if starts:
            starts = [_with_numbers(sheet, index, start) for start in starts]
            return list(zip([0, *starts[1:]], [*starts[1:], width], strict=True))
    return _blocks_by_evidence(sheet, width)


def _blocks_by_evidence(sheet: Sheet, width: int) -> list[tuple[int, int]]:
    """Side by side without titles: names and prices that take turns, the names of much the same make."""
    if width < 4:
        return [(0, width)]
    if sum(map(_has_long_texts, zip(*_some(sheet.rows), strict=True))) < 2:
        return [(0, width)]
    profiles = profile_columns(_some([row for row in sheet.rows if sum(map(is_filled, row)) >= 2]), width)
    kinds = [(c, kind) for c, p in enumerate(profiles) if (kind := _kind(p))]
    names = [c for i, (c, kind) in enumerate(kinds) if kind == "name" and i + 1 < len(kinds) and kinds[i + 1][1] == "price"]
    if len(names) < 2 or len(names) != sum(kind == "name" for _, kind in kinds):
        return [(0, width)]
    lengths = [profiles[c].length for c in names]
    if max(lengths) > 2.2 * min(lengths):
        return [(0, width)]
    starts = [_left_edge(kinds, profiles, name) for name in names]
    return list(zip([0, *starts[1:]], [*starts[1:], width], strict=True))


def _kind(p: ColumnProfile) -> str:
    if _holds_names(p):
        return "name"
    return "price" if p.filled >= FEWEST_FILLED and price_score(NO_TITLE, p) >= PRICE_FLOOR else ""


def _holds_names(p: ColumnProfile) -> bool:
    is_wordy = p.words > 0.8 and p.distinct > 0.6 and p.length > LONG
    return is_wordy and p.filled >= FEWEST_FILLED and p.units + p.sizes + p.codes < 0.3


def _has_long_texts(cells: Sequence[Value]) -> bool:
    """Whether a column could hold names, by what is quickly seen: of many sheets nearly none has two such columns."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    return sum(map(len, texts)) > LONG * len(texts)


def _some(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    return rows[:: max(1, len(rows) // ROWS_OF_BLOCKS)]


def _left_edge(kinds: list[tuple[int, str]], profiles: Sequence[ColumnProfile], name: int) -> int:
    """Where the block of a name column starts: with its running numbers, if it has them."""
    return name - 1 if name and profiles[name - 1].running and (name - 1, "price") not in kinds else name


def _repeats(titles: list[tuple[int, Title]]) -> list[int]:
    """Columns where each copy of a repeated title sequence starts, [] when it does not repeat or holds no price."""
    for copies in range(2, 7):
        period, rest = divmod(len(titles), copies)
        if rest or period < 2:
            continue
        first = [title for _, title in titles[:period]]
        if not any(title.role == "price" for title in first):
            continue
        others = [[title for _, title in titles[n * period : (n + 1) * period]] for n in range(1, copies)]
        if all(_alike(first, other) for other in others):
            return [titles[n * period][0] for n in range(copies)]
    return []


def _alike(first: Sequence[Title], other: Sequence[Title]) -> bool:
    same = sum(a.text.casefold() == b.text.casefold() or (a.role == b.role != "") for a, b in zip(first, other, strict=True))
    exact = sum(a.text.casefold() == b.text.casefold() for a, b in zip(first, other, strict=True))
    return same >= 0.75 * len(first) and exact >= 2


def _with_numbers(sheet: Sheet, header: int, start: int) -> int:
    """`start`, or the untitled column of running numbers just left of it."""
    if start == 0 or is_filled(sheet.rows[header][start - 1]):
        return start
    cells = [row[start - 1] for row in sheet.rows[header + 1 :] if is_filled(row[start - 1])]
    return start - 1 if cells and sum(map(is_number, cells)) >= 0.7 * len(cells) else start


def _block_tables(sheet: Sheet, left: int, right: int, headers: Sequence[Header], before: LocatedTable | None) -> list[LocatedTable]:
    last_row = len(sheet.rows) - 1
    ends = [*(header.top - 1 for header in headers[1:]), last_row][: len(headers)]
    segments = [(header, header.bottom + 1, end) for header, end in zip(headers, ends, strict=True)]
    groups: dict[tuple[str, ...], list[tuple[Header, int, int]]] = {}
    for segment in segments:
        groups.setdefault(tuple(title.role for title in segment[0].titles), []).append(segment)
    tables: list[LocatedTable] = []
    for group in groups.values():
        tables += _titled(sheet, left, right, group)
    found = {table.header.top for table in tables if table.header}
    orphans = [segment for segment in segments if segment[0].top not in found]
    if tables and orphans:
        tables += [adopted for segment in orphans if (adopted := _adopt(tables, segment))]
    start = min((header.top for header in headers), default=last_row + 1)
    if not tables and any(sum(title.strength >= CLEAR_TITLE for title in header.titles) >= 3 for header in headers):
        return []  # The titles are understood, and none of them is a price's.
    if not tables:
        return _headless(sheet, left, right, 0, last_row, before)
    if start >= FEWEST_HEADLESS_ROWS:
        tables += _ahead(sheet, left, right, start - 1, min(tables, key=lambda t: t.first), before)
    return tables


def _titled(sheet: Sheet, left: int, right: int, group: list[tuple[Header, int, int]]) -> list[LocatedTable]:
    rows = [sheet.rows[i][left:right] for _, first, last in group for i in range(first, last + 1)]
    profiles = profile_columns(rows, right - left)
    titles = _merged_titles([header for header, _, _ in group])
    roles = assign_columns(titles, profiles)
    if roles is None:
        return []
    return [
        LocatedTable(left, right, first, last, header.titles, roles, profiles, header) for header, first, last in group if last >= first
    ]


def _merged_titles(headers: list[Header]) -> tuple[Title, ...]:
    """The titles of headers that name the same roles; the first that says something counts."""
    return tuple(next((title for title in column if title.text), NO_TITLE) for column in zip(*(h.titles for h in headers), strict=True))


def _adopt(tables: list[LocatedTable], segment: tuple[Header, int, int]) -> LocatedTable | None:
    """A stretch whose own header does not carry it goes on with the columns of the table above."""
    header, first, last = segment
    above = [table for table in tables if table.last < header.top]
    if not above or last < first:
        return None
    table = max(above, key=lambda t: t.last)
    return LocatedTable(table.left, table.right, first, last, table.titles, table.roles, table.profiles, header)


def _ahead(sheet: Sheet, left: int, right: int, last: int, table: LocatedTable, before: LocatedTable | None) -> list[LocatedTable]:
    """Rows above the first header that are offers all the same: a page that goes on, a list with its header in the middle."""
    for candidate in (before, table):
        if candidate and candidate.right == right and candidate.left == left:
            fits = [i for i in range(last + 1) if _fits(sheet.rows[i][left:right], candidate.roles)]
            if len(fits) >= (1 if sheet.paged else FEWEST_HEADLESS_ROWS):
                return [LocatedTable(left, right, fits[0], last, candidate.titles, candidate.roles, candidate.profiles)]
    return []


def _headless(sheet: Sheet, left: int, right: int, first: int, last: int, before: LocatedTable | None) -> list[LocatedTable]:
    if before and before.right == right and before.left == left and _goes_on(sheet, before):
        return [LocatedTable(left, right, 0, last, before.titles, before.roles, before.profiles)]
    rows = [sheet.rows[i][left:right] for i in range(first, last + 1)]
    data = [row for row in rows if sum(map(is_filled, row)) >= 2]
    if len(data) < FEWEST_HEADLESS_ROWS:
        return []
    profiles = profile_columns(data, right - left)
    titles = (NO_TITLE,) * (right - left)
    roles = assign_columns(titles, profiles)
    if roles is None:
        return []
    fits = [i for i in range(first, last + 1) if _fits(sheet.rows[i][left:right], roles)]
    # Where nearly no row has an amount, it is a remark beside a list without prices.
    if len(fits) < max(FEWEST_HEADLESS_ROWS, PRICED_SHARE * sum(any(map(is_filled, row)) for row in rows)):
        return []
    return [LocatedTable(left, right, fits[0], last, titles, roles, profiles)]


def _goes_on(sheet: Sheet, before: LocatedTable) -> bool:
    """Whether a page without a header has the columns of the page before: they fit its rows, and none fits much better."""
    data = [row for row in sheet.rows if sum(map(is_filled, row)) >= 2]
    if not data or sum(_fits(row, before.roles) for row in data) < 0.5 * len(data):
        return False
    profiles = profile_columns(data, before.right)
    prices = [price_score(NO_TITLE, p) for p in profiles]
    names = [name_score(NO_TITLE, p) for p in profiles]
    price, name = prices[before.roles.prices[0]], names[before.roles.name]
    return price > IMPOSSIBLE and price >= max(prices) - 1.0 and name >= max(names) - 1.0


def _fits(row: Sequence[Value], roles: Roles) -> bool:
    """Whether a row has a name and an amount where the roles want them."""
    name, price = text_of(row[roles.name]), row[roles.prices[0]]
    if not any(map(str.isalpha, name)):
        return False
    return is_number(price) or (isinstance(price, str) and any(map(str.isdigit, price)) and sum(map(str.isalpha, price)) < 8)


def profile_columns(rows: Sequence[Sequence[Value]], width: int) -> tuple[ColumnProfile, ...]:
    """Each column of `rows` described, blank rows aside."""
    filled = [row for row in rows if any(map(is_filled, row))]
    return tuple(profile_column([row[column] for row in filled]) for column in range(width))
