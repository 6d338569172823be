"""The spreadsheet brought up to date once for all lists that wait: in this process, or in one of its own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from functools import cache, partial
from typing import Protocol

from monito_ray import errors
from monito_ray.catalog import offers
from monito_ray.catalog.sheet_diff import plan_edits
from monito_ray.catalog.workbook_plan import plan_workbook
from monito_ray.errors import MonitoError, SheetsUnavailable, Unexpected
from monito_ray.jobs import lease as leases
from monito_ray.sheet_model import ExistingSheet, SheetEdit
from monito_ray.steps.context import WriteRequest
from monito_ray.store.database import Store

_TICK_S = 0.1
_MERCY_S = 3.0


class SpreadsheetBook(Protocol):
    """The spreadsheet: `clients.sheets.Spreadsheet`, or anything that keeps its promises."""

    def update(
        self, titles: Collection[str], plan: Callable[[Sequence[ExistingSheet]], Sequence[SheetEdit]], stop: threading.Event
    ) -> None:
        """Carry out what `plan` makes of the sheets as they stand; `stop`, asked before every write, ends every wait."""


class WriteGuard(threading.Event):
    """Set with `stop`, or when the list is another driver's by now, or the process that started this one is gone."""

    def __init__(self, store: Store, request: WriteRequest) -> None:
        super().__init__()
        self._store = store
        self._request = request
        self._parent = os.getppid()

    def is_set(self) -> bool:
        """Whether any of these holds; the database is asked each time, for who was stopped for a minute knows nothing of it.

        Raises:
            StoreUnavailable: it does not answer.
        """
        if self._request.stop.is_set() or os.getppid() != self._parent:
            return True
        return self._request.lease is not None and not leases.holds(self._store, self._request.lease)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for `stop`; then whether any holds."""
        return self._request.stop.wait(timeout) or self.is_set()


def publish(store: Store, book: Callable[[], SpreadsheetBook], asking: Sequence[WriteRequest]) -> list[None]:
    """Bring the spreadsheet up to date once for all of `asking`, by the right of the first.

    Of several processes on one database one writes at a time.
    """
    opened = book()
    with store.alone("spreadsheet"):
        lay_out = cache(partial(plan_workbook, offers.snapshot(store)))
        opened.update([sheet.title for sheet in lay_out(frozenset())], partial(plan_edits, lay_out), WriteGuard(store, asking[0]))
    return [None for _ in asking]


def publish_in_subprocess(asking: Sequence[WriteRequest]) -> list[None]:
    """As `publish`, in a process of its own with the settings of this one: a large spreadsheet takes memory that Python does not give back.

    Raises:
        MonitoError: what `publish` raised there.
        SheetsUnavailable: it was told to stop, or killed.
    """
    lease = asking[0].lease
    whose = [lease.task_id, lease.owner, str(lease.claim_number)] if lease else []
    command = [sys.executable, "-m", "monito_ray", "publish", *whose]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said, complained = _wait_for_subprocess(process, asking[0].stop)
    if process.returncode:
        raise _error_of_subprocess(said, complained, process.returncode)
    return [None for _ in asking]


def error_line(error: MonitoError) -> str:
    """An error for `publish_elsewhere` to raise, in one line."""
    known = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return json.dumps({"code": known, "message": str(error), "remedy": error.remedy})


def _wait_for_subprocess(process: "subprocess.Popen[str]", stop: threading.Event) -> tuple[str, str]:
    """What it said until it ended, by itself or because of `stop`."""
    killed_at: float | None = None
    while True:
        try:
            return process.communicate(timeout=_TICK_S)
        except subprocess.TimeoutExpired:
            if not stop.is_set():
                continue
        if killed_at is None:
            process.terminate()
            killed_at = time.monotonic() + _MERCY_S
        elif time.monotonic() > killed_at:  # what it was about to write is read again by whoever publishes next
            process.kill()


def _error_of_subprocess(said: str, complained: str, code: int) -> MonitoError:
    if code < 0:
        return SheetsUnavailable(f"the publishing was ended by signal {-code}")
    try:
        told = json.loads(said)
        kind: type[MonitoError] = getattr(errors, told["code"])
        return kind(told["message"], told["remedy"])
    except ValueError:
        return Unexpected(f"the publishing ended with {code}: {(complained.strip().splitlines() or ['no word'])[-1]}")
