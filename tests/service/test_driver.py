"""The driver: tasks pass their stages, whatever happens on the way."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lists import JULY, JUNE, Bench, bench, instead, run_stage

from monito_ray import events
from monito_ray.catalog import offers
from monito_ray.driver.driver import Driver
from monito_ray.errors import ClusterUnavailable, MonitoError, StoreUnavailable
from monito_ray.jobs import heartbeat, queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.stage_table import FILE_STEPS


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench of this test's own."""
    with bench(tmp_path) as opened:
        yield opened


def _work(made: Bench, *task_ids: str, **changes: Any) -> list[Task]:
    Driver(made.services, **changes).work(task_ids, threading.Event())
    return [queue.load(made.store, task_id) for task_id in task_ids]


def test_a_list_passes_all_stages_and_its_numbers_add_up(made: Bench):
    """The result has every field that was promised, and found = written + rejected + duplicate."""
    (task,) = _work(made, made.submit())
    assert task.status is Status.SUCCESS
    result = task.result or {}
    assert (result["rows_found"], result["rows_written"], result["rows_rejected"], result["rows_duplicate"]) == (8, 6, 1, 1)
    assert result["rejected"] == {"no_price": 1}
    assert (result["products_new"], result["prices_changed"], result["supplier"], result["currency"]) == (6, 0, "Toko A", "IDR")
    assert result["llm"] == {
        "requests": 0,
        "rows": 0,
        "prompt_tokens": 0,
        "cached_tokens": 0,
        "completion_tokens": 0,
        "cost_usd": 0.0,
    }
    assert set(result["stages"]) == set(Stage)
    assert result["outputs"] == [str(made.home / "catalog.xlsx")]
    assert 0 < result["quality_score"] <= 1
    assert set(result) == {
        "rows_found", "rows_written", "rows_rejected", "rows_duplicate", "rejected", "products_new", "prices_changed", "supplier", "supplier_how",
        "currency", "rows_without_currency", "list_date", "notes", "quality_score", "llm", "stages", "outputs", "doubts", "unread_amounts", "unread_count", "predicted_share",
        "questions", "review_count", "largest_changes", "suspected_count", "suspected_prices",
    }  # fmt: skip
    assert (made.home / "catalog.xlsx").stat().st_size > 0


def test_what_happened_is_told_in_order(made: Bench):
    """Each stage is begun and finished, with the rows it goes through; then the task has succeeded."""
    _work(made, made.submit())
    stages = [
        (event.name, event.stage, event.rows) for event in made.events if isinstance(event, events.StageStarted | events.StageFinished)
    ]
    assert stages == [
        ("stage.started", "file_processing", 0),
        ("stage.finished", "file_processing", 8),
        ("stage.started", "data_validation", 8),
        ("stage.finished", "data_validation", 8),
        ("stage.started", "llm_processing", 6),
        ("stage.finished", "llm_processing", 6),
        ("stage.started", "sheets_writing", 6),
        ("stage.finished", "sheets_writing", 6),
        ("stage.started", "notifications", 6),
        ("stage.finished", "notifications", 6),
    ]
    assert [event.name for event in made.events if event.name not in ("stage.started", "stage.finished")] == [
        "rows.rejected",
        "rows.rejected",
        "llm.skipped",
        "task.succeeded",
    ]


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_that_ran_but_was_not_recorded_runs_again_without_harm(stage: Stage, made: Bench):
    """Killed between its work and its commit, in every stage: in the end the result and the catalogue are those of one run."""
    (whole,) = _work(made, made.submit())
    (as_once,) = _work(made, made.submit(JULY, "july.csv"))

    def run_and_die(attempt: Attempt) -> None:
        run_stage(stage, attempt)
        raise Stopped

    with bench(made.home / "again") as again_in:
        (first,) = _work(again_in, again_in.submit())
        second = again_in.submit(JULY, "july.csv")
        stop = threading.Event()
        driver = Driver(again_in.services, steps=instead(stage, lambda attempt: (stop.set(), run_and_die(attempt))))
        driver.work([second], stop)
        waiting = queue.load(again_in.store, second)
        assert (waiting.status, waiting.stage, waiting.owner, waiting.attempts <= 1) == (Status.PENDING, stage, "", True)
        (done,) = _work(again_in, second)
        assert _numbers(first) == _numbers(whole)
        assert _numbers(done) == _numbers(as_once)
        assert (done.result or {})["prices_changed"] == 1
        assert _prices(again_in) == _prices(made)


