"""What people changed in the sheets of a spreadsheet since we wrote them: corrections, and answers to those that cannot be taken. Pure.

A cell was edited by a person if it shows neither what we wrote last nor what we were about to write when the program was stopped, nor what
we are going to write now. What we wrote is kept by the caller, as `written_cells` returns it: before a write beside the copy of the
write before it, and alone once the write went through.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter

from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.choices import EDITABLE, PRICE_RIGHT
from monito_ray.catalog.sheets.master_table import DISTINCTION, MASTER
from monito_ray.catalog.sheets.reading.compact_rows import CompactRows, SheetKey
from monito_ray.catalog.sheets.reading.corrected_fields import FieldRefused, is_confirmed, standard_of
from monito_ray.catalog.sheets.review_sheet import REVIEW, row_key
from monito_ray.catalog.sheets.sheet_diff import FIRST_ADDED, find_header, fold_title, is_equal_cell, to_scalar
from monito_ray.catalog.sheets.workbook_plan import KEY_COLUMNS
from monito_ray.pipeline.products.taxonomy import OTHER, category_names
from monito_ray.records import Method, ProductRow
from monito_ray.sheet_model import ExistingSheet, PlannedSheet, Scalar

#: A day that a person put right stays in the sheet; see `sheet_diff`.
_THEIRS = (FIRST_ADDED,)
_COMPUTED = "this column is computed from the suppliers' lists; correct the list, or send a new one"


@dataclass(frozen=True, slots=True)
class WrittenCells:
    """The cells of a sheet at one moment, by which a later edit is noticed."""

    titles: tuple[str, ...]
    #: Each as long as `titles`, under its cells in `KEY_COLUMNS`.
    rows: CompactRows


NOTHING_WRITTEN = WrittenCells((), CompactRows(0))


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
    #: What was written, since it is not in the sheet any more.
    written: str = ""

    @property
    def text(self) -> str:
        """The sentence, with what was written."""
        return f"{self.sentence} (written was {self.written})" if self.written else self.sentence


@dataclass(frozen=True, slots=True)
class EditedSheets:
    """What people changed."""

    corrections: tuple[Correction, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()
    #: Rows whose price is right.
    confirmed: tuple[ProductRow, ...] = ()


def written_cells(sheet: PlannedSheet) -> WrittenCells:
    """Return what is to be kept of a sheet that is written."""
    titles = tuple(column.title for column in sheet.columns)
    key_places = [titles.index(title) for title in KEY_COLUMNS[sheet.title]]
    return _keyed(titles, key_places, ([to_scalar(cell) if cell is not None else "" for cell in row] for row in sheet.rows))


def standing_cells(existing: ExistingSheet, planned: PlannedSheet, ours: Sequence[WrittenCells]) -> WrittenCells:
    """Return the cells of our rows of a sheet as it is, under those of our titles that it has; no rows where its keys are not there.

    The keys of `ours` are those of our rows.
    """
    titles = [column.title for column in planned.columns]
    placed = _place_titles(existing, titles, KEY_COLUMNS[planned.title])
    if placed is None:
        return NOTHING_WRITTEN
    own = tuple(placed.columns)
    read = _reader(list(placed.columns.values()))
    keys = [own.index(title) for title in KEY_COLUMNS[planned.title]]
    return _keyed(own, keys, map(read, existing.cells[placed.header_row + 1 :]), ours)


def sheet_lines(existing: ExistingSheet, planned: PlannedSheet) -> list[dict[str, Scalar]]:
    """Return the rows of a sheet as it is, by those of our titles that it has; none where its keys are not there."""
    placed = _place_titles(existing, [column.title for column in planned.columns], KEY_COLUMNS[planned.title])
    if placed is None:
        return []
    read = _reader(list(placed.columns.values()))
    return [dict(zip(placed.columns, read(row), strict=True)) for row in existing.cells[placed.header_row + 1 :]]


def _keyed(
    titles: tuple[str, ...], key_places: Sequence[int], rows: Iterable[Sequence[Scalar]], ours: Sequence[WrittenCells] | None = None
) -> WrittenCells:
    keyed = ((tuple([_key_text(cells[place]) for place in key_places]), cells) for cells in rows)
    own = ((key, cells) for key, cells in keyed if key[0] and (ours is None or any(key in version.rows for version in ours)))
    return WrittenCells(titles, CompactRows(len(titles), own))


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
    placed = _place_titles(existing, sorted({own for version in versions for own in version.titles}), KEY_COLUMNS[title])
    if placed is None:
        return []
    read = _reader(list(placed.columns.values()))
    columns = list(placed.columns)
    keys = [columns.index(column) for column in KEY_COLUMNS[title]]
    written = [(version.rows, _picker(version.titles, columns)) for version in versions]
    edits: list[CellEdit] = []
    strays: dict[SheetKey, tuple[Scalar, ...]] = {}
    seen: set[SheetKey] = set()
    for cells in map(read, existing.cells[placed.header_row + 1 :]):
        key = tuple(_key_text(cells[place]) for place in keys)
        own = [pick(rows[key]) for rows, pick in written if key in rows]
        if not own:
            strays.setdefault(key, cells)
        elif key not in seen and cells not in own:  # a second row is a copy that somebody made
            edits += _edits_of_row(title, key, columns, cells, own)
        seen.add(key)
    for key, cells in _with_former_keys(strays, versions[0], seen):
        edits += _edits_of_row(title, key, columns, cells, [pick(rows[key]) for rows, pick in written if key in rows])
    return edits


def _with_former_keys(
    strays: Mapping[SheetKey, tuple[Scalar, ...]], written: WrittenCells, seen: AbstractSet[SheetKey]
) -> Iterator[tuple[SheetKey, tuple[Scalar, ...]]]:
    """Yield the rows in which somebody changed a part of the key, each under the key that it had; the others are people's own."""
    ids = {key[0] for key in strays if key[0]}
    missing: dict[str, list[SheetKey]] = {}
    for key in written.rows if ids else ():
        if key[0] in ids and key not in seen:
            missing.setdefault(key[0], []).append(key)
    for key, cells in strays.items():
        if missing.get(key[0]):
            yield missing[key[0]].pop(), cells


