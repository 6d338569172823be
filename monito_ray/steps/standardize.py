"""llm_processing: good rows become products, by corrections, answers known, rules, and the LLM where the rules are not sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from monito_ray import frames
from monito_ray.catalog import corrections
from monito_ray.errors import MonitoError
from monito_ray.events import LlmSkipped, StageAdvanced
from monito_ray.jobs.artifacts import GOOD, PRODUCTS, STANDARDS
from monito_ray.jobs.llm import answers, ledger
from monito_ray.jobs.task import Task
from monito_ray.pipeline.llm import number_templates
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.products import build, rules, variants
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import ProductRow, RawRow, Standard
from monito_ray.steps.context import Pool, Stopped, World
from monito_ray.steps.llm_calls import call_event, why_no_llm, why_not_priced
from monito_ray.store.database import batched

MOST_IN_RESULT = 500


def standardize(task: Task, world: World) -> None:
    """Leave the artifact `products`: a written row for each good one, in list order.

    Raises:
        Stopped: before every row was settled; answers that came are kept.
    """
    rows = world.records(task.id, GOOD, RawRow)
    world.keep(task.id, PRODUCTS, frames.to_table(build.build_products(rows, _settle(task, world, rows)), ProductRow))


def standardize_products(task: Task, world: World) -> dict[str, Any]:
    """For products that came without a file: leave the artifact `standards` and tell of each what was settled, in their order.

    More than `MOST_IN_RESULT` are left out; they lie in the artifact, whose location is in the result.

    Raises:
        Stopped: as `standardize`.
    """
    rows = world.records(task.id, GOOD, RawRow)
    table = frames.to_table(_settle(task, world, rows), Standard)
    table = table.add_column(0, "original_name", [[row.original_name for row in rows]])
    world.keep(task.id, STANDARDS, table)
    use = ledger.use_of_task(world.store, task.id)
    told = {"rows_found": len(rows), "rows_written": len(rows), "llm": use.as_result()}
    few = len(rows) <= MOST_IN_RESULT
    return told | {"products": _plain(table) if few else [], "outputs": [world.files.table_location(task.id, STANDARDS)]}


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as JSON knows them: sizes as numbers."""
    return [row | {"size": None if row["size"] is None else float(row["size"])} for row in table.to_pylist()]


def _settle(task: Task, world: World, rows: Sequence[RawRow]) -> list[Standard]:
    by_rules = _by_rules(task, world, rows)
    corrected = corrections.find_corrections(world.store, rows)
    left = [place for place in range(len(rows)) if place not in corrected]
    answered = _answered(task, world, [rows[place] for place in left], [by_rules[place] for place in left])
    settled = dict(zip(left, answered, strict=True))
    for place, standard in corrected.items():
        settled[place] = replace(standard, price_unit=by_rules[place].price_unit)
    return variants.keep_variants_apart([settled[place] for place in range(len(rows))], by_rules)


def _by_rules(task: Task, world: World, rows: Sequence[RawRow]) -> Sequence[Standard]:
    begun = world.at_hand.begun.get(task.id)
    if begun is not None and begun.judged is not None:
        return begun.by_rules
    return [
        # A row that kills its process is written all the same, as what it is called, for a person to look at.
        standard or Standard(standardized_name=row.original_name)
        for row, standard in zip(rows, world.workers.run_over(rules.standardize, rows), strict=True)
    ]


def _answered(task: Task, world: World, rows: Sequence[RawRow], by_rules: Sequence[Standard]) -> list[Standard]:
    """What the rows are that nobody corrected: by answers known, by the LLM where it is asked, else by the rules."""
    keys = [answer_key(row, world.settings.llm_model) for row in rows]
    found = answers.find_answers(world.store, keys)
    open_rows = rules.rows_for_llm(keys, rows, by_rules, found)
    if _may_ask_llm(task, world, len(open_rows)) and world.pool is not None:
        found = _OpenRows(task, world, world.pool, len(rows), dict(zip(keys, rows, strict=True)), found, open_rows).run()
    return [_merge_answer(standard, found.get(key)) for key, standard in zip(keys, by_rules, strict=True)]


