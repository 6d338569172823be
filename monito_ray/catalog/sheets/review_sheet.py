"""The sheet Review: the rows in doubt, what costs money first, and repeats of one reason counted in a line."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from monito_ray.catalog.sheets.choices import unit_choices
from monito_ray.catalog.sheets.review import ReviewEntry
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.records import ProductRow
from monito_ray.sheet_model import Cell, CellMark, Column, ColumnKind, PlannedSheet

REVIEW = "Review"
#: Rows of one supplier with the same reasons: more than these are counted in a line, with the first ones below it.
GROUPED_FROM = 12
SHOWN_OF_GROUP = 5
#: A person looks at some dozens of rows at a sitting; those that follow come up as these are settled.
MOST_ROWS = 400
_EXAMPLES = 3
_CHOICES: dict[str, Callable[[], tuple[str, ...]]] = {"Unit": unit_choices, "Category": category_names}
_COLUMNS = (
    Column("Why", width=52),
    Column("Original Name", width=42),
    Column("Product", width=34, is_input=True, note="Yellow columns can be corrected. A correction holds for this and every later list."),
    Column("Brand", width=16, is_input=True),
    Column("Size", ColumnKind.NUMBER, 8, is_input=True),
    Column("Unit", width=7, is_input=True),
    Column("Pack", ColumnKind.NUMBER, 7, is_input=True),
    Column("Category", width=22, is_input=True),
    Column("Not Accepted", width=24),
    Column("Price", ColumnKind.MONEY, 13),
    Column("Currency", width=10),
    Column("Supplier", width=24),
    Column("Section", width=24),
    Column("Confidence", ColumnKind.SHARE, 12),
    Column("Source File", width=28),
    Column("Source Sheet", width=18),
    Column("Source Row", ColumnKind.NUMBER, 12),
    Column("Product ID", hidden=True),
)
_TITLES = tuple(column.title for column in _COLUMNS)
_WHY, _NAME, _REFUSAL, _SUPPLIER = (_TITLES.index(title) for title in ("Why", "Original Name", "Not Accepted", "Supplier"))

#: A row of a list: product id, supplier, source file, sheet and row.
RowKey = tuple[str, str, str, str, str]


def review_sheet(entries: Sequence[ReviewEntry], refused: Mapping[RowKey, str] | None = None, notices: Sequence[str] = ()) -> PlannedSheet:
    """Plan the sheet of `entries`, which are in order.

    Args:
        entries: the rows in doubt.
        refused: sentences on corrections that were not accepted.
        notices: sentences for the first lines.
    """
    refused = refused or {}
    rows: list[tuple[Cell, ...]] = []
    marked: dict[int, dict[int, CellMark]] = {}
    for notice in notices:
        marked[len(rows)] = {_WHY: CellMark.NOTICE}
        rows.append(_line(notice, "", ""))
    left_out = 0
    for group in _groups(entries):
        is_long = len(group) > GROUPED_FROM
        shown = group[: SHOWN_OF_GROUP if is_long else None]
        if len(rows) + len(shown) > MOST_ROWS:
            left_out += len(group)
            continue
        if is_long:
            marked[len(rows)] = {_WHY: CellMark.NOTICE, _NAME: CellMark.NOTICE}
            rows.append(_group_line(group))
        for entry in shown:
            sentence = refused.get(row_key(entry.row, entry.product_id), "")
            if sentence:
                marked[len(rows)] = {_REFUSAL: CellMark.NOTICE}
            rows.append(_cells(entry, sentence))
    if left_out:
        marked[len(rows)] = {_WHY: CellMark.NOTICE}
        rows.append(_line(f"and {left_out:,} more rows, which come up as these are settled", "", ""))
    return PlannedSheet(REVIEW, _columns(), rows, 2, marked)


def row_key(row: ProductRow, product_id: str) -> RowKey:
    """Return what identifies a row of a list in the sheet."""
    return product_id, row.supplier, row.source_file, row.source_sheet, str(row.source_row)


def _columns() -> tuple[Column, ...]:
    return tuple(replace(column, choices=_CHOICES[column.title]()) if column.title in _CHOICES else column for column in _COLUMNS)


def _groups(entries: Sequence[ReviewEntry]) -> list[list[ReviewEntry]]:
    """Return the entries of each supplier and reasons together, in the order of their first ones; few of a kind stay where they are."""
    alike: dict[tuple[str, tuple[str, ...]], list[ReviewEntry]] = defaultdict(list)
    for entry in entries:
        alike[entry.row.supplier, entry.why].append(entry)
    groups: list[list[ReviewEntry]] = []
    listed = set()
    for entry in entries:
        key = entry.row.supplier, entry.why
        if len(alike[key]) <= GROUPED_FROM:
            groups.append([entry])
        elif key not in listed:
            listed.add(key)
            groups.append(alike[key])
    return groups


def _group_line(group: Sequence[ReviewEntry]) -> tuple[Cell, ...]:
    examples = "; ".join(entry.row.original_name for entry in group[:_EXAMPLES])
    return _line(f"{len(group):,} rows: {'; '.join(group[0].why)}", f"such as {examples}", group[0].row.supplier)


def _line(why: str, name: str, supplier: str) -> tuple[Cell, ...]:
    cells: list[Cell] = [None] * len(_COLUMNS)
    cells[_WHY], cells[_NAME], cells[_SUPPLIER] = why, name, supplier
    return tuple(cells)


def _cells(entry: ReviewEntry, refusal: str) -> tuple[Cell, ...]:
    row = entry.row
    return (
        "; ".join(entry.why),
        row.original_name,
        row.standardized_name,
        row.brand,
        row.size,
        row.unit,
        row.pack_count,
        row.category,
        refusal,
        row.price,
        row.currency,
        row.supplier,
        row.section,
        row.confidence,
        row.source_file,
        row.source_sheet,
        row.source_row,
        entry.product_id,
    )
