"""One bringing up to date of a spreadsheet: what people changed in it is taken into the catalogue first, and then the edits are planned.

It may be stopped at any moment, and done again by somebody else. What was taken is taken once: its cells show what the catalogue has then.
What stood in the sheets and what is to be written is stored before the write, so that after one that was stopped halfway our own cells are
not taken for a person's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial

from monito_ray import log
from monito_ray.catalog import offers
from monito_ray.catalog.edits.taking import TakenAnswers, take_answers, take_edits
from monito_ray.catalog.edits.written_sheets import WrittenSheet, keep_written, load_written
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.prices import change_log
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.cell_limit import LimitedPlan, plan_within_limit
from monito_ray.catalog.sheets.choices import EDITABLE, NOT_ACCEPTED, PRICE_RIGHT
from monito_ray.catalog.sheets.master_table import MASTER
from monito_ray.catalog.sheets.reading.compact_rows import SheetKey
from monito_ray.catalog.sheets.reading.edits_read_back import (
    NOTHING_WRITTEN,
    CellEdit,
    RefusedEdit,
    WrittenCells,
    edited_cells,
    sheet_lines,
    standing_cells,
    written_cells,
)
from monito_ray.catalog.sheets.review_sheet import REVIEW
from monito_ray.catalog.sheets.same_sheet import SAME, RefusedAnswer
from monito_ray.catalog.sheets.sheet_diff import fold_title
from monito_ray.catalog.sheets.workbook_plan import Answers, Catalogue, catalogue_of, plan_workbook, sheet_titles_of
from monito_ray.sheet_model import ExistingSheet, PlannedSheet
from monito_ray.store.database import Store

#: Sheets in which people write.
EDITED_SHEETS = (MASTER, REVIEW, SAME)
#: A person changes a computed cell by mistake. Where more rows than these differ in one, the spreadsheet or the database is an older copy.
MOST_COMPUTED = 100
_OLDER_COPY = "Nothing was read back from the sheets: many computed cells are not as they were written. Was an older copy restored?"

_Planned = Mapping[str, PlannedSheet]


@dataclass(frozen=True, slots=True)
class _ReadBack:
    """What a reading of the sheets showed."""

    refused: tuple[RefusedEdit, ...] = ()
    answers: TakenAnswers = field(default_factory=TakenAnswers)
    #: Whether the catalogue is another one now.
    has_changed: bool = False
    notices: tuple[str, ...] = ()


class SheetRound:
    """Bring one spreadsheet up to date; for one process at a time."""

    def __init__(self, store: Store, spreadsheet_id: str, clock: Callable[[], datetime]) -> None:
        self._store, self._id, self._clock = store, spreadsheet_id, clock
        self._read()
        self._after: dict[str, WrittenSheet] = {}
        #: Answers of `Same?` that were not taken: of those that stand in it, and of those that a write went over.
        self._refused_answers: tuple[RefusedAnswer, ...] = ()
        self._late_answers: tuple[RefusedAnswer, ...] = ()

    def titles(self) -> list[str]:
        """Return the titles of the sheets that are planned."""
        return sheet_titles_of(self._catalogue)

    def plan(self, existing: Sequence[ExistingSheet]) -> LimitedPlan:
        """Take what people changed in the existing sheets, and return the edits that are needed then."""
        by_title = {title: sheet for sheet in existing for title in EDITED_SHEETS if title.casefold() == sheet.title.casefold()}
        before = load_written(self._store, self._id)
        standing = self._standing_answers(before)
        self._answer(_answers(self._cells_of, _ReadBack(standing), by_title))
        outcome = self._with_late_answers(self._read_back(by_title, before, standing))
        self._refused_answers = outcome.answers.refused
        if outcome.has_changed:
            self._read()
        self._answer(_answers(self._cells_of, outcome, by_title))
        former = frozenset(key for version in before.get(MASTER, WrittenSheet()).versions for key in version.rows)
        plan = plan_within_limit(self._catalogue, existing, former=former)
        if plan.makes_room:
            return plan
        planned = {sheet.title: sheet for sheet in plan.sheets if sheet.title in EDITED_SHEETS}
        self._after = {
            title: WrittenSheet((written_cells(planned[title]),), tuple(answer for answer in outcome.refused if answer.sheet == title))
            for title in (MASTER, REVIEW)
        }
        if plan.edits:
            keep_written(self._store, self._id, self._during(by_title, before, planned), self._clock())
        return plan

    def take_late(self, copies: Sequence[ExistingSheet]) -> bool:
        """Take what people wrote after the last reading from sheets as they were right before the write; return whether there was any."""
        by_title = {title: sheet for sheet in copies for title in EDITED_SHEETS if title.casefold() == sheet.title.casefold()}
        before = load_written(self._store, self._id)
        outcome = self._read_back(by_title, before, self._standing_answers(before))
        answers = [answer for answer in outcome.answers.refused if answer not in self._refused_answers]
        refused = {title: tuple(answer for answer in outcome.refused if answer.sheet == title) for title in before}
        if not outcome.has_changed and not answers and all(refused[title] == written.refused for title, written in before.items()):
            return False
        keep_written(self._store, self._id, {title: replace(it, refused=refused[title]) for title, it in before.items()}, self._clock())
        self._late_answers = tuple(answers)
        self._read()
        return True

    def finish(self) -> None:
        """Keep that what was planned last stands in the sheets."""
        keep_written(self._store, self._id, self._after, self._clock())

    def _read(self) -> None:
        """Read the catalogue, as it is now."""
        self._snapshot: Snapshot = offers.snapshot(self._store)
        suggestions = suggest(self._store)
        self._show(catalogue_of(self._snapshot, change_log.latest_changes(self._store), suggestions))

    def _answer(self, answers: Answers) -> None:
        if answers != self._catalogue.answers:
            self._show(replace(self._catalogue, answers=answers))

    def _show(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._plan_sheets = cache(partial(plan_workbook, catalogue))  # both take seconds
        self._cells_of = cache(lambda title: written_cells(self._planned()[title]))

    def _planned(self) -> _Planned:
        return {sheet.title: sheet for sheet in self._plan_sheets(frozenset()) if sheet.title in EDITED_SHEETS}

    def _during(
        self, existing: Mapping[str, ExistingSheet], before: Mapping[str, WrittenSheet], planned: _Planned
    ) -> dict[str, WrittenSheet]:
        """Return what is stored while the write is under way: of our rows what stands in the sheets, and what is written."""
        during = {}
        for title, after in self._after.items():
            ours = [*before.get(title, WrittenSheet()).versions, *after.versions]
            standing = standing_cells(existing[title], planned[title], ours) if title in existing else NOTHING_WRITTEN
            during[title] = replace(after, versions=(standing, *after.versions))
        return during

    def _with_late_answers(self, outcome: _ReadBack) -> _ReadBack:
        """Add the answers that a write went over, where the question has no other answer now."""
        answered = {answer.offer_id for answer in outcome.answers.refused}
        late = (answer for answer in self._late_answers if answer.offer_id not in answered)
        return replace(outcome, answers=replace(outcome.answers, refused=(*outcome.answers.refused, *late)))

    def _standing_answers(self, before: Mapping[str, WrittenSheet]) -> tuple[RefusedEdit, ...]:
        """Return the answers that stay: beside their rows; those on rows that are gone are shown once, in a write that went through."""
        return tuple(
            answer
            for title, written in before.items()
            for answer in written.refused
            if answer.key in self._cells_of(title).rows or len(written.versions) > 1
        )

    def _read_back(
        self, existing: Mapping[str, ExistingSheet], before: Mapping[str, WrittenSheet], standing: Sequence[RefusedEdit]
    ) -> _ReadBack:
        edits: list[CellEdit] = []
        for title, written in before.items():
            if title in existing:
                edits += edited_cells(existing[title], [*written.versions, self._cells_of(title)])
        if _is_older_copy(edits):
            log.warning("sheets.older_copy", rows=len({(edit.sheet, edit.key) for edit in edits}))
            return _ReadBack(tuple(standing), notices=(_OLDER_COPY,))
        own = [edit for edit in edits if edit.column != NOT_ACCEPTED]
        taken = take_edits(self._store, own, self._snapshot, self._clock())
        settled = {(edit.sheet, edit.key) for edit in edits if edit.column != NOT_ACCEPTED or edit.new == ""}
        lines = sheet_lines(existing[SAME], self._planned()[SAME]) if SAME in existing else []
        answers = take_answers(self._store, lines, self._clock())
        refused = [*(answer for answer in standing if (answer.sheet, answer.key) not in settled), *taken.refused]
        return _ReadBack(tuple(_united(refused)), answers, bool(taken.corrections or taken.confirmed or answers.links))


def _is_older_copy(edits: Sequence[CellEdit]) -> bool:
    foreign = {(edit.sheet, edit.key) for edit in edits if edit.column not in (*EDITABLE, PRICE_RIGHT, NOT_ACCEPTED)}
    return len(foreign) > MOST_COMPUTED


def _united(refused: Sequence[RefusedEdit]) -> list[RefusedEdit]:
    """Return one answer for each row, that says all."""
    by_row: dict[tuple[str, SheetKey], RefusedEdit] = {}
    for answer in refused:
        before = by_row.get((answer.sheet, answer.key))
        sentences = before.sentence.split("; ") if before else []
        sentence = "; ".join(dict.fromkeys([*sentences, *answer.sentence.split("; ")]))
        written = ", ".join(dict.fromkeys(part for part in (before.written if before else "", answer.written) if part))
        by_row[answer.sheet, answer.key] = replace(answer, sentence=sentence, written=written)
    return list(by_row.values())


def _answers(cells_of: Callable[[str], WrittenCells], outcome: _ReadBack, existing: Mapping[str, ExistingSheet]) -> Answers:
    """Return where each sentence stands: beside its row, or in Review where the row is gone."""
    own = {title: {answer.key: answer.text for answer in outcome.refused if answer.sheet == title} for title in (MASTER, REVIEW)}
    notices = [
        f"{answer.sheet}, {answer.product or answer.key[0]}: {answer.text}"
        for answer in outcome.refused
        if answer.key not in cells_of(answer.sheet).rows
    ]
    open_questions = {key[0] for key in cells_of(SAME).rows}
    in_same = [answer for answer in outcome.answers.refused if answer.offer_id in open_questions]
    notices += [_notice(answer) for answer in outcome.answers.refused if answer.offer_id not in open_questions]
    master = existing.get(MASTER)
    has_column = master is not None and any(fold_title(cell) == fold_title(NOT_ACCEPTED) for row in master.cells[:20] for cell in row)
    return Answers(own[MASTER] if own[MASTER] or has_column else None, own[REVIEW], in_same, (*outcome.notices, *notices))


def _notice(answer: RefusedAnswer) -> str:
    return f"{SAME}, answer {answer.answer!r}: {answer.sentence}"
