"""The edits that bring a spreadsheet from its existing sheets to the planned ones, without touching what people added.

Columns are found by their titles, wherever people moved them. Rows of the master table are found by `Product ID` and currency, in
whatever order people sorted them; rows of other sheets by their position. Foreign columns, rows and sheets are never written to, and
new columns go before those that people added.

A person may write while this is planned. So a cell in which people write is written only where it has to change, and where another row
takes a place it is written whole: what somebody put there meanwhile must not be taken for a word on the other row.

An edit states the content of cells, not a change of it. So a new plan, made after an earlier one was carried out wholly or in part, holds
only what is still missing, and nothing at the end.
"""

import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from monito_ray.catalog.sheets.choices import EDITABLE
from monito_ray.catalog.sheets.master_table import MASTER
from monito_ray.catalog.sheets.row_placement import PlannedRow, RowPlacement, place_by_key, place_in_order
from monito_ray.catalog.sheets.same_sheet import ANSWER
from monito_ray.catalog.sheets.workbook_plan import KEY_COLUMNS, OWN_TITLES
from monito_ray.sheet_model import (
    Cell,
    CellBlock,
    Column,
    ColumnFormat,
    ColumnKind,
    ExistingSheet,
    Insertion,
    PlannedSheet,
    Scalar,
    SheetEdit,
)

#: Google's limit of characters in a cell.
LONGEST_TEXT = 50_000
KEY, CURRENCY, FIRST_ADDED = "Product ID", "Currency", "First Added"
#: Day 0 of spreadsheets' dates.
_EPOCH = date(1899, 12, 30)
#: The header is looked for within this many rows: people put titles and notes above it.
_HEADER_WITHIN = 20
_LARGEST_SHEET_ID = 0x7FFFFFFF
#: Numbers that differ by less than this part of their value are equal: planned ones are decimals, existing ones doubles from JSON.
_EQUAL_WITHIN = 1e-12
#: Titles of the columns that people write in.
_WRITTEN_BY_PEOPLE = (*EDITABLE, ANSWER)

#: Plans the sheets; their titles are not in the given set (casefolded).
WorkbookPlanner = Callable[[frozenset[str]], Sequence[PlannedSheet]]


def plan_edits(
    plan_sheets: WorkbookPlanner, existing: Sequence[ExistingSheet], former: AbstractSet[tuple[str, ...]] = frozenset()
) -> tuple[SheetEdit, ...]:
    """Return the edits that are needed; none for a sheet that is as planned.

    Args:
        plan_sheets: what is to stand there.
        existing: every sheet of the spreadsheet; sheets that were not read have no cells in it.
        former: product ids and currencies of rows that we wrote into the master table. Those that are planned no more lose our cells.
    """
    by_title = {sheet.title.casefold(): sheet for sheet in existing}
    used_ids = {sheet.sheet_id for sheet in existing}
    edits = []
    for sheet in _plan_beside_foreign(plan_sheets, by_title):
        current = by_title.get(sheet.title.casefold())
        edit = _add_sheet(sheet, used_ids) if current is None else _change_sheet(sheet, current, former)
        used_ids.add(edit.sheet_id)
        edits.append(edit)
    return tuple(edit for edit in edits if not edit.is_empty)


def to_scalar(cell: Cell) -> Scalar:
    """Return a planned cell as the Sheets API has it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return str(cell)[:LONGEST_TEXT]
    if isinstance(cell, date):
        return (cell - _EPOCH).days
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell


def _plan_beside_foreign(plan_sheets: WorkbookPlanner, by_title: dict[str, ExistingSheet]) -> Sequence[PlannedSheet]:
    """Plan the sheets under titles that are free or ours: a person's sheet `Notes` is not the sheet of a supplier called Notes."""
    taken_titles: frozenset[str] = frozenset()
    while True:
        sheets = plan_sheets(taken_titles)
        foreign = set()
        for sheet in sheets:
            current = by_title.get(sheet.title.casefold())
            if current is not None and _is_foreign(sheet, current):
                foreign.add(current.title.casefold())
        if foreign <= taken_titles:
            return sheets
        taken_titles |= foreign


def _is_foreign(sheet: PlannedSheet, existing: ExistingSheet) -> bool:
    """Return whether a person made the existing sheet with a planned title: no row near its top has half of our column titles."""
    if sheet.title in OWN_TITLES or not existing.cells:
        return False
    titles = {column.title.casefold() for column in sheet.columns}
    return all(len(titles & set(map(fold_title, row))) * 2 < len(titles) for row in existing.cells[:_HEADER_WITHIN])


def _add_sheet(sheet: PlannedSheet, used_ids: set[int]) -> SheetEdit:
    # The id follows from the title, so that a sheet whose addition was carried out but not confirmed cannot be added twice.
    sheet_id = zlib.crc32(sheet.title.casefold().encode()) & _LARGEST_SHEET_ID
    while sheet_id in used_ids:
        sheet_id = (sheet_id + 1) & _LARGEST_SHEET_ID
    rows, columns = max(len(sheet.rows) + 1, 2), len(sheet.columns)
    edit = _change_sheet(sheet, ExistingSheet(sheet_id, sheet.title, rows, columns))
    return replace(edit, is_new=True, more_rows=rows, more_columns=columns, frozen_columns=sheet.frozen_columns)


