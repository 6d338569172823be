"""Tables side by side of which only the first has a header: the columns on its right are like its own, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monito_ray.pipeline.cells import Value, is_filled
from monito_ray.pipeline.tables.column_relations import move_together
from monito_ray.pipeline.tables.profiles import EMPTY, ColumnProfile, profile_columns
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class LikenessThresholds:
    """When the columns of two tables are alike, one after the other. Set on labelled lists whose second half stands beside the first."""

    #: Rows that are looked at, evenly taken.
    rows: int = 200
    #: Filled cells that a column needs to be compared: the second table may leave blank what the first one fills.
    fewest_cells: int = 3
    #: Shares of words, and of amounts, of two columns of one kind differ by less than that ...
    most_difference: float = 0.4
    #: ... and their texts are less than so many times as long, their numbers less than so many times as large in the middle.
    longest: float = 3.0
    largest: float = 20.0
    #: Of two columns of prices of one list about as many have cents.
    most_cents: float = 0.6
    #: Texts of the second table differ at least by that part of what those of the first do: remarks repeat.
    least_distinct: float = 0.6
    #: The share of the columns of which that may be so by chance.
    most_against: float = 0.25
    #: Columns that are compared, and the share of them that are alike.
    fewest_compared: int = 2
    alike_share: float = 0.8
    #: A column of mostly words may hold names, one of mostly amounts prices: both kinds are among the columns that are alike, or so many
    #: of amounts, as those of a matrix are.
    most_cells: float = 0.5
    columns_of_amounts: int = 6


LIKENESS = LikenessThresholds()


def starts_by_likeness(rows: Sequence[Sequence[Value]], titles: Sequence[Title]) -> list[int]:
    """Return the first columns of tables whose columns are like those under the `titles`, [] where the columns behind these are others or blank.

    A blank column of the first table may be filled in the others, and the other way round.
    """
    titled = [column for column, title in enumerate(titles) if title.text]
    sample = rows[:: max(1, len(rows) // LIKENESS.rows)]
    if not titled or not any(is_filled(value) for row in sample for value in row[titled[-1] + 1 :]):
        return []
    goods = [row for row in sample if sum(map(is_filled, row)) >= 2]
    profiles = profile_columns(goods, len(titles))
    first = next(column for column, p in enumerate(profiles) if p.count or titles[column].text)
    last = max(column for column, p in enumerate(profiles) if p.count)
    width = titled[-1] + 1 - first
    for step in range(width, len(titles) - first):
        starts = range(first, last + 1, step)
        tables = [profiles[start : start + width] for start in starts]
        has_gap = step > width
        if _is_all(profiles, starts, width) and all(_are_other_goods(tables[0], table, has_gap=has_gap) for table in tables[1:]):
            return [0, *(start - first if step > titled[-1] else start for start in starts[1:])]
    return []


def _is_all(profiles: Sequence[ColumnProfile], starts: Sequence[int], width: int) -> bool:
    """Return whether nothing stands between tables of that width, and there are several."""
    gaps = ((start + width, after) for start, after in pairwise([*starts, len(profiles)]))
    return len(starts) > 1 and not any(p.count for begin, end in gaps for p in profiles[begin:end])


def _are_other_goods(first: Sequence[ColumnProfile], other: Sequence[ColumnProfile], *, has_gap: bool) -> bool:
    """Return whether columns are those of more goods: not remarks on the same ones, which repeat, nor their other prices, which move together.

    Two columns right behind the first table, without a gap, are too few to tell.
    """
    pairs = _compared(first, other)
    if not are_alike(first, other) or len(pairs) < LIKENESS.fewest_compared + (not has_gap):
        return False
    against = sum(_repeats(a, b) or move_together(a, b) for a, b in pairs)
    return against <= LIKENESS.most_against * len(pairs)


def _repeats(a: ColumnProfile, b: ColumnProfile) -> bool:
    return a.words > LIKENESS.most_cells and b.distinct < LIKENESS.least_distinct * a.distinct


def _compared(first: Sequence[ColumnProfile], other: Sequence[ColumnProfile]) -> list[tuple[ColumnProfile, ColumnProfile]]:
    """Return the columns of two tables with enough cells, in pairs."""
    columns = zip(first, [*other, *[EMPTY] * (len(first) - len(other))], strict=False)
    return [(a, b) for a, b in columns if min(a.count, b.count) >= LIKENESS.fewest_cells]


def are_alike(first: Sequence[ColumnProfile], other: Sequence[ColumnProfile]) -> bool:
    """Return whether the columns of two tables hold the same, one after the other; blank ones, and what either lacks, say nothing."""
    pairs = _compared(first, other)
    alike = [a for a, b in pairs if _is_of_one_kind(a, b)]
    names, amounts = (
        sum(share > LIKENESS.most_cells for share in shares) for shares in ([p.words for p in alike], [p.money for p in alike])
    )
    are_goods = amounts >= (1 if names else LIKENESS.columns_of_amounts)
    return are_goods and len(pairs) >= LIKENESS.fewest_compared and len(alike) >= LIKENESS.alike_share * len(pairs)


def _is_of_one_kind(a: ColumnProfile, b: ColumnProfile) -> bool:
    if abs(a.words - b.words) >= LIKENESS.most_difference or abs(a.money - b.money) >= LIKENESS.most_difference:
        return False
    if min(a.money, b.money) > LIKENESS.most_cells:
        if not (a.median and b.median):
            return True
        return abs(_cents(a) - _cents(b)) <= LIKENESS.most_cents and _is_near(abs(a.median), abs(b.median), LIKENESS.largest)
    return _is_near(a.length, b.length, LIKENESS.longest)


def _cents(p: ColumnProfile) -> float:
    return sum(number != int(number) for number in p.numbers) / len(p.numbers)


def _is_near(a: float, b: float, times: float) -> bool:
    return max(a, b) <= times * max(min(a, b), 1.0)
