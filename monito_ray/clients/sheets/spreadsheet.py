"""A Google spreadsheet, read and brought up to date by a service account."""

import json
import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gspread
from google.oauth2 import service_account

from monito_ray.clients.sheets import batch_requests
from monito_ray.clients.sheets.http_client import GOOGLE, READ_TIMEOUT_S, RETRY_WAITS_S, AnswerLost, SheetsHttp, SpreadsheetFull
from monito_ray.clients.sheets.overwritten_cells import (
    SheetCopy,
    as_originals,
    copy_requests,
    copy_titles,
    delete_requests,
    parted,
    planned_copies,
)
from monito_ray.clients.sheets.request_pacing import MOST_REQUESTS, WINDOW_S, RequestPacer
from monito_ray.errors import SheetsRefused, SheetsUnavailable
from monito_ray.sheet_model import ExistingSheet, SheetEdit

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_SHEET_FIELDS = "sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
# gspread puts ranges into the address, and web servers refuse addresses beyond about 8,000 bytes.
_LONGEST_RANGES = 6_000
#: Titles that a supplier's sheet has when another one took its own.
_NUMBERED_TITLE = re.compile(r".* \(\d+\)")
#: How often an update is planned while people go on changing the sheets; the last plan is carried out in any case.
_MOST_PLANS = 3

MakePlan = Callable[[Sequence[ExistingSheet]], Sequence[SheetEdit]]
TakeLate = Callable[[Sequence[ExistingSheet]], bool]


class ServiceAccount(service_account.Credentials):
    """Credentials that ask for tokens and nothing else: Google's own also ask another host in which regions they may be used."""

    def before_request(self, request: Any, method: str, url: str, headers: Any) -> None:  # noqa: ARG002  as its base has it
        """Put the token into the headers, a new one if need be."""
        if not self.valid:
            self.refresh(request)  # type: ignore[no-untyped-call]
        self.apply(headers)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsAddress:
    """A spreadsheet, the account that opens it, and how requests are made."""

    sheet_id: str
    #: JSON key file of the service account.
    credentials: Path | None
    endpoint: str = GOOGLE
    #: Where the windows of the quota are stored between processes; None = nowhere.
    pace_path: Path | None = None
    #: Requests of each kind within any `window_s`.
    most_requests: int = MOST_REQUESTS
    window_s: float = WINDOW_S
    #: Before each further attempt of a request, and of a whole update whose answer was lost.
    waits_s: tuple[float, ...] = RETRY_WAITS_S
    #: How long an answer may take.
    timeout_s: float = READ_TIMEOUT_S