def _numbers(task: Task) -> dict[str, Any]:
    """What is equal in two homes: times, paths and ids are not."""
    result = {name: value for name, value in (task.result or {}).items() if name not in ("stages", "outputs")}
    changes = [(change["kind"], change["original_name"], change["price"]) for change in result["largest_changes"]]
    return result | {"largest_changes": changes}


def _prices(made: Bench) -> list[tuple[Any, ...]]:
    return sorted((offer.row.standardized_name, offer.price, offer.row.source_file) for offer in offers.snapshot(made.store).offers)


def test_a_stage_whose_artifact_is_in_place_is_not_run(made: Bench):
    """With all artifacts there, reading, validating and standardizing are passed over."""
    task_id = made.submit()
    (task,) = _work(made, task_id)
    queue_reset = replace(task, status=Status.PENDING, stage=Stage.FILE_PROCESSING, result=None, finished_at=None, owner="")
    assert queue.save(made.store, queue_reset, "", "test.reset")

    def never(_attempt: Attempt) -> None:
        raise AssertionError("the stage was run")

    steps = {stage: [replace(step, run=never) if step.produces else step for step in of_stage] for stage, of_stage in FILE_STEPS.items()}
    (again,) = _work(made, task_id, steps=steps)
    assert _numbers(again) == _numbers(task)


@pytest.mark.parametrize("error", [ClusterUnavailable("gone"), StoreUnavailable("locked")])
def test_what_may_pass_is_tried_again(error: MonitoError, made: Bench):
    """Two failures and a success: the task succeeds and tells of two retries with growing waits."""
    failures = iter([error, error])

    def run(attempt: Attempt) -> None:
        for failure in failures:
            raise failure
        run_stage(Stage.DATA_VALIDATION, attempt)

    (task,) = _work(made, made.submit(), steps=instead(Stage.DATA_VALIDATION, run))
    assert (task.status, task.error) == (Status.SUCCESS, "")
    retried = [event for event in made.events if isinstance(event, events.TaskRetried)]
    assert [(event.code, event.wait_s) for event in retried] == [(error.code, 1.0), (error.code, 4.0)]


def test_after_three_attempts_a_task_is_given_up(made: Bench):
    """What never passes ends in a failure that says what it was."""

    def run(_attempt: Attempt) -> None:
        raise ClusterUnavailable("Ray is gone")

    (task,) = _work(made, made.submit(), steps=instead(Stage.LLM_PROCESSING, run))
    assert (task.status, task.attempts, task.error, task.error_code) == (Status.FAILURE, 3, "Ray is gone", "ClusterUnavailable")


def test_a_bad_list_fails_alone_and_at_once(made: Bench):
    """A file that is no price list is not tried again; the lists beside it are done."""
    bad, good = made.submit("nothing to see here\n", "bad.csv"), [made.submit(JUNE, f"list{number}.csv") for number in range(5)]
    failed, *done = _work(made, bad, *good)
    assert (failed.status, failed.attempts, failed.error_code) == (Status.FAILURE, 1, "NoPricesFound")
    assert failed.error.startswith("bad.csv: ")
    assert failed.remedy
    assert [task.status for task in done] == [Status.SUCCESS] * 5
    assert sum((task.result or {})["products_new"] for task in done) == 6


