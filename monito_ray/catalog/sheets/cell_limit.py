"""Keeping a spreadsheet within Google's limit of cells: the suppliers of the newest lists are shown, and a line says who is not. Pure."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import groupby

from monito_ray.catalog.sheets.master_table import MASTER, column_labels, table_titles
from monito_ray.catalog.sheets.sheet_diff import KEY, find_header, fold_title, plan_edits
from monito_ray.catalog.sheets.workbook_plan import OWN_TITLES, Catalogue, plan_workbook
from monito_ray.sheet_model import CellBlock, Deletion, ExistingSheet, PlannedSheet, SheetEdit

#: Google's limit of cells in a spreadsheet, empty ones too.
MOST_CELLS = 10_000_000
#: Left free for what people add while we write.
_SPARE_CELLS = 50_000
#: Rows that stay of the sheet of a supplier that is not shown: its titles, and a line that says so.
_ROWS_LEFT = 2
_SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class Room:
    """What a spreadsheet has room for."""

    catalogue: Catalogue
    #: What has to be deleted first, of sheets, rows and columns that are ours.
    deletions: tuple[SheetEdit, ...] = ()


def make_room(catalogue: Catalogue, existing: Sequence[ExistingSheet], most_cells: int = MOST_CELLS) -> Room:
    """Return the catalogue as far as the spreadsheet has room for it.

    The sheets of the suppliers with the oldest lists are left out first; where the master table alone is too large, so are they in it.
    People's sheets and columns stay as they are.
    """
    by_title = {sheet.title.casefold(): sheet for sheet in existing}
    planned = plan_workbook(catalogue)
    free = most_cells - _SPARE_CELLS - _cells_of_others(planned, existing)
    if sum(_needs(sheet, by_title) for sheet in planned) <= free:
        return Room(catalogue)
    oldest = _oldest_first(catalogue)
    own = [sheet for sheet in planned if sheet.title in OWN_TITLES]
    sheets = dict(zip((one.supplier for one in catalogue.lists), planned[len(own) :], strict=True))
    master, *small = own
    table = by_title.get(master.title.casefold())
    remains = {name: _ROWS_LEFT * len(sheet.columns) for name, sheet in sheets.items() if sheet.title.casefold() in by_title}
    free -= sum(_needs(sheet, by_title) for sheet in small) + sum(remains.values())
    in_table = _suppliers_in_table(catalogue, oldest, free, table)
    shown = catalogue if len(in_table) == len(oldest) else _with_suppliers(catalogue, in_table)
    needs = {name: _needs(sheets[name], by_title) - remains.get(name, 0) for name in oldest}
    without_sheet = _suppliers_without_sheet(oldest, needs, free - _table_cells(shown, table))
    names = [name for name in oldest if name in without_sheet or name not in in_table]
    shown = replace(shown, without_sheet=frozenset(without_sheet), notices=(*shown.notices, _notice(names, most_cells)))
    deletions = [
        _shrunk(sheets[name], by_title[sheets[name].title.casefold()]) for name in names if sheets[name].title.casefold() in by_title
    ]
    if table is not None and len(in_table) < len(oldest):
        deletions.append(_shrunk_table(master, table, catalogue, shown))
    return Room(shown, tuple(edit for edit in deletions if edit is not None and edit.deletions))


@dataclass(frozen=True, slots=True)
class LimitedPlan:
    """How a spreadsheet is brought up to date."""

    edits: tuple[SheetEdit, ...]
    #: Whether they only make room, so that others have to follow.
    makes_room: bool
    #: What it shows afterwards.
    sheets: Sequence[PlannedSheet]


def plan_within_limit(
    catalogue: Catalogue,
    existing: Sequence[ExistingSheet],
    most_cells: int = MOST_CELLS,
    former: AbstractSet[tuple[str, ...]] = frozenset(),
) -> LimitedPlan:
    """Return the edits that bring the spreadsheet up to date as far as it has room; for `former` see `plan_edits`."""
    room = make_room(catalogue, existing, most_cells)
    plan_sheets = cache(partial(plan_workbook, room.catalogue))
    edits = room.deletions or plan_edits(plan_sheets, existing, former)
    return LimitedPlan(edits, bool(room.deletions), plan_sheets(frozenset()))


def _oldest_first(catalogue: Catalogue) -> list[str]:
    newest: dict[str, date] = {}
    for offer in catalogue.offers:
        newest[offer.supplier] = max(offer.listed_on, newest.get(offer.supplier, date.min))
    return sorted((one.supplier for one in catalogue.lists), key=lambda name: (newest.get(name, date.min), name))


def _cells_of_others(planned: Sequence[PlannedSheet], existing: Sequence[ExistingSheet]) -> int:
    ours = {sheet.title.casefold() for sheet in planned}
    return sum(sheet.row_count * sheet.column_count for sheet in existing if sheet.title.casefold() not in ours)


def _needs(sheet: PlannedSheet, by_title: dict[str, ExistingSheet]) -> int:
    """Return the cells that a sheet will have; it never shrinks by itself."""
    return _grid(len(sheet.rows), [column.title for column in sheet.columns], by_title.get(sheet.title.casefold()))


def _grid(row_count: int, titles: Sequence[str], existing: ExistingSheet | None) -> int:
    if existing is None:
        return max(row_count + 1, _ROWS_LEFT) * len(titles)
    header_row = find_header(titles, existing)
    header = {fold_title(cell) for cell in existing.row_at(header_row)}
    columns = max(existing.column_count, len(existing.row_at(header_row)) + sum(title.casefold() not in header for title in titles))
    return max(existing.row_count, header_row + 1 + row_count) * columns


def _table_cells(catalogue: Catalogue, existing: ExistingSheet | None) -> int:
    """Return the cells of the master table, without planning it; one that has columns to be deleted counts as if it were made again."""
    offered = {(offer.product_id, offer.currency) for offer in catalogue.offers}
    unoffered = len(catalogue.products) - len({product_id for product_id, _ in offered})
    titles = table_titles(one.supplier for one in catalogue.lists)
    fits = existing is not None and existing.column_count <= len(titles)
    return _grid(len(offered) + unoffered, titles, existing if fits else None)


def _suppliers_in_table(catalogue: Catalogue, oldest: Sequence[str], free: int, existing: ExistingSheet | None) -> set[str]:
    """Return the suppliers of the newest lists for which the master table has room: found by halving."""
    least, most = 0, len(oldest)
    while least < most:
        middle = (least + most) // 2
        if _table_cells(_with_suppliers(catalogue, oldest[middle:]), existing) <= free:
            most = middle
        else:
            least = middle + 1
    return set(oldest[least:])


def _with_suppliers(catalogue: Catalogue, suppliers: Collection[str]) -> Catalogue:
    """Return the catalogue as if there were no other suppliers."""
    chosen = set(suppliers)
    offers = [offer for offer in catalogue.offers if offer.supplier in chosen]
    products = {offer.product_id for offer in offers}
    return replace(
        catalogue,
        offers=offers,
        products=[product for product in catalogue.products if product.product_id in products],
        lists=[one for one in catalogue.lists if one.supplier in chosen],
    )


def _suppliers_without_sheet(oldest: Sequence[str], needs: Mapping[str, int], free: int) -> set[str]:
    """Return the suppliers whose sheets have no room beside those of newer lists; `needs` are in cells."""
    for number, name in enumerate(reversed(oldest)):
        free -= needs[name]
        if free < 0:
            return set(oldest[: len(oldest) - number])
    return set()


def _notice(names: Sequence[str], most_cells: int) -> str:
    shown = ", ".join(names[:_SHOWN_NAMES]) + (f" and {len(names) - _SHOWN_NAMES:,} more" if len(names) > _SHOWN_NAMES else "")
    return f"This spreadsheet is full (Google's limit is {most_cells:,} cells). Not shown, since their lists are the oldest: {shown}. catalog.xlsx has them."


def _shrunk(sheet: PlannedSheet, existing: ExistingSheet) -> SheetEdit | None:
    """Return the edit that leaves the titles of a supplier's sheet; None where people added columns to it or wrote above it."""
    titles = {column.title.casefold() for column in sheet.columns}
    header = [fold_title(cell) for cell in existing.row_at(0)]
    if (
        existing.row_count <= _ROWS_LEFT
        or not titles.issuperset(title for title in header if title)
        or len(titles & set(header)) < len(titles)
    ):
        return None
    line = ("not shown: this spreadsheet is full", *("",) * (len(header) - 1))
    return SheetEdit(
        sheet_id=existing.sheet_id,
        title=existing.title,
        deletions=(Deletion(is_rows=True, at=_ROWS_LEFT, count=existing.row_count - _ROWS_LEFT),),
        blocks=(CellBlock(1, 0, (line,)),),
    )


