"""gspread's HTTP client with an address that can be set, time-outs, pacing, retries, and errors of ours.

A read that failed is made again, and so is a write that was refused for its rate (429). A write whose answer was lost, or which failed
on the server's side, may have been applied: it is not made again here but raised as `AnswerLost`, so that the caller can look.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import google.auth.exceptions
import gspread
import requests
from gspread.urls import SPREADSHEETS_API_V4_BASE_URL

from monito_ray.clients.sheets.request_pacing import RequestPacer
from monito_ray.errors import MonitoError, SheetsRefused, SheetsUnavailable

GOOGLE = SPREADSHEETS_API_V4_BASE_URL.removesuffix("/v4/spreadsheets")
CONNECT_TIMEOUT_S = 10.0
# Google ends a request after 180 s: after a longer wait a write without an answer is not still being applied.
READ_TIMEOUT_S = 190.0
# Seconds before each further attempt; with 60 requests a minute a quota that is used up is free again before the last.
RETRY_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_MESSAGE_LENGTH = 300
_BAD_REQUEST, _RATE_LIMITED = 400, 429
_CAUSES = {
    _BAD_REQUEST: "takes the request for wrong",
    401: "does not take the credentials",
    403: "does not let the service account in",
    404: "does not know the spreadsheet",
}
#: Of Google's answer to a request that would take the spreadsheet beyond its limit of cells.
_FULL = "number of cells in the workbook above the limit"
_LOST = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class AnswerLost(SheetsUnavailable):
    """A write may have been applied, or not."""


class SpreadsheetFull(SheetsRefused):
    """The spreadsheet has no room for what was to be added; nothing was changed."""


class SheetsHttp(gspread.HTTPClient):
    """Requests to the Sheets API at `endpoint`. Belongs to one writer at a time.

    Args:
        auth: the credentials.
        session: gspread's own unless given.
        endpoint: base address of the API.
        pacer: the windows of the quota.
        account: e-mail address of the service account, for remedies.
        waits_s: seconds before each further attempt of a request that failed.
        timeout_s: seconds that an answer may take.
    """

    def __init__(
        self,
        auth: Any,
        session: Any = None,
        *,
        endpoint: str,
        pacer: RequestPacer,
        account: str,
        waits_s: tuple[float, ...] = RETRY_WAITS_S,
        timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        super().__init__(auth, session)
        self._pacer = pacer
        self._endpoint, self._account, self._waits_s = endpoint.rstrip("/"), account, waits_s
        self.set_timeout((CONNECT_TIMEOUT_S, timeout_s))

    def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
        """Make a request within the quota.

        Raises:
            AnswerLost: a write that may or may not have been applied.
            SheetsUnavailable: nothing was changed; the last attempt failed, or the program shall stop.
            SheetsRefused: credentials, rights, the spreadsheet's id, or the request itself are wrong.
        """
        address = endpoint.replace(GOOGLE, self._endpoint, 1)
        for wait_s in (*self._waits_s, None):
            try:
                return self._request_once(method, address, *args, **options)
            except AnswerLost:
                raise
            except SheetsUnavailable:
                if wait_s is None or self._pacer.wait_before_retry(wait_s):
                    raise
        raise AssertionError

    def _request_once(self, method: str, address: str, *args: Any, **options: Any) -> requests.Response:
        is_write = method.lower() != "get"
        kind = "writes" if is_write else "reads"
        if not self._pacer.take_turn(kind):
            raise SheetsUnavailable("stopped while waiting for Google's quota")
        with self._errors_translated(is_write):
            try:
                return super().request(method, address, *args, **options)
            finally:
                self._pacer.note(kind)

    @contextmanager
    def _errors_translated(self, is_write: bool) -> Iterator[None]:
        lost = AnswerLost if is_write else SheetsUnavailable
        try:
            yield
        except gspread.exceptions.APIError as error:
            raise self._translate_status(error, lost) from error
        except google.auth.exceptions.TransportError as error:
            raise SheetsUnavailable("Google's token server cannot be reached") from error
        except google.auth.exceptions.GoogleAuthError as error:
            raise self._translate_auth(error) from error
        except _LOST as error:
            raise lost(f"Google Sheets did not answer: {type(error).__name__}") from error

    def _translate_status(self, error: gspread.exceptions.APIError, lost: type[SheetsUnavailable]) -> MonitoError:
        status = error.response.status_code
        message = str(error.error.get("message", ""))[:_MESSAGE_LENGTH]
        if status == _RATE_LIMITED:
            return SheetsUnavailable(f"Google Sheets asks for fewer requests (429): {message}")
        if status not in _CAUSES:
            return lost(f"Google Sheets failed ({status}): {message}")
        if status == _BAD_REQUEST and _FULL in message:
            return SpreadsheetFull(f"Google Sheets has no room ({status}): {message}", "Delete sheets that nobody needs.")
        remedy = sharing_remedy(self._account) if status != _BAD_REQUEST else ""
        return SheetsRefused(f"Google Sheets {_CAUSES[status]} ({status}): {message}", remedy)

    def _translate_auth(self, error: google.auth.exceptions.GoogleAuthError) -> MonitoError:
        if error.retryable:
            return SheetsUnavailable("Google's token server failed")
        return SheetsRefused(f"Google does not take the credentials of {self._account}", sharing_remedy(self._account))


def sharing_remedy(account: str) -> str:
    """Return what to do when a spreadsheet does not open."""
    return f"Share the spreadsheet with {account} as editor, and check MONITO_SHEET_ID and GOOGLE_APPLICATION_CREDENTIALS."
