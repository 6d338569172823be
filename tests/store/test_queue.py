"""The durable queue: exclusive claims, fenced saves, signs of life."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rows import RICE
from sqlalchemy import event, update
from sqlalchemy.pool import Pool

from monito_ray.catalog import offers
from monito_ray.errors import LeaseLost, LlmUnavailable, TaskUnknown
from monito_ray.jobs import heartbeat, lease, lifecycle, queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import heartbeats

NOW = datetime(2024, 7, 1, tzinfo=UTC)
IDS = [f"t{number:02}" for number in range(40)]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open it."""
    opened = open_store(url)
    yield opened
    opened.close()


def _submit(store: Store, *ids: str) -> None:
    for place, task_id in enumerate(ids):
        at = NOW + timedelta(seconds=place)
        queue.submit(
            store, Task(id=task_id, created_at=at, updated_at=at, not_before=NOW, file_name="june.xlsx", options={"currency": "IDR"})
        )


def _claim_all(url: str, owner: str, start: "multiprocessing.synchronize.Barrier", found: "multiprocessing.Queue[tuple[str, str]]") -> None:
    store = open_store(url)
    start.wait()
    while claimed := queue.claim(store, owner, NOW, 1, IDS):
        for task in claimed:
            found.put((task.id, owner))
    store.close()


def test_two_processes_never_get_the_same_task(store: Store, url: str):
    """Forty tasks claimed by two processes at once are claimed once each."""
    _submit(store, *IDS)
    context = multiprocessing.get_context("spawn")
    start, found = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_claim_all, args=(url, owner, start, found)) for owner in ("d1", "d2")]
    for worker in workers:
        worker.start()
    claims = [found.get(timeout=30) for _ in IDS]
    for worker in workers:
        worker.join(timeout=30)
    found.close()
    found.join_thread()
    assert sorted(task_id for task_id, _ in claims) == IDS
    assert {task.id: task.owner for task in queue.load_all(store, IDS)} == dict(claims)


def test_a_task_comes_back_as_it_was_put_in(store: Store):
    """Every field survives the database."""
    full = Task(
        id="t1", created_at=NOW, updated_at=NOW, not_before=NOW, user_id=2**40, file_name="прайс.xlsx", file_hash="f" * 64,
        options={"supplier": "Ünal", "use_llm": False}, stage_ms={"file_processing": 12}, result={"rows_found": 1, "rejected": {}},
        error="e", error_code="c", remedy="r", owner="o", program_version="1", started_at=NOW, finished_at=NOW,
    )  # fmt: skip
    queue.submit(store, full)
    assert queue.load(store, "t1") == full


def test_claims_take_the_oldest_due_of_those_named(store: Store):
    """Neither tasks of others nor tasks that still wait out a failure are taken."""
    _submit(store, "a", "b", "c", "d")
    (first,) = queue.claim(store, "d1", NOW, 1, ["d", "b"])
    assert first.id == "b"
    later = lifecycle.retry_later(first, LlmUnavailable("slow"), 60, NOW)
    assert queue.save(store, later, "d1", "task.retried")
    assert [task.id for task in queue.claim(store, "d1", NOW, 9, ["b", "d"])] == ["d"]
    assert [task.id for task in queue.claim(store, "d1", NOW + timedelta(seconds=60), 9, ["b"])] == ["b"]


def test_a_driver_that_lost_a_task_cannot_save_it(store: Store):
    """The save of a former owner changes nothing and says so."""
    _submit(store, "a")
    (mine,) = queue.claim(store, "d1", NOW, 1, ["a"])
    assert queue.save(store, lifecycle.release(mine, NOW), "d1", "task.released")
    (theirs,) = queue.claim(store, "d2", NOW, 1, ["a"])
    assert not queue.save(store, lifecycle.succeed(mine, {}, 1, NOW), "d1", "task.succeeded")
    assert queue.load(store, "a") == theirs
    assert [name for _, name, _ in queue.events_of(store, "a")] == ["task.submitted", "task.released"]


def test_an_unknown_task_is_named(store: Store):
    """Asking for a task that is not there says which."""
    with pytest.raises(TaskUnknown, match="nobody"):
        queue.load(store, "nobody")