class Spreadsheet:
    """A spreadsheet, for one writer at a time.

    Raises:
        SheetsRefused: the credentials are none of a service account.
    """

    def __init__(self, address: SheetsAddress) -> None:
        self._address = address
        account, credentials = _load_account(address.credentials)
        self._pacer = RequestPacer(address.pace_path, most=address.most_requests, span_s=address.window_s)
        http_client = partial(
            SheetsHttp,
            endpoint=address.endpoint,
            pacer=self._pacer,
            account=account,
            waits_s=address.waits_s,
            timeout_s=address.timeout_s,
        )
        self._http: SheetsHttp = gspread.Client(credentials, http_client=http_client).http_client  # type: ignore[arg-type, assignment]

    @property
    def spreadsheet_id(self) -> str:
        """By which it is known from others."""
        return self._address.sheet_id

    def update(
        self,
        titles: Collection[str],
        plan: MakePlan,
        stop: threading.Event,
        edited_by_people: Sequence[str] = (),
        take_late: TakeLate | None = None,
    ) -> None:
        """Read the sheets, and carry out what `plan` makes of them.

        When an answer was lost the sheets are read again, and what is still missing then is written. Planning takes long: sheets that
        people edit are read once more before the write, and where they changed it is planned again. What a person writes while the write
        is on its way is found in a copy of the sheet; see `overwritten_cells`. In sheets that are too large to be copied it is lost.

        Args:
            titles: of the sheets whose cells are read.
            plan: from the existing sheets to the edits of them.
            stop: ends every wait, and nothing is written once it is set.
            edited_by_people: titles of the sheets that people edit.
            take_late: takes what people wrote from sheets as they were right before the write, and returns whether there was anything.

        Raises:
            SheetsUnavailable: it did not go through, and may later.
            SheetsRefused: it will not go through.
        """
        self._pacer.start(stop.wait)
        for wait_s in (*self._address.waits_s, None):
            try:
                self._bring_up_to_date(titles, plan, stop, edited_by_people, take_late)
            except AnswerLost:
                if wait_s is None or stop.wait(wait_s):
                    raise
            else:
                return

    def check(self) -> str:
        """Return the spreadsheet's title, read to see that it can be; raises as `update`."""
        return str(self._http.spreadsheets_get(self._address.sheet_id, {"fields": "properties.title"})["properties"]["title"])

    def close(self) -> None:
        """Close the connections."""
        self._http.session.close()

    def _bring_up_to_date(
        self, titles: Collection[str], plan: MakePlan, stop: threading.Event, edited_by_people: Sequence[str], take_late: TakeLate | None
    ) -> None:
        """Plan and write, and so again where a person wrote meanwhile; what the last write went over is taken, and written the next time."""
        for _ in range(_MOST_PLANS):
            existing = self._without_copies(self._read_sheets(titles, edited_by_people), edited_by_people, stop, take_late)
            existing, edits = self._plan(existing, titles, plan, edited_by_people)
            copies = planned_copies(edits, existing, edited_by_people) if take_late else {}
            try:
                self._apply(edits, stop, copies)
            except SpreadsheetFull:
                if not copies:
                    raise
                self._apply(edits, stop, {})  # people filled it, so that the copies alone have no room
                return
            if not copies or not take_late:
                return
            cells = self._read_cells([copy.title for copy in copies])
            made = [ExistingSheet(copy.sheet_id, copy.title, 0, 0, own) for copy, own in zip(copies, cells, strict=True)]
            if not self._settle(made, edited_by_people, stop, take_late):
                return

    def _plan(
        self, existing: Sequence[ExistingSheet], titles: Collection[str], plan: MakePlan, edited_by_people: Sequence[str]
    ) -> tuple[Sequence[ExistingSheet], Sequence[SheetEdit]]:
        """Return the sheets as they are, and the edits of them."""
        watched = {title.casefold() for title in edited_by_people}
        for _ in range(_MOST_PLANS - 1):
            edits = plan(existing)
            edited = {edit.title for edit in edits}
            at_risk = [sheet for sheet in existing if sheet.title in edited and sheet.title.casefold() in watched]
            if not at_risk or self._are_as_read(at_risk):
                return existing, edits
            existing = self._read_sheets(titles, ())
        return existing, plan(existing)

    def _without_copies(
        self, existing: Sequence[ExistingSheet], edited_by_people: Sequence[str], stop: threading.Event, take_late: TakeLate | None
    ) -> Sequence[ExistingSheet]:
        """Return the sheets without the copies of a write that was stopped halfway, of which what people wrote is taken."""
        own, copies = parted(existing, edited_by_people)
        if copies and take_late:
            self._settle(copies, edited_by_people, stop, take_late)
        return own

    def _settle(self, copies: Sequence[ExistingSheet], edited_by_people: Sequence[str], stop: threading.Event, take_late: TakeLate) -> bool:
        """Take what people wrote from copies, delete them, and return whether there was anything."""
        was_late = take_late(as_originals(copies, edited_by_people))
        _raise_if_stopped(stop)
        self._http.batch_update(self._address.sheet_id, {"requests": delete_requests(copies)})
        return was_late

    def _are_as_read(self, sheets: Sequence[ExistingSheet]) -> bool:
        cells = (self._read_cells(part) for part in _split_titles([sheet.title for sheet in sheets]))
        return [list(sheet.cells) for sheet in sheets] == [list(own) for own in chain.from_iterable(cells)]

    def _read_sheets(self, titles: Collection[str], edited_by_people: Sequence[str]) -> list[ExistingSheet]:
        """Return all sheets, with the cells of those that have one of `titles` or a numbered title, and of copies."""
        folded_titles = {title.casefold() for title in (*titles, *copy_titles(edited_by_people))}
        spreadsheet = self._http.spreadsheets_get(self._address.sheet_id, {"fields": _SHEET_FIELDS})
        grids = [sheet["properties"] for sheet in spreadsheet["sheets"] if "gridProperties" in sheet["properties"]]
        all_titles = [grid["title"] for grid in grids]
        to_read = [title for title in all_titles if title.casefold() in folded_titles or _NUMBERED_TITLE.fullmatch(title)]
        cells: dict[str, Any] = {}
        for part in _split_titles(to_read):
            cells |= zip(part, self._read_cells(part), strict=True)
        return [_existing_sheet(grid, cells.get(grid["title"], ())) for grid in grids]

    def _read_cells(self, titles: Sequence[str]) -> list[Any]:
        # The plain value is compared: what a formula shows, but a date's number and not its looks.
        rendering = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
        ranges = [batch_requests.quote_title(title) for title in titles]
        answer = self._http.values_batch_get(self._address.sheet_id, ranges, dict(rendering))
        return [value_range.get("values", ()) for value_range in answer["valueRanges"]]

    def _apply(self, edits: Sequence[SheetEdit], stop: threading.Event, copies: Mapping[SheetCopy, SheetEdit]) -> None:
        """Write; of the sheets that are copied, the copy and all cells in one batch."""
        own = [request for edit in copies.values() for request in batch_requests.cell_requests(edit)]
        requests = [*copy_requests(copies), *batch_requests.structure_requests(edits), *own]
        if requests:
            _raise_if_stopped(stop)
            self._http.batch_update(self._address.sheet_id, {"requests": requests})
        written = {edit.sheet_id for edit in copies.values()}
        for batch in batch_requests.value_batches([edit for edit in edits if edit.sheet_id not in written]):
            _raise_if_stopped(stop)
            self._http.values_batch_update(self._address.sheet_id, {"valueInputOption": "RAW", "data": batch})


