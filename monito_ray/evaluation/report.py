"""What an evaluation counted, as figures that can be kept and compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from monito_ray.errors import FileUnusable
from monito_ray.evaluation.field_checks import FIELDS, check_fields, is_filled
from monito_ray.evaluation.labelled_rows import LabelledRow
from monito_ray.pipeline import versions
from monito_ray.records import ProductRow

#: The normal deviate of a two-sided interval of 95 %.
_Z = 1.96
#: Rows are grouped by tenths of their claimed confidence.
_BINS = 10


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """How often a field was right."""

    right: int
    total: int
    #: Of these rows the field was not blank, and how many of them were right.
    filled: int
    filled_right: int
    #: How far the claimed confidence is from the truth: the expected calibration error; None where the field claims none.
    calibration_error: float | None = None

    @property
    def share(self) -> float:
        """The share of right rows."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 %: Wilson's score interval."""
        if not self.total:
            return 0.0, 1.0
        share, n, square = self.share, self.total, _Z * _Z
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = _Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
        return middle - half, middle + half


@dataclass(frozen=True, slots=True)
class Cost:
    """What the LLM took; all 0 for rules alone."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    #: Time of asking, with what it takes to start and to stop.
    seconds: float = 0.0


NO_COST = Cost()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One evaluation."""

    #: "" for rules alone.
    model: str = ""
    reader_version: str = versions.READER
    rules_version: str = versions.RULES
    prompt_version: int = versions.PROMPT
    #: Time of the whole evaluation, in seconds.
    seconds: float = 0.0
    cost: Cost = NO_COST
    #: By field.
    fields: Mapping[str, FieldTruth] = field(default_factory=dict)
    #: Of each row, by its key, the fields that its truth settles: right or not.
    verdicts: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)


def make_report(results: Sequence[tuple[LabelledRow, ProductRow]], **facts: Any) -> Report:
    """Return the report on these rows and what became of them; `facts` are the other fields of `Report`."""
    verdicts = {labelled.key: check_fields(product, labelled) for labelled, product in results}
    products = {labelled.key: product for labelled, product in results}
    truths = {name: _field_truth(name, verdicts, products) for name in FIELDS}
    return Report(fields=truths, verdicts=verdicts, **facts)


def _field_truth(name: str, verdicts: Mapping[str, Mapping[str, bool]], products: Mapping[str, ProductRow]) -> FieldTruth:
    results = [(products[key], verdict[name]) for key, verdict in verdicts.items() if name in verdict]
    filled = [is_right for product, is_right in results if is_filled(name, product)]
    sure = [(json.loads(product.field_confidence or "{}").get(name), is_right) for product, is_right in results]
    claims = [(claim, is_right) for claim, is_right in sure if claim is not None]
    error = calibration_error(claims) if claims else None
    return FieldTruth(sum(is_right for _, is_right in results), len(results), len(filled), sum(filled), error)


def calibration_error(claims: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: how far the mean claim of each tenth is from its share of right rows, weighted by rows.

    Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015).
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for claim, is_right in claims:
        bins.setdefault(min(_BINS - 1, int(claim * _BINS)), []).append((claim, is_right))
    gaps = (abs(sum(claim for claim, _ in rows) - sum(is_right for _, is_right in rows)) for rows in bins.values())
    return round(sum(gaps) / len(claims), 4)


def to_json(report: Report) -> dict[str, Any]:
    """Return the form in which a report is kept."""
    return {
        "model": report.model,
        "reader_version": report.reader_version,
        "rules_version": report.rules_version,
        "prompt_version": report.prompt_version,
        "seconds": report.seconds,
        "llm": {name: getattr(report.cost, name) for name in Cost.__slots__},
        "fields": {name: _field_json(truth) for name, truth in report.fields.items()},
        "verdicts": {key: dict(verdict) for key, verdict in report.verdicts.items()},
    }


def _field_json(truth: FieldTruth) -> dict[str, Any]:
    low, high = truth.interval
    counts = {name: getattr(truth, name) for name in FieldTruth.__slots__}
    return counts | {"share": round(truth.share, 4), "low": round(low, 4), "high": round(high, 4)}


def from_json(text: str, name: str) -> Report:
    """Return a report that was kept.

    Raises:
        FileUnusable: the text is none; `name` is the file's.
    """
    try:
        values = json.loads(text)
        return Report(
            model=values["model"],
            reader_version=values["reader_version"],
            rules_version=values["rules_version"],
            prompt_version=values["prompt_version"],
            seconds=values["seconds"],
            cost=Cost(**values["llm"]),
            fields={field: FieldTruth(**{part: one[part] for part in FieldTruth.__slots__}) for field, one in values["fields"].items()},
            verdicts=values["verdicts"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FileUnusable(f"{name}: this is no report of `monito eval`", "Make one with --save.") from None
