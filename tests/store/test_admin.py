"""Administration of queues and tasks; every change outlives a restart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from monito_ray.errors import QueueUnknown, TaskUnknown
from monito_ray.jobs import admin, chat_messages, queue, statistics
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.lifecycle import TransitionRefused
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import tasks

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    with open_store(url) as opened:
        yield opened


def _task(task_id: str, **fields: Any) -> Task:
    return replace(Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW), **fields)


def _put(store: Store, *many: Task) -> None:
    for task in many:
        queue.submit(store, task)


def _mixed(count: int) -> list[Task]:
    """Return tasks of every stage and status in turn, each with a result of a realistic size."""
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


def test_a_purge_takes_what_waits_in_one_queue_and_counts_it(store: Store, url: str):
    """Waiting tasks of that queue are cancelled, each with an event; all others stay as they were, also for the next process."""
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
    """It is not claimed, until a person requeues it."""
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
def test_a_refused_transition_changes_nothing(move: Any, status: Status, store: Store):
    """The refusal names the status of the task."""
    _put(store, _task("a", status=status))
    with pytest.raises(TransitionRefused, match=status.value):
        move(store, "a", NOW)
    assert queue.load(store, "a").status is status


def test_an_unknown_queue_or_task_is_named(store: Store):
    """The error names the queue or the task that does not exist."""
    with pytest.raises(QueueUnknown, match="celery"):
        admin.stage_named("celery")
    for move in (admin.cancel, admin.requeue):
        with pytest.raises(TaskUnknown, match="nobody"):
            move(store, "nobody", NOW)


def test_a_requeued_file_has_another_end_to_be_told_in_its_chat(store: Store):
    """A report of the former end that is on its way is neither claimed nor recorded for the new one."""
    _put(store, _task("a", file_name="a.csv"))
    chat_messages.add_message(store, ChatMessage("a", 7, "en"))
    former = admin.cancel(store, "a", NOW)
    assert chat_messages.claim_end(store, former)
    assert not chat_messages.claim_end(store, former)
    admin.requeue(store, "a", NOW)
    chat_messages.end_closing(store, "a", ClosingState.SENT)
    assert chat_messages.closing_state_of(store, "a") is ClosingState.NONE
    assert not chat_messages.claim_end(store, former)
    assert chat_messages.claim_end(store, admin.cancel(store, "a", NOW + timedelta(seconds=1)))
    chat_messages.end_closing(store, "a", ClosingState.SENT)
    assert chat_messages.closing_state_of(store, "a") is ClosingState.SENT
