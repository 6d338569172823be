"""The durable queue: exclusive claims, the order of claims, and saves that only the owner can make."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rows import RICE
from sqlalchemy import event
from sqlalchemy.pool import Pool

from monito_ray.catalog.lists import writing
from monito_ray.errors import LeaseLost, LlmUnavailable, TaskUnknown
from monito_ray.jobs import admin, chat_messages, lease, lifecycle, queue
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
IDS = [f"t{number:02}" for number in range(40)]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    opened = open_store(url)
    yield opened
    opened.close()


def _submit(store: Store, *ids: str) -> None:
    for place, task_id in enumerate(ids):
        at = NOW + timedelta(seconds=place)
        queue.submit(
            store, Task(id=task_id, created_at=at, updated_at=at, not_before=NOW, file_name="june.xlsx", options={"currency": "IDR"})
        )


def _claim_all(
    url: str, owner: str, start: "multiprocessing.synchronize.Barrier", claimed_pairs: "multiprocessing.Queue[tuple[str, str]]"
) -> None:
    store = open_store(url)
    start.wait()
    while claimed := queue.claim(store, owner, NOW, 1, IDS):
        for task in claimed:
            claimed_pairs.put((task.id, owner))
    store.close()


def test_two_processes_never_get_the_same_task(store: Store, url: str):
    """Forty tasks claimed by two processes at once are claimed once each."""
    _submit(store, *IDS)
    context = multiprocessing.get_context("spawn")
    start, claimed_pairs = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_claim_all, args=(url, owner, start, claimed_pairs)) for owner in ("d1", "d2")]
    for worker in workers:
        worker.start()
    claims = [claimed_pairs.get(timeout=30) for _ in IDS]
    for worker in workers:
        worker.join(timeout=30)
    claimed_pairs.close()
    claimed_pairs.join_thread()
    assert sorted(task_id for task_id, _ in claims) == IDS
    assert {task.id: task.owner for task in queue.load_all(store, IDS)} == dict(claims)


def test_a_task_comes_back_as_it_was_inserted(store: Store):
    """Every field survives the database."""
    full = Task(
        id="t1", created_at=NOW, updated_at=NOW, not_before=NOW, user_id=2**40, file_name="прайс.xlsx", file_hash="f" * 64,
        options={"supplier": "Ünal", "use_llm": False}, stage_ms={"file_processing": 12}, result={"rows_found": 1, "rejected": {}},
        error="e", error_code="c", remedy="r", owner="o", program_version="1", started_at=NOW, finished_at=NOW,
    )  # fmt: skip
    queue.submit(store, full)
    assert queue.load(store, "t1") == full


def test_claims_take_the_oldest_due_of_the_named_tasks(store: Store):
    """Tasks that are not named, and tasks that are not due yet, are not claimed."""
    _submit(store, "a", "b", "c", "d")
    (first,) = queue.claim(store, "d1", NOW, 1, ["d", "b"])
    assert first.id == "b"
    later = lifecycle.retry_later(first, LlmUnavailable("slow"), 60, NOW)
    assert queue.save(store, later, "d1", "task.retried")
    assert [task.id for task in queue.claim(store, "d1", NOW, 9, ["b", "d"])] == ["d"]
    assert [task.id for task in queue.claim(store, "d1", NOW + timedelta(seconds=60), 9, ["b"])] == ["b"]


def test_a_task_written_before_the_clock_was_set_back_is_due(store: Store):
    """Two hours back, a new task and one that its driver puts back are claimed at once; a clock that is a little late shortens no wait."""
    before = NOW - timedelta(hours=2)
    queue.submit(store, Task(id="new", created_at=NOW, updated_at=NOW, not_before=NOW))
    queue.submit(store, Task(id="held", created_at=NOW, updated_at=NOW, not_before=NOW))
    (held,) = queue.claim(store, "d1", NOW, 1, ["held"])
    assert queue.save(store, lifecycle.release(held, before), "d1", "task.released")
    assert {task.id for task in queue.claim(store, "d1", before, 9)} == {"new", "held"}
    later = lifecycle.retry_later(queue.load(store, "held"), LlmUnavailable("slow"), 60, NOW)
    assert queue.save(store, later, "d1", "task.retried")
    assert queue.claim(store, "d1", NOW - timedelta(seconds=60), 9) == []


def test_a_driver_that_lost_a_task_cannot_save_it(store: Store):
    """The save of a former owner returns False and changes nothing."""
    _submit(store, "a")
    (mine,) = queue.claim(store, "d1", NOW, 1, ["a"])
    assert queue.save(store, lifecycle.release(mine, NOW), "d1", "task.released")
    (theirs,) = queue.claim(store, "d2", NOW, 1, ["a"])
    assert not queue.save(store, lifecycle.succeed(mine, {}, 1, NOW), "d1", "task.succeeded")
    assert queue.load(store, "a") == theirs
    assert [name for _, name, _ in queue.events_of(store, "a")] == ["task.submitted", "task.released"]


def test_a_driver_that_lost_a_task_cannot_send_its_message(store: Store):
    """Whoever holds the task claims the message, once: a driver that stood still before sending finds that it may not."""
    _submit(store, "a")
    chat_messages.add_message(store, ChatMessage("a", 7, "en"))
    (mine,) = queue.claim(store, "d1", NOW, 1, ["a"])
    assert queue.save(store, lifecycle.release(mine, NOW), "d1", "task.released")
    (theirs,) = queue.claim(store, "d2", NOW, 1, ["a"])
    with pytest.raises(LeaseLost):
        chat_messages.claim_closing(store, "a", partial(lease.confirm, lease=lease.lease_of(mine)))
    claims = [chat_messages.claim_closing(store, "a", partial(lease.confirm, lease=lease.lease_of(theirs))) for _ in range(2)]
    assert claims == [ClosingState.NONE, ClosingState.SENDING]


def test_an_unknown_task_is_named(store: Store):
    """The error names the id."""
    with pytest.raises(TaskUnknown, match="nobody"):
        queue.load(store, "nobody")


def test_ended_tasks_are_not_claimed(store: Store):
    """Success, failure and cancellation are final for drivers."""
    for status in (Status.SUCCESS, Status.FAILURE, Status.CANCELLED):
        queue.submit(store, replace(Task(id=status.value, created_at=NOW, updated_at=NOW, not_before=NOW), status=status))
    assert queue.claim(store, "d1", NOW, 9, [status.value for status in Status]) == []


def test_an_earlier_lease_of_the_same_driver_does_not_count(store: Store):
    """A thread that was given up cannot save a task that its own driver has claimed again, nor write under its old lease."""
    _submit(store, "a")
    (before,) = queue.claim(store, "d1", NOW, 1)
    assert queue.save(store, lifecycle.release(before, NOW), "d1", "task.released")
    (now,) = queue.claim(store, "d1", NOW, 1)
    assert not queue.save(store, lifecycle.advance(before, 1, NOW), "d1", "stage.finished")
    with store.write() as connection:
        lease.confirm(connection, lease.lease_of(now))
    with pytest.raises(LeaseLost, match="another driver's"), store.write() as connection:
        lease.confirm(connection, lease.lease_of(before))


def test_tasks_whose_drivers_died_are_taken_one_at_a_time(store: Store):
    """One death suspects nobody. After two, one of them first, then other tasks; none while one runs. The third death fails the task."""
    _submit(store, "a", "b", "c")
    for _ in range(2):
        assert [task.id for task in queue.claim(store, "dead", NOW, 2, suspects=0)] == ["a", "b"]
        assert queue.free_orphans(store, [], NOW) == ["a", "b"]
    assert [task.id for task in queue.claim(store, "d1", NOW, 9)] == ["a", "c"]
    assert queue.claim(store, "d1", NOW, 9, suspects=0) == []
    assert [task.id for task in queue.claim(store, "d1", NOW, 9)] == ["b"]
    queue.free_orphans(store, [], NOW)
    assert queue.load(store, "a").status is Status.FAILURE
    assert [name for _, name, _ in queue.events_of(store, "a")][-1] == "task.failed"


def test_a_save_reads_only_its_own_task(tmp_path: Path):
    """However large the catalogue is: SQLite's count of steps stays the same."""
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
                writing.write_list(store, "t1", [replace(RICE, standardized_name=f"Rice {number}") for number in range(1000)], NOW)
    finally:
        event.remove(Pool, "connect", count)
    assert taken[1] <= taken[0] + 200


