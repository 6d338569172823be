"""Ways to bend the sheets of a labelled list so that what it offers stays the same, or, for one of them, is gone."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from random import Random

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Merge, Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.tables import locate
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.titles import PRICE_TIERS, parse_title

#: What the name of a sheet ends with that a bend has made of the second half of another.
SECOND = " (2)"
#: Rows under a section title that a bend sets in, and rows that a table needs to be halved.
_ROWS_OF_SECTION, _FEWEST_HALVED = 10, 6
_TAX_RATES = (5, 11, 20)
_SECTIONS = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")
_DIGITS = re.compile(r"\d[\d., ]*\d|\d")


@dataclass(frozen=True, slots=True)
class Bent:
    """A sheet to bend, with what is needed to know of it."""

    sheet: Sheet
    tables: Sequence[LocatedTable]
    #: Codes of the languages of the list, the first one first.
    languages: tuple[str, ...]
    dice: Random

    @property
    def width(self) -> int:
        """Columns of the sheet."""
        return len(self.sheet.rows[0]) if self.sheet.rows else 0

    def whole(self) -> list[LocatedTable]:
        """Return the tables that nothing stands beside: no other one, and no filled column."""
        return [table for table in self.tables if (table.left, table.right) == (0, self.width)]


Rows = Sequence[Sequence[Value]]
Bend = Callable[[Bent], Sequence[Sheet]]


def bend(sheets: Sequence[Sheet], language: str, way: Bend, seed: str) -> list[Sheet]:
    """Return the sheets bent; one without a table stays as it is."""
    dice, made, last = Random(seed), [], None
    languages = tuple(re.findall(r"[a-z]+", language)[:2]) or ("en",)
    for sheet in sheets:
        tables = locate.find_tables(sheet, last if sheet.paged else None)
        last = tables[-1] if tables else last
        made += way(Bent(sheet, tables, languages, dice)) if tables else [sheet]
    return made


def with_rows(sheet: Sheet, rows: Rows, merges: tuple[Merge, ...] | None = None, numbers: Sequence[int] = (), name: str = "") -> Sheet:
    """Return `sheet` with other rows, as wide as the widest."""
    width = max(map(len, rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet(
        name or sheet.name, filled, sheet.merges if merges is None else merges, sheet.hidden, numbers or sheet.numbers, sheet.paged
    )


def chosen_rows(sheet: Sheet, rows: Sequence[tuple[int, Sequence[Value]]], name: str = "") -> Sheet:
    """Return `sheet` with the rows given by their indexes, or made: those at -1. Merges that lie in rows which stay together move along."""
    place = {index: at for at, (index, _) in enumerate(rows) if index >= 0}
    merges = tuple(
        Merge(place[m.top], m.left, place[m.bottom], m.right)
        for m in sheet.merges
        if m.top in place and m.bottom in place and place[m.bottom] - place[m.top] == m.bottom - m.top
    )
    hidden = frozenset(place[index] for index in sheet.hidden if index in place)
    last, numbers = 0, []
    for index, _ in rows:
        last = sheet.row_number(index) if index >= 0 else last
        numbers.append(last)
    made = with_rows(sheet, [row for _, row in rows], merges, numbers, name)
    return Sheet(made.name, made.rows, merges, hidden, numbers, made.paged)


def header_rows(bent: Bent, *, grids: bool = True) -> set[int]:
    """Return the indexes of the rows that are headers; those of grids say what each price is for, and no cell below does."""
    return {
        row
        for table in bent.tables
        if table.header and (grids or not table.kinds)
        for row in range(table.header.top, table.header.bottom + 1)
    }


def price_cells(bent: Bent, *, titles: bool, amounts: bool) -> Iterator[tuple[int, int]]:
    """Yield the places of price columns' titles and amounts."""
    for table in bent.tables:
        top, bottom = (table.header.top, table.header.bottom) if table.header else (0, -1)
        for column in table.roles.prices:
            rows = [*(range(top, bottom + 1) if titles else ()), *(range(table.first, table.last + 1) if amounts else ())]
            yield from ((row, table.left + column) for row in rows)