def _merge_answer(by_rule: Standard, answer: Standard | None) -> Standard:
    """The answer, where there is one, with what it leaves open from the rules; what a price is for is no question to the LLM."""
    if answer is None:
        return by_rule
    if answer.size is None and by_rule.size is not None:
        answer = replace(answer, size=by_rule.size, unit=by_rule.unit, pack_count=by_rule.pack_count)
    category = by_rule.category if answer.category in ("", OTHER) else answer.category
    return replace(answer, category=category, brand=answer.brand or by_rule.brand, price_unit=answer.price_unit or by_rule.price_unit)


def _may_ask_llm(task: Task, world: World, count: int) -> bool:
    """Whether there is something to ask, and an LLM that may be asked; if not that, an event says why."""
    if reason := why_no_llm(task, world):
        world.sink(LlmSkipped(task.id, reason))
        return False
    if count and (unpriced := why_not_priced(world)):
        world.sink(LlmSkipped(task.id, f"{count} rows are left to the rules: {unpriced}", count))
        return False
    return count > 0


@dataclass(slots=True)
class _OpenRows:
    """One list's questions to the LLM: `rows` of the list and answers `found` so far by their keys, and the rows that are `unsettled`.

    `count` is how long the list is; rows that would be asked in the same words have one key.
    """

    task: Task
    world: World
    pool: Pool
    count: int
    rows: Mapping[str, RawRow]
    found: dict[str, Standard]
    unsettled: dict[str, RawRow]

    def run(self) -> dict[str, Standard]:
        """All answers, those that were known among them; each is kept before it is here.

        Of rows that differ in numbers alone one is asked about first, then those to which its answer cannot be carried over.
        """
        if self.task.claim_number != 1:  # who holds it first finds nothing reserved
            ledger.mark_abandoned(self.world.store, self.task.id)
        error: MonitoError | None = None
        for pick in (number_templates.representatives, dict[str, RawRow]):
            self._carry_over()
            if self.unsettled and error is None:
                error = self._ask(pick(self.unsettled))
        self._carry_over()
        if error is not None:
            count, why = len(self.unsettled), ". ".join(filter(None, (str(error), error.remedy)))
            self.world.sink(LlmSkipped(self.task.id, f"{count} rows are left to the rules: {why}", count))
        return self.found

    def _ask(self, asked: Mapping[str, RawRow]) -> MonitoError | None:
        """Ask about these rows; why some of them have no answer, if so."""
        keys, rows = list(asked), list(asked.values())
        error: MonitoError | None = None
        for answered in self.pool.ask(rows[0].supplier, rows, keys, self.world.stop, self.task.user_id, self.task.id):
            self._take({keys[place]: standard for place, standard in answered.standards.items()})
            error = answered.error
            if answered.use.requests:
                self.world.sink(call_event(self.task, answered))
        if self.world.stop.is_set():
            raise Stopped
        return error

    def _carry_over(self) -> None:
        """Settle the rows that differ from answered ones in numbers alone; what they are is kept as answers are."""
        carried = number_templates.transfer(self.unsettled, self.rows, self.found)
        for keys in batched(list(carried)):  # each in a transaction of its own: others write, too
            part = {key: carried[key] for key in keys}
            with self.world.store.write() as connection:
                answers.save_answers(connection, self.world.settings.llm_model, part, self.world.clock())
            self._take(part)

    def _take(self, standards: Mapping[str, Standard]) -> None:
        self.found.update(standards)
        for key in standards:
            self.unsettled.pop(key, None)
        self.world.sink(StageAdvanced(self.task.id, self.task.stage, self.count - len(self.unsettled), self.count))
