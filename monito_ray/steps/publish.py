"""Bring the spreadsheet up to date, once for all lists that wait: in this process, or in one of its own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from monito_ray import errors, log
from monito_ray.catalog.edits.sheet_round import EDITED_SHEETS, SheetRound
from monito_ray.catalog.sheets.cell_limit import LimitedPlan
from monito_ray.errors import MonitoError, SheetsUnavailable, Unexpected
from monito_ray.jobs import lease as leases
from monito_ray.sheet_model import ExistingSheet, SheetEdit
from monito_ray.steps.context import WriteRequest
from monito_ray.store.database import Store

_POLL_S = 0.1
#: A process that was asked to stop is killed after this time.
_KILL_AFTER_S = 3.0


class SpreadsheetBook(Protocol):
    """The spreadsheet: `clients.sheets.spreadsheet.Spreadsheet`, or anything with the same behaviour."""

    @property
    def spreadsheet_id(self) -> str:
        """By which it is known from others."""

    def update(
        self,
        titles: Collection[str],
        plan: Callable[[Sequence[ExistingSheet]], Sequence[SheetEdit]],
        stop: threading.Event,
        edited_by_people: Sequence[str] = (),
        take_late: Callable[[Sequence[ExistingSheet]], bool] | None = None,
    ) -> None:
        """Carry out the edits that `plan` returns for the existing sheets. `stop` is checked before every write and ends every wait.

        Sheets with titles in `edited_by_people` are looked at once more before the write; where they changed it is planned again.
        `take_late` takes what people wrote meanwhile from sheets as they were right before the write, and returns whether there was any.
        """


class WriteGuard(threading.Event):
    """Set when `stop` is set, when the list belongs to another driver by now, or when the process that started this one is gone."""

    def __init__(self, store: Store, request: WriteRequest) -> None:
        super().__init__()
        self._store = store
        self._request = request
        self._parent = os.getppid()

    def is_set(self) -> bool:
        """Return whether any of these holds.

        The database is asked each time: a process that was suspended for a minute does not notice that, and may have lost the lease.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        if self._request.stop.is_set() or os.getppid() != self._parent:
            return True
        return self._request.lease is not None and not leases.holds(self._store, self._request.lease)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for `stop`, at most `timeout` seconds, and return whether any of these holds."""
        return self._request.stop.wait(timeout) or self.is_set()


def publish(store: Store, book: Callable[[], SpreadsheetBook], requests: Sequence[WriteRequest]) -> list[None]:
    """Take what people changed in the spreadsheet, and bring it up to date once for all `requests`, under the lease of the first one.

    Only one process on a database does so at a time.
    """
    opened = book()
    with store.alone("spreadsheet"):
        one_round = SheetRound(store, opened.spreadsheet_id, partial(datetime.now, UTC))
        if bring_up_to_date(opened, one_round.titles(), one_round.plan, WriteGuard(store, requests[0]), one_round.take_late):
            one_round.finish()
    return [None for _ in requests]


def bring_up_to_date(
    book: SpreadsheetBook,
    titles: Collection[str],
    make_plan: Callable[[Sequence[ExistingSheet]], LimitedPlan],
    guard: threading.Event,
    take_late: Callable[[Sequence[ExistingSheet]], bool] | None = None,
) -> bool:
    """Write what the spreadsheet has room for; return False for one that people filled: it stays as it is, the workbook shows all."""
    from monito_ray.clients.sheets.http_client import SpreadsheetFull  # noqa: PLC0415

    makes_room = [False]

    def plan(existing: Sequence[ExistingSheet]) -> Sequence[SheetEdit]:
        made = make_plan(existing)
        makes_room[0] = made.makes_room
        return made.edits

    try:
        book.update(titles, plan, guard, EDITED_SHEETS, take_late)
        if makes_room[0]:
            book.update(titles, plan, guard, EDITED_SHEETS, take_late)
    except SpreadsheetFull as error:
        log.warning("spreadsheet.full", message=str(error))
        return False
    return not makes_room[0]


def publish_in_subprocess(requests: Sequence[WriteRequest]) -> list[None]:
    """Do as `publish` does, in a process of its own with the settings of this one.

    A large spreadsheet takes memory that Python does not give back.

    Raises:
        MonitoError: as `publish` raised it there.
        SheetsUnavailable: the process was stopped or killed.
    """
    lease = requests[0].lease
    lease_arguments = [lease.task_id, lease.owner, str(lease.claim_number)] if lease else []
    command = [sys.executable, "-m", "monito_ray", "publish", *lease_arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        stdout, stderr = _wait_for_subprocess(process, requests[0].stop)
    if process.returncode:
        raise _error_of_subprocess(stdout, stderr, process.returncode)
    return [None for _ in requests]


def error_line(error: MonitoError) -> str:
    """Return an error as one line of JSON, from which `publish_in_subprocess` raises it again."""
    code = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return json.dumps({"code": code, "message": str(error), "remedy": error.remedy})


def _wait_for_subprocess(process: "subprocess.Popen[str]", stop: threading.Event) -> tuple[str, str]:
    """Wait until the process ends, by itself or because of `stop`, and return what it wrote to stdout and stderr."""
    kill_at: float | None = None
    while True:
        try:
            return process.communicate(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            if not stop.is_set():
                continue
        if kill_at is None:
            process.terminate()
            kill_at = time.monotonic() + _KILL_AFTER_S
        elif time.monotonic() > kill_at:  # harmless: the next process to publish plans whatever is still missing
            process.kill()


def _error_of_subprocess(stdout: str, stderr: str, code: int) -> MonitoError:
    if code < 0:
        return SheetsUnavailable(f"the publishing was ended by signal {-code}")
    try:
        line = json.loads(stdout)
        kind: type[MonitoError] = getattr(errors, line["code"])
        return kind(line["message"], line["remedy"])
    except ValueError:
        return Unexpected(f"the publishing ended with {code}: {(stderr.strip().splitlines() or ['no word'])[-1]}")
