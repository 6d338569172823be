"""The spreadsheet over the wire: what is written stands there as text and once, whatever Google's servers do."""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lists import JULY, JUNE, Bench, bench
from sheets import KEY, STRANGE, address, kinds, offer, person, records, snapshot, update, write

from monito_ray.clients.sheets.spreadsheet import SheetsAddress, Spreadsheet
from monito_ray.driver.driver import Driver
from monito_ray.errors import SheetsRefused, SheetsUnavailable
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.steps import publish
from monito_ray.steps.background.coalescing import Coalescer
from monito_ray.steps.context import WriteRequest
from monito_ray.testing.sheets_server import EMAIL, SheetsFault, SheetsServer


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    """Give a server with an empty spreadsheet and a quota that stands in nobody's way."""
    with SheetsServer(reads=1000, writes=1000, key=KEY) as made:
        made.spreadsheet()
        yield made


SUPPLIERS = ["O'Brien & Söhne 🍎", "=SUM(A1)", "Best", *(f"Supplier {number}" for number in range(37))]


def test_forty_suppliers_and_strange_names_are_all_there_as_text(server: SheetsServer, tmp_path: Path):
    """Past column AN every supplier has its columns and its sheet, and no name became a formula."""
    write(address(server, tmp_path), snapshot(*(offer(name, supplier) for supplier in SUPPLIERS for name in STRANGE)))
    rows = records(server)
    assert {row["Product"] for row in rows} == set(STRANGE)
    labels = {"Best": "Best (2)"}
    assert all(row[f"{labels.get(name, name)} Price"] == 1000 for row in rows for name in SUPPLIERS)
    sheet = server.spreadsheet().sheet("Master Table")
    assert sheet.columns == 15 + 2 * 40 + 1
    assert [properties.get("hiddenByUser") for properties in sheet.column_properties] == [False] * 95 + [True]
    assert [row["original_name"] for row in records(server, "O'Brien & Söhne 🍎")] == list(STRANGE)
    assert Counter(kinds(server))["formulaValue"] == 0
    assert server.tally.writes <= 3


def test_writing_twice_writes_once(server: SheetsServer, tmp_path: Path):
    """The same catalogue again costs reads alone."""
    for _ in range(2):
        write(address(server, tmp_path), snapshot(*(offer(name, "Alpha") for name in STRANGE)))
    assert (server.tally.writes, server.tally.reads) == (2, 3)


def test_a_persons_column_order_and_formula_survive(server: SheetsServer, tmp_path: Path):
    """Somebody adds a column, sorts, and counts with formulas; the next month finds every row, and leaves theirs as it was."""
    at = address(server, tmp_path)
    write(at, snapshot(*(offer(name, "Alpha", price) for price, name in enumerate(STRANGE, 10))))
    sheet = person(server).worksheet("Master Table")
    width = len(sheet.row_values(1))
    sheet.add_cols(2)
    notes = [["Note", "Sum"], *([f"about {row['Product']}", "=1+1"] for row in records(server))]
    sheet.update(notes, f"S1:T{len(notes)}", raw=False)
    sheet.sort((8, "des"), range=f"A2:T{len(notes)}")
    sorted_names = [row["Product"] for row in records(server)]
    assert width == 18
    write(at, snapshot(*(offer(name, who, 7) for who in ("Alpha", "Beta") for name in (*STRANGE, "New"))))
    rows = records(server)
    assert [row["Product"] for row in rows] == [*sorted_names, "New"]
    assert [row["Note"] for row in rows] == [*(f"about {name}" for name in sorted_names), ""]
    assert [row["Beta Price"] for row in rows] == [7] * 8
    assert list(rows[0])[-3:] == ["Product ID", "Note", "Sum"]
    assert Counter(kinds(server))["formulaValue"] == len(STRANGE)


