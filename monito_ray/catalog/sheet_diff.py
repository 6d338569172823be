"""From planned sheets and a spreadsheet as it stands to the edits that bring it up to date, and leave alone what people did in it.

Columns are known by their titles, wherever people moved them. Rows of the master table are known by `Product ID` and currency,
in whatever order people sorted them; those of other sheets by their place. Columns, rows and sheets that are not ours are never
written to: what is new is put before the columns that people added. Edits say what shall stand where, so that making the plan
again after it was carried out, wholly or in part, leaves what is still missing, and in the end nothing.
"""

import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from monito_ray.catalog.row_placement import RowPlacement, place_by_key, place_in_order
from monito_ray.catalog.workbook_plan import MASTER, REVIEW
from monito_ray.sheet_model import Block, Cell, Column, ColumnFormat, ColumnKind, ExistingSheet, Insertion, PlannedSheet, Scalar, SheetEdit

LONGEST_TEXT = 50_000
KEY, CURRENCY, FIRST_ADDED = "Product ID", "Currency", "First Added"
_EPOCH = date(1899, 12, 30)
_HEADER_WITHIN = 20

WorkbookPlanner = Callable[[frozenset[str]], Sequence[PlannedSheet]]
"""The planned sheets, less titles that are taken (in any case)."""


def plan_edits(lay_out: WorkbookPlanner, standing: Sequence[ExistingSheet]) -> tuple[SheetEdit, ...]:
    """The edits that are needed, none for a sheet that is as planned; `standing` has every sheet of the spreadsheet, read or not."""
    found = {sheet.title.casefold(): sheet for sheet in standing}
    used = {sheet.sheet_id for sheet in standing}
    edits = []
    for sheet in _beside_foreign(lay_out, found):
        there = found.get(sheet.title.casefold())
        edit = _new_sheet(sheet, used) if there is None else _changed_sheet(sheet, there)
        used.add(edit.sheet_id)
        edits.append(edit)
    return tuple(edit for edit in edits if not edit.is_empty)


def to_scalar(cell: Cell) -> Scalar:
    """A planned cell as it goes over the wire."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return str(cell)[:LONGEST_TEXT]
    if isinstance(cell, date):
        return (cell - _EPOCH).days
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell


def _beside_foreign(lay_out: WorkbookPlanner, found: dict[str, ExistingSheet]) -> Sequence[PlannedSheet]:
    """The sheets under titles that are free or whose sheets are ours: a person's sheet `Notes` is not that of a supplier Notes."""
    taken: frozenset[str] = frozenset()
    while True:
        sheets = lay_out(taken)
        titles = ((sheet, found.get(sheet.title.casefold())) for sheet in sheets)
        foreign = frozenset(there.title.casefold() for sheet, there in titles if there is not None and _is_foreign(sheet, there))
        if foreign <= taken:
            return sheets
        taken |= foreign


def _is_foreign(sheet: PlannedSheet, there: ExistingSheet) -> bool:
    if sheet.title in (MASTER, REVIEW) or not there.cells:
        return False
    ours = {column.title.casefold() for column in sheet.columns}
    return all(len(ours & set(map(_folded, row))) * 2 < len(ours) for row in there.cells[:_HEADER_WITHIN])


def _new_sheet(sheet: PlannedSheet, used: set[int]) -> SheetEdit:
    # The same title gets the same id, so that a sheet which was added unseen cannot be added again.
    sheet_id = zlib.crc32(sheet.title.casefold().encode()) & 0x7FFFFFFF
    while sheet_id in used:
        sheet_id = (sheet_id + 1) & 0x7FFFFFFF
    rows, columns = max(len(sheet.rows) + 1, 2), len(sheet.columns)
    edit = _changed_sheet(sheet, ExistingSheet(sheet_id, sheet.title, rows, columns))
    return replace(edit, is_new=True, more_rows=rows, more_columns=columns, frozen_columns=sheet.frozen_columns)


def _changed_sheet(sheet: PlannedSheet, there: ExistingSheet) -> SheetEdit:
    top = _header_row(sheet, there)
    columns = _place_columns(sheet.columns, there, top)
    scalars = [tuple(map(to_scalar, row)) for row in sheet.rows]
    titles = [column.title for column in sheet.columns]
    rows = (
        place_by_key(scalars, titles, there, top, columns.old)
        if KEY in titles and sheet.title == MASTER
        else place_in_order(scalars, there, top)
    )
    row_count = there.row_count + sum(insertion.count for insertion in rows.insertions)
    column_count = there.column_count + sum(insertion.count for insertion in columns.insertions)
    return SheetEdit(
        sheet_id=there.sheet_id,
        title=there.title,
        more_rows=max(0, max([top, *rows.new]) + 1 - row_count),
        more_columns=max(0, max(columns.new) + 1 - column_count),
        insertions=(*columns.insertions, *rows.insertions),
        keys=tuple(_merged([*_headers(sheet, columns, top), *_keys(scalars, titles, columns, rows)])),
        column_formats=tuple(_column_formats(sheet, there, columns, rows, top, row_count)),
        blocks=tuple(_merged([*_differences(scalars, titles, there, columns, rows), *_clearances(there, columns, rows)])),
    )


def _header_row(sheet: PlannedSheet, there: ExistingSheet) -> int:
    """The first row with most of our titles, for people put titles and notes above; else the first."""
    ours = {column.title.casefold() for column in sheet.columns}
    shares = [len(ours & set(map(_folded, row))) for row in there.cells[:_HEADER_WITHIN]]
    return shares.index(max(shares)) if any(shares) else 0