def _task(task_id: str, **fields: Any) -> Task:
    return replace(Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW), **fields)


def _put(store: Store, *many: Task) -> None:
    for task in many:
        queue.submit(store, task)


def test_urgent_tasks_go_first_and_then_the_oldest(store: Store):
    """Claims go by priority, then by age."""
    _put(
        store,
        _task("late", created_at=NOW + timedelta(seconds=1)),
        _task("early"),
        _task("urgent", created_at=NOW + timedelta(seconds=2), priority=5),
        _task("never mind", priority=-1),
    )
    assert [task.id for task in queue.claim(store, "d1", NOW, 3)] == ["urgent", "early", "late"]


def test_tasks_of_a_dead_driver_wait_again(store: Store):
    """Tasks of live drivers stay theirs; others are released, and their attempt does not count."""
    _put(store, _task("a"), _task("b"))
    queue.claim(store, "alive", NOW, 1, ["a"])
    queue.claim(store, "dead", NOW, 1, ["b"])
    assert queue.free_orphans(store, {"alive"}, NOW) == ["b"]
    freed = queue.load(store, "b")
    assert (freed.status, freed.attempts, freed.owner) == (Status.PENDING, 0, "")
    assert queue.load(store, "a").owner == "alive"


def test_a_cancelled_task_is_not_ended_by_its_former_owner(store: Store):
    """The save of the driver that ran it changes nothing."""
    _put(store, _task("a"))
    (mine,) = queue.claim(store, "d1", NOW, 1)
    admin.cancel(store, "a", NOW)
    assert not queue.save(store, lifecycle.succeed(replace(mine, stage=Stage.NOTIFICATIONS), {}, 1, NOW), "d1", "task.succeeded")
    assert queue.held_by(store, "d1") == set()


