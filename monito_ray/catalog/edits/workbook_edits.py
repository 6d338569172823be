"""What a person changed in a copy of the workbook, taken: in the Master Table and in Review, and the answers in `Same?`.

The copy may be older than the catalogue. So a row of the Master Table is read only where what is computed in it is as it is now; else its
name may be the one that it had before a newer list came, and nobody's word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monito_ray.catalog import offers
from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.edits.taking import keep_corrections, take_answers
from monito_ray.catalog.grouping.linking import LinkOutcome
from monito_ray.catalog.lists.correcting import confirm_prices
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.choices import EDITABLE
from monito_ray.catalog.sheets.master_table import LAST_UPDATED, MASTER
from monito_ray.catalog.sheets.reading.compact_rows import SheetKey
from monito_ray.catalog.sheets.reading.edits_read_back import CellEdit, corrections_of, edited_cells, sheet_lines, written_cells
from monito_ray.catalog.sheets.reading.review_edits import read_edits
from monito_ray.catalog.sheets.review_sheet import REVIEW
from monito_ray.catalog.sheets.same_sheet import OFFER_ID, SAME, same_sheet
from monito_ray.catalog.sheets.workbook_plan import catalogue_of, plan_workbook
from monito_ray.records import ProductRow, Standard
from monito_ray.sheet_model import ExistingSheet
from monito_ray.store.database import Store

_OLDER_ROW = "what is computed in it is not what the catalogue has now: please edit a new copy of the workbook"
#: Of a copy that is older than the catalogue, computed cells of many rows differ, which is nobody's word; in so many a person changed them, unless
#: the day of their newest list differs, too.
_MOST_CHANGED_BY_HAND = 5
_FIELDS = ("standardized_name", "brand", "size", "unit", "pack_count", "category")


@dataclass(frozen=True, slots=True)
class AppliedEdits:
    """What became of a person's edits."""

    corrections: tuple[Correction, ...] = ()
    links: tuple[LinkOutcome, ...] = ()
    #: A sentence for each row that was not taken: where it stands, and why.
    refused: tuple[str, ...] = ()
    #: Rows whose price is right.
    confirmed: tuple[ProductRow, ...] = ()


def apply_edits(
    store: Store, review_lines: Sequence[Mapping[str, str]], sheets: Mapping[str, ExistingSheet], now: datetime, user_id: int = 0
) -> AppliedEdits:
    """Take what a person changed.

    Args:
        store: the catalogue.
        review_lines: the rows of Review below the header, as texts by title.
        sheets: the other sheets of a workbook by title, each with its name in the workbook, which has no "Same?"; none for a CSV file of Review.
        now: the time.
        user_id: who it was.
    """
    snapshot = offers.snapshot(store)
    reviewed = read_edits(snapshot, review_lines)
    refused = [f"{REVIEW}, {sentence}" if sheets else sentence for sentence in reviewed.refused]
    tabled: tuple[Correction, ...] = ()
    if MASTER in sheets:
        tabled, sentences = _table_corrections(snapshot, sheets[MASTER])
        refused = [*sentences, *refused]
    corrections = _united(tabled, reviewed.corrections)
    if corrections:
        keep_corrections(store, corrections, now, user_id)
    confirm_prices(store, reviewed.confirmed, now, user_id)
    if SAME not in sheets:
        return AppliedEdits(corrections, (), tuple(refused), reviewed.confirmed)
    lines = sheet_lines(sheets[SAME], same_sheet(()))
    answers = take_answers(store, lines, now, user_id)
    rows = {str(line[OFFER_ID]): number for number, line in enumerate(lines, 2)}
    refused += [f"{sheets[SAME].title}, row {rows[answer.offer_id]}: {answer.sentence}" for answer in answers.refused]
    return AppliedEdits(corrections, answers.links, tuple(refused), reviewed.confirmed)


def _table_corrections(snapshot: Snapshot, table: ExistingSheet) -> tuple[tuple[Correction, ...], list[str]]:
    """Return what the Master Table corrects, and sentences on the rows that are not taken."""
    master, *_ = plan_workbook(catalogue_of(snapshot))
    edits = edited_cells(table, [written_cells(master)])
    by_row: dict[SheetKey, list[CellEdit]] = {}
    for edit in edits:
        by_row.setdefault(edit.key, []).append(edit)
    older = {key for key, own in by_row.items() if any(edit.column not in EDITABLE for edit in own)}
    rows: dict[SheetKey, int] = {}
    for number, line in enumerate(sheet_lines(table, master), 2):
        rows.setdefault((str(line["Product ID"]), str(line["Currency"])), number)
    outcome = corrections_of([edit for edit in edits if edit.key not in older], snapshot)
    sentences = {answer.key: answer.sentence for answer in outcome.refused}
    sentences |= {key: _OLDER_ROW for key in older if any(edit.column in EDITABLE for edit in by_row[key])}
    computed = {key for key in older - sentences.keys() if all(edit.column != LAST_UPDATED for edit in by_row[key])}
    if len(computed) <= _MOST_CHANGED_BY_HAND:
        sentences |= {key: _computed_sentence(by_row[key]) for key in computed}
    numbered = sorted((rows.get(key, 0), sentence) for key, sentence in sentences.items())
    return outcome.corrections, [f"{MASTER}, row {number}: {sentence}" for number, sentence in numbered]


def _computed_sentence(edits: Sequence[CellEdit]) -> str:
    columns = ", ".join(sorted({edit.column for edit in edits}))
    return f"{columns}: this is computed, so what stands there was not taken"


def _united(tabled: Sequence[Correction], reviewed: Sequence[Correction]) -> tuple[Correction, ...]:
    """Return one correction for each row: in fields that were changed in Review as there, in others as in the Master Table."""
    by_row: dict[ProductRow, Standard] = dict(tabled)
    for row, standard in reviewed:
        before = by_row.get(row)
        unchanged = [name for name in _FIELDS if getattr(standard, name) == getattr(row, name)]
        by_row[row] = replace(standard, **{name: getattr(before, name) for name in unchanged}) if before else standard
    return tuple(by_row.items())
