"""Tables side by side: where the columns of one end and those of the next begin, by repeated titles or by names and prices in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_columns
from monito_ray.pipeline.tables.titles import NO_TITLE, Title, parse_title

#: The columns of one table: the first and the one behind the last.
Block = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BlockThresholds:
    """When columns are those of several tables; shares are 0 to 1. Set by trial on labelled lists."""

    #: Copies of one sequence of titles in a header that are looked for.
    most_copies: int = 6
    #: Share of the titles of a copy that name the same role or read the same, and how many of them read the same.
    same_share: float = 0.75
    same_texts: int = 2
    #: Share of numbers that makes the untitled column left of a copy its running numbers.
    numbers_share: float = 0.7

    #: Without titles: columns of the narrowest sheet with two tables, a name and a price each.
    fewest_columns: int = 4
    #: Rows that are looked at, evenly taken.
    rows: int = 60
    #: Share of filled rows that a column of names or prices needs.
    least_filled: float = 0.15
    #: A column of names: more words, more different cells, longer texts (characters), and fewer units, sizes and codes.
    words: float = 0.8
    distinct: float = 0.6
    length: int = 5
    most_other: float = 0.3
    #: The names of all tables are alike: the longest average length is at most this many times the shortest.
    most_length_ratio: float = 2.2


BLOCKS = BlockThresholds()


def find_blocks(sheet: Sheet, width: int, titled: Sequence[int]) -> list[Block]:
    """Return the columns of each of several tables side by side; one block of all columns if there is only one table.

    `titled` are the rows that look like headers. The first one whose titles repeat from left to right divides the sheet.
    """
    for index in titled:
        titles = [(column, parse_title(text_of(value))) for column, value in enumerate(sheet.rows[index]) if is_filled(value)]
        starts = _starts_of_copies(titles)
        if starts:
            return _blocks_from([_with_running_numbers(sheet, index, start) for start in starts], width)
    return _blocks_by_cells(sheet, width)


def _blocks_from(starts: Sequence[int], width: int) -> list[Block]:
    return list(zip([0, *starts[1:]], [*starts[1:], width], strict=True))


def _starts_of_copies(titles: list[tuple[int, Title]]) -> list[int]:
    """Return the columns where each copy of a sequence of titles starts, [] when it does not repeat or names no price."""
    for copies in range(2, BLOCKS.most_copies + 1):
        period, rest = divmod(len(titles), copies)
        if rest or period < 2:
            continue
        parts = [[title for _, title in titles[n * period : (n + 1) * period]] for n in range(copies)]
        if any(title.role == "price" for title in parts[0]) and all(_are_alike(parts[0], part) for part in parts[1:]):
            return [titles[n * period][0] for n in range(copies)]
    return []


def _are_alike(first: Sequence[Title], other: Sequence[Title]) -> bool:
    same = same_texts = 0
    for a, b in zip(first, other, strict=True):
        reads_the_same = a.text.casefold() == b.text.casefold()
        same_texts += reads_the_same
        same += reads_the_same or (a.role == b.role != "")
    return same >= BLOCKS.same_share * len(first) and same_texts >= BLOCKS.same_texts


def _with_running_numbers(sheet: Sheet, header: int, start: int) -> int:
    """Return `start`, or the untitled column of running numbers just left of it."""
    if start == 0 or is_filled(sheet.rows[header][start - 1]):
        return start
    cells = [row[start - 1] for row in sheet.rows[header + 1 :] if is_filled(row[start - 1])]
    return start - 1 if cells and sum(map(is_number, cells)) >= BLOCKS.numbers_share * len(cells) else start


def _blocks_by_cells(sheet: Sheet, width: int) -> list[Block]:
    """Return the blocks of tables without titles: columns of names and of prices alternate, and the names are alike."""
    whole = [(0, width)]
    if width < BLOCKS.fewest_columns or sum(map(_has_long_texts, zip(*_sample_rows(sheet.rows), strict=True))) < 2:
        return whole
    profiles = profile_columns(_sample_rows([row for row in sheet.rows if sum(map(is_filled, row)) >= 2]), width)
    kinds = [(column, kind) for column, p in enumerate(profiles) if (kind := _name_or_price(p))]
    names = [column for column, kind in kinds if kind == "name"]
    if len(names) < 2 or not _take_turns([kind for _, kind in kinds]):
        return whole
    lengths = [profiles[column].length for column in names]
    if max(lengths) > BLOCKS.most_length_ratio * min(lengths):
        return whole
    return _blocks_from([_left_edge(kinds, profiles, name) for name in names], width)


def _take_turns(kinds: Sequence[str]) -> bool:
    """Return whether a price follows each name."""
    return all(i + 1 < len(kinds) and kinds[i + 1] == "price" for i, kind in enumerate(kinds) if kind == "name")


def _name_or_price(p: ColumnProfile) -> str:
    """Return "name" or "price" where the cells of a column say so, else ""."""
    if p.filled < BLOCKS.least_filled:
        return ""
    is_wordy = p.words > BLOCKS.words and p.distinct > BLOCKS.distinct and p.length > BLOCKS.length
    if is_wordy and p.units + p.sizes + p.codes < BLOCKS.most_other:
        return "name"
    return "price" if price_score(NO_TITLE, p).points >= PRICE_COLUMNS.untitled_floor else ""


def _has_long_texts(cells: Sequence[Value]) -> bool:
    """Return whether a column could hold names, by a quick test: hardly any sheet has two such columns."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    return sum(map(len, texts)) > BLOCKS.length * len(texts)


def _sample_rows(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    return rows[:: max(1, len(rows) // BLOCKS.rows)]


def _left_edge(kinds: list[tuple[int, str]], profiles: Sequence[ColumnProfile], name: int) -> int:
    """Return where the block of a name column starts: with its running numbers, if it has them."""
    return name - 1 if name and profiles[name - 1].running and (name - 1, "price") not in kinds else name
