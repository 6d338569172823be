"""sheets_writing: write products into the catalogue, and the catalogue into the workbook and, where one is set, the spreadsheet."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from monito_ray.catalog import confirmed_brands
from monito_ray.catalog.lists import writing
from monito_ray.catalog.questions.open_pairs import keep_open_pairs
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.sheet_source import read_catalogue
from monito_ray.catalog.sheets.workbook_plan import plan_workbook, with_charts
from monito_ray.clients.workbook.drawing import draw_workbook as draw_sheets
from monito_ray.errors import OutputNotWritable
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.settings import Settings
from monito_ray.steps.context import Attempt, WriteRequest
from monito_ray.steps.list_supplier import settle_rows
from monito_ray.steps.llm_calls import ask_about_pairs
from monito_ray.store.database import Store

_LOCK_POLL_S = 0.05


def write_offers(attempt: Attempt) -> None:
    """Write the task's products into the catalogue and then the spreadsheet; the workbook is drawn later.

    The catalogue is changed once, however often this runs.

    Raises:
        SheetsUnavailable, SheetsRefused: the list is in the catalogue, but not in the spreadsheet.
        LeaseLost: the task belongs to another driver; nothing was written.
        Stopped: while the LLM was asked about pairs of offers; the list is in the catalogue.
    """
    services = attempt.services
    rows = settle_rows(attempt)
    writing.write_list(services.store, attempt.task.id, rows, services.clock(), attempt.confirm_lease)
    keep_open_pairs(services.store, attempt.task.id)
    ask_about_pairs(attempt)
    confirmed_brands.confirm_brands(services.store, rows, services.clock())
    services.workbook.request()
    if services.spreadsheet is not None:
        services.spreadsheet.submit(WriteRequest(attempt.stop, attempt.lease))


def workbook_path(settings: Settings) -> Path:
    """Return the path of the local workbook."""
    return (settings.home / "catalog.xlsx").resolve()


def draw_workbook(store: Store, path: Path) -> None:
    """Draw the workbook of the whole catalogue. Processes take turns, so the last drawing shows what all of them have written.

    Sheets of suppliers whose rows are as they were are copied from the drawing before, which is kept beside the workbook.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".lock"), poll_interval=_LOCK_POLL_S), gc_paused():
        catalogue, lines = read_catalogue(store)
        if catalogue.products or path.exists():
            catalogue = replace(catalogue, suggestions=suggest(store, catalogue.offers))
            sheets = with_charts(plan_workbook(catalogue), catalogue.changes, lines)
            draw_sheets(sheets, path, path.with_name(path.name + ".parts"))


def draw_workbook_in_subprocess() -> None:
    """Draw the workbook in a process of its own with the settings of this one: a large one keeps Python busy for many seconds.

    Raises:
        OutputNotWritable: it could not be drawn.
    """
    command = [sys.executable, "-m", "monito_ray", "draw"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"the drawing ended with {done.returncode}"]
        raise OutputNotWritable(lines[-1].removeprefix("monito: "))
