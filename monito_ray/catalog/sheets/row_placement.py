"""Placement of planned rows in a sheet that people may have sorted: where each row stands, and where new rows go."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import accumulate

from monito_ray.sheet_model import ExistingSheet, Insertion, Scalar

_KEY, _CURRENCY = "Product ID", "Currency"
#: Titles of the columns that identify a row whose key a person has deleted.
_IDENTITY = ("Product", "Brand", "Size", "Unit", "Pack", "Currency")
#: Titles of the columns that rows of one product in several packs have in common.
_FAMILY = ("Product", "Brand")

#: The cells of a planned row.
PlannedRow = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class RowPlacement:
    """Row indexes of the planned rows before and after the edit."""

    #: For each planned row its index in the existing sheet, None if it is new.
    old: tuple[int | None, ...]
    #: For each planned row its index after the insertions.
    new: tuple[int, ...]
    #: The insertions in the order to make them, the lowest rows first, so that no one moves the place of another.
    insertions: tuple[Insertion, ...] = ()
    #: Positions of the planned rows that go into inserted rows.
    inserted: tuple[int, ...] = ()
    #: Existing rows of ours that are no longer needed.
    surplus: tuple[int, ...] = ()


def place_in_order(planned: Sequence[PlannedRow], existing: ExistingSheet, header_row: int) -> RowPlacement:
    """Place rows one after another below the header."""
    first, end = header_row + 1, header_row + 1 + len(planned)
    indexes = tuple(range(first, end))
    return RowPlacement(indexes, indexes, surplus=tuple(range(end, len(existing.cells))))


def place_by_key(
    planned: Sequence[PlannedRow],
    titles: Sequence[str],
    existing: ExistingSheet,
    header_row: int,
    columns: Sequence[int | None],
    former: AbstractSet[tuple[str, ...]] = frozenset(),
) -> RowPlacement:
    """Place rows by product id and currency: existing ones stay, new ones go beside rows of the same product, else to the end of ours.

    `columns` has the index of the column of each of `titles` in the existing sheet, None for a missing one. Rows of `former` (product ids
    and currencies) that are not planned any more are surplus.
    """
    column_of = dict(zip(titles, columns, strict=True))
    body = range(header_row + 1, len(existing.cells))
    old = _existing_rows(planned, titles, existing, body, column_of)
    keyed = [row for row in body if existing.cell_at(row, column_of[_KEY]) != ""]
    end = max([*keyed, *(row for row in old if row is not None)], default=header_row) + 1
    groups, tail = _new_rows(planned, titles, old, end)
    if end < len(existing.cells):  # a person's rows stand below ours and have to be pushed down
        groups[end] = groups.get(end, []) + tail
        tail = []
    else:
        tail = groups.pop(end, []) + tail
    used = set(old)
    gone = (row for row in keyed if row not in used and _pair_of(existing, row, column_of) in former)
    planned_pairs = {(cells[titles.index(_KEY)], cells[titles.index(_CURRENCY)]) for cells in planned}
    surplus = tuple(row for row in gone if _pair_of(existing, row, column_of) not in planned_pairs)
    return replace(_with_insertions(old, groups, tail, end), surplus=surplus)


def _pair_of(existing: ExistingSheet, row: int, column_of: Mapping[str, int | None]) -> tuple[Scalar, Scalar]:
    return existing.cell_at(row, column_of[_KEY]), existing.cell_at(row, column_of[_CURRENCY])


def _with_insertions(old: Sequence[int | None], groups: Mapping[int, list[int]], tail: Sequence[int], end: int) -> RowPlacement:
    """Compute where all rows stand once `groups` (existing row to the new rows that push it down) and `tail` are in place."""
    ordered = sorted((row, group) for row, group in groups.items() if group)
    starts = [row for row, _ in ordered]
    inserted_before = [0, *accumulate(len(group) for _, group in ordered)]

    def shift_of(row: int) -> int:
        return inserted_before[bisect_right(starts, row)]

    new = {position: row + shift_of(row) for position, row in enumerate(old) if row is not None}
    for row, group in ordered:
        start = row + shift_of(row - 1)
        new |= {position: start + offset for offset, position in enumerate(group)}
    start = end + inserted_before[-1]
    new |= {position: start + offset for offset, position in enumerate(tail)}
    return RowPlacement(
        old=tuple(old),
        new=tuple(new[position] for position in range(len(old))),
        insertions=tuple(Insertion(is_rows=True, at=row, count=len(group)) for row, group in reversed(ordered)),
        inserted=tuple(position for _, group in ordered for position in group),
    )


def _existing_rows(
    planned: Sequence[PlannedRow], titles: Sequence[str], existing: ExistingSheet, body: range, column_of: Mapping[str, int | None]
) -> list[int | None]:
    """Find the existing row of each planned row.

    A row is found by product id and currency; else by product id, if its currency was empty or was changed; else by `_IDENTITY`.
    """
    key, currency = titles.index(_KEY), titles.index(_CURRENCY)
    by_pair: dict[tuple[Scalar, Scalar], int] = {}
    by_key: dict[Scalar, list[int]] = defaultdict(list)
    by_identity: dict[PlannedRow, int] = {}
    for row in body:
        product_id = existing.cell_at(row, column_of[_KEY])
        if product_id != "":
            by_pair.setdefault((product_id, existing.cell_at(row, column_of[_CURRENCY])), row)
            by_key[product_id].append(row)
        else:
            by_identity.setdefault(tuple(existing.cell_at(row, column_of[title]) for title in _IDENTITY), row)
    planned_pairs = {(cells[key], cells[currency]) for cells in planned}
    spare = {
        product_id: [row for row in rows if (product_id, existing.cell_at(row, column_of[_CURRENCY])) not in planned_pairs]
        for product_id, rows in by_key.items()
    }
    identity_positions = [titles.index(title) for title in _IDENTITY]
    matches: list[int | None] = []
    for cells in planned:
        match = by_pair.get((cells[key], cells[currency]))
        if match is None and spare.get(cells[key]):
            match = spare[cells[key]].pop(0)
        if match is None:
            match = by_identity.pop(tuple(cells[position] for position in identity_positions), None)
        matches.append(match)
    return matches


def _new_rows(
    planned: Sequence[PlannedRow], titles: Sequence[str], old: Sequence[int | None], end: int
) -> tuple[dict[int, list[int]], list[int]]:
    """Group the new rows by the existing row that they push down; rows whose product has no existing row are returned apart."""
    family_positions = [titles.index(title) for title in _FAMILY]
    families = [tuple(str(cells[position]).casefold() for position in family_positions) for cells in planned]
    relatives: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, row in enumerate(old):
        if row is not None:
            relatives[families[position]].append(position)
    groups: dict[int, list[int]] = defaultdict(list)
    tail = []
    for position, row in enumerate(old):
        if row is not None:
            continue
        pushed_row = _row_beside_relatives(position, relatives[families[position]], old, end)
        if pushed_row is None:
            tail.append(position)
        else:
            groups[pushed_row].append(position)
    return groups, tail


def _row_beside_relatives(position: int, relatives: Iterable[int], old: Sequence[int | None], end: int) -> int | None:
    """Return the row below the last relative that is planned before `position`, else the row of the first one after it, else None."""
    before = [old[other] for other in relatives if other < position]
    after = [old[other] for other in relatives if other > position]
    if before and before[-1] is not None:
        return before[-1] + 1
    if after and after[0] is not None:
        return min(after[0], end)
    return None
