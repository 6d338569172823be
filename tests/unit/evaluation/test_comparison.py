"""Whether a field fell."""

import random
from dataclasses import replace

import pytest

from monito_ray.evaluation.comparison import chance_of, compare
from monito_ray.evaluation.evaluate import evaluate
from monito_ray.evaluation.field_checks import FIELDS
from monito_ray.evaluation.labelled_rows import own_lists
from monito_ray.evaluation.report import Report

#: Twenty regressions are planted: some fields thrice, each in other rows.
PLANTED = [(field, seed) for seed in range(3) for field in FIELDS][:20]


@pytest.fixture(scope="module")
def before() -> Report:
    """The rules on the project's own rows."""
    return evaluate(own_lists())


def _with_two_points_less(report: Report, field: str, seed: int) -> Report:
    judged = sum(field in found for found in report.verdicts.values())
    right = sorted(key for key, found in report.verdicts.items() if found.get(field))
    lost = set(random.Random(seed).sample(right, round(0.02 * judged)))  # noqa: S311
    verdicts = {key: {**found, field: False} if key in lost else found for key, found in report.verdicts.items()}
    return replace(report, verdicts=verdicts)


@pytest.mark.parametrize(("field", "seed"), PLANTED)
def test_a_field_that_lost_two_points_fell_and_no_other_did(before: Report, field: str, seed: int):
    """Two points of the rows on which it is judged are found."""
    assert [change.field for change in compare(_with_two_points_less(before, field, seed), before) if change.fell] == [field]


def test_what_did_not_change_did_not_fall(before: Report):
    """The rules answer alike every time."""
    assert not any(change.fell or change.worse or change.better for change in compare(evaluate(own_lists()), before))


def _with_draws(report: Report, seed: int) -> Report:
    chance = random.Random(seed)  # noqa: S311
    verdicts = {
        key: {field: is_right is not (chance.random() < 1 / 60) for field, is_right in verdict.items()}
        for key, verdict in report.verdicts.items()
    }
    return replace(report, verdicts=verdicts)


def test_an_llm_that_draws_its_answers_seldom_seems_to_fall(before: Report):
    """One row in thirty changes by chance, both ways: of 140 comparisons as many fall as `SIGNIFICANT` says, one or two, and not all."""
    runs = [compare(_with_draws(before, seed), _with_draws(before, 1000 + seed)) for seed in range(20)]
    assert sum(change.fell for changes in runs for change in changes) <= 4


def test_the_chance_is_that_of_a_fair_coin():
    """Five of five heads once in 32 times; as many of each, more than every second time."""
    assert chance_of(5, 0) == 1 / 32
    assert chance_of(3, 3) > 0.5
    assert chance_of(0, 0) == 1
