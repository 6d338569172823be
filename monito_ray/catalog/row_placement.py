"""Where planned rows stand in a sheet that people may have sorted, and where new ones go."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from monito_ray.sheet_model import ExistingSheet, Insertion, Scalar

_KEY, _CURRENCY = "Product ID", "Currency"
_IDENTITY = ("Product", "Brand", "Size", "Unit", "Pack", "Currency")
_KIN = ("Product", "Brand")

Row = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class RowPlacement:
    """For each planned row where it stands, None where it does not, and where it will; `inserted` are those that push others down.

    `insertions` are to be made in their order, the lowest first. `surplus` are rows that are ours and no longer needed.
    """

    old: tuple[int | None, ...]
    new: tuple[int, ...]
    insertions: tuple[Insertion, ...] = ()
    inserted: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()


def place_in_order(wanted: Sequence[Row], there: ExistingSheet, top: int) -> RowPlacement:
    """Rows one under the other, below the header."""
    places = tuple(range(top + 1, top + 1 + len(wanted)))
    return RowPlacement(places, places, surplus=tuple(range(top + 1 + len(wanted), len(there.cells))))


def place_by_key(
    wanted: Sequence[Row], titles: Sequence[str], there: ExistingSheet, top: int, columns: Sequence[int | None]
) -> RowPlacement:
    """Rows by product and currency. New ones go beside their kin (the packs of one product), else below the last of ours.

    `columns` says where the column of each of `titles` stands.
    """
    place = dict(zip(titles, columns, strict=True))
    body = range(top + 1, len(there.cells))
    old = _known(wanted, titles, there, body, place)
    ours = [row for row in body if there.at(row, place[_KEY]) != ""] + [row for row in old if row is not None]
    end = max(ours, default=top) + 1
    pushing, tail = _newcomers(wanted, titles, old, end)
    if end < len(there.cells):  # something of a person's stands below
        pushing[end] = pushing.get(end, []) + tail
        tail = []
    else:
        tail = pushing.pop(end, []) + tail
    return _settled(old, pushing, tail, end)


def _settled(old: Sequence[int | None], pushing: Mapping[int, list[int]], tail: Sequence[int], end: int) -> RowPlacement:
    groups = sorted((at, group) for at, group in pushing.items() if group)
    starts = [at for at, _ in groups]
    sums = [0, *accumulate(len(group) for _, group in groups)]

    def pushed(row: int) -> int:
        return sums[bisect_right(starts, row)]

    new = {planned: row + pushed(row) for planned, row in enumerate(old) if row is not None}
    for at, group in groups:
        start = at + pushed(at - 1)
        new |= {planned: start + rank for rank, planned in enumerate(group)}
    start = end + sums[-1]
    new |= {planned: start + rank for rank, planned in enumerate(tail)}
    return RowPlacement(
        tuple(old),
        tuple(new[planned] for planned in range(len(old))),
        tuple(Insertion(is_rows=True, at=at, count=len(group)) for at, group in reversed(groups)),
        tuple(planned for _, group in groups for planned in group),
    )


def _known(
    wanted: Sequence[Row], titles: Sequence[str], there: ExistingSheet, body: range, place: Mapping[str, int | None]
) -> list[int | None]:
    """The row of each planned row: by id and currency; else by id, where its currency was none or was changed; else by what it says."""
    key, currency = titles.index(_KEY), titles.index(_CURRENCY)
    exact: dict[tuple[Scalar, Scalar], int] = {}
    by_id: dict[Scalar, list[int]] = defaultdict(list)
    by_identity: dict[Row, int] = {}
    for row in body:
        product = there.at(row, place[_KEY])
        if product != "":
            exact.setdefault((product, there.at(row, place[_CURRENCY])), row)
            by_id[product].append(row)
        else:
            by_identity.setdefault(tuple(there.at(row, place[title]) for title in _IDENTITY), row)
    planned_pairs = {(cells[key], cells[currency]) for cells in wanted}
    spare = {
        product: [row for row in rows if (product, there.at(row, place[_CURRENCY])) not in planned_pairs] for product, rows in by_id.items()
    }
    identity = [titles.index(title) for title in _IDENTITY]
    found: list[int | None] = []
    for cells in wanted:
        at = exact.get((cells[key], cells[currency]))
        if at is None and spare.get(cells[key]):
            at = spare[cells[key]].pop(0)
        found.append(by_identity.pop(tuple(cells[column] for column in identity), None) if at is None else at)
    return found


def _newcomers(wanted: Sequence[Row], titles: Sequence[str], old: Sequence[int | None], end: int) -> tuple[dict[int, list[int]], list[int]]:
    """The new rows that go beside their kin, by the row that they push down, and those without kin."""
    kin_columns = [titles.index(title) for title in _KIN]
    names = [tuple(str(cells[column]).casefold() for column in kin_columns) for cells in wanted]
    kin: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for planned, row in enumerate(old):
        if row is not None:
            kin[names[planned]].append(planned)
    pushing: dict[int, list[int]] = defaultdict(list)
    tail = []
    for planned, row in enumerate(old):
        if row is None:
            before = [old[other] for other in kin[names[planned]] if other < planned]
            after = [old[other] for other in kin[names[planned]] if other > planned]
            if before and before[-1] is not None:
                pushing[before[-1] + 1].append(planned)
            elif after and after[0] is not None:
                pushing[min(after[0], end)].append(planned)
            else:
                tail.append(planned)
    return pushing, tail