FAULTS = [
    {SheetsFault.RATE_LIMITED: 1.0},
    {SheetsFault.STATUS_500: 1.0},
    {SheetsFault.STATUS_503: 1.0},
    {SheetsFault.RESET: 1.0},
    {SheetsFault.APPLIED_503: 1.0},
    {SheetsFault.APPLIED_RESET: 1.0},
    {SheetsFault.APPLIED_HANG: 1.0},
    {SheetsFault.HANG: 1.0},
]


@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: next(iter(faults)))
def test_each_fault_is_outlived(faults: dict[SheetsFault, float], server: SheetsServer, tmp_path: Path):
    """After two failures of a kind everything stands there once."""
    at = address(server, tmp_path, timeout_s=0.3)
    write(at, snapshot(offer("Tea", "Alpha")))
    server.fail(faults, 2)
    write(at, snapshot(*(offer(name, who) for who in ("Alpha", "Beta", "Gamma") for name in ("Tea", "Cola"))))
    assert [row["Product"] for row in records(server)] == ["Tea", "Cola"]
    assert [title for title in records(server)[0] if "Price" in title] == [
        "Best Price",
        "Base Price",
        "Alpha Price",
        "Beta Price",
        "Gamma Price",
    ]
    assert server.tally.faults.total() == 2


def test_a_write_whose_answer_was_lost_is_not_made_again(server: SheetsServer, tmp_path: Path):
    """Both writes take effect and lose their answers: they are read back and found done, not repeated."""
    server.fail({SheetsFault.APPLIED_RESET: 1.0}, 2)
    write(address(server, tmp_path), snapshot(offer("Tea", "Alpha")))
    assert (server.tally.writes, server.tally.applied) == (2, 2)
    assert [row["Product"] for row in records(server)] == ["Tea"]


@pytest.mark.parametrize("seed", range(4))
def test_months_of_bad_weather_leave_every_row_once(seed: int, tmp_path: Path):
    """With half of all requests failing, before or after they were applied, the sheets end as in fair weather."""
    shares = dict.fromkeys(
        (SheetsFault.STATUS_503, SheetsFault.RESET, SheetsFault.RATE_LIMITED, SheetsFault.APPLIED_503, SheetsFault.APPLIED_RESET), 0.1
    )
    months = [
        snapshot(
            *(offer(name, f"S{who}", 5 + month, pack=pack) for who in range(month + 1) for name in STRANGE for pack in (1, 6)[: month + 1])
        )
        for month in range(4)
    ]
    with SheetsServer(reads=10_000, writes=10_000, faults=shares, seed=seed, key=KEY) as server:
        server.spreadsheet()
        for month in months:
            write(address(server, tmp_path, most_requests=10_000, waits_s=(0.01,) * 30), month)
        assert server.tally.faults.total() > 0
        rows = records(server)
    assert Counter((row["Product"], row["Pack"]) for row in rows) == Counter((name, pack) for name in STRANGE for pack in (1, 6))
    assert {row[f"S{who} Price"] for row in rows for who in range(4)} == {8}


REFUSALS = [
    ("another spreadsheet", {"sheet_id": "nobody's"}, "does not know the spreadsheet"),
    ("no right", {"sheet_id": "secret"}, "does not let the service account in"),
]


@pytest.mark.parametrize(("case", "changes", "cause"), REFUSALS)
def test_what_cannot_work_says_whom_to_share_with(case: str, changes: dict[str, Any], cause: str, server: SheetsServer, tmp_path: Path):
    """A wrong id and a missing right fail for good at the first try; the remedy names the service account's address."""
    server.forbidden.add("secret")
    with pytest.raises(SheetsRefused, match=cause) as caught:
        write(address(server, tmp_path, **changes), snapshot(offer("Tea", "Alpha")))
    assert EMAIL in caught.value.remedy, case
    assert server.tally.reads == 1


CREDENTIALS = [("not there", None), ("no JSON", "hello"), ("no key", '{"client_email": "a@b"}'), ("a list", "[1]")]