def _change_sheet(sheet: PlannedSheet, existing: ExistingSheet, former: AbstractSet[tuple[str, ...]] = frozenset()) -> SheetEdit:
    header_row = find_header((column.title for column in sheet.columns), existing)
    columns = _place_columns(sheet.columns, existing, header_row)
    planned = [tuple(map(to_scalar, row)) for row in sheet.rows]
    titles = [column.title for column in sheet.columns]
    if KEY in titles and sheet.title == MASTER:
        rows = place_by_key(planned, titles, existing, header_row, columns.old, former)
    else:
        rows = place_in_order(planned, existing, header_row)
    row_count = existing.row_count + sum(insertion.count for insertion in rows.insertions)
    column_count = existing.column_count + sum(insertion.count for insertion in columns.insertions)
    return SheetEdit(
        sheet_id=existing.sheet_id,
        title=existing.title,
        more_rows=max(0, max([header_row, *rows.new]) + 1 - row_count),
        more_columns=max(0, max(columns.new) + 1 - column_count),
        insertions=(*columns.insertions, *rows.insertions),
        keys=tuple(_merged([*_new_titles(sheet, columns, header_row), *_keys_of_inserted(planned, titles, columns, rows)])),
        column_formats=tuple(_column_formats(sheet, existing, columns, rows, header_row, row_count)),
        blocks=tuple(
            _merged([*_changed_cells(sheet.title, planned, titles, existing, columns, rows), *_cleared_cells(existing, columns, rows)])
        ),
    )


def find_header(titles: Iterable[str], existing: ExistingSheet) -> int:
    """Return the index of the first row near the top with most of our `titles`, 0 if none has any."""
    titles = {title.casefold() for title in titles}
    matches = [len(titles & set(map(fold_title, row))) for row in existing.cells[:_HEADER_WITHIN]]
    return matches.index(max(matches)) if any(matches) else 0


@dataclass(frozen=True, slots=True)
class _ColumnPlacement:
    """Column indexes of the planned columns before and after the edit."""

    #: For each planned column its index in the existing sheet, None if it is new.
    old: tuple[int | None, ...]
    #: For each planned column its index after the insertions.
    new: tuple[int, ...]
    insertions: tuple[Insertion, ...]

    def runs(self) -> Iterator[tuple[int, ...]]:
        """Yield the positions of planned columns that will be neighbours, in the order of the sheet."""
        run: list[int] = []
        for position in sorted(range(len(self.new)), key=self.new.__getitem__):
            if run and self.new[position] != self.new[run[-1]] + 1:
                yield tuple(run)
                run = []
            run.append(position)
        yield tuple(run)


def _place_columns(planned: Sequence[Column], existing: ExistingSheet, header_row: int) -> _ColumnPlacement:
    """Place new columns after our last visible one, and so before those that people added at the end."""
    header = existing.cells[header_row] if existing.cells else ()
    index_of = {fold_title(title): index for index, title in reversed(list(enumerate(header)))}
    old = tuple(index_of.get(column.title.casefold()) for column in planned)
    missing = [position for position, index in enumerate(old) if index is None]
    visible = [index for column, index in zip(planned, old, strict=True) if index is not None and not column.hidden]
    first_new = 1 + max(visible, default=-1)
    pushes = bool(missing) and first_new < max(map(len, existing.cells), default=0)
    new_indexes = {position: first_new + offset for offset, position in enumerate(missing)}
    for position, index in enumerate(old):
        if index is not None:
            new_indexes[position] = index + (len(missing) if pushes and index >= first_new else 0)
    new = tuple(new_indexes[position] for position in range(len(old)))
    return _ColumnPlacement(old, new, (Insertion(is_rows=False, at=first_new, count=len(missing)),) if pushes else ())


def _new_titles(sheet: PlannedSheet, columns: _ColumnPlacement, header_row: int) -> Iterator[CellBlock]:
    for run in columns.runs():
        for position in run:
            if columns.old[position] is None:
                yield CellBlock(header_row, columns.new[position], ((sheet.columns[position].title,),))


def _keys_of_inserted(
    planned: Sequence[PlannedRow], titles: Sequence[str], columns: _ColumnPlacement, rows: RowPlacement
) -> Iterator[CellBlock]:
    """Yield the keys of inserted rows, so that a repeated plan recognises them; appended rows need none."""
    for position in sorted(rows.inserted, key=rows.new.__getitem__):
        for title in (KEY, CURRENCY):
            column = titles.index(title)
            yield CellBlock(rows.new[position], columns.new[column], ((planned[position][column],),))