def _raise_if_stopped(stop: threading.Event) -> None:
    if stop.is_set():
        raise SheetsUnavailable("told to stop before everything was written")


def _load_account(path: Path | None) -> tuple[str, ServiceAccount]:
    """Return the service account's e-mail address, and its credentials."""
    remedy = "Set GOOGLE_APPLICATION_CREDENTIALS to the JSON key file of a service account."
    if path is None:
        raise SheetsRefused("MONITO_SHEET_ID is set, GOOGLE_APPLICATION_CREDENTIALS is not", remedy)
    try:
        info = json.loads(path.read_text("utf-8"))
        credentials: ServiceAccount = ServiceAccount.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
        return str(info["client_email"]), credentials
    except OSError as error:
        raise SheetsRefused(f"cannot read the service account's file {path}: {error.strerror}", remedy) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # The cause is not repeated: it might quote the key.
        raise SheetsRefused(f"{path} is no JSON key file of a service account", remedy) from error


def _split_titles(titles: Sequence[str]) -> Iterator[list[str]]:
    """Yield the titles in parts that fit into an address."""
    part: list[str] = []
    size = 0
    for title in titles:
        length = len(quote(batch_requests.quote_title(title))) + len("&ranges=")
        if part and size + length > _LONGEST_RANGES:
            yield part
            part, size = [], 0
        part.append(title)
        size += length
    if part:
        yield part


def _existing_sheet(properties: dict[str, Any], cells: Any) -> ExistingSheet:
    grid = properties["gridProperties"]
    return ExistingSheet(properties.get("sheetId", 0), properties["title"], grid.get("rowCount", 0), grid.get("columnCount", 0), cells)