@pytest.mark.parametrize(("case", "text"), CREDENTIALS)
def test_credentials_that_are_none(case: str, text: str | None, tmp_path: Path):
    """A missing or broken key file is one clear error with a remedy."""
    path = tmp_path / "key.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(SheetsRefused) as caught:
        Spreadsheet(SheetsAddress(sheet_id="x", credentials=path))
    assert "GOOGLE_APPLICATION_CREDENTIALS" in caught.value.remedy, case


def test_credentials_that_are_not_set():
    """A spreadsheet without a service account names the variable that is missing."""
    with pytest.raises(SheetsRefused, match="GOOGLE_APPLICATION_CREDENTIALS is not"):
        Spreadsheet(SheetsAddress(sheet_id="x", credentials=None))


def test_a_check_reads_the_title(server: SheetsServer, tmp_path: Path):
    """Whether the spreadsheet opens is found out without writing."""
    book = Spreadsheet(address(server, tmp_path))
    assert book.check() == "Catalogue"
    book.close()
    assert server.tally.writes == 0


def test_a_strangers_key_is_refused_and_not_shown(server: SheetsServer, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Credentials of another account fail for good, and neither message nor log holds the key."""
    caplog.set_level(logging.DEBUG)
    with SheetsServer() as other:
        stranger = other.credentials | {"token_uri": f"{server.url}/token"}
    at = address(server, tmp_path)
    assert at.credentials is not None
    at.credentials.write_text(json.dumps(stranger), "utf-8")
    with pytest.raises(SheetsRefused, match="does not take the credentials") as caught:
        write(at, snapshot(offer("Tea", "Alpha")))
    body = stranger["private_key"].splitlines()[1]
    assert body not in caplog.text + str(caught.value) + repr(at)


def test_nobody_at_the_address_is_worth_another_try(tmp_path: Path):
    """A server that is down is no fault of the list's."""
    with SheetsServer() as server:
        at = address(server, tmp_path)
    with pytest.raises(SheetsUnavailable):
        write(SheetsAddress(sheet_id="x", credentials=at.credentials, endpoint=server.url, waits_s=(0.01,)), snapshot(offer("Tea", "A")))


def test_a_stop_ends_the_waiting(server: SheetsServer, tmp_path: Path):
    """Told to stop, a writer that waits for its quota gives up at once."""
    stop = threading.Event()
    book = Spreadsheet(address(server, tmp_path, most_requests=1, window_s=60))
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(SheetsUnavailable, match="stopped"):
        update(book, snapshot(offer("Tea", "A")), stop)
    assert time.monotonic() - began < 5
    book.close()


def _publishing(made: Bench, at: SheetsAddress) -> None:
    """Let the bench have a spreadsheet."""
    book = Spreadsheet(at)
    settings = made.services.settings.model_copy(update={"sheet_id": at.sheet_id})
    made.services = replace(made.services, settings=settings, spreadsheet=Coalescer(partial(publish.publish, made.store, lambda: book)))


def _work(made: Bench, *task_ids: str, **changes: Any) -> list[Task]:
    Driver(made.services, **changes).work(task_ids, threading.Event())
    return [queue.load(made.store, task_id) for task_id in task_ids]


def test_a_list_ends_in_the_spreadsheet_and_its_result_has_the_link(server: SheetsServer, tmp_path: Path):
    """A task writes workbook and spreadsheet; the next month changes the price in its row."""
    with bench(tmp_path) as made:
        _publishing(made, address(server, tmp_path))
        (june,) = _work(made, made.submit(JUNE))
        (july,) = _work(made, made.submit(JULY, "july.csv"))
    assert (june.status, july.status) == (Status.SUCCESS, Status.SUCCESS)
    assert (july.result or {})["outputs"] == [str(tmp_path / "catalog.xlsx"), "https://docs.google.com/spreadsheets/d/catalogue"]
    prices = {row["Product"]: row["Toko A Price"] for row in records(server)}
    assert len(prices) == 7
    assert 78_000 in prices.values()


def test_a_spreadsheet_that_is_gone_fails_the_list_and_says_so(server: SheetsServer, tmp_path: Path):
    """No list is reported as done that is not in the spreadsheet; the local workbook has it all the same."""
    with bench(tmp_path) as made:
        _publishing(made, address(server, tmp_path, sheet_id="gone"))
        (task,) = _work(made, made.submit())
    assert task.status is Status.FAILURE
    assert "does not know the spreadsheet" in str(task.error)
    assert (tmp_path / "catalog.xlsx").exists()


def test_many_lists_at_once_keep_to_the_quota(tmp_path: Path):
    """Twelve lists with a quota of three writes in a window: none fails, none is there twice, none was refused for its rate."""
    with SheetsServer(reads=6, writes=3, window_s=0.4, key=KEY) as server, bench(tmp_path) as made:
        server.spreadsheet()
        at = address(server, tmp_path, most_requests=3)
        _publishing(made, at)
        ids = [made.submit(JUNE.replace("5 kg", f"{n} kg"), f"list{n}.csv", supplier=f"Toko {n}") for n in range(12)]
        tasks = _work(made, *ids, slots=4)
        rows = records(server)
    assert {task.status for task in tasks} == {Status.SUCCESS}
    assert max(Counter((row["Product ID"], row["Currency"]) for row in rows).values()) == 1
    assert {title for title in rows[0] if title.startswith("Toko")} == {
        f"Toko {n} {what}" for n in range(12) for what in ("Price", "Updated")
    }
    assert (server.tally.refused, server.tally.most_writes(0.4) <= 3) == (0, True)
    assert server.tally.writes <= 3 * 12


def test_two_processes_worth_of_writers_take_turns(server: SheetsServer, tmp_path: Path):
    """Writers with clients of their own on one database do not write into each other."""
    with bench(tmp_path) as made:
        books = [Spreadsheet(address(server, tmp_path)) for _ in range(4)]
        _work(made, made.submit())
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda book: publish.publish(made.store, lambda: book, [WriteRequest(threading.Event())]), books))
        for book in books:
            book.close()
    assert server.tally.writes == 2


