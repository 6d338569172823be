"""The watcher that calls hooks, on each database."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from monito_ray.driver.hooks import Hooks
from monito_ray.driver.task_watcher import TaskWatcher
from monito_ray.errors import MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import TaskResult
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import task_events

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store of each kind, with two tasks."""
    with open_store(url) as opened:
        for task_id in ("t1", "t2"):
            queue.submit(opened, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
        yield opened


def _add_event(store: Store, number: int, task_id: str, name: str, **data: str) -> None:
    with store.write() as connection:
        connection.execute(insert(task_events).values(id=number, task_id=task_id, at=NOW, name=name, data=data))


def _soon(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert holds()


def test_each_event_is_passed_on_once_in_whatever_order_it_is_committed(store: Store):
    """What was there before is left alone, and a lower number that is committed later is not missed."""
    calls: list[str] = []
    hooks = Hooks()
    hooks.on_success(lambda result: calls.append(f"success {result.task_id}"))
    hooks.on_failure(lambda result, error: calls.append(f"failure {result.task_id} {error.code}"))
    _add_event(store, 5000, "t1", "task.succeeded")
    watcher = TaskWatcher(store, hooks)
    _add_event(store, 5010, "t1", "task.succeeded")
    _soon(lambda: len(calls) == 1)
    _add_event(store, 5005, "t2", "task.failed", code="FileDamaged", message="june.xlsx: torn")
    _add_event(store, 5011, "t2", "stage.finished")
    _soon(lambda: len(calls) == 2)
    watcher.close()
    _add_event(store, 5012, "t2", "task.succeeded")
    assert calls == ["success t1", "failure t2 FileDamaged"]


def test_a_hook_may_close_the_watcher(store: Store):
    """Closing from its own thread does not wait for itself."""
    closed: list[TaskResult] = []
    hooks = Hooks()
    watcher = TaskWatcher(store, hooks)

    def close(result: TaskResult, _error: MonitoError) -> None:
        watcher.close()
        closed.append(result)

    hooks.on_retry(close)
    _add_event(store, 5000, "t1", "task.retried", code="StoreUnavailable", message="away")
    _soon(lambda: len(closed) == 1)
    watcher.close()
