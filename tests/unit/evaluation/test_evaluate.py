"""The rules on the project's own labelled rows."""

from pathlib import Path

from monito_ray.evaluation.comparison import compare
from monito_ray.evaluation.evaluate import evaluate
from monito_ray.evaluation.labelled_rows import own_lists
from monito_ray.evaluation.report import from_json

BASELINE = Path(__file__).resolve().parents[2] / "data" / "evaluation" / "baseline.json"


def test_no_field_fell_since_the_figures_that_were_kept():
    """Where a change is meant to answer differently, keep the new ones: `monito eval --save tests/data/evaluation/baseline.json`."""
    changes = compare(evaluate(own_lists()), from_json(BASELINE.read_text(encoding="utf-8"), BASELINE.name))
    assert {change.field: change.worse for change in changes if change.fell} == {}
