"""The sheet Review: the rows in doubt, what costs money first, and repeats of one reason counted in a line."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from monito_ray.catalog.sheets.choices import NOT_ACCEPTED, PRICE_RIGHT, REFUSAL_NOTE, YES, unit_choices
from monito_ray.catalog.sheets.review import AnyRow, DoubtEntry, ReviewEntry
from monito_ray.catalog.sheets.sheet_titles import with_room_for
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
_CHOICES: dict[str, Callable[[], tuple[str, ...]]] = {"Unit": unit_choices, "Category": category_names, PRICE_RIGHT: lambda: (YES,)}
_RIGHT_NOTE = f'"{YES}" where the price is right: it is not suspected any more, until it changes.'
_COLUMNS = (
    Column("Why", width=52),
    Column("Original Name", width=42),
    Column("Product", width=34, is_input=True, note="Yellow columns can be corrected. A correction holds for this and every later list."),
    Column("Brand", width=16, is_input=True),
    Column("Size", ColumnKind.NUMBER, 8, is_input=True),
    Column("Unit", width=7, is_input=True),
    Column("Pack", ColumnKind.NUMBER, 7, is_input=True),
    Column("Category", width=22, is_input=True),
    Column(PRICE_RIGHT, width=9, is_input=True, note=_RIGHT_NOTE),
    Column(NOT_ACCEPTED, width=24, note=REFUSAL_NOTE),
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
_WHY, _NAME, _REFUSAL, _SUPPLIER = (_TITLES.index(title) for title in ("Why", "Original Name", NOT_ACCEPTED, "Supplier"))

#: A row of a list: product id, supplier, source file, sheet and row.
RowKey = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class DoubtGroup(Generic[AnyRow]):
    """Rows of one supplier with the same reasons."""

    count: int
    why: tuple[str, ...]
    supplier: str
    examples: tuple[str, ...]
    #: The rows that are shown themselves.
    shown: tuple[DoubtEntry[AnyRow], ...]


@dataclass(frozen=True, slots=True)
class DoubtGroups(Generic[AnyRow]):
    """What the sheet shows of all rows in doubt."""

    groups: tuple[DoubtGroup[AnyRow], ...] = ()
    #: Rows that it does not show.
    left_out: int = 0


def group_entries(entries: Sequence[DoubtEntry[AnyRow]]) -> DoubtGroups[AnyRow]:
    """Return what the sheet shows of `entries`, which are in order: those of each supplier and reasons together, where the first stands.

    Few of a kind stay where they are; of many the first ones are shown.
    """
    groups: list[DoubtGroup[AnyRow]] = []
    lines = left_out = 0
    for members in _alike(entries):
        first, is_long = members[0], len(members) > GROUPED_FROM
        shown = members[: SHOWN_OF_GROUP if is_long else None]
        if lines + len(shown) > MOST_ROWS:
            left_out += len(members)
            continue
        examples = tuple(entry.row.original_name for entry in members[:_EXAMPLES])
        groups.append(DoubtGroup(len(members), first.why, first.row.supplier, examples, tuple(shown)))
        lines += len(shown) + is_long
    return DoubtGroups(tuple(groups), left_out)


def review_sheet(
    doubts: DoubtGroups[ProductRow], refused: Mapping[tuple[str, ...], str] | None = None, notices: Sequence[str] = ()
) -> PlannedSheet:
    """Plan the sheet.

    Args:
        doubts: the rows in doubt.
        refused: sentences on corrections that were not accepted.
        notices: sentences for the first lines.
    """
    refused = refused or {}
    rows: list[tuple[Cell, ...]] = []
    marked: dict[int, dict[int, CellMark]] = {}
    for notice in notices:
        marked[len(rows)] = {_WHY: CellMark.NOTICE}
        rows.append(_line(notice, "", ""))
    for group in doubts.groups:
        if group.count > len(group.shown):
            marked[len(rows)] = {_WHY: CellMark.NOTICE, _NAME: CellMark.NOTICE}
            rows.append(_group_line(group))
        for entry in group.shown:
            sentence = refused.get(row_key(entry.row, entry.product_id), "")
            if sentence:
                marked[len(rows)] = {_REFUSAL: CellMark.NOTICE}
            rows.append(_cells(entry, sentence))
    if doubts.left_out:
        marked[len(rows)] = {_WHY: CellMark.NOTICE}
        rows.append(_line(f"and {doubts.left_out:,} more rows, which come up as these are settled", "", ""))
    return PlannedSheet(REVIEW, with_room_for((group.supplier for group in doubts.groups), _columns()), rows, 2, marked)


def row_key(row: ProductRow, product_id: str) -> RowKey:
    """Return what identifies a row of a list in the sheet."""
    return product_id, row.supplier, row.source_file, row.source_sheet, str(row.source_row)


def _columns() -> tuple[Column, ...]:
    return tuple(replace(column, choices=_CHOICES[column.title]()) if column.title in _CHOICES else column for column in _COLUMNS)


def _alike(entries: Sequence[DoubtEntry[AnyRow]]) -> Iterator[Sequence[DoubtEntry[AnyRow]]]:
    """Yield the entries of each supplier and reasons together, in the order of their first ones; few of a kind one by one."""
    alike: dict[tuple[str, tuple[str, ...]], list[DoubtEntry[AnyRow]]] = defaultdict(list)
    for entry in entries:
        alike[entry.row.supplier, entry.why].append(entry)
    listed = set()
    for entry in entries:
        key = entry.row.supplier, entry.why
        if len(alike[key]) <= GROUPED_FROM:
            yield [entry]
        elif key not in listed:
            listed.add(key)
            yield alike[key]


def _group_line(group: DoubtGroup[ProductRow]) -> tuple[Cell, ...]:
    return _line(f"{group.count:,} rows: {'; '.join(group.why)}", f"such as {'; '.join(group.examples)}", group.supplier)


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
        None,
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