def test_only_drivers_heard_of_lately_are_alive(store: Store):
    """A driver that stopped beating, or left, is not alive."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    heartbeat.beat(store, "d2", is_serving=False, now=NOW)
    heartbeat.beat(store, "d1", is_serving=True, now=NOW + timedelta(seconds=9))
    (found,) = heartbeat.alive(store, NOW + timedelta(seconds=15))
    assert (found.driver_id, found.is_serving, found.started_at) == ("d1", True, NOW)
    heartbeat.sign_off(store, "d1")
    assert heartbeat.alive(store, NOW + timedelta(seconds=15)) == []


def test_ended_tasks_are_not_claimed(store: Store):
    """What has ended is over, however it ended."""
    for status in (Status.SUCCESS, Status.FAILURE, Status.CANCELLED):
        queue.submit(store, replace(Task(id=status.value, created_at=NOW, updated_at=NOW, not_before=NOW), status=status))
    assert queue.claim(store, "d1", NOW, 9, [status.value for status in Status]) == []


def test_a_former_holding_of_the_same_driver_counts_no_more(store: Store):
    """A thread that was thought lost cannot save what its own driver has begun anew, nor write under its old lease."""
    _submit(store, "a")
    (before,) = queue.claim(store, "d1", NOW, 1)
    assert queue.save(store, lifecycle.release(before, NOW), "d1", "task.released")
    (now,) = queue.claim(store, "d1", NOW, 1)
    assert not queue.save(store, lifecycle.advance(before, 1, NOW), "d1", "stage.finished")
    with store.write() as connection:
        lease.confirm(connection, lease.lease_of(now))
    with pytest.raises(LeaseLost, match="another driver's"), store.write() as connection:
        lease.confirm(connection, lease.lease_of(before))


def test_tasks_whose_driver_died_are_taken_one_at_a_time(store: Store):
    """First one of them, then those nobody died of; none while one is under way. The third death sets a task aside."""
    _submit(store, "a", "b", "c")
    queue.claim(store, "dead", NOW, 2)
    assert queue.free_orphans(store, [], NOW) == ["a", "b"]
    assert [task.id for task in queue.claim(store, "d1", NOW, 9)] == ["a", "c"]
    assert queue.claim(store, "d1", NOW, 9, suspects=0) == []
    assert [task.id for task in queue.claim(store, "d1", NOW, 9)] == ["b"]
    for _ in range(2):
        queue.free_orphans(store, [], NOW)
        queue.claim(store, "d1", NOW, 1)
    assert queue.load(store, "a").status is Status.FAILURE
    assert [name for _, name, _ in queue.events_of(store, "a")][-1] == "task.failed"


def test_a_driver_that_was_away_knows_it_by_itself(monkeypatch: pytest.MonkeyPatch):
    """From the moment others may think it dead it is in another life, and stays so when it is heard of again."""
    now = [100.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    pulse = heartbeat.HeartbeatTracker()
    seen = []
    for at, is_heard in ((103, True), (110, False), (112, False), (130, True), (133, True)):
        now[0] = at
        if is_heard:
            pulse.record_beat(at)
        seen.append((pulse.epoch, pulse.has_lapsed))
    assert seen == [(0, False), (0, False), (1, True), (1, False), (1, False)]


def test_a_process_is_told_from_a_later_one_of_its_number(store: Store):
    """A number that was given anew keeps no lease alive."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    assert len(heartbeat.alive(store, NOW)) == 1
    with store.write() as connection:
        connection.execute(update(heartbeats).values(process_started=heartbeats.c.process_started - 60))
    assert heartbeat.alive(store, NOW) == []


def test_a_save_looks_at_its_own_task_alone(tmp_path: Path):
    """However much was read from other lists: SQLite counts its steps, and they stay the same."""
    steps: list[int] = []

    def count(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(lambda: steps.append(100), 100)

    event.listen(Pool, "connect", count)
    try:
        with open_store(f"sqlite:///{tmp_path / 'monito.db'}") as store:
            _submit(store, "t1", "t2")
            (first, second) = queue.claim(store, "d1", NOW, 2)
            taken = []
            for task in (first, second):
                steps.clear()
                assert queue.save(store, task, "d1", "stage.finished")
                taken.append(sum(steps))
                offers.upsert(store, "t1", [replace(RICE, standardized_name=f"Rice {number}") for number in range(1000)], NOW)
    finally:
        event.remove(Pool, "connect", count)
    assert taken[1] <= taken[0] + 200
