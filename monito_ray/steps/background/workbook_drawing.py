"""Drawing the workbook of the whole catalogue, which a process of its own does; it loads what that needs and no more."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.sheet_source import read_catalogue
from monito_ray.catalog.sheets.workbook_plan import plan_workbook, with_charts
from monito_ray.clients.workbook.drawing import draw_workbook as draw_sheets
from monito_ray.errors import OutputNotWritable
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.settings import Settings
from monito_ray.store.database import Store

_LOCK_POLL_S = 0.05


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