def cost_cells(bent: Bent) -> Iterator[tuple[int, int]]:
    """Yield the places of costs with their titles: a list that has nothing else asks what it calls its cost."""
    for table in bent.tables:
        columns = [table.left + column for column, title in enumerate(table.titles) if title.role == "cost"]
        top = table.header.top if table.header else table.first
        yield from ((row, column) for row in range(top, table.last + 1) for column in columns)


def changed(sheet: Sheet, cells: Iterator[tuple[int, int]], change: Callable[[Value], Value]) -> list[Sheet]:
    """Return `sheet` with some cells changed."""
    rows = [list(row) for row in sheet.rows]
    for row, column in cells:
        rows[row][column] = change(rows[row][column])
    return [with_rows(sheet, rows)]


def as_text(thousands: str, decimals: str) -> Callable[[Value], Value]:
    """Return what makes a typed amount the text of a convention."""
    marks = str.maketrans({",": thousands, ".": decimals})
    return lambda value: f"{value:,.2f}".translate(marks) if is_number(value) else value


def without_header(bent: Bent) -> list[Sheet]:
    """No titles, but those of grids, which are half the names of their goods."""
    gone = header_rows(bent, grids=False)
    return [with_rows(bent.sheet, [[""] * len(row) if n in gone else row for n, row in enumerate(bent.sheet.rows)])]


def reversed_columns(bent: Bent) -> list[Sheet]:
    """The last column first; what merged cells hold stands in the first of them, as everywhere."""
    sheet, last = bent.sheet, bent.width - 1
    merges = tuple(Merge(m.top, last - m.right, m.bottom, last - m.left) for m in sheet.merges)
    rows = [list(row)[::-1] for row in sheet.rows]
    for m in merges:
        rows[m.top][m.left], rows[m.top][m.right] = rows[m.top][m.right], rows[m.top][m.left]
    return [with_rows(sheet, rows, merges)]


