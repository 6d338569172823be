"""Tables side by side whose titles do not repeat, or that have none: names and prices take turns from left to right."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from monito_ray.pipeline.cells import Value, is_filled, is_number
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.tables.column_relations import move_together
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_column
from monito_ray.pipeline.tables.titles import NO_TITLE, Title


@dataclass(frozen=True, slots=True)
class TurnThresholds:
    """When columns take turns; shares are 0 to 1. Set by trial on labelled lists and on bent ones of our own."""

    #: Columns of the narrowest sheet with two tables, a name and a price each.
    fewest_columns: int = 4
    #: Rows that are looked at, evenly taken.
    rows: int = 200
    #: Filled cells that a column of names or prices needs.
    fewest_cells: int = 3
    #: A column of names: more words, more different cells, longer texts (characters), and fewer units, sizes and codes.
    words: float = 0.8
    distinct: float = 0.6
    length: int = 5
    most_other: float = 0.3
    #: Of the rows with a price, that share has a name beside it, and of those with a name that share has a price: sections have none.
    named: float = 0.8
    priced: float = 0.4
    #: The names of tables of one make: the longest average length is at most so many times the shortest.
    most_length_ratio: float = 2.2
    #: Names of any length are those of another table where the rows of the two are filled apart from each other: in at least so many rows
    #: and that share of them only one of both has name and price.
    fewest_apart: int = 2
    apart_share: float = 0.1
    #: Names of any length are those of another table, too, where so many prices or more are of one make with those of the first and do not
    #: move with them: more than that share of both has cents, or none and that share of both ends in 0 or 5.
    fewest_compared: int = 6
    cents: float = 0.25
    round_ends: float = 0.5
    #: A column between tables is blank in all rows with two cells or more, but for that share of them.
    gap_share: float = 0.02
    #: Rows at the end of the sample that are looked at first: a gap is blank there.
    rows_at_end: int = 100


TURNS = TurnThresholds()


@dataclass(frozen=True, slots=True)
class _Pair:
    """A column of names with the column of prices that follows it, and the rows in which both are filled."""

    name: int
    price: int
    length: float
    rows: frozenset[int]
    prices: ColumnProfile


def starts_in_turn(rows: Sequence[Sequence[Value]], titles: Sequence[Title]) -> list[int]:
    """Return the first columns of tables side by side, [] where there is one table at most.

    `titles` are those over the columns, empty ones where there are none: what a title says is no name begins no table.
    """
    width = len(titles)
    if width < TURNS.fewest_columns or not _may_take_turns(titles):
        return []
    rows = rows[:: max(1, len(rows) // TURNS.rows)]
    if sum(map(_has_long_texts, zip(*rows, strict=True))) < 2:
        return []
    pairs = _pairs(rows, titles)
    if len(pairs) < 2 or not all(_stand_apart(a, b, rows) for a, b in pairwise(pairs)):
        return []
    return _starts(pairs, rows)


def _may_take_turns(titles: Sequence[Title]) -> bool:
    """Return whether titles leave two columns for prices and two for names."""
    prices = sum(not title.text or title.role == "price" for title in titles)
    return prices >= 2 and sum(not title.text or title.role in ("", "name") for title in titles) >= 2


def starts_behind_gaps(rows: Sequence[Sequence[Value]], titles: Sequence[Title]) -> list[int]:
    """Return the first columns of tables with a blank column between them, [] where one side of it could not be a table.

    `titles` are those over the columns: a titled one is no gap. Names without amounts go on behind a gap, amounts without names before it.
    """
    width = len(titles)
    if width < TURNS.fewest_columns + 1:
        return []
    sample = rows[:: max(1, len(rows) // TURNS.rows)]
    if all(title.text or any(is_filled(row[column]) for row in sample[-TURNS.rows_at_end :]) for column, title in enumerate(titles)):
        return []  # no column is blank, by a quick test
    goods = [row for row in sample if sum(map(is_filled, row)) >= 2]
    most = TURNS.gap_share * len(goods)
    filled = [bool(titles[column].text) or sum(is_filled(row[column]) for row in goods) > most for column in range(width)]
    parts = [column for column in range(width) if filled[column] and (column == 0 or not filled[column - 1])]
    starts: list[int] = []
    begin: int | None = None
    for part, end in pairwise([*parts, width]):
        begin = part if begin is None and _has_words(goods, part, end) else begin
        if begin is not None and _has_words_and_amounts(goods, begin, end):
            starts.append(begin)
            begin = None
    return [0, *starts[1:]] if len(starts) >= 2 else []


def _has_words(rows: Sequence[Sequence[Value]], start: int, end: int) -> bool:
    """Return whether as many rows as a table needs have a word in these columns."""
    return sum(any(_is_word(value) for value in row[start:end]) for row in rows) >= TURNS.fewest_cells


def _is_word(value: Value) -> bool:
    return isinstance(value, str) and any(map(str.isalpha, value))


def _has_words_and_amounts(rows: Sequence[Sequence[Value]], start: int, end: int) -> bool:
    """Return whether as many rows as a table needs have a word and, behind it, a number in these columns."""
    goods = 0
    for row in rows:
        words = next((n for n in range(start, end) if _is_word(row[n])), end)
        goods += any(is_number(row[n]) or _is_number_text(row[n]) for n in range(words + 1, end))
    return goods >= TURNS.fewest_cells


def _is_number_text(value: Value) -> bool:
    return isinstance(value, str) and any(map(str.isdigit, value)) and parse_price(value) is not None


def _pairs(rows: Sequence[Sequence[Value]], titles: Sequence[Title]) -> list[_Pair]:
    """Return the columns of names that a column of prices follows before the next one of names."""
    goods = [row for row in rows if sum(map(is_filled, row)) >= 2]
    columns = [[row[column] for row in goods if is_filled(row[column])] for column in range(len(titles))]
    profiles = [profile_column(cells) for cells in columns]
    kinds = [(column, kind) for column, p in enumerate(profiles) if (kind := _kind(p, titles[column]))]
    pairs = [
        _Pair(name, price, profiles[name].length, _rows_with(rows, name, price), profile_column([row[price] for row in goods]))
        for (name, kind), (price, next_kind) in pairwise(kinds)
        if (kind, next_kind) == ("name", "price")
    ]
    return [pair for pair in pairs if _belong_together(pair, rows) and _is_titled_alike(pair, pairs, titles)]


def _rows_with(rows: Sequence[Sequence[Value]], name: int, price: int) -> frozenset[int]:
    return frozenset(n for n, row in enumerate(rows) if is_filled(row[name]) and is_filled(row[price]))


def _is_titled_alike(pair: _Pair, pairs: Sequence[_Pair], titles: Sequence[Title]) -> bool:
    """Return whether names have no title, or one of names; what goods they are may stand there where another pair has the same title of prices."""
    if not titles[pair.name].text or titles[pair.name].role == "name":
        return True
    return any(titles[other.price].text == titles[pair.price].text != "" for other in pairs if other is not pair)


def _kind(p: ColumnProfile, title: Title) -> str:
    """Return "name" or "price" where the cells of a column say so, else ""."""
    if p.count < TURNS.fewest_cells:
        return ""
    is_wordy = p.words > TURNS.words and p.distinct > TURNS.distinct and p.length > TURNS.length
    if is_wordy and p.units + p.sizes + p.codes < TURNS.most_other:
        return "name" if title.role in ("", "name") else "other"
    is_price = price_score(NO_TITLE, p).points >= PRICE_COLUMNS.untitled_floor and (title.role == "price" or not title.text)
    return "price" if is_price else ""


def _belong_together(pair: _Pair, rows: Sequence[Sequence[Value]]) -> bool:
    """Return whether nearly each price has a name, and many names have a price."""
    names = sum(is_filled(row[pair.name]) for row in rows)
    prices = sum(is_filled(row[pair.price]) for row in rows)
    return len(pair.rows) >= TURNS.named * prices and len(pair.rows) >= TURNS.priced * names


def are_apart(a: AbstractSet[int], b: AbstractSet[int]) -> bool:
    """Return whether the rows of two tables are filled apart from each other, and not those of one."""
    apart = len(a ^ b)
    return apart >= TURNS.fewest_apart and apart >= TURNS.apart_share * len(a | b)


def _stand_apart(a: _Pair, b: _Pair, rows: Sequence[Sequence[Value]]) -> bool:
    """Return whether two pairs are goods of two tables, and not the name, the price, a description and a number of one."""
    if max(a.length, b.length) <= TURNS.most_length_ratio * min(a.length, b.length):
        return True
    if are_apart(a.rows, b.rows) and _has_gap(a.price, b.name, rows):
        return True
    return _is_of_one_make(a.prices, b.prices) and not move_together(a.prices, b.prices)


def _is_of_one_make(a: ColumnProfile, b: ColumnProfile) -> bool:
    """Return whether two columns are written alike: both with cents or both without, and then with round ends or without."""
    if min(len(a.numbers), len(b.numbers)) < TURNS.fewest_compared:
        return False
    cents = [_share(p.numbers, lambda number: number != int(number)) for p in (a, b)]
    if min(cents) > TURNS.cents:
        return True
    return max(cents) < TURNS.cents and min(_share(p.numbers, lambda number: number % 5 == 0) for p in (a, b)) > TURNS.round_ends


def _share(numbers: Sequence[float], holds: Callable[[float], bool]) -> float:
    return sum(map(holds, numbers)) / len(numbers)


def _has_gap(left: int, right: int, rows: Sequence[Sequence[Value]]) -> bool:
    return any(not any(is_filled(row[column]) for row in rows) for column in range(left + 1, right))


def _starts(pairs: Sequence[_Pair], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Return where the table of each pair begins: as far left of its names as the first one does, else behind a gap, else at a number."""
    first = next(column for column in range(len(rows[0])) if any(is_filled(row[column]) for row in rows))
    lead = pairs[0].name - first
    steps = {b.name - a.name for a, b in pairwise(pairs)}
    if len(steps) == 1 and min(steps) > lead + pairs[0].price - pairs[0].name:
        return [pair.name - lead for pair in pairs]
    return [first, *(_left_edge(a.price, b.name, rows) for a, b in pairwise(pairs))]


def _left_edge(price: int, name: int, rows: Sequence[Sequence[Value]]) -> int:
    """Return where the table of `name` starts, behind the table whose price stands in the column `price`."""
    for column in range(name - 1, price, -1):
        cells = [row[column] for row in rows if is_filled(row[column])]
        if not cells:
            return column + 1
    return name - 1 if name - 1 > price and profile_column([row[name - 1] for row in rows]).running else name


def _has_long_texts(cells: Sequence[Value]) -> bool:
    """Return whether a column could hold names, by a quick test: hardly any sheet has two such columns."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    return bool(texts) and sum(map(len, texts)) > TURNS.length * len(texts)