def _edits_of_row(
    title: str, key: SheetKey, columns: Sequence[str], cells: Sequence[Scalar], own: Sequence[Sequence[Scalar]]
) -> Iterator[CellEdit]:
    for place, column in enumerate(columns):
        if not any(is_equal_cell(version[place], cells[place]) for version in own):
            yield CellEdit(title, key, column, own[0][place], cells[place])


@dataclass(frozen=True, slots=True)
class _PlacedTitles:
    """Where our titles stand in a sheet: those that it has, with the indexes of their columns."""

    header_row: int
    columns: Mapping[str, int]


def _place_titles(existing: ExistingSheet, titles: Sequence[str], keys: Sequence[str]) -> _PlacedTitles | None:
    """Find our titles; None where a key is missing, so that rows cannot be told apart."""
    header_row = find_header((*titles, *keys), existing)
    place_of = {fold_title(cell): place for place, cell in reversed(list(enumerate(existing.row_at(header_row))))}
    columns = {title: place_of[fold_title(title)] for title in titles if fold_title(title) in place_of}
    return _PlacedTitles(header_row, columns) if all(key in columns for key in keys) else None


def _reader(places: Sequence[int]) -> Callable[[Sequence[Scalar]], tuple[Scalar, ...]]:
    """Return what gives the cells of a row at these places, two or more; rows end where their last cell is."""
    pick, width = itemgetter(*places), max(places) + 1

    def read(row: Sequence[Scalar]) -> tuple[Scalar, ...]:
        missing = width - len(row)
        cells: tuple[Scalar, ...] = pick(row if missing <= 0 else [*row, *[""] * missing])
        return cells

    return read


