"""Copies of sheets as they were right before a write: what a person wrote into them while the write travelled is found there.

Google has no write that is made only if nothing changed, but the requests of one batch are carried out together: a copy of the sheet that
stands first in the batch holds what the others write over. It is hidden, and deleted once it was read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from monito_ray.clients.sheets.batch_requests import Json, cell_requests, size_of
from monito_ray.sheet_model import ExistingSheet, SheetEdit

#: Of all copies: cells of a spreadsheet are limited, and `cell_limit` leaves 50,000 free. Review and `Same?` have 20,000 at most; the master
#: table of a thousand products has room beside them, a larger one is not copied.
MOST_CELLS = 40_000
#: Google recommends at most 2 MB a request; the batch holds other requests, too.
MOST_BYTES = 1_500_000
_TITLE = "{} (before the last write)"
# No other sheet has these: Google makes its ids at random.
_FIRST_ID = 1_720_017_001


@dataclass(frozen=True, slots=True)
class SheetCopy:
    """A sheet that is copied before it is written."""

    sheet_id: int
    #: Of the sheet that it is a copy of.
    original_id: int
    original_title: str

    @property
    def title(self) -> str:
        """Of the copy itself."""
        return _TITLE.format(self.original_title)


def planned_copies(
    edits: Sequence[SheetEdit], existing: Sequence[ExistingSheet], edited_by_people: Sequence[str]
) -> dict[SheetCopy, SheetEdit]:
    """Return the copies that are to be made, each with the edit of its sheet, which goes into the same batch: of small sheets first."""
    edit_of = {edit.title.casefold(): edit for edit in edits if edit.blocks and not edit.is_new}
    numbers = {title.casefold(): number for number, title in enumerate(edited_by_people, _FIRST_ID)}
    copies: dict[SheetCopy, SheetEdit] = {}
    cells = size = 0
    for sheet in sorted(existing, key=lambda sheet: sheet.row_count * sheet.column_count):
        edit, number = edit_of.get(sheet.title.casefold()), numbers.get(sheet.title.casefold())
        if edit is None or number is None:
            continue
        cells += sheet.row_count * sheet.column_count
        size += size_of(cell_requests(edit))
        if cells > MOST_CELLS or size > MOST_BYTES:
            break
        copies[SheetCopy(number, sheet.sheet_id, sheet.title)] = edit
    return copies


def copy_requests(copies: Collection[SheetCopy]) -> Iterator[Json]:
    """Yield the requests that make the copies, hidden."""
    for copy in copies:
        yield {"duplicateSheet": {"sourceSheetId": copy.original_id, "newSheetId": copy.sheet_id, "newSheetName": copy.title}}
        yield {"updateSheetProperties": {"properties": {"sheetId": copy.sheet_id, "hidden": True}, "fields": "hidden"}}


def delete_requests(sheets: Collection[ExistingSheet]) -> list[Json]:
    """Return the requests that delete sheets."""
    return [{"deleteSheet": {"sheetId": sheet.sheet_id}} for sheet in sheets]


def copy_titles(edited_by_people: Sequence[str]) -> list[str]:
    """Return the titles that copies have."""
    return [_TITLE.format(title) for title in edited_by_people]


def parted(existing: Sequence[ExistingSheet], edited_by_people: Sequence[str]) -> tuple[list[ExistingSheet], list[ExistingSheet]]:
    """Return the sheets without the copies among them, and the copies."""
    ids = {(number, title.casefold()) for number, title in enumerate(copy_titles(edited_by_people), _FIRST_ID)}
    copies = [sheet for sheet in existing if (sheet.sheet_id, sheet.title.casefold()) in ids]
    return [sheet for sheet in existing if sheet not in copies], copies


def as_originals(copies: Sequence[ExistingSheet], edited_by_people: Sequence[str]) -> list[ExistingSheet]:
    """Return copies under the titles of the sheets that they are copies of."""
    titles = {_TITLE.format(title).casefold(): title for title in edited_by_people}
    return [replace(copy, title=titles[copy.title.casefold()]) for copy in copies]
