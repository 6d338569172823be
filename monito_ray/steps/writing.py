"""sheets_writing: products go into the catalogue, and the catalogue into the workbook and, where one is set, the spreadsheet."""

import ctypes
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from monito_ray import frames
from monito_ray.catalog import offers
from monito_ray.catalog.layout import plan_workbook
from monito_ray.catalog.sheet_plan import plan_edits
from monito_ray.clients import workbook
from monito_ray.errors import OutputNotWritable
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.settings import Settings
from monito_ray.sheet_edits import Edit, Standing
from monito_ray.steps.world import World
from monito_ray.store.database import Store

_LOCK_POLL_S = 0.05


class Book(Protocol):
    """The spreadsheet: `clients.sheets.Spreadsheet`, or anything that keeps its promises."""

    def update(self, titles: Collection[str], plan: Callable[[Sequence[Standing]], Sequence[Edit]], stop: threading.Event) -> None:
        """Carry out what `plan` makes of the sheets as they stand; `stop` ends every wait."""


def write(task: Task, world: World) -> None:
    """Write the task's products into the catalogue, once however often this runs, and show it in the spreadsheet; the workbook follows.

    Raises:
        SheetsUnavailable, SheetsRefused: the catalogue has the list, the spreadsheet not.
        LeaseLost: the task is another driver's; nothing was written.
    """
    rows = frames.from_table(world.files.read(task.id, PRODUCTS), ProductRow)
    offers.upsert(world.store, task.id, rows, world.clock(), world.confirm)
    world.drawing.ask()
    if world.publishing is not None:
        world.publishing.join(world.stop)


def workbook_path(settings: Settings) -> Path:
    """Where the local workbook lies."""
    return (settings.home / "catalog.xlsx").resolve()


def draw(store: Store, path: Path) -> None:
    """Draw the whole catalogue. Of several processes one draws at a time, so the last one shows what all have written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".lock"), poll_interval=_LOCK_POLL_S):
        snapshot = offers.snapshot(store)
        if snapshot.products or path.exists():
            workbook.draw(plan_workbook(snapshot), path)


def draw_elsewhere() -> None:
    """Draw the whole catalogue in a process of its own, with the settings of this one: a large one keeps Python busy for many seconds.

    Raises:
        OutputNotWritable: it could not be drawn.
    """
    command = [sys.executable, "-m", "monito_ray", "draw"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the drawing ended with {done.returncode}"]
        raise OutputNotWritable(said[-1].removeprefix("monito: "))


def sheet_link(settings: Settings) -> str:
    """Where people open the spreadsheet."""
    return f"https://docs.google.com/spreadsheets/d/{settings.sheet_id}"


def publish(store: Store, book: Callable[[], Book], waiting: Sequence[threading.Event]) -> list[None]:
    """Bring the spreadsheet up to date once for all who wait, each with the event that tells it to stop.

    Of several processes on one database one writes at a time.
    """
    opened = book()
    with store.alone("spreadsheet"):
        lay_out = cache(partial(plan_workbook, offers.snapshot(store)))
        opened.update([sheet.title for sheet in lay_out(frozenset())], partial(plan_edits, lay_out), waiting[0])
    del lay_out
    _give_back()
    return [None for _ in waiting]


def _give_back() -> None:
    """Hand freed memory back to the system, which glibc would keep: a large spreadsheet takes much of it for a moment."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