def with_blanks(bent: Bent) -> list[Sheet]:
    """An empty row after every fifth, an empty column after every second; merged cells move with theirs."""
    rows: list[list[Value]] = []
    numbers: list[int] = []
    for n, row in enumerate(bent.sheet.rows):
        rows.append([cell for c, value in enumerate(row) for cell in ([value, ""] if c % 2 else [value])])
        rows += [[""] * len(rows[-1])] if n % 5 == 4 else []
        numbers += [bent.sheet.row_number(n)] * (2 if n % 5 == 4 else 1)
    merges = tuple(
        Merge(m.top + m.top // 5, m.left + m.left // 2, m.bottom + m.bottom // 5, m.right + m.right // 2) for m in bent.sheet.merges
    )
    return [with_rows(bent.sheet, rows, merges, numbers)]


def translated(bent: Bent) -> list[Sheet]:
    """The header in the words of a language that the list does not speak."""
    known = [one.code for one in lexicon.languages() if {"name", "price"} <= set(one.sections.get("titles", ())) and one.code != "und"]
    language = Random(bent.sheet.name + bent.languages[0]).choice([code for code in known if code not in (*bent.languages, "en")])
    rows = [list(row) for row in bent.sheet.rows]
    for n in header_rows(bent):
        rows[n] = [_translated_title(value, language) for value in rows[n]]
    return [with_rows(bent.sheet, rows)]


def _translated_title(value: Value, language: str) -> Value:
    title = parse_title(text_of(value)) if isinstance(value, str) else None
    if title is None or not title.is_clear:
        return value
    sections = next(one.sections for one in lexicon.languages() if one.code == language)
    word = _first(sections.get("titles", {}).get(title.role, ""))
    if not word:
        return value
    tier = next((name for name, rank in PRICE_TIERS.items() if rank == title.tier), "") if title.role == "price" else ""
    of_tier = _first(sections.get("price_tiers", {}).get(tier, ""))
    return value if tier and not of_tier else f"{word} {of_tier}".strip().capitalize()


def _first(words: str) -> str:
    return next((phrase for phrase in lexicon.phrases(words) if not phrase.endswith("*")), "")


def split_by_column(bent: Bent) -> list[Sheet]:
    """An empty column between the name and the price."""
    places = {table.left + max(table.roles.name, table.roles.prices[0]) for table in bent.whole()}
    at = min(places, default=0)
    return [_with_columns(bent.sheet, at, [[""]] * len(bent.sheet.rows))] if at else [bent.sheet]


def _with_columns(sheet: Sheet, at: int, columns: Sequence[Sequence[Value]]) -> Sheet:
    """Return the sheet with cells set in before the column `at`, the same number in each row."""
    more = len(columns[0])
    merges = tuple(Merge(m.top, m.left + more * (m.left >= at), m.bottom, m.right + more * (m.right >= at)) for m in sheet.merges)
    return with_rows(sheet, [[*row[:at], *cells, *row[at:]] for row, cells in zip(sheet.rows, columns, strict=True)], merges)


def with_cost_and_tax(bent: Bent) -> list[Sheet]:
    """What a row cost 10 to 40 % below its price, and one tax rate for all, beside the first price of tables with a header."""
    places = {table.left + table.roles.prices[0] for table in bent.whole() if table.header}
    if len(places) != 1:
        return [bent.sheet]
    at, rate = places.pop(), bent.dice.choice(_TAX_RATES)
    cells: list[list[Value]] = [["", ""] for _ in bent.sheet.rows]
    for table in bent.whole():
        if table.header:
            cells[table.header.top] = [_title_of("cost", bent, "Cost price"), _title_of("tax", bent, "Tax %")]
        for n in range(table.first, table.last + 1):
            cost = _lower(bent.sheet.rows[n][at], bent.dice.uniform(0.6, 0.9))
            cells[n] = [cost, rate] if cost is not None else ["", ""]
    return [_with_columns(bent.sheet, at + bent.dice.randrange(2), cells)]


def _title_of(role: str, bent: Bent, otherwise: str) -> str:
    titles = {one.code: one.sections.get("titles", {}) for one in lexicon.languages()}
    words = (_first(titles.get(code, {}).get(role, "")) for code in bent.languages[:1])
    return next((word.capitalize() for word in words if word), otherwise)


def _lower(value: Value, share: float) -> Value:
    """Return a share of an amount, written as it is; None where there is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(value * share, 2) if value % 1 else round(value * share)
    text = text_of(value)
    digits = _DIGITS.search(text)
    if not digits:
        return None
    number = re.sub(r"\D", "", digits[0])
    lower = str(int(int(number) * share)).zfill(len(number) if number.startswith("0") else 1)
    return text[: digits.start()] + _grouped(lower, digits[0]) + text[digits.end() :]


def _grouped(number: str, like: str) -> str:
    """Return digits with the marks of `like`, counted from the right."""
    made, left = "", list(number)
    for char in reversed(like):
        if not left:
            break
        made = (left.pop() if char.isdigit() else char) + made
    return ("".join(left) + made).lstrip("., ")


def with_sections(bent: Bent) -> list[Sheet]:
    """A section title above every tenth row of a table, in its first column or that of the names."""
    column = {table.first: table.left + bent.dice.choice([0, table.roles.name]) for table in bent.tables}
    titles = {n: column[table.first] for table in bent.tables for n in range(table.first, table.last + 1, _ROWS_OF_SECTION)}
    rows: list[tuple[int, Sequence[Value]]] = []
    for n, row in enumerate(bent.sheet.rows):
        if n in titles and not _in_merge(bent.sheet, n):
            rows.append((-1, [bent.dice.choice(_SECTIONS) if c == titles[n] else "" for c in range(bent.width)]))
        rows.append((n, row))
    return [chosen_rows(bent.sheet, rows)]


def _in_merge(sheet: Sheet, row: int) -> bool:
    return any(m.top < row <= m.bottom for m in sheet.merges)


def side_by_side(*, titled: bool) -> Bend:
    """Return what sets the second half of each table beside the first, with or without a header of its own."""

    def set_beside(bent: Bent) -> list[Sheet]:
        rows: list[Sequence[Value]] = [list(row) for row in bent.sheet.rows]
        merges, gone, beside = list(bent.sheet.merges), set[int](), bent.width + 1
        for table in bent.whole():
            middle = _middle(bent.sheet, table)
            if not middle:
                continue
            for first, second in zip_longest(range(table.first, middle), range(middle, table.last + 1)):
                if second is not None and first is not None:
                    rows[first] = [*bent.sheet.rows[first], "", *bent.sheet.rows[second]]
            gone |= set(range(middle, table.last + 1))
            merges += _moved(bent.sheet.merges, range(middle, table.last + 1), table.first - middle, beside)
            if titled and table.header:
                titles = range(table.header.top, table.header.bottom + 1)
                merges += _moved(bent.sheet.merges, titles, 0, beside)
                for n in titles:
                    rows[n] = [*bent.sheet.rows[n], "", *bent.sheet.rows[n]]
        sheet = with_rows(bent.sheet, bent.sheet.rows, tuple(m for m in merges if m.left > bent.width or m.top not in gone))
        return [chosen_rows(sheet, [(n, row) for n, row in enumerate(rows) if n not in gone])]

    return set_beside


def _moved(merges: Sequence[Merge], rows: range, down: int, right: int) -> list[Merge]:
    """Return the merges that lie in some rows, moved so far."""
    return [Merge(m.top + down, m.left + right, m.bottom + down, m.right + right) for m in merges if m.top in rows and m.bottom in rows]


def _middle(sheet: Sheet, table: LocatedTable) -> int:
    """Return the row that the second half of a table begins with, which is not the shorter one; 0 where it is too short or merged rows part."""
    middle = (table.first + table.last + 2) // 2
    return 0 if table.last - table.first + 1 < _FEWEST_HALVED or _in_merge(sheet, middle) else middle


def header_once(bent: Bent) -> list[Sheet]:
    """An empty row in the middle of each table, and no header again that repeats the first."""
    rows: list[tuple[int, Sequence[Value]]] = []
    empty = [""] * bent.width
    middles = {_middle(bent.sheet, table) for table in bent.tables} - {0}
    headers = [table.header for table in bent.whole() if table.header]
    repeated = {
        n for one in headers[1:] if one.titles == headers[0].titles and one.top > headers[0].top for n in range(one.top, one.bottom + 1)
    }
    for n, row in enumerate(bent.sheet.rows):
        rows += [(-1, empty)] * (n in middles)
        rows.append((n, empty if n in repeated else row))
    return [chosen_rows(bent.sheet, rows)]


def second_sheet(bent: Bent) -> list[Sheet]:
    """All from the middle of the sheet's longest table on stands on a sheet of its own, without a header."""
    longest = max(bent.tables, key=lambda table: table.last - table.first)
    middle, rows = _middle(bent.sheet, longest), list(enumerate(bent.sheet.rows))
    if not middle:
        return [bent.sheet]
    return [chosen_rows(bent.sheet, rows[:middle]), chosen_rows(bent.sheet, rows[middle:], bent.sheet.name + SECOND)]


#: Ways after which a list offers what it did before.
BENDS: dict[str, Bend] = {
    "as is": lambda bent: [bent.sheet],
    "no header": without_header,
    "unknown title": lambda bent: changed(
        bent.sheet,
        price_cells(replace(bent, tables=[table for table in bent.tables if not table.kinds]), titles=True, amounts=False),
        lambda v: "Zorblax" if is_filled(v) else v,
    ),
    "reversed": reversed_columns,
    "1.234,56": lambda bent: changed(bent.sheet, price_cells(bent, titles=False, amounts=True), as_text(".", ",")),
    "1 234,56": lambda bent: changed(bent.sheet, price_cells(bent, titles=False, amounts=True), as_text(" ", ",")),
    "blanks": with_blanks,
    "other language": translated,
    "blank column": split_by_column,
    "halves, header": side_by_side(titled=True),
    "halves": side_by_side(titled=False),
    "cost and tax": with_cost_and_tax,
    "sections": with_sections,
    "header once": header_once,
    "second sheet": second_sheet,
}
#: The one after which it offers nothing.
NO_PRICE = "no price"
ALL_BENDS = BENDS | {
    NO_PRICE: lambda bent: changed(bent.sheet, chain(price_cells(bent, titles=True, amounts=True), cost_cells(bent)), lambda _: "")
}
