"""Tables side by side: where one ends and the next begins, by repeated titles, by columns like those before, or by names and prices in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Sheet, is_filled, is_number, text_of
from monito_ray.pipeline.tables.shapes.grid_headers import grid_header_rows, period_of
from monito_ray.pipeline.tables.shapes.repeated_columns import starts_by_likeness
from monito_ray.pipeline.tables.shapes.turns import starts_behind_gaps, starts_in_turn
from monito_ray.pipeline.tables.titles import NO_TITLE, Title, parse_title

#: The columns of one table: the first and the one behind the last.
Block = tuple[int, int]


#: What stands beside names: copies of nothing but such titles are several prices of one table, each with its remark.
_BESIDE_NAMES = frozenset(
    {"price", "cost", "tax", "margin", "note", "quantity", "min_quantity", "sum", "discount", "date", "number", "unit", "currency"}
)


@dataclass(frozen=True, slots=True)
class BlockThresholds:
    """When columns are those of several tables; shares are 0 to 1. Set by trial on labelled lists."""

    #: Copies of one sequence of titles in a header that are looked for.
    most_copies: int = 12
    #: Share of the titles of a copy that name the same role or read the same, and how many of them read the same.
    same_share: float = 0.75
    same_texts: int = 2
    #: Rows at the top in which titles are looked for that no vocabulary knows.
    rows_at_top: int = 20
    #: Share of numbers that makes the untitled column left of a copy its running numbers.
    numbers_share: float = 0.7


BLOCKS = BlockThresholds()


def propose_blocks(sheet: Sheet, width: int, titled: Sequence[int]) -> list[list[Block]]:
    """Return ways to divide the columns of a sheet into tables side by side, the likeliest first.

    `titled` are the rows that look like headers. The first one whose titles repeat from left to right divides the sheet without a choice;
    else it is one table, or as many as gaps stand between columns, or as names and prices take turns.
    """
    for index in titled:
        titles = [(column, parse_title(text_of(value))) for column, value in enumerate(sheet.rows[index]) if is_filled(value)]
        copies = _starts_of_copies(titles)
        starts = _with_untitled_columns(sheet, index, titles, copies) if copies else []
        if starts != copies or any(title.role not in _BESIDE_NAMES for column, title in titles if copies and column < copies[1]):
            return [_blocks_from(starts, width)]
    over = _titles_of(sheet, width, titled)
    top = titled or grid_header_rows(sheet, 0, width, min(len(sheet.rows) - 1, BLOCKS.rows_at_top))
    repeated = _starts_of_exact_copies(sheet, width, top) or starts_by_likeness(sheet.rows, _titles_of(sheet, width, top))
    others = (repeated,) if repeated else (starts_behind_gaps(sheet.rows, over), starts_in_turn(sheet.rows, over))
    return [[(0, width)], *(_blocks_from(starts, width) for starts in others if starts)]


def _starts_of_exact_copies(sheet: Sheet, width: int, rows: Sequence[int]) -> list[int]:
    """Return the columns where each copy of the titles in the first of some rows starts; each reads the same to the letter, and none needs to be understood."""
    titles = [(column, title) for column, title in enumerate(_titles_of(sheet, width, rows)) if title.text]
    period = period_of([title.text for _, title in titles])
    starts = [column for column, _ in titles[::period]] if period else []
    return _with_untitled_columns(sheet, rows[0], titles, starts) if starts else []


def _titles_of(sheet: Sheet, width: int, titled: Sequence[int]) -> Sequence[Title]:
    """Return the titles of the first header, empty ones without any."""
    if not titled:
        return (NO_TITLE,) * width
    return [parse_title(text_of(value)) for value in sheet.rows[titled[0]]]


def _blocks_from(starts: Sequence[int], width: int) -> list[Block]:
    return list(zip([0, *starts[1:]], [*starts[1:], width], strict=True))


def _starts_of_copies(titles: list[tuple[int, Title]]) -> list[int]:
    """Return the columns where each copy of the shortest sequence of titles starts, [] when it does not repeat or names no price."""
    for copies in range(BLOCKS.most_copies, 1, -1):
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


def _with_untitled_columns(sheet: Sheet, header: int, titles: Sequence[tuple[int, Title]], starts: Sequence[int]) -> list[int]:
    """Return where copies start: as far left of their titles as the first one does, or with a column of running numbers."""
    first = next(column for column in range(len(sheet.rows[0])) if any(is_filled(row[column]) for row in sheet.rows))
    lead = starts[0] - first
    columns = [column for column, _ in titles]
    ends = [columns[columns.index(start) - 1] for start in starts[1:]]
    if lead and all(start - lead > end for start, end in zip(starts[1:], ends, strict=True)):
        return [start - lead for start in starts]
    return [_with_running_numbers(sheet, header, start) for start in starts]


def _with_running_numbers(sheet: Sheet, header: int, start: int) -> int:
    """Return `start`, or the untitled column of running numbers just left of it."""
    if start == 0 or is_filled(sheet.rows[header][start - 1]):
        return start
    cells = [row[start - 1] for row in sheet.rows[header + 1 :] if is_filled(row[start - 1])]
    return start - 1 if cells and sum(map(is_number, cells)) >= BLOCKS.numbers_share * len(cells) else start
