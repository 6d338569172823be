"""notifications: the end of a task, told in numbers that add up."""

from collections import Counter
from typing import Any

from monito_ray.catalog import offers
from monito_ray.errors import RowsLost
from monito_ray.events import LlmSkipped
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS, RAW, REJECTS
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.task import Task
from monito_ray.pipeline.products.build import quality_score
from monito_ray.records import DUPLICATE, ProductRow
from monito_ray.steps.context import World
from monito_ray.steps.write import workbook_path


def summarize(task: Task, world: World) -> dict[str, Any]:
    """The task's `result`, less the times of the stages; everything in it is taken from what the stages left behind.

    Raises:
        RowsLost: rows found are not rows written, rejected and duplicate together.
    """
    facts = world.files.read_list_facts(task.id)
    rows = world.records(task.id, PRODUCTS, ProductRow)
    reasons = Counter(world.table(task.id, REJECTS).column("reason").to_pylist())
    changes = offers.written_changes(world.store, task.id)
    use = ledger.use_of_task(world.store, task.id)
    found, duplicate = world.rows(task.id, RAW), reasons.pop(DUPLICATE, 0)
    if changes is None or found != len(rows) + reasons.total() + duplicate:
        counts = f"{found} rows found, {len(rows)} written, {reasons.total()} rejected, {duplicate} duplicate"
        raise RowsLost(f"{task.file_name}: the rows do not add up: {counts}")
    return {
        "rows_found": found,
        "rows_written": len(rows),
        "rows_rejected": reasons.total(),
        "rows_duplicate": duplicate,
        "rejected": dict(sorted(reasons.items())),
        "products_new": changes.products_new,
        "prices_changed": changes.prices_changed,
        "supplier": facts["supplier"],
        "currency": facts["currency"],
        "list_date": facts["list_date"],
        "notes": [*facts.get("notes", []), *_left_by_llm(task, world)],
        "quality_score": quality_score(rows),
        "llm": use.as_result(),
        "outputs": [str(workbook_path(world.settings)), *([world.settings.sheet_link] if world.publishing is not None else [])],
    }


def _left_by_llm(task: Task, world: World) -> list[str]:
    """Why rows were left to the rules that an LLM should have been asked about, if any were; the last word counts."""
    said = [data for _, name, data in queue.events_of(world.store, task.id) if name == LlmSkipped.name and data.get("rows_left")]
    return [str(said[-1]["reason"])] if said else []
