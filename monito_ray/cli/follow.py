"""Following tasks that a service does: their progress is read from the store."""

import threading
from collections.abc import Collection, Iterator
from typing import Any

from monito_ray import wiring
from monito_ray.events import Event, LlmSkipped, Sink, StageFinished, TaskCancelled, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import heartbeat, queue
from monito_ray.settings import Settings
from monito_ray.stages import Stage
from monito_ray.store.database import Store

_LOOK_EVERY_S = 0.2


def follow_tasks(settings: Settings, task_ids: Collection[str], sink: Sink, stop: threading.Event) -> bool:
    """Hand the events of the tasks to `sink` until all have ended or `stop` is set; False once no service is alive to do them.

    Before False is returned, what a dead service held of these tasks is released, so that the caller can take it over.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    with wiring.open_store(settings) as store:
        seen = 0
        while heartbeat.serving_drivers(store, wiring.utc_now()):
            for number, task_id, name, data in queue.events_since(store, task_ids, seen):
                seen = number
                for event in _events_of_record(task_id, name, data):
                    sink(event)
            if all(task.has_ended for task in queue.load_all(store, task_ids)) or stop.wait(_LOOK_EVERY_S):
                return True
        _release_orphans(store, task_ids)
        return False


def _release_orphans(store: Store, task_ids: Collection[str]) -> None:
    now = wiring.utc_now()
    queue.free_orphans(store, {beat.driver_id for beat in heartbeat.live_drivers(store, now)}, now, task_ids)


def _events_of_record(task_id: str, name: str, data: dict[str, Any]) -> Iterator[Event]:
    """Yield the events that the driver emitted when it wrote this record."""
    match name:
        case "stage.finished":
            yield StageFinished(task_id, Stage(data["stage"]), data["rows"], data["duration_ms"])
        case "task.succeeded":
            yield StageFinished(task_id, Stage(data["stage"]), data["rows"], data["duration_ms"])
            yield TaskSucceeded(task_id, data["task_ms"])
        case "task.failed":
            yield TaskFailed(task_id, data["code"], data["message"])
        case "task.retried":
            yield TaskRetried(task_id, data["code"], data["message"], data["wait_s"])
        case "llm.skipped":
            yield LlmSkipped(task_id, data["reason"], data.get("rows_left", 0))
        case "task.cancelled":
            yield TaskCancelled(task_id)