def _shrunk_table(master: PlannedSheet, existing: ExistingSheet, all_shown: Catalogue, shown: Catalogue) -> SheetEdit:
    """Return the edit that takes the columns of suppliers, and the rows of products, out of the master table that are not shown."""
    labels = column_labels(one.supplier for one in all_shown.lists)
    present = {one.supplier for one in shown.lists}
    gone_titles = {f"{label} {what}".casefold() for name, label in labels.items() if name not in present for what in ("Price", "Updated")}
    header_row = find_header((column.title for column in master.columns), existing)
    header = [fold_title(cell) for cell in existing.row_at(header_row)]
    key = header.index(KEY.casefold()) if KEY.casefold() in header else None
    gone_products = {product.product_id for product in all_shown.products} - {product.product_id for product in shown.products}
    rows = [row for row in range(header_row + 1, len(existing.cells)) if existing.cell_at(row, key) in gone_products]
    columns = [column for column, title in enumerate(header) if title in gone_titles]
    return SheetEdit(sheet_id=existing.sheet_id, title=MASTER, deletions=(*_runs_of(rows, is_rows=True), *_runs_of(columns, is_rows=False)))


def _runs_of(indexes: Sequence[int], *, is_rows: bool) -> list[Deletion]:
    """Return deletions of the indexes, which are sorted: the last ones first, so that none moves another."""
    runs = [[index for _, index in run] for _, run in groupby(enumerate(indexes), key=lambda pair: pair[1] - pair[0])]
    return [Deletion(is_rows=is_rows, at=run[0], count=len(run)) for run in reversed(runs)]
