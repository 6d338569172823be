"""sheets_writing: products go into the catalogue, and the catalogue into the workbook."""

from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from monito_ray import frames
from monito_ray.catalog import offers
from monito_ray.catalog.layout import plan_workbook
from monito_ray.clients import workbook
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.settings import Settings
from monito_ray.steps.world import World
from monito_ray.store.database import Store

_LOCK_POLL_S = 0.05


def write(task: Task, world: World) -> None:
    """Write the task's products into the catalogue, once however often this runs, and draw the workbook anew."""
    rows = frames.from_table(world.files.read(task.id, PRODUCTS), ProductRow)
    offers.upsert(world.store, task.id, rows, world.clock())
    world.drawing.join(None)


def workbook_path(settings: Settings) -> Path:
    """Where the local workbook lies."""
    return (settings.home / "catalog.xlsx").resolve()


def draw(store: Store, path: Path, waiting: Sequence[None]) -> list[Path]:
    """Draw the whole catalogue once for all who wait. Of several processes one draws at a time, so the last one shows what all have written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".lock"), poll_interval=_LOCK_POLL_S):
        workbook.draw(plan_workbook(offers.snapshot(store)), path)
    return [path for _ in waiting]