def _picker(titles: Sequence[str], columns: Sequence[str]) -> Callable[[tuple[Scalar, ...]], tuple[Scalar, ...]]:
    """Return what gives the cells of a written row under `columns`, "" under those that it lacks."""
    pick = itemgetter(*(titles.index(column) if column in titles else -1 for column in columns))

    def read(row: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
        cells: tuple[Scalar, ...] = pick((*row, ""))
        return cells

    return read


def corrections_of(edits: Sequence[CellEdit], snapshot: Snapshot) -> EditedSheets:
    """Return what the edits correct in the catalogue, and the answers to those that cannot be taken.

    An edit in the master table corrects the rows of all suppliers that offer the product, one in Review its own row, or the one that its
    supplier's newer list has instead. An edit in Review stands over one in the master table, which is told so.
    """
    by_row: dict[tuple[str, SheetKey], list[CellEdit]] = {}
    for edit in sorted(edits, key=lambda one: one.sheet != MASTER):
        by_row.setdefault((edit.sheet, edit.key), []).append(edit)
    rows = _rows_by_key(snapshot) if edits else {}
    lines: dict[SheetKey, _EditedLine] = {}
    refused: list[RefusedEdit] = []
    confirmed: list[ProductRow] = []
    for (sheet, key), own in by_row.items():
        targets = rows.get((sheet, key[:1] if sheet == MASTER else key)) or rows.get((REVIEW, key[:2]), [])
        product = targets[0][1].standardized_name if targets else ""
        if foreign := [edit for edit in own if edit.column not in (*EDITABLE, PRICE_RIGHT, *_THEIRS)]:
            text = f"{', '.join(edit.column for edit in foreign)}: {_COMPUTED}"
            refused.append(RefusedEdit(sheet, key, product, text, _written(foreign)))
        changes = [edit for edit in own if edit.column in EDITABLE]
        answers = [edit for edit in own if edit.column == PRICE_RIGHT]
        try:
            edited = _edited_lines(changes, targets, lines) if changes else {}
            confirmed += _confirmed_rows(answers, targets)
        except FieldRefused as error:
            refused.append(RefusedEdit(sheet, key, product, str(error), _written([*changes, *answers])))
            continue
        refused += _overruled(edited, lines)
        lines |= edited
    corrections = [(line.row, standard_of(line.fields)) for line in lines.values() if line.changes_row()]
    return EditedSheets(tuple(corrections), tuple(refused), tuple(confirmed))


@dataclass(frozen=True, slots=True)
class _EditedLine:
    """A row of a list with the fields that it is to have, as texts, and who changed them: columns and the key of the edited row."""

    row: ProductRow
    fields: Mapping[str, str]
    changed: Mapping[str, tuple[str, SheetKey]]

    def changes_row(self) -> bool:
        return self.row.method is not Method.MANUAL or dict(self.fields) != _line_of(self.row)


def _confirmed_rows(answers: Sequence[CellEdit], targets: Sequence[tuple[SheetKey, ProductRow]]) -> list[ProductRow]:
    """Return the row whose price is called right; raises `FieldRefused` where a newer list has another row in its place."""
    right = [edit.key for edit in answers if is_confirmed(_key_text(edit.new))]
    rows = [row for key, row in targets if key in right]
    if right and not rows:
        raise FieldRefused("a newer list has another row in place of this one: please look at its price")
    return rows


def _written(edits: Sequence[CellEdit]) -> str:
    return ", ".join(f"{edit.column} {_key_text(edit.new) or 'nothing'}" for edit in edits)


def _rows_by_key(snapshot: Snapshot) -> dict[tuple[str, SheetKey], list[tuple[SheetKey, ProductRow]]]:
    """Return the rows that an edit in a sheet's row concerns, each with its key in Review."""
    rows: dict[tuple[str, SheetKey], list[tuple[SheetKey, ProductRow]]] = {}
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            key = row_key(row, offer.product_id)
            rows.setdefault((MASTER, key[:1]), []).append((key, row))
            rows.setdefault((REVIEW, key[:2]), []).append((key, row))
            rows[REVIEW, key] = [(key, row)]
    return rows


def _edited_lines(
    edits: Sequence[CellEdit], targets: Sequence[tuple[SheetKey, ProductRow]], lines: Mapping[SheetKey, _EditedLine]
) -> dict[SheetKey, _EditedLine]:
    """Return what the edits of one row make of those that they concern; raises `FieldRefused`."""
    if not targets:
        raise FieldRefused("nobody offers this product any more")
    changes = {edit.column: _edit_text(edit) for edit in edits}
    own = dict.fromkeys(changes, (edits[0].sheet, edits[0].key))
    edited = {}
    for key, row in targets:
        before = lines.get(key) or _EditedLine(row, _line_of(row), {})
        edited[key] = _EditedLine(row, {**before.fields, **changes}, {**before.changed, **own})
        standard_of(edited[key].fields)
    return edited


def _overruled(edited: Mapping[SheetKey, _EditedLine], lines: Mapping[SheetKey, _EditedLine]) -> Iterator[RefusedEdit]:
    """Yield the answers to edits that say of a field what a later one says otherwise."""
    for key, line in edited.items():
        before = lines.get(key)
        for column, (sheet, edited_key) in before.changed.items() if before else ():
            if before and before.fields[column] != line.fields[column]:
                text = f"{column}: {line.fields[column]!r} stands in {REVIEW} for the row of {line.row.supplier}, which holds for that row"
                yield RefusedEdit(sheet, edited_key, line.row.standardized_name, text)


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
