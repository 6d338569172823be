"""llm_processing: good rows become products, by answers known, by rules, and by the LLM where the rules are not sure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from monito_ray import frames
from monito_ray.errors import MonitoError
from monito_ray.events import LlmUnset, StageAdvanced
from monito_ray.jobs import answers, ledger
from monito_ray.jobs.artifacts import GOOD, PRODUCTS, STANDARDS
from monito_ray.jobs.task import Task
from monito_ray.pipeline import products, rules, twins
from monito_ray.pipeline.answers import answer_key
from monito_ray.pipeline.taxonomy import OTHER
from monito_ray.records import ProductRow, RawRow, Standard
from monito_ray.steps.calls import called, why_no_llm, why_not_priced
from monito_ray.steps.world import Stopped, World

MOST_TOLD = 500


def standardize(task: Task, world: World) -> None:
    """Leave the artifact `products`: a written row for each good one, in list order.

    Raises:
        Stopped: before every row was settled; answers that came are kept.
    """
    rows = frames.from_table(world.files.read(task.id, GOOD), RawRow)
    world.keep(task.id, PRODUCTS, frames.to_table(products.build(rows, _settle(task, world, rows)), ProductRow))


def answer(task: Task, world: World) -> dict[str, Any]:
    """For products that came without a file: leave the artifact `standards` and tell of each what was settled, in their order.

    More than `MOST_TOLD` are not told; they lie in the artifact, whose place is told.

    Raises:
        Stopped: as `standardize`.
    """
    rows = frames.from_table(world.files.read(task.id, GOOD), RawRow)
    table = frames.to_table(_settle(task, world, rows), Standard)
    table = table.add_column(0, "original_name", [[row.original_name for row in rows]])
    world.keep(task.id, STANDARDS, table)
    use = ledger.use_of(world.store, task.id)
    told = {"rows_found": len(rows), "rows_written": len(rows), "llm": use.told()}
    few = len(rows) <= MOST_TOLD
    return told | {"products": _plain(table) if few else [], "outputs": [world.files.place(task.id, STANDARDS)]}


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as JSON knows them: sizes as numbers."""
    return [row | {"size": None if row["size"] is None else float(row["size"])} for row in table.to_pylist()]


def _settle(task: Task, world: World, rows: Sequence[RawRow]) -> list[Standard]:
    by_rules = [
        # A row that kills its process is written all the same, as what it is called, for a person to look at.
        standard or Standard(standardized_name=row.original_name)
        for row, standard in zip(rows, world.workers.run_over(rules.standardize, rows), strict=True)
    ]
    keys = [answer_key(row, world.settings.llm_model) for row in rows]
    found = answers.known(world.store, keys)
    found |= _asked(task, world, rules.unsure(keys, rows, by_rules, found), len(rows))
    settled = [_settled(standard, found.get(key)) for key, standard in zip(keys, by_rules, strict=True)]
    return twins.told_apart(rows, settled, by_rules)


def _settled(by_rule: Standard, answer: Standard | None) -> Standard:
    """The answer, where there is one, with what it leaves open from the rules; what a price is for is no question to the LLM."""
    if answer is None:
        return by_rule
    if answer.size is None and by_rule.size is not None:
        answer = replace(answer, size=by_rule.size, unit=by_rule.unit, pack_count=by_rule.pack_count)
    category = by_rule.category if answer.category in ("", OTHER) else answer.category
    return replace(answer, category=category, brand=answer.brand or by_rule.brand, price_unit=answer.price_unit or by_rule.price_unit)


def _asked(task: Task, world: World, unsure: Mapping[str, RawRow], all_rows: int) -> dict[str, Standard]:
    """The LLM's answers by key, each kept by the pool's ledger before it is here; none, said as an event, where no LLM can be asked."""
    found: dict[str, Standard] = {}
    reason = why_no_llm(task, world)
    if world.pool is None or reason:
        world.sink(LlmUnset(task.id, reason))
        return found
    if not unsure:
        return found
    if unpriced := why_not_priced(world):
        world.sink(LlmUnset(task.id, f"{len(unsure)} rows are left to the rules: {unpriced}", len(unsure)))
        return found
    ledger.abandon(world.store, task.id)
    keys, rows = list(unsure), list(unsure.values())
    last_error: MonitoError | None = None
    for answered in world.pool.ask(rows[0].supplier, rows, keys, world.stop, task.user_id, task.id):
        found |= {keys[place]: standard for place, standard in answered.standards.items()}
        last_error = answered.error
        if answered.use.requests:
            world.sink(called(task, answered))
        world.sink(StageAdvanced(task.id, task.stage, all_rows - len(unsure) + len(found), all_rows))
    if world.stop.is_set():
        raise Stopped
    if last_error is not None:
        left = len(unsure) - len(found)
        why = ". ".join(filter(None, (str(last_error), last_error.remedy)))
        world.sink(LlmUnset(task.id, f"{left} rows are left to the rules: {why}", left))
    return found
