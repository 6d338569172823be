"""file_processing: the staged bytes become raw rows."""

from dataclasses import replace
from functools import partial

from monito_ray.jobs.artifacts import RAW
from monito_ray.jobs.task import Task
from monito_ray.pipeline import short_list
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.short_list import ListRead
from monito_ray.steps import fetch
from monito_ray.steps.context import Stopped, World
from monito_ray.steps.llm_calls import settle_columns


def read_list(task: Task, world: World) -> None:
    """Leave the artifact `raw`, and beside it what the list says of itself.

    Raises:
        FileUnusable: the file is no price list that can be read.
        TelegramUnavailable: it is in a chat, and cannot be fetched just now.
        Stopped: nothing was left.
        StoreUnavailable, ClusterUnavailable: while its columns were asked about.
    """
    hints = price_list.Hints(
        supplier=str(task.options.get("supplier") or ""),
        currency=str(task.options.get("currency") or ""),
        fallback_currency=world.settings.currency,
    )
    data = fetch.fetch_content(task, world)
    begun = _begin(task, world, data, hints)
    if begun.read.doubtful and (told := settle_columns(task, world, begun.read.supplier, begun.read.doubtful)):
        begun = _begin(task, world, data, replace(hints, layouts=told))
    found = begun.read
    facts = {
        "supplier": found.supplier,
        "currency": found.currency,
        "list_date": found.list_date and found.list_date.isoformat(),
        "tax_note": found.tax_note,
        "notes": list(found.notes),
    }
    if world.stop.is_set():
        raise Stopped
    world.files.write_list_facts(task.id, facts)
    world.keep(task.id, RAW, found.rows)
    if begun.judged is not None:
        world.at_hand.begun[task.id] = begun


def _begin(task: Task, world: World, data: bytes, hints: price_list.Hints) -> ListRead:
    ahead = partial(short_list.read_and_standardize, lenient=task.is_lenient)
    return world.workers.read_file(data, task.file_name, short_list.read_only, hints, ahead=ahead)
