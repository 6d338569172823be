"""Labelled lists through the rules, and through the answers of an LLM where there are any, as a list of a supplier goes."""

import time
from collections.abc import Mapping, Sequence

from monito_ray.evaluation.labelled_rows import LabelledList, LabelledRow
from monito_ray.evaluation.recorded_answers import RecordedAnswers
from monito_ray.evaluation.report import NO_COST, Cost, Report, make_report
from monito_ray.pipeline.llm.merge import merge_answers
from monito_ray.pipeline.products.build import build_products
from monito_ray.pipeline.products.rules import standardize
from monito_ray.pipeline.products.variants import keep_variants_apart
from monito_ray.records import ProductRow, Standard


def evaluate(lists: Sequence[LabelledList], recorded: RecordedAnswers | None = None, cost: Cost = NO_COST) -> Report:
    """Return how true the rules are, with the answers of an LLM where there are any; nothing is asked, stored or sent.

    `cost` is what the answers took. The seconds of the report are those of rules and merging, and of asking where that was done.
    """
    start = time.perf_counter()
    answers = recorded.answers if recorded else {}
    results = [pair for one in lists for pair in _standardized(one, answers)]
    seconds = round(time.perf_counter() - start + cost.seconds, 2)
    if recorded is None:
        return make_report(results, seconds=seconds)
    return make_report(results, model=recorded.model, prompt_version=recorded.prompt_version, seconds=seconds, cost=cost)


def _standardized(one: LabelledList, answers: Mapping[str, Standard]) -> list[tuple[LabelledRow, ProductRow]]:
    rows = [labelled.row for labelled in one.rows]
    by_rules = standardize(rows)
    merged = merge_answers(rows, by_rules, [answers.get(labelled.key) for labelled in one.rows])
    return list(zip(one.rows, build_products(rows, keep_variants_apart(merged, by_rules)), strict=True))
