"""A Google spreadsheet, read and brought up to date by a service account."""

import json
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gspread
from google.oauth2 import service_account

from monito_ray.clients.sheets import batch_requests
from monito_ray.clients.sheets.http_client import GOOGLE, READ_TIMEOUT_S, AnswerLost, SheetsHttp
from monito_ray.clients.sheets.request_pacing import MOST_REQUESTS, WINDOW_S, RequestPacer
from monito_ray.errors import SheetsRefused, SheetsUnavailable
from monito_ray.sheet_model import ExistingSheet, SheetEdit

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_FACTS = "sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
# gspread puts ranges into the address, and addresses have their limits.
_LONGEST_RANGES = 6_000
_NUMBERED = re.compile(r".* \(\d+\)")

MakePlan = Callable[[Sequence[ExistingSheet]], Sequence[SheetEdit]]


class ServiceAccount(service_account.Credentials):
    """Credentials that ask for tokens and nothing else: Google's own also ask another host in which regions they may be used."""

    def before_request(self, request: Any, method: str, url: str, headers: Any) -> None:  # noqa: ARG002  as its base has it
        """Put the token into the headers, a new one if need be."""
        if not self.valid:
            self.refresh(request)  # type: ignore[no-untyped-call]
        self.apply(headers)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsAddress:
    """Which spreadsheet, as whom, where; and how patient: of the last five only the waits and the time-out are ever changed, but by tests."""

    sheet_id: str
    credentials: Path | None
    endpoint: str = GOOGLE
    pace_path: Path | None = None
    most_requests: int = MOST_REQUESTS
    window_s: float = WINDOW_S
    waits_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
    timeout_s: float = READ_TIMEOUT_S


class Spreadsheet:
    """A spreadsheet in the hands of its one writer.

    Raises:
        SheetsRefused: the credentials are none of a service account.
    """

    def __init__(self, address: SheetsAddress) -> None:
        self._address = address
        account, credentials = _account(address.credentials)
        self._pace = RequestPacer(address.pace_path, most=address.most_requests, span_s=address.window_s)
        made = partial(
            SheetsHttp,
            endpoint=address.endpoint,
            pace=self._pace,
            account=account,
            waits_s=address.waits_s,
            timeout_s=address.timeout_s,
        )
        self._http: SheetsHttp = gspread.Client(credentials, http_client=made).http_client  # type: ignore[arg-type, assignment]

    def update(self, titles: Collection[str], plan: MakePlan, stop: threading.Event) -> None:
        """Carry out what `plan` makes of the sheets as they stand; those of `titles` are read. `stop` ends every wait, and nothing is written once it is set.

        When an answer was lost the sheets are read again, and what is then still missing is written.

        Raises:
            SheetsUnavailable: it did not go through, and may later.
            SheetsRefused: it will not go through.
        """
        self._pace.begin(stop.wait)
        for wait_s in (*self._address.waits_s, None):
            try:
                self._apply(plan(self._read(titles)), stop)
            except AnswerLost:
                if wait_s is None or stop.wait(wait_s):
                    raise
            else:
                return

    def check(self) -> str:
        """The spreadsheet's title, read to see that it can be; raises as `update`."""
        return str(self._http.spreadsheets_get(self._address.sheet_id, {"fields": "properties.title"})["properties"]["title"])

    def close(self) -> None:
        """Close the connections."""
        self._http.session.close()

    def _read(self, titles: Collection[str]) -> list[ExistingSheet]:
        """All sheets; of those that bear one of `titles`, or one with a number behind, the cells too."""
        wanted = {title.casefold() for title in titles}
        told = self._http.spreadsheets_get(self._address.sheet_id, {"fields": _FACTS})
        facts = [sheet["properties"] for sheet in told["sheets"] if "gridProperties" in sheet["properties"]]
        read = [fact["title"] for fact in facts if fact["title"].casefold() in wanted or _NUMBERED.fullmatch(fact["title"])]
        cells: dict[str, Any] = {}
        for part in _within(read):
            cells |= zip(part, self._values(part), strict=True)
        return [_standing(fact, cells.get(fact["title"], ())) for fact in facts]

    def _values(self, titles: Sequence[str]) -> list[Any]:
        # The plain value is compared: what a formula shows, but a date's number and not its looks.
        how = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
        ranges = [batch_requests.quoted(title) for title in titles]
        told = self._http.values_batch_get(self._address.sheet_id, ranges, dict(how))
        return [found.get("values", ()) for found in told["valueRanges"]]

    def _apply(self, edits: Sequence[SheetEdit], stop: threading.Event) -> None:
        structure = batch_requests.structure(edits)
        if structure:
            _require_go(stop)
            self._http.batch_update(self._address.sheet_id, {"requests": structure})
        for batch in batch_requests.values(edits):
            _require_go(stop)
            self._http.values_batch_update(self._address.sheet_id, {"valueInputOption": "RAW", "data": batch})


def _require_go(stop: threading.Event) -> None:
    if stop.is_set():
        raise SheetsUnavailable("told to stop before everything was written")


def _account(path: Path | None) -> tuple[str, ServiceAccount]:
    """The service account's e-mail address, and its credentials."""
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


def _within(titles: Sequence[str]) -> Iterator[list[str]]:
    """The titles in parts that fit into an address."""
    part: list[str] = []
    size = 0
    for title in titles:
        length = len(quote(batch_requests.quoted(title))) + len("&ranges=")
        if part and size + length > _LONGEST_RANGES:
            yield part
            part, size = [], 0
        part.append(title)
        size += length
    if part:
        yield part


def _standing(fact: dict[str, Any], cells: Any) -> ExistingSheet:
    grid = fact["gridProperties"]
    return ExistingSheet(fact.get("sheetId", 0), fact["title"], grid.get("rowCount", 0), grid.get("columnCount", 0), cells)
