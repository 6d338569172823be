"""A driver that serves: cancelled tasks, paused queues and hooks, with the stages run in this process."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lists import Bench, bench, instead, run_stage

from monito_ray import events
from monito_ray.driver.driver import Driver
from monito_ray.jobs import admin, heartbeat, queue
from monito_ray.records import Status, TaskResult
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt, Stopped

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """Give services in a folder of this test's own."""
    with bench(tmp_path) as opened:
        yield opened


def _serve(made: Bench, until: Any, limit_s: float = 20.0, on_success: Any = None, **changes: Any) -> Driver:
    """Serve in a thread until `until()` holds."""
    stop, driver = threading.Event(), Driver(made.services, **changes)
    if on_success is not None:
        driver.hooks.on_success(on_success)
    thread = threading.Thread(target=driver.serve, args=(stop,))
    thread.start()
    try:
        deadline = time.monotonic() + limit_s
        while not until() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert until()
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()
    return driver


def _status(made: Bench, task_id: str) -> Status:
    return queue.load(made.store, task_id).status


def test_a_serving_driver_runs_all_users_tasks(made: Bench):
    """Tasks that wait, tasks that come later, and tasks of a dead driver are done."""
    first = made.submit()
    orphan = made.submit(name="orphan.csv")
    queue.claim(made.store, "dead", made.services.clock(), 1, [orphan])
    later: list[str] = []

    def all_done() -> bool:
        if not later and _status(made, first) is Status.SUCCESS:
            later.append(made.submit(name="later.csv"))
        return bool(later) and all(_status(made, task_id) is Status.SUCCESS for task_id in (first, orphan, *later))

    _serve(made, all_done)
    assert heartbeat.registered_drivers(made.store) == []


def test_a_running_task_that_is_cancelled_stops_within_a_second(made: Bench):
    """Its step is stopped, its save is refused, and the driver goes on with other tasks."""
    began, ended = threading.Event(), []

    def run(attempt: Attempt) -> None:
        if attempt.task.file_name != "june.csv":
            run_stage(Stage.DATA_VALIDATION, attempt)
            return
        began.set()
        assert attempt.stop.wait(10)
        ended.append(time.monotonic())
        raise Stopped

    steps = instead(Stage.DATA_VALIDATION, run)
    task_id = made.submit()
    cancelled: list[float] = []

    def done() -> bool:
        if began.is_set() and not cancelled:
            admin.cancel(made.store, task_id, made.services.clock())
            cancelled.append(time.monotonic())
            made.submit(name="other.csv")
        return bool(ended) and any(isinstance(event, events.TaskSucceeded) for event in made.events)

    _serve(made, done, steps=steps)
    assert ended[0] - cancelled[0] < 1
    assert _status(made, task_id) is Status.CANCELLED
    assert [event.task_id for event in made.events if isinstance(event, events.TaskCancelled)] == [task_id]


def test_a_task_that_has_just_succeeded_is_not_reported_cancelled(made: Bench):
    """Its thread may still run hooks when the driver looks."""
    task_id = made.submit()
    hooked: list[str] = []

    def slow(result: TaskResult) -> None:
        time.sleep(1.0)
        hooked.append(result.task_id)

    _serve(made, lambda: hooked == [task_id], on_success=slow)
    assert not any(isinstance(event, events.TaskCancelled) for event in made.events)


def test_a_running_task_waits_at_a_paused_queue(made: Bench):
    """It keeps its finished stages, and goes on when the queue is resumed."""
    admin.pause(made.store, Stage.LLM_PROCESSING, NOW)
    task_id = made.submit()
    _serve(made, lambda: (queue.load(made.store, task_id).stage, _status(made, task_id)) == (Stage.LLM_PROCESSING, Status.PENDING))
    admin.resume(made.store, Stage.LLM_PROCESSING)
    _serve(made, lambda: _status(made, task_id) is Status.SUCCESS)


def test_hooks_get_the_end_and_cannot_change_it(made: Bench, capsys: pytest.CaptureFixture[str]):
    """Success and failure reach their hooks with result and error; a hook that raises is logged."""
    heard: list[tuple[str, str, str]] = []
    driver = Driver(made.services)

    @driver.hooks.on_success
    def good(_result: Any) -> None:
        raise ZeroDivisionError("a hook of somebody")

    driver.hooks.on_success(lambda result: heard.append(("success", result.task_id, json.dumps(result.result)[:1])))
    driver.hooks.on_failure(lambda result, error: heard.append(("failure", result.task_id, error.code)))
    well, ill = made.submit(), made.submit("no prices here\n", "bad.csv")
    driver.work([well, ill], threading.Event())
    assert sorted(heard) == sorted([("success", well, "{"), ("failure", ill, "NoPricesFound")])
    assert _status(made, well) is Status.SUCCESS
    assert "a hook of somebody" in capsys.readouterr().err


def test_a_retry_reaches_its_hook(made: Bench):
    """It is called once for each attempt that failed and is repeated."""
    heard: list[str] = []
    failures = iter([StopIteration, None])

    def run(attempt: Attempt) -> None:
        if next(failures):
            from monito_ray.errors import ClusterUnavailable  # noqa: PLC0415

            raise ClusterUnavailable("gone")
        run_stage(Stage.DATA_VALIDATION, attempt)

    driver = Driver(made.services, steps=instead(Stage.DATA_VALIDATION, run))
    driver.hooks.on_retry(lambda result, error: heard.append(f"{result.status} {error}"))
    driver.work([made.submit()], threading.Event())
    assert heard == ["retry gone"]
