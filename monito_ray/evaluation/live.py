"""Labelled rows asked of the LLM that is set, by the same tasks, actors and requests as a supplier's list, in a store of their own."""

import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from monito_ray import wiring
from monito_ray.api import Monito
from monito_ray.errors import LlmUnavailable
from monito_ray.evaluation.labelled_rows import NAME, PRICE, TEXT_COLUMNS, LabelledList, LabelledRow
from monito_ray.evaluation.recorded_answers import RecordedAnswers
from monito_ray.evaluation.report import Cost
from monito_ray.events import Event, LlmSkipped, Sink
from monito_ray.jobs.llm import answers
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.row_items import row_item
from monito_ray.pipeline.products.rules import standardize
from monito_ray.records import Standard
from monito_ray.settings import Settings

#: Opens a sink for the events of tasks, given the names of their lists by their ids.
Show = Callable[[Mapping[str, str]], AbstractContextManager[Sink]]


def ask_about(lists: Sequence[LabelledList], settings: Settings, show: Show, stop: threading.Event) -> tuple[RecordedAnswers, Cost]:
    """Return what the LLM answered about the rows that the rules are unsure of, and what that took.

    The catalogue, its corrections and its stored answers are neither used nor changed.

    What was answered before `stop` is set is returned.

    Raises:
        LlmUnavailable: it answered nothing, and was not stopped; the message says why.
        ClusterUnavailable: Ray does not start.
    """
    skips: list[str] = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="monito-eval-") as folder:
        own = settings.model_copy(update={"home": Path(folder), "database_url": "", "files_url": "", "ray_address": ""})
        with Monito(own) as monito:
            task_ids = [monito.submit_llm_processing([_product(labelled) for labelled in one.rows]) for one in lists]
            names = {task_id: one.name for task_id, one in zip(task_ids, lists, strict=True)}
            with show(names) as sink, wiring.local_driver(own, _with_skips(sink, skips)) as driver:
                driver.work(task_ids, stop)
            uses = [(monito.get_task_result(task_id).result or {}).get("llm") or {} for task_id in task_ids]
        with wiring.open_store(own) as store:
            answered = {key: standard for one in lists for key, standard in _answers_about(one, store, own.llm_model).items()}
    if not answered and not stop.is_set():
        raise LlmUnavailable("; ".join(dict.fromkeys(skips)) or "the LLM answered nothing", "`monito doctor` says what is wrong with it.")
    return RecordedAnswers(own.llm_model, answered), _cost(uses, time.perf_counter() - start)


def _with_skips(sink: Sink, skips: list[str]) -> Sink:
    """Return a sink that also adds to `skips` why rows were not asked about."""

    def add(event: Event) -> None:
        if isinstance(event, LlmSkipped):
            skips.append(event.reason)
        sink(event)

    return add


def _product(labelled: LabelledRow) -> dict[str, Any]:
    """Return the row as `submit_llm_processing` takes it."""
    row = labelled.row
    texts = {name: getattr(row, name) for name in (*TEXT_COLUMNS, "cells")}
    return {NAME: row.original_name, PRICE: str(row.price), **texts}


def _answers_about(one: LabelledList, store: Any, model: str) -> dict[str, Standard]:
    """Return the stored answers about the rows of a list, by the rows' keys."""
    rows = [labelled.row for labelled in one.rows]
    keys = [answer_key(item, model) for item in map(row_item, rows, standardize(rows))]
    stored = answers.find_answers(store, keys)
    return {labelled.key: stored[key] for labelled, key in zip(one.rows, keys, strict=True) if key in stored}


def _cost(uses: Sequence[dict[str, Any]], seconds: float) -> Cost:
    def total(name: str) -> Any:
        return sum(use.get(name, 0) for use in uses)

    return Cost(total("requests"), total("prompt_tokens"), total("completion_tokens"), round(total("cost_usd"), 6), round(seconds, 2))