def test_an_owner_that_goes_on_while_it_is_presumed_dead_loses_the_stage_it_is_in(store: Store):
    """The task is put back as it stands in the database, not as it was when it was looked at; an end is not taken back."""
    _put(store, _task("a"), _task("b", stage=Stage.NOTIFICATIONS))
    seen, other = queue.claim(store, "slow", NOW, 2)
    assert queue.save(store, lifecycle.advance(seen, 5, NOW, rows=7), "slow", "stage.finished")
    assert queue.save(store, lifecycle.succeed(other, {}, 5, NOW), "slow", "task.succeeded")
    assert [queue._release_orphan(store, task, NOW) for task in (seen, other)] == [True, False]
    freed = queue.load(store, "a")
    assert (freed.status, freed.stage, freed.rows, freed.owner_deaths) == (Status.PENDING, Stage.DATA_VALIDATION, 7, 1)
    assert queue.load(store, "b").status is Status.SUCCESS


def test_tasks_whose_driver_died_count_for_their_user(store: Store):
    """A person has no more lists at work because a driver died with one."""
    _put(store, _task("a", user_id=1), _task("b", user_id=1), _task("c", user_id=2))
    queue.claim(store, "dead", NOW, 1, ["a"])
    queue.free_orphans(store, [], NOW)
    assert [task.id for task in queue.claim(store, "d1", NOW, 9, concurrent=1)] == ["a", "c"]
    assert queue.claim(store, "d1", NOW, 9, concurrent=1) == []
