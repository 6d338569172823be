"""The Sheets server of `monito_ray.testing`, as gspread meets it."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from sheets import KEY, person

from monito_ray.clients.sheets.spreadsheet import SCOPES, ServiceAccount
from monito_ray.errors import MonitoError, SheetsRefused
from monito_ray.testing.sheets_server import SheetsServer


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    """Give a server with an empty spreadsheet."""
    with SheetsServer(key=KEY) as made:
        made.spreadsheet()
        yield made


def _sheet(server: SheetsServer) -> gspread.Worksheet:
    return person(server).sheet1


def test_gspread_reads_what_it_wrote(server: SheetsServer):
    """Values, sheets, growing and sorting work through gspread as it comes."""
    sheet = _sheet(server)
    sheet.update([["Tea", 5], ["Cola", 7.5]], "A1:B2", raw=True)
    assert sheet.get_all_values() == [["Tea", "5"], ["Cola", "7.5"]]
    sheet.sort((1, "asc"), range="A1:B2")
    assert sheet.get("A1:B2", value_render_option="UNFORMATTED_VALUE") == [["Cola", 7.5], ["Tea", 5]]
    other = person(server).add_worksheet("O'Brien & Söhne 🍎", 5, 30)
    other.update([["far"]], "AD5", raw=True)
    assert person(server).worksheet("O'Brien & Söhne 🍎").acell("AD5").value == "far"


ENTERED = {"=1+1": "formulaValue", "+62 812": "formulaValue", "12.5": "numberValue", "'12": "stringValue", "@SUM(1)": "stringValue"}


@pytest.mark.parametrize(("text", "kind"), ENTERED.items())
def test_typed_values_become_what_a_person_would_get(text: str, kind: str, server: SheetsServer):
    """USER_ENTERED computes, RAW does not."""
    _sheet(server).update([[text]], "A1", raw=False)
    _sheet(server).update([[text]], "A2", raw=True)
    rows = server.spreadsheet().sheets[0].rows
    assert rows[0][0][0] == kind
    assert rows[1][0] == ("stringValue", text)


def _batch(server: SheetsServer, *requests: dict[str, Any]) -> None:
    person(server).batch_update({"requests": list(requests)})


SPAN = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 26, "endIndex": 27}
REFUSED = [
    ({"addSheet": {"properties": {"title": "sheet1"}}}, "already exists"),
    ({"addSheet": {"properties": {"title": "x" * 101}}}, "between 1 and 100"),
    ({"addSheet": {"properties": {"gridProperties": {"rowCount": 400_000}}}}, "10000000 cells"),
    ({"updateCells": {"start": {"sheetId": 0, "rowIndex": 1000}, "rows": [{"values": [{}]}], "fields": "userEnteredValue"}}, "row: 1000"),
    ({"updateCells": {"start": {"sheetId": 0, "columnIndex": 26}, "rows": [{"values": [{}]}], "fields": "*"}}, "column: 26"),
    ({"insertDimension": {"range": SPAN}}, "less than the grid"),
    ({"updateDimensionProperties": {"range": SPAN, "properties": {"hiddenByUser": True}, "fields": "*"}}, "the grid has 26"),
    ({"updateCells": {"start": {"sheetId": 5}, "rows": [], "fields": "*"}}, "No grid with id"),
    ({"frobnicate": {}}, "Cannot find field"),
]


@pytest.mark.parametrize(("request_", "cause"), REFUSED)
def test_what_google_refuses_is_refused_whole(request_: dict[str, Any], cause: str, server: SheetsServer):
    """One wrong request of a batch undoes those before it."""
    with pytest.raises(MonitoError, match=cause):
        _batch(server, {"addSheet": {"properties": {"title": "Before"}}}, request_)
    assert [sheet.title for sheet in server.spreadsheet().sheets] == ["Sheet1"]


def test_values_beyond_the_grid_are_refused(server: SheetsServer):
    """A grid does not grow by itself, and a refused write writes nothing."""
    with pytest.raises(SheetsRefused, match="exceeds grid limits"):
        _sheet(server).batch_update([{"range": "A1", "values": [["in"]]}, {"range": "AA1", "values": [["out"]]}])
    with pytest.raises(SheetsRefused, match="50000 characters"):
        _sheet(server).update([["x" * 50_001]], "A1")
    assert server.spreadsheet().sheets[0].rows[0] == {}


def test_inserted_columns_push_content_along(server: SheetsServer):
    """Cells, and the looks of columns, move with an insertion before them."""
    _sheet(server).update([["a", "b"]], "A1")
    look = {"range": {**SPAN, "startIndex": 1, "endIndex": 2}, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    _batch(server, {"updateDimensionProperties": look}, {"insertDimension": {"range": {**SPAN, "startIndex": 1, "endIndex": 3}}})
    sheet = server.spreadsheet().sheets[0]
    assert (sheet.rows[0], sheet.columns) == ({0: ("stringValue", "a"), 3: ("stringValue", "b")}, 28)
    assert sheet.column_properties[3] == {"hiddenByUser": True}


def test_only_its_own_key_opens_it(server: SheetsServer):
    """A token costs a signature of the account's key; without one the API answers 401."""
    with SheetsServer() as other:
        stranger = other.credentials | {"token_uri": f"{server.url}/token"}
    credentials = ServiceAccount.from_service_account_info(stranger, scopes=SCOPES)
    with requests.Session() as session, pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request(session))
    request = urllib.request.Request(f"{server.url}/v4/spreadsheets/catalogue")  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request)  # noqa: S310
    with answer.value as answer:
        assert (answer.code, json.load(answer)["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_the_quota_is_of_a_sliding_window():
    """What is over it is refused with 429, not applied, and counted."""
    with SheetsServer(writes=2, window_s=30, key=KEY) as server:
        server.spreadsheet()
        session = person(server).client.session
        url = f"{server.url}/v4/spreadsheets/catalogue:batchUpdate"
        codes = [session.post(url, json={"requests": []}).status_code for _ in range(3)]
        session.close()
    assert codes == [200, 200, 429]
    assert (server.tally.writes, server.tally.applied, server.tally.refused) == (3, 2, 1)
    assert server.tally.most_writes(30) == 3


def test_it_starts_from_the_shell(tmp_path: Path):
    """It prints its URL, writes credentials that open it, and ends quietly on Ctrl-C."""
    file = tmp_path / "key.json"
    command = [sys.executable, "-m", "monito_ray.testing", "sheets", "--credentials", str(file), "--latency-s", "0.05"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            session = AuthorizedSession(ServiceAccount.from_service_account_file(str(file), scopes=SCOPES))
            began = time.monotonic()
            answer = session.get(f"{url}/v4/spreadsheets/catalogue", params={"fields": "sheets.properties(title,sheetId)"}).json()
            assert time.monotonic() - began >= 0.05
            session.close()
        finally:
            process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    assert answer == {"sheets": [{"properties": {"title": "Sheet1", "sheetId": 0}}]}
    assert (process.returncode, complaints, file.stat().st_mode & 0o777) == (0, "", 0o600)
