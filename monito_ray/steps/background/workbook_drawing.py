"""Drawing the workbook of the whole catalogue, which a process of its own does; it loads what that needs and no more."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from filelock import FileLock

from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.master_table import master_table
from monito_ray.catalog.sheets.same_sheet import Suggestion
from monito_ray.catalog.sheets.sheet_source import BesideTable, catalogue_from, read_beside_table, read_compared
from monito_ray.catalog.sheets.workbook_plan import in_order, plan_workbook, with_charts
from monito_ray.clients.output_paths import remove_unfinished
from monito_ray.clients.workbook.copied_process import work_beside
from monito_ray.clients.workbook.drawing import draw_workbook as draw_sheets
from monito_ray.errors import OutputNotWritable
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.settings import Settings
from monito_ray.store.database import Store
from monito_ray.store.private_files import FILE_MODE, make_folder

_LOCK_POLL_S = 0.05

#: What the sheets beside the master table show.
_Beside = tuple[BesideTable, list[Suggestion]]


def workbook_path(settings: Settings) -> Path:
    """Return the path of the local workbook."""
    return (settings.home / "catalog.xlsx").resolve()


def draw_workbook(store: Store, path: Path) -> None:
    """Draw the workbook of the whole catalogue. Processes take turns, so the last drawing shows what all of them have written.

    Sheets of suppliers whose rows are as they were are copied from the drawing before, which is kept beside the workbook.
    """
    with _turn(path):
        _draw(store, path, partial(_read_beside, store))


def draw_workbook_and_exit(open_own_store: Callable[[], Store], path: Path) -> NoReturn:
    """Draw the workbook as `draw_workbook` does, with copies of this process beside it, and end this process.

    It must have one thread, and no connection to the database, since a copy cannot use that: each opens its own store. It ends at once,
    since freeing a large catalogue object by object takes a quarter of a second.
    """

    def read_beside() -> _Beside:
        with open_own_store() as store:
            return _read_beside(store)

    with _turn(path):
        beside = work_beside(read_beside)
        with open_own_store() as store:
            _drawn_from = _draw(store, path, beside, in_two=True)
            os._exit(0)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    make_folder(path.parent)
    with FileLock(path.with_name(path.name + ".lock"), mode=FILE_MODE, poll_interval=_LOCK_POLL_S), gc_paused():
        remove_unfinished(path)
        yield


def _read_beside(store: Store) -> _Beside:
    return read_beside_table(store), suggest(store)


def _draw(store: Store, path: Path, read_beside: Callable[[], _Beside], *, in_two: bool = False) -> object:
    """Draw the workbook, and return what it was drawn from."""
    compared = read_compared(store)
    table = master_table(compared.products, compared.offers, in_order({offer.supplier for offer in compared.offers}))
    beside, suggestions = read_beside()
    catalogue = replace(catalogue_from(store, compared, beside), suggestions=suggestions)
    if catalogue.products or path.exists():
        sheets = with_charts(plan_workbook(catalogue, table=table), beside.changes, beside.lines)
        draw_sheets(sheets, path, path.with_name(path.name + ".parts"), in_two=in_two)
    return catalogue, table


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