def test_a_full_spreadsheet_shows_the_newest_suppliers(server: SheetsServer, tmp_path: Path):
    """Month after month new suppliers come, beyond what there is room for: no write fails, and a line says who is not shown."""
    limit = 84_500  # of which 50,000 are left to people, and 26,000 are in the sheet that Google makes
    server.spreadsheet().most_cells = limit
    at = address(server, tmp_path)
    offers = [offer("Tea 0", "Shop 0")]
    for month in range(1, 9):
        own = [offer(f"Tea {number}", f"Shop {month}", 100 + number) for number in range(60)]
        offers += [replace(made, row=replace(made.row, list_date=date(2026, month, 1))) for made in own]
        write(at, snapshot(*offers), limit)
    sheets = {sheet.title: sheet for sheet in server.spreadsheet().sheets}
    assert sum(len(sheet.rows) * sheet.columns for sheet in sheets.values()) <= limit
    shown = [name for name in sheets if name.startswith("Shop") and len(sheets[name].rows) > 2]
    assert shown
    assert shown == [f"Shop {month}" for month in range(9 - len(shown), 9)]
    assert len(shown) < 8
    assert sorted(row["Shop 1 Price"] for row in records(server)) == list(range(100, 160))
    assert records(server, "Review")[0]["Why"].startswith("This spreadsheet is full (Google's limit is 84,500 cells).")


def test_a_spreadsheet_that_people_filled_fails_no_list(server: SheetsServer, tmp_path: Path):
    """Where Google has no room at all the list is done: the workbook has it."""
    server.spreadsheet().most_cells = 26_000
    write(address(server, tmp_path), snapshot(offer("Tea", "Alpha")))
    assert [sheet.title for sheet in server.spreadsheet().sheets] == ["Sheet1"]
