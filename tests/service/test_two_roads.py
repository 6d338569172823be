"""A list on both roads, as a driver takes it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lists import Bench, bench

from monito_ray import frames
from monito_ray.driver.driver import Driver
from monito_ray.jobs.artifacts import BY_RULES, GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.pipeline import short_list
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import validation
from monito_ray.records import RawRow
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.stage_table import FILE_STEPS, Step


@pytest.fixture(params=[3, 500], ids=["long", "short"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Give a bench on which the list counts as long or as short."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", request.param)
    with bench(tmp_path) as on:
        yield on


def test_both_roads_leave_the_same(made: Bench):
    """What is written and what is rejected is that of the list, whichever road it took."""
    task_id = made.submit()
    Driver(made.services).work([task_id], threading.Event())
    files = made.services.files
    good, rejects = validation.partition(validation.validate(files.read_table(task_id, RAW)))
    assert files.read_table(task_id, GOOD).equals(good)
    assert files.read_table(task_id, REJECTS).equals(rejects)
    names = [standard.standardized_name for standard in rules.standardize(frames.from_table(good, RawRow))]
    assert files.read_table(task_id, PRODUCTS).column("standardized_name").to_pylist() == names
    assert len(names) == 6


def test_the_stages_that_a_short_list_leaves_nothing_to_do_are_passed(made: Bench, request: pytest.FixtureRequest):
    """Artifacts decide: of a short list validation and rules are done when it is read, of a long one they are still to come."""
    left: list[str] = []

    def look(attempt: Attempt) -> None:
        left.extend(name for name in (REJECTS, GOOD, BY_RULES) if attempt.has_table(name))
        stop.set()
        raise Stopped

    stop = threading.Event()
    steps = {**FILE_STEPS, Stage.DATA_VALIDATION: [Step(look, (RAW,))]}
    Driver(made.services, steps=steps).work([made.submit()], stop)
    assert left == ([] if "long" in request.node.name else [REJECTS, GOOD, BY_RULES])
