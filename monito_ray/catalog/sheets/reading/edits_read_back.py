"""What people changed in the sheets of a spreadsheet since we wrote them: corrections, and answers to those that cannot be taken. Pure.

A cell was edited by a person if it shows neither what we wrote last nor what we were about to write when the program was stopped, nor what
we are going to write now. What we wrote is kept by the caller, as `written_cells` returns it: before a write beside the copy of the
write before it, and alone once the write went through.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.master_table import DISTINCTION, MASTER
from monito_ray.catalog.sheets.reading.corrected_fields import EDITABLE, FieldRefused, standard_of
from monito_ray.catalog.sheets.review_sheet import REVIEW, row_key
from monito_ray.catalog.sheets.sheet_diff import FIRST_ADDED, find_header, fold_title, is_equal_cell, to_scalar
from monito_ray.pipeline.products.taxonomy import OTHER, category_names
from monito_ray.records import ProductRow
from monito_ray.sheet_model import ExistingSheet, PlannedSheet, Scalar

#: The columns that say which row it is, by the sheet's title.
KEY_COLUMNS = {
    MASTER: ("Product ID", "Currency"),
    REVIEW: ("Product ID", "Supplier", "Source File", "Source Sheet", "Source Row"),
}
#: A day that a person put right stays in the sheet; see `sheet_diff`.
_THEIRS = (FIRST_ADDED,)
_COMPUTED = "this column is computed from the suppliers' lists; correct the list, or send a new one"

#: The cells of a row in the order of `KEY_COLUMNS`, as texts.
SheetKey = tuple[str, ...]
#: For each row the cells that are not empty, by column title.
WrittenCells = Mapping[SheetKey, Mapping[str, Scalar]]


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell that a person changed."""

    sheet: str
    key: SheetKey
    column: str
    old: Scalar
    new: Scalar


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """Edits of one row that cannot be taken, with a sentence to the person."""

    sheet: str
    key: SheetKey
    #: The product as the sheet shows it.
    product: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EditedSheets:
    """What people changed."""

    corrections: tuple[Correction, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()


def written_cells(sheet: PlannedSheet) -> WrittenCells:
    """Return what is to be kept of a sheet that is written: the cells by which a later edit is noticed."""
    titles = [column.title for column in sheet.columns]
    places = [titles.index(title) for title in KEY_COLUMNS[sheet.title]]
    rows: dict[SheetKey, dict[str, Scalar]] = {}
    for row in sheet.rows:
        cells = [to_scalar(cell) for cell in row]
        if cells[places[0]] != "":
            rows[tuple(_key_text(cells[place]) for place in places)] = {
                title: cell for title, cell in zip(titles, cells, strict=True) if cell != ""
            }
    return rows


def edited_cells(existing: ExistingSheet, versions: Sequence[WrittenCells]) -> list[CellEdit]:
    """Return the cells of a sheet that a person changed.

    Args:
        existing: the sheet as it is.
        versions: what we wrote last, first; then what may stand there by our hand as well.

    Rows that we did not write, and columns that are not ours, are people's own.
    """
    title = next((own for own in KEY_COLUMNS if own.casefold() == existing.title.casefold()), "")
    if not title or not versions:
        return []
    ours = {column for version in versions for cells in version.values() for column in cells}
    header_row = find_header((*ours, *KEY_COLUMNS[title]), existing)
    place_of = {fold_title(cell): place for place, cell in reversed(list(enumerate(existing.row_at(header_row))))}
    if any(fold_title(column) not in place_of for column in KEY_COLUMNS[title]):
        return []
    columns = {column: place_of[fold_title(column)] for column in sorted(ours) if fold_title(column) in place_of}
    edits: list[CellEdit] = []
    seen: set[SheetKey] = set()
    for row in range(header_row + 1, len(existing.cells)):
        key = tuple(_key_text(existing.cell_at(row, place_of[fold_title(column)])) for column in KEY_COLUMNS[title])
        if key in seen:
            continue  # a copy of a row that somebody made
        seen.add(key)
        edits += _edits_of_row(title, key, {column: existing.cell_at(row, place) for column, place in columns.items()}, versions)
    return edits


def _edits_of_row(title: str, key: SheetKey, cells: Mapping[str, Scalar], versions: Sequence[WrittenCells]) -> Iterator[CellEdit]:
    own = [version[key] for version in versions if key in version]
    if not own:
        return
    for column, cell in cells.items():
        if not any(is_equal_cell(version.get(column, ""), cell) for version in own):
            yield CellEdit(title, key, column, own[0].get(column, ""), cell)


def corrections_of(edits: Sequence[CellEdit], snapshot: Snapshot) -> EditedSheets:
    """Return what the edits correct in the catalogue, and the answers to those that cannot be taken.

    An edit in the master table corrects the rows of all suppliers that offer the product, one in Review its own row. An edit in Review
    stands over one in the master table.
    """
    by_row: dict[tuple[str, SheetKey], list[CellEdit]] = {}
    for edit in sorted(edits, key=lambda one: one.sheet != MASTER):
        by_row.setdefault((edit.sheet, edit.key), []).append(edit)
    rows = _rows_by_key(snapshot)
    corrections: dict[SheetKey, Correction] = {}
    refused: list[RefusedEdit] = []
    for (sheet, key), own in by_row.items():
        targets = rows.get((sheet, key[:1] if sheet == MASTER else key), [])
        try:
            corrections |= _corrected(own, targets)
        except FieldRefused as error:
            refused.append(RefusedEdit(sheet, key, targets[0][1].standardized_name if targets else "", str(error)))
    return EditedSheets(tuple(corrections.values()), tuple(refused))


def _rows_by_key(snapshot: Snapshot) -> dict[tuple[str, SheetKey], list[tuple[SheetKey, ProductRow]]]:
    """Return the rows that an edit in a sheet's row concerns, each with its key in Review."""
    rows: dict[tuple[str, SheetKey], list[tuple[SheetKey, ProductRow]]] = {}
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            key = row_key(row, offer.product_id)
            rows.setdefault((MASTER, (offer.product_id,)), []).append((key, row))
            rows[REVIEW, key] = [(key, row)]
    return rows


def _corrected(edits: Sequence[CellEdit], targets: Sequence[tuple[SheetKey, ProductRow]]) -> dict[SheetKey, Correction]:
    """Return the corrections that the edits of one row make; raises `FieldRefused`."""
    foreign = [edit.column for edit in edits if edit.column not in (*EDITABLE, *_THEIRS)]
    changes = {edit.column: _edit_text(edit) for edit in edits if edit.column in EDITABLE}
    if foreign:
        raise FieldRefused(f"{', '.join(foreign)}: {_COMPUTED}")
    if changes and not targets:
        raise FieldRefused("nobody offers this product any more")
    return {key: (row, standard_of(_line_of(row) | changes)) for key, row in targets} if changes else {}


def _edit_text(edit: CellEdit) -> str:
    """Return a changed cell as text, without what stood behind the name to tell it from an equal one."""
    text = _key_text(edit.new)
    if edit.column == "Product" and DISTINCTION in str(edit.old):
        text = text.removesuffix(str(edit.old)[str(edit.old).index(DISTINCTION) :])
    return text


def _line_of(row: ProductRow) -> dict[str, str]:
    size = "" if row.size is None else f"{row.size.normalize():f}"
    category = row.category if row.category in category_names() else OTHER
    values = row.standardized_name, row.brand, size, row.unit, str(row.pack_count), category
    return dict(zip(EDITABLE, values, strict=True))


def _key_text(cell: Scalar) -> str:
    """Return a cell as text; spreadsheets give whole numbers as floats."""
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)
