"""llm_processing, last step: turn good rows into products, by corrections, stored answers, the rules, and the LLM where these are unsure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from monito_ray import frames
from monito_ray.catalog import corrections
from monito_ray.errors import MonitoError
from monito_ray.events import LlmSkipped, StageAdvanced
from monito_ray.jobs.artifacts import BY_RULES, GOOD, PRODUCTS, RAW, STANDARDS
from monito_ray.jobs.llm import answers, ledger
from monito_ray.pipeline.llm import gate, number_templates
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.merge import merge_answers
from monito_ray.pipeline.llm.row_items import RowItem, row_item
from monito_ray.pipeline.products import build, confidence, variants
from monito_ray.records import FieldConfidence, ProductRow, RawRow, Standard
from monito_ray.steps.context import Attempt, Pool
from monito_ray.steps.llm_calls import call_event, why_no_llm, why_not_priced
from monito_ray.store.database import batched

#: A result has at most this many standards; more are only in the artifact.
MOST_IN_RESULT = 500
#: Of a good row the column that tells duplicates; nobody needs it any more.
_FINGERPRINT = "fingerprint"


def standardize(attempt: Attempt) -> None:
    """Leave the artifact `products`: a written row for each good one, in list order.

    Raises:
        Stopped: before every row was settled; answers that came are kept.
    """
    rows = _good_rows(attempt)
    attempt.keep(PRODUCTS, frames.to_table(build.build_products(rows, _settle(attempt, rows)), ProductRow))


def standardize_products(attempt: Attempt) -> dict[str, Any]:
    """Standardize products that came without a file: leave the artifact `standards` and return a result with each of them, in order.

    Of more than `MOST_IN_RESULT` the result has the artifact's location alone.

    Raises:
        Stopped: as `standardize`.
    """
    rows = _good_rows(attempt)
    table = frames.to_table(_settle(attempt, rows), Standard)
    table = table.add_column(0, "original_name", [[row.original_name for row in rows]])
    attempt.keep(STANDARDS, table)
    use = ledger.use_of_task(attempt.services.store, attempt.task.id)
    result = {"rows_found": len(rows), "rows_written": len(rows), "llm": use.as_result()}
    few = len(rows) <= MOST_IN_RESULT
    return result | {
        "products": _plain(table) if few else [],
        "outputs": [attempt.services.files.table_location(attempt.task.id, STANDARDS)],
    }


def _good_rows(attempt: Attempt) -> list[RawRow]:
    """Return the good rows without what validation alone looks at."""
    return frames.from_table(attempt.table(GOOD).drop_columns(_FINGERPRINT), RawRow)


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """Return the rows as JSON knows them: sizes as numbers, the confidence of the row, and of its fields by their names."""
    return [row | _plain_values(row["size"], FieldConfidence(*row["field_confidence"])) for row in table.to_pylist()]


def _plain_values(size: Decimal | None, fields: FieldConfidence) -> dict[str, Any]:
    sure = confidence.row_confidence(fields, price=1.0)
    return {"size": None if size is None else float(size), "confidence": sure, "field_confidence": fields._asdict()}


def _settle(attempt: Attempt, rows: Sequence[RawRow]) -> list[Standard]:
    """Return a standard for each row: a person's correction, a stored answer, the LLM's, or that of the rules, in this order."""
    by_rules = frames.from_table(attempt.table(BY_RULES), Standard)
    # Most of a list's time is spent in waiting for the LLM; its tables need not wait in memory, too.
    attempt.forget(RAW, GOOD, BY_RULES)
    corrected = corrections.find_corrections(attempt.services.store, rows, [standard.price_unit for standard in by_rules])
    uncorrected = [index for index in range(len(rows)) if index not in corrected]
    answered = _answer(attempt, [rows[index] for index in uncorrected], [by_rules[index] for index in uncorrected])
    settled = dict(zip(uncorrected, answered, strict=True))
    for index, standard in corrected.items():
        settled[index] = replace(standard, price_unit=by_rules[index].price_unit)
    return variants.keep_variants_apart([settled[index] for index in range(len(rows))], by_rules)


def _answer(attempt: Attempt, rows: Sequence[RawRow], by_rules: Sequence[Standard]) -> list[Standard]:
    """Return a standard for each uncorrected row: that of the rules, and what a stored answer or the LLM fills in where they are unsure."""
    services = attempt.services
    items = list(map(row_item, rows, by_rules))
    keys = [answer_key(item, services.settings.llm_model) for item in items]
    standards = answers.find_answers(services.store, keys, attempt.task.started_at)
    open_rows = gate.rows_to_ask(keys, items, by_rules, standards)
    if _may_ask_llm(attempt, len(open_rows)) and services.pool is not None:
        standards = _OpenRows(attempt, services.pool, len(rows), dict(zip(keys, items, strict=True)), standards, open_rows).run()
    return merge_answers(rows, by_rules, [standards.get(key) for key in keys])


def _may_ask_llm(attempt: Attempt, count: int) -> bool:
    """Return whether there is something to ask and an LLM that may be asked; if there is no such LLM, an event says why."""
    if reason := why_no_llm(attempt):
        attempt.sink(LlmSkipped(attempt.task.id, reason))
        return False
    if count and (unpriced := why_not_priced(attempt.services.settings)):
        attempt.sink(LlmSkipped(attempt.task.id, f"{count} rows are left to the rules: {unpriced}", count))
        return False
    return count > 0


@dataclass(slots=True)
class _OpenRows:
    """One list's questions to the LLM. Rows that would be asked in the same words have one key."""

    attempt: Attempt
    pool: Pool
    #: How many rows the list has.
    count: int
    #: The list's rows by their keys.
    rows: Mapping[str, RowItem]
    #: Standards so far, by their keys.
    settled: dict[str, Standard]
    #: Rows without a standard yet, by their keys.
    unsettled: dict[str, RowItem]

    def run(self) -> dict[str, Standard]:
        """Return all answers, the stored ones among them; each is stored before it is returned.

        Of rows that differ only in their numbers one is asked about first, then those that its answer cannot be transferred to.
        """
        if self.attempt.task.claim_number != 1:  # the first holder has nothing reserved yet
            ledger.mark_abandoned(self.attempt.services.store, self.attempt.task.id)
        error: MonitoError | None = None
        for pick in (number_templates.representatives, dict[str, RowItem]):
            self._carry_over()
            if self.unsettled and error is None:
                error = self._ask(pick(self.unsettled))
        self._carry_over()
        if error is not None:
            count, why = len(self.unsettled), ". ".join(filter(None, (str(error), error.remedy)))
            self.attempt.sink(LlmSkipped(self.attempt.task.id, f"{count} rows are left to the rules: {why}", count))
        return self.settled

    def _ask(self, questions: Mapping[str, RowItem]) -> MonitoError | None:
        """Ask about these rows; return the last error, None where every request was answered."""
        keys, rows = list(questions), list(questions.values())
        error: MonitoError | None = None
        task = self.attempt.task
        for outcome in self.pool.ask_rows(rows[0].row.supplier, rows, keys, self.attempt.stop, task.user_id, task.id):
            self._take({keys[index]: standard for index, standard in outcome.standards.items()})
            error = outcome.error
            if outcome.use.requests:
                self.attempt.sink(call_event(task.id, outcome))
        self.attempt.check_stop()
        return error

    def _carry_over(self) -> None:
        """Settle the rows that differ from answered ones only in their numbers, and store their standards as answers."""
        carried = number_templates.transfer(self.unsettled, self.rows, self.settled)
        for keys in batched(list(carried)):  # each in a transaction of its own: others write, too
            part = {key: carried[key] for key in keys}
            with self.attempt.services.store.write() as connection:
                answers.save_answers(connection, self.attempt.services.settings.llm_model, part, self.attempt.services.clock())
            self._take(part)

    def _take(self, standards: Mapping[str, Standard]) -> None:
        self.settled.update(standards)
        for key in standards:
            self.unsettled.pop(key, None)
        self.attempt.sink(StageAdvanced(self.attempt.task.id, self.attempt.task.stage, self.count - len(self.unsettled), self.count))
