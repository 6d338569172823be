"""sheets_writing: products go into the catalogue, and the catalogue into the workbook and, where one is set, the spreadsheet."""

import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from monito_ray.catalog import offers
from monito_ray.catalog.workbook_plan import plan_workbook
from monito_ray.clients import workbook
from monito_ray.errors import OutputNotWritable
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.settings import Settings
from monito_ray.steps.context import World, WriteRequest
from monito_ray.store.database import Store

_LOCK_POLL_S = 0.05


def write_offers(task: Task, world: World) -> None:
    """Write the task's products into the catalogue, once however often this runs, and show it in the spreadsheet; the workbook follows.

    Raises:
        SheetsUnavailable, SheetsRefused: the catalogue has the list, the spreadsheet not.
        LeaseLost: the task is another driver's; nothing was written.
    """
    rows = world.records(task.id, PRODUCTS, ProductRow)
    offers.upsert(world.store, task.id, rows, world.clock(), world.confirm)
    world.drawing.request()
    if world.publishing is not None:
        world.publishing.submit(WriteRequest(world.stop, world.lease))


def workbook_path(settings: Settings) -> Path:
    """Where the local workbook lies."""
    return (settings.home / "catalog.xlsx").resolve()


def draw_workbook(store: Store, path: Path) -> None:
    """Draw the whole catalogue. Of several processes one draws at a time, so the last one shows what all have written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".lock"), poll_interval=_LOCK_POLL_S):
        snapshot = offers.snapshot(store)
        if snapshot.products or path.exists():
            workbook.draw_workbook(plan_workbook(snapshot), path)


def draw_workbook_in_subprocess() -> None:
    """Draw the whole catalogue in a process of its own, with the settings of this one: a large one keeps Python busy for many seconds.

    Raises:
        OutputNotWritable: it could not be drawn.
    """
    command = [sys.executable, "-m", "monito_ray", "draw"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the drawing ended with {done.returncode}"]
        raise OutputNotWritable(said[-1].removeprefix("monito: "))