@dataclass(frozen=True, slots=True)
class _Columns:
    """For each planned column where it stands, None where it does not, and where it will."""

    old: tuple[int | None, ...]
    new: tuple[int, ...]
    insertions: tuple[Insertion, ...]

    def runs(self) -> Iterator[tuple[int, ...]]:
        """The planned columns that will stand side by side, in the order of the spreadsheet."""
        run: list[int] = []
        for planned in sorted(range(len(self.new)), key=self.new.__getitem__):
            if run and self.new[planned] != self.new[run[-1]] + 1:
                yield tuple(run)
                run = []
            run.append(planned)
        yield tuple(run)


def _place_columns(wanted: Sequence[Column], there: ExistingSheet, top: int) -> _Columns:
    """Missing columns come after the last of ours that people see, and so before those that people added at the end."""
    header = there.cells[top] if there.cells else ()
    first = {_folded(title): place for place, title in reversed(list(enumerate(header)))}
    old = tuple(first.get(column.title.casefold()) for column in wanted)
    missing = [planned for planned, place in enumerate(old) if place is None]
    at = 1 + max((place for column, place in zip(wanted, old, strict=True) if place is not None and not column.hidden), default=-1)
    pushes = bool(missing) and at < max(map(len, there.cells), default=0)
    added = {planned: at + rank for rank, planned in enumerate(missing)}
    new = tuple(
        added[planned] if place is None else place + (len(missing) if pushes and place >= at else 0) for planned, place in enumerate(old)
    )
    return _Columns(old, new, (Insertion(is_rows=False, at=at, count=len(missing)),) if pushes else ())


def _headers(sheet: PlannedSheet, columns: _Columns, top: int) -> Iterator[Block]:
    for run in columns.runs():
        for planned in run:
            if columns.old[planned] is None:
                yield Block(top, columns.new[planned], ((sheet.columns[planned].title,),))


def _keys(scalars: Sequence[tuple[Scalar, ...]], titles: Sequence[str], columns: _Columns, rows: RowPlacement) -> Iterator[Block]:
    """What ties the rows that were inserted; rows at the end of the table need nothing, their place is free if they are not there."""
    for planned in sorted(rows.inserted, key=rows.new.__getitem__):
        for title in (KEY, CURRENCY):
            place = titles.index(title)
            yield Block(rows.new[planned], columns.new[place], ((scalars[planned][place],),))


def _differences(
    scalars: Sequence[tuple[Scalar, ...]], titles: Sequence[str], there: ExistingSheet, columns: _Columns, rows: RowPlacement
) -> Iterator[Block]:
    """In each run of our columns from the first cell that differs to the last; `First Added` is written once."""
    kept = titles.index(FIRST_ADDED) if FIRST_ADDED in titles else None
    runs = list(columns.runs())
    for planned in sorted(range(len(scalars)), key=rows.new.__getitem__):
        row = there.row(rows.old[planned])
        standing = [row[column] if column is not None and column < len(row) else "" for column in columns.old]
        wanted = list(scalars[planned])
        if kept is not None and standing[kept] != "":
            wanted[kept] = standing[kept]
        for run in runs:
            changed = [place for place, column in enumerate(run) if not _is_same(wanted[column], standing[column])]
            if changed:
                span = run[changed[0] : changed[-1] + 1]
                yield Block(rows.new[planned], columns.new[span[0]], (tuple(wanted[column] for column in span),))


def _clearances(there: ExistingSheet, columns: _Columns, rows: RowPlacement) -> Iterator[Block]:
    """Empties what a longer list left behind."""
    for row in rows.surplus:
        for run in columns.runs():
            if any(there.at(row, columns.old[column]) != "" for column in run):
                yield Block(row, columns.new[run[0]], (("",) * len(run),))


def _column_formats(
    sheet: PlannedSheet, there: ExistingSheet, columns: _Columns, rows: RowPlacement, top: int, row_count: int
) -> Iterator[ColumnFormat]:
    grows = max([top, *rows.new]) + 1 > row_count
    for planned, column in enumerate(sheet.columns):
        decimals = column.kind is ColumnKind.MONEY and not all(_is_whole(to_scalar(row[planned])) for row in sheet.rows)
        place, old = columns.new[planned], columns.old[planned]
        if old is None:
            yield ColumnFormat(place, column.kind, top + 1, decimals, is_fresh=True, width=column.width, is_hidden=column.hidden)
        elif decimals and all(_is_whole(row[old]) for row in there.cells[top + 1 :] if old < len(row)):
            yield ColumnFormat(place, column.kind, top + 1, decimals)
        elif grows:
            yield ColumnFormat(place, column.kind, row_count, decimals)


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks that continue each other downwards or to the right become one."""
    last: Block | None = None
    for block in blocks:
        if last is not None and block.column == last.column and block.row == last.row + len(last.cells) and _is_as_wide(block, last):
            last = Block(last.row, last.column, last.cells + block.cells)
        elif last is not None and len(last.cells) == 1 and block.row == last.row and block.column == last.column + len(last.cells[0]):
            last = Block(last.row, last.column, (last.cells[0] + block.cells[0],))
        else:
            if last is not None:
                yield last
            last = block
    if last is not None:
        yield last


def _is_as_wide(one: Block, other: Block) -> bool:
    return len(one.cells[0]) == len(other.cells[0])


def _is_same(wanted: Scalar, standing: Scalar) -> bool:
    if isinstance(wanted, str) or isinstance(standing, str | bool):
        return type(wanted) is type(standing) and wanted == standing
    return math.isclose(wanted, standing, rel_tol=1e-12)


def _is_whole(value: Scalar) -> bool:
    return isinstance(value, str) or value == int(value)


def _folded(title: Scalar) -> str:
    return " ".join(str(title).split()).casefold()