def _changed_cells(
    title: str,
    planned: Sequence[PlannedRow],
    titles: Sequence[str],
    existing: ExistingSheet,
    columns: _ColumnPlacement,
    rows: RowPlacement,
) -> Iterator[CellBlock]:
    """Yield the cells that differ, in runs of our columns with what stands between them; `First Added` is written once."""
    first_added = titles.index(FIRST_ADDED) if FIRST_ADDED in titles else None
    keys = [titles.index(key) for key in KEY_COLUMNS.get(title, ())] if title != MASTER else []
    untouchable = {position for position, own in enumerate(titles) if own in _WRITTEN_BY_PEOPLE} if title in KEY_COLUMNS else set()
    runs = list(columns.runs())
    for position in sorted(range(len(planned)), key=rows.new.__getitem__):
        row = existing.row_at(rows.old[position])
        current = [row[column] if column is not None and column < len(row) else "" for column in columns.old]
        target = list(planned[position])
        if first_added is not None and current[first_added] != "":
            target[first_added] = current[first_added]
        changed = {column for column in range(len(target)) if not is_equal_cell(target[column], current[column])}
        if not changed.isdisjoint(keys):
            changed.update(range(len(target)))
        for run in runs if changed else ():
            for span in _spans(run, changed, untouchable):
                yield CellBlock(rows.new[position], columns.new[span[0]], (tuple(target[column] for column in span),))


def _spans(run: Sequence[int], changed: AbstractSet[int], untouchable: AbstractSet[int]) -> Iterator[Sequence[int]]:
    """Yield the parts of a run from the first to the last changed column, without unchanged ones of `untouchable`."""
    span: list[int] = []
    between: list[int] = []
    for column in run:
        if column in changed:
            span += [*between, column]
            between = []
        elif column in untouchable:
            if span:
                yield span
            span, between = [], []
        elif span:
            between.append(column)
    if span:
        yield span


def _cleared_cells(existing: ExistingSheet, columns: _ColumnPlacement, rows: RowPlacement) -> Iterator[CellBlock]:
    """Yield blanks for the rows that a longer list, or products that are gone, left behind."""
    for row in rows.surplus:
        shift = sum(insertion.count for insertion in rows.insertions if insertion.at <= row)
        for run in columns.runs():
            if any(existing.cell_at(row, columns.old[column]) != "" for column in run):
                yield CellBlock(row + shift, columns.new[run[0]], (("",) * len(run),))


def _column_formats(
    sheet: PlannedSheet, existing: ExistingSheet, columns: _ColumnPlacement, rows: RowPlacement, header_row: int, row_count: int
) -> Iterator[ColumnFormat]:
    """Yield formats of new columns, of columns with the first decimals in them, and of rows that the sheet grows by."""
    grows = max([header_row, *rows.new]) + 1 > row_count
    for position, column in enumerate(sheet.columns):
        has_decimals = column.kind is ColumnKind.MONEY and not all(_is_whole(to_scalar(row[position])) for row in sheet.rows)
        new, old = columns.new[position], columns.old[position]
        if old is None:
            yield _new_column_format(column, new, header_row + 1, has_decimals=has_decimals)
        elif has_decimals and all(_is_whole(row[old]) for row in existing.cells[header_row + 1 :] if old < len(row)):
            yield ColumnFormat(new, column.kind, header_row + 1, has_decimals)
        elif grows:
            yield ColumnFormat(new, column.kind, row_count, has_decimals, choices=column.choices)


def _new_column_format(column: Column, index: int, first_row: int, *, has_decimals: bool) -> ColumnFormat:
    return ColumnFormat(
        index,
        column.kind,
        first_row,
        has_decimals,
        is_new=True,
        width=column.width,
        is_hidden=column.hidden,
        is_input=column.is_input,
        note=column.note,
        choices=column.choices,
    )


def _merged(blocks: Iterable[CellBlock]) -> Iterator[CellBlock]:
    """Merge blocks that continue the one before them downwards or to the right."""
    last: CellBlock | None = None
    for block in blocks:
        if last is not None and block.column == last.column and block.row == last.row + len(last.cells) and _is_as_wide(block, last):
            last = CellBlock(last.row, last.column, last.cells + block.cells)
        elif last is not None and len(last.cells) == 1 and block.row == last.row and block.column == last.column + len(last.cells[0]):
            last = CellBlock(last.row, last.column, (last.cells[0] + block.cells[0],))
        else:
            if last is not None:
                yield last
            last = block
    if last is not None:
        yield last


def _is_as_wide(one: CellBlock, other: CellBlock) -> bool:
    return len(one.cells[0]) == len(other.cells[0])


def is_equal_cell(planned: Scalar, current: Scalar) -> bool:
    """Return whether a cell shows what was planned for it."""
    if isinstance(planned, str) or isinstance(current, str | bool):
        return type(planned) is type(current) and planned == current
    return math.isclose(planned, current, rel_tol=_EQUAL_WITHIN)


def _is_whole(value: Scalar) -> bool:
    return isinstance(value, str) or value == int(value)


def fold_title(title: Scalar) -> str:
    """Return a column's title as titles are compared."""
    return " ".join(str(title).split()).casefold()
