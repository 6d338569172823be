"""The five queues: counted, paused, purged, and tasks taken out of them or put back; all of it outlives a restart."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from lists import Bench, bench
from sqlalchemy import insert

from monito_ray import events
from monito_ray.driver.driver import Driver
from monito_ray.errors import QueueUnknown, TaskUnknown
from monito_ray.jobs import admin, heartbeat, lifecycle, queue, statistics
from monito_ray.jobs.lifecycle import TransitionRefused
from monito_ray.jobs.task import LLM, Task
from monito_ray.records import Status, TaskResult
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.stage_table import STEPS
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import tasks

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
MANY = 10_000
LIMIT_S = 0.05


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open it."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench of this test's own."""
    with bench(tmp_path) as opened:
        yield opened


def _task(task_id: str, **fields: Any) -> Task:
    return replace(Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW), **fields)


def _put(store: Store, *many: Task) -> None:
    for task in many:
        queue.submit(store, task)


def _mixed(count: int) -> list[Task]:
    """Tasks of every stage and status, in turn, each with a result of a real one's size."""
    stages, statuses = list(Stage), list(Status)
    result = {"rows_found": 100, "rejected": {"no_price": 3}, "outputs": ["/home/me/.monito/catalog.xlsx"] * 8}
    return [
        _task(
            f"t{number}",
            stage=stages[number % 5],
            status=statuses[number // 5 % 6],
            result=result,
            started_at=NOW,
            finished_at=NOW + timedelta(milliseconds=500),
        )
        for number in range(count)
    ]


def _fill(store: Store, many: list[Task]) -> None:
    with store.write() as connection:
        connection.execute(insert(tasks), [{name: getattr(task, name) for name in queue._COLUMNS} for task in many])


def test_figures_come_quickly_from_ten_thousand_tasks(store: Store):
    """Worker stats and queue status take under 50 ms each with 10,000 tasks in the store."""
    _fill(store, _mixed(MANY))
    for asked in (statistics.worker_stats, statistics.queue_status):
        took = []
        for _ in range(5):
            began = time.perf_counter()
            asked(store, NOW)
            took.append(time.perf_counter() - began)
        assert median(took) < LIMIT_S, (asked.__name__, took)


def test_worker_stats_count_every_task_once(store: Store):
    """Totals by status, the mean time of those that succeeded, and the workers of drivers that live."""
    _fill(store, _mixed(60))
    heartbeat.beat(store, "d1", is_serving=True, now=NOW, workers=2)
    heartbeat.beat(store, "d2", is_serving=True, now=NOW - timedelta(seconds=11), workers=5)
    stats = statistics.worker_stats(store, NOW)
    assert (stats.total_tasks, stats.successful_tasks, stats.failed_tasks, stats.pending_tasks) == (60, 10, 10, 20)
    assert (stats.active_workers, stats.queue_length) == (2, 20)
    assert stats.average_processing_time_ms == pytest.approx(500, abs=1)


def test_an_empty_store_has_figures(store: Store):
    """Nothing divided by nothing is 0."""
    assert statistics.worker_stats(store, NOW).average_processing_time_ms == 0
    assert list(statistics.queue_status(store, NOW)) == [stage.value for stage in Stage]


def test_queue_status_tells_what_stands_where(store: Store):
    """Waiting, running and failed by the stage a task is in, done by the stages it has passed, by the route of its kind."""
    _put(
        store,
        _task("a", stage=Stage.LLM_PROCESSING, status=Status.RETRY, updated_at=NOW - timedelta(seconds=90)),
        _task("b", stage=Stage.LLM_PROCESSING, status=Status.RUNNING),
        _task("c", stage=Stage.SHEETS_WRITING, status=Status.FAILURE),
        _task("d", stage=Stage.NOTIFICATIONS, status=Status.SUCCESS),
        _task("e", kind=LLM, stage=Stage.LLM_PROCESSING, status=Status.SUCCESS),
        _task("f", stage=Stage.FILE_PROCESSING, status=Status.CANCELLED),
    )
    found = {name: (at.waiting, at.running, at.done, at.failed) for name, at in statistics.queue_status(store, NOW).items()}
    assert found == {
        "file_processing": (0, 0, 4, 0),
        "data_validation": (0, 0, 4, 0),
        "llm_processing": (1, 1, 3, 0),
        "sheets_writing": (0, 0, 1, 1),
        "notifications": (0, 0, 1, 0),
    }
    assert statistics.queue_status(store, NOW)["llm_processing"].oldest_waiting_s == 90


def test_a_purge_takes_what_waits_in_one_queue_and_counts_it(store: Store, url: str):
    """Waiting tasks of that queue become cancelled, each with its event; all others stay as they were, also for the next process."""
    _fill(store, _mixed(300))
    before = statistics.queue_status(store, NOW)
    assert admin.purge(store, Stage.LLM_PROCESSING, NOW) == before["llm_processing"].waiting == 20
    assert admin.purge(store, Stage.LLM_PROCESSING, NOW) == 0
    with open_store(url) as again:
        after = statistics.queue_status(again, NOW)
        assert after == before | {"llm_processing": replace(before["llm_processing"], waiting=0, oldest_waiting_s=0)}
        purged = [task for task in queue.load_all(again, [f"t{number}" for number in range(300)]) if queue.events_of(again, task.id)]
        assert {(task.stage, task.status) for task in purged} == {(Stage.LLM_PROCESSING, Status.CANCELLED)}
        assert len(purged) == 20


def test_a_paused_queue_keeps_its_tasks_and_lets_others_pass(store: Store, url: str):
    """The pause holds for whoever opens the database next, until the queue is resumed; pausing twice is harmless."""
    _put(store, _task("a"), _task("b", stage=Stage.SHEETS_WRITING))
    admin.pause(store, Stage.FILE_PROCESSING, NOW)
    admin.pause(store, Stage.FILE_PROCESSING, NOW)
    with open_store(url) as again:
        assert statistics.queue_status(again, NOW)["file_processing"].paused
        assert [task.id for task in queue.claim(again, "d1", NOW, 9)] == ["b"]
        assert queue.claim(again, "d1", NOW, 9, ["a"]) == []
        admin.resume(again, Stage.FILE_PROCESSING)
    assert [task.id for task in queue.claim(store, "d1", NOW, 9)] == ["a"]


def test_a_cancelled_task_stays_cancelled_after_a_restart(store: Store, url: str):
    """Nobody claims it any more; it can be taken up again on purpose."""
    _put(store, _task("a"))
    admin.cancel(store, "a", NOW)
    with open_store(url) as again:
        assert queue.claim(again, "d1", NOW, 9) == []
        assert admin.requeue(again, "a", NOW).status is Status.PENDING
        assert [task.id for task in queue.claim(again, "d1", NOW, 9)] == ["a"]


@pytest.mark.parametrize(
    ("move", "status"),
    [
        (admin.cancel, Status.SUCCESS),
        (admin.cancel, Status.FAILURE),
        (admin.requeue, Status.SUCCESS),
        (admin.requeue, Status.RUNNING),
        (admin.requeue, Status.PENDING),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(move: Any, status: Status, store: Store):
    """The refusal says how the task stands."""
    _put(store, _task("a", status=status))
    with pytest.raises(TransitionRefused, match=status.value):
        move(store, "a", NOW)
    assert queue.load(store, "a").status is status


def test_unknown_names_are_said(store: Store):
    """A queue or a task that there is none of is named."""
    with pytest.raises(QueueUnknown, match="celery"):
        admin.stage_named("celery")
    for move in (admin.cancel, admin.requeue):
        with pytest.raises(TaskUnknown, match="nobody"):
            move(store, "nobody", NOW)


def test_the_urgent_go_first_and_then_the_oldest(store: Store):
    """Claims go by priority, then by age."""
    _put(
        store,
        _task("late", created_at=NOW + timedelta(seconds=1)),
        _task("early"),
        _task("urgent", created_at=NOW + timedelta(seconds=2), priority=5),
        _task("never mind", priority=-1),
    )
    assert [task.id for task in queue.claim(store, "d1", NOW, 3)] == ["urgent", "early", "late"]


def test_what_a_dead_driver_held_waits_again(store: Store):
    """Tasks of drivers alive stay theirs; those of others are freed without counting the attempt."""
    _put(store, _task("a"), _task("b"))
    queue.claim(store, "alive", NOW, 1, ["a"])
    queue.claim(store, "dead", NOW, 1, ["b"])
    assert queue.free_orphans(store, {"alive"}, NOW) == ["b"]
    freed = queue.load(store, "b")
    assert (freed.status, freed.attempts, freed.owner) == (Status.PENDING, 0, "")
    assert queue.load(store, "a").owner == "alive"


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


def test_a_serving_driver_takes_everybodys_tasks_as_they_come(made: Bench):
    """What lay there and what comes later is done, also what a dead driver held."""
    first = made.submit()
    orphan = made.submit(name="orphan.csv")
    queue.claim(made.store, "dead", made.services.clock(), 1, [orphan])
    later: list[str] = []

    def all_done() -> bool:
        if not later and _status(made, first) is Status.SUCCESS:
            later.append(made.submit(name="later.csv"))
        return bool(later) and all(_status(made, task_id) is Status.SUCCESS for task_id in (first, orphan, *later))

    _serve(made, all_done)
    assert heartbeat.registered(made.store) == []


def test_a_running_task_that_is_cancelled_stops_within_a_second(made: Bench):
    """Its step is told to stop, its save comes to nothing, and the driver goes on with others."""
    began, ended = threading.Event(), []

    def run(attempt: Attempt) -> None:
        if attempt.task.file_name != "june.csv":
            STEPS[Stage.DATA_VALIDATION].run(attempt)
            return
        began.set()
        assert attempt.stop.wait(10)
        ended.append(time.monotonic())
        raise Stopped

    steps = {**STEPS, Stage.DATA_VALIDATION: replace(STEPS[Stage.DATA_VALIDATION], run=run)}
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


def test_a_task_that_has_just_succeeded_is_not_called_cancelled(made: Bench):
    """Its thread may still be busy with other people's hooks when the driver looks."""
    task_id = made.submit()
    hooked: list[str] = []

    def slow(result: TaskResult) -> None:
        time.sleep(1.0)
        hooked.append(result.task_id)

    _serve(made, lambda: hooked == [task_id], on_success=slow)
    assert not any(isinstance(event, events.TaskCancelled) for event in made.events)


def test_a_task_under_way_waits_before_a_queue_that_is_paused(made: Bench):
    """It keeps what is done, lets other tasks pass, and goes on when the queue is resumed."""
    admin.pause(made.store, Stage.LLM_PROCESSING, NOW)
    task_id = made.submit()
    _serve(made, lambda: (queue.load(made.store, task_id).stage, _status(made, task_id)) == (Stage.LLM_PROCESSING, Status.PENDING))
    admin.resume(made.store, Stage.LLM_PROCESSING)
    _serve(made, lambda: _status(made, task_id) is Status.SUCCESS)


def test_hooks_hear_of_the_end_and_cannot_change_it(made: Bench, capsys: pytest.CaptureFixture[str]):
    """Success, retry and failure reach their hooks with result and error; one that raises is logged."""
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
    """Once for each attempt that failed and is repeated."""
    heard: list[str] = []
    failures = iter([StopIteration, None])

    def run(attempt: Attempt) -> None:
        if next(failures):
            from monito_ray.errors import ClusterUnavailable  # noqa: PLC0415

            raise ClusterUnavailable("gone")
        STEPS[Stage.DATA_VALIDATION].run(attempt)

    driver = Driver(made.services, steps={**STEPS, Stage.DATA_VALIDATION: replace(STEPS[Stage.DATA_VALIDATION], run=run)})
    driver.hooks.on_retry(lambda result, error: heard.append(f"{result.status} {error}"))
    driver.work([made.submit()], threading.Event())
    assert heard == ["retry gone"]


def test_a_lost_task_is_not_ended_by_its_former_owner(store: Store):
    """After a cancel, the save of the driver that ran it changes nothing."""
    _put(store, _task("a"))
    (mine,) = queue.claim(store, "d1", NOW, 1)
    admin.cancel(store, "a", NOW)
    assert not queue.save(store, lifecycle.succeed(replace(mine, stage=Stage.NOTIFICATIONS), {}, 1, NOW), "d1", "task.succeeded")
    assert queue.held_by(store, "d1") == set()