def test_an_unexpected_error_names_file_and_stage(made: Bench, capsys: pytest.CaptureFixture[str]):
    """A fault of the program costs its task; the line tells where, the log has the traceback."""

    def run(_attempt: Attempt) -> None:
        raise ZeroDivisionError("by nothing")

    (task,) = _work(made, made.submit(), steps=instead(Stage.DATA_VALIDATION, run))
    assert (task.status, task.error_code) == (Status.FAILURE, "Unexpected")
    assert task.error == "june.csv: unexpected ZeroDivisionError in data_validation: by nothing"
    out, err = capsys.readouterr()
    assert "Traceback" in err
    assert out == ""


def test_a_lost_row_fails_the_task_loudly(made: Bench):
    """When a stage drops a row, the task does not succeed with numbers that do not add up."""

    def run(attempt: Attempt) -> None:
        run_stage(Stage.LLM_PROCESSING, attempt)
        attempt.keep(PRODUCTS, attempt.table(PRODUCTS).slice(1))

    (task,) = _work(made, made.submit(), steps=instead(Stage.LLM_PROCESSING, run))
    assert (task.status, task.error_code) == (Status.FAILURE, "RowsLost")
    assert "8 rows found, 5 written, 1 rejected, 1 duplicate" in task.error


def test_an_attempt_reads_what_lies_there_and_not_what_an_earlier_one_had_in_memory(made: Bench):
    """Between two attempts the task may have been another driver's."""

    def run(attempt: Attempt) -> None:
        run_stage(Stage.LLM_PROCESSING, attempt)
        made.services.files.write_table(attempt.task.id, PRODUCTS, attempt.table(PRODUCTS).slice(1))
        raise ClusterUnavailable("Ray is gone")

    (task,) = _work(made, made.submit(), steps=instead(Stage.LLM_PROCESSING, run, PRODUCTS))
    assert (task.status, task.error_code) == (Status.FAILURE, "RowsLost")
    assert "5 written" in task.error


def test_only_the_named_tasks_are_run(made: Bench):
    """A driver of one command leaves everybody else's tasks alone."""
    mine, other = made.submit(), made.submit(JULY, "july.csv")
    _work(made, mine)
    assert queue.load(made.store, other).status is Status.PENDING


def test_a_driver_that_must_stop_gives_its_task_back(made: Bench):
    """Ground that goes away during a stop is no failure: the task waits where it stood, and the next driver ends it."""
    stop = threading.Event()

    def run(_attempt: Attempt) -> None:
        stop.set()
        raise ClusterUnavailable("Ray is shutting down")

    task_id = made.submit()
    Driver(made.services, steps=instead(Stage.LLM_PROCESSING, run)).work([task_id], stop)
    task = queue.load(made.store, task_id)
    assert (task.status, task.stage, task.owner) == (Status.PENDING, Stage.LLM_PROCESSING, "")
    (done,) = _work(made, task_id)
    assert done.status is Status.SUCCESS


def test_two_drivers_share_tasks_and_both_wait_for_the_end_of_all(made: Bench):
    """Each task is run once, by one of them."""
    ids = [made.submit(JUNE, f"list{number}.csv") for number in range(6)]
    drivers = [threading.Thread(target=Driver(made.services, slots=2).work, args=(ids, threading.Event())) for _ in range(2)]
    for thread in drivers:
        thread.start()
    for thread in drivers:
        thread.join(timeout=60)
    finished = [event.task_id for event in made.events if isinstance(event, events.TaskSucceeded)]
    assert sorted(finished) == sorted(ids)


def test_a_driver_is_heard_of_while_it_works_and_not_after(made: Bench):
    """Its heartbeat is there during a stage and gone in the end."""
    seen = []

    def run(attempt: Attempt) -> None:
        seen.extend(heartbeat.live_drivers(attempt.services.store, attempt.task.created_at))
        run_stage(Stage.DATA_VALIDATION, attempt)

    _work(made, made.submit(), steps=instead(Stage.DATA_VALIDATION, run))
    assert [found.is_serving for found in seen] == [False]
    assert heartbeat.live_drivers(made.store, seen[0].started_at) == []
