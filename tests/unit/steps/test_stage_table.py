"""The table of steps says what each step reads and leaves."""

from monito_ray.jobs.artifacts import BY_RULES, GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.jobs.task import FILE, STAGES_BY_KIND
from monito_ray.stages import Stage
from monito_ray.steps.stage_table import FILE_STEPS, STEPS_BY_KIND


def test_every_stage_of_every_kind_has_steps():
    """What a task passes can be run."""
    assert {kind: set(route) for kind, route in STAGES_BY_KIND.items()} == {kind: set(steps) for kind, steps in STEPS_BY_KIND.items()}


def test_what_a_step_consumes_an_earlier_one_has_left():
    """In the order of the stages, for a file."""
    left: set[str] = set()
    for stage in Stage:
        for step in FILE_STEPS[stage]:
            assert set(step.consumes) <= left
            left |= set(step.produces)
    assert left == {RAW, REJECTS, GOOD, BY_RULES, PRODUCTS}
    assert STEPS_BY_KIND[FILE] is FILE_STEPS


def test_what_a_short_list_leaves_early_later_steps_would_leave():
    """So those steps are done, and nothing is left that no step answers for."""
    first, *later = [step for stage in Stage for step in FILE_STEPS[stage]]
    assert set(first.produces_if_short) <= {name for step in later for name in step.produces}
