"""Following tasks that a service does: their progress is read from the store."""

import threading
import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

import typer

from monito_ray import wiring
from monito_ray.events import Event, LlmSkipped, Sink, StageFinished, TaskCancelled, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import heartbeat, queue
from monito_ray.settings import Settings
from monito_ray.stages import Stage
from monito_ray.store.database import Store

_LOOK_EVERY_S = 0.2
#: After its driver's last sign of life a service that was not stopped may come back for so long. `monito serve` has another driver at work
#: 8.5 to 10.7 s after one was killed, on a busy machine in twice that.
_COMES_BACK_WITHIN_S = 25.0
_WAITING = "the service's driver has just died; waiting up to {:.0f} s for the service to start another one ..."


def follow_tasks(settings: Settings, task_ids: Collection[str], sink: Sink, stop: threading.Event) -> bool:
    """Hand the events of the tasks to `sink` until all have ended or `stop` is set; False once no service is alive to do them.

    A service whose driver has just died is waited for, and that is said. Before False is returned, what a dead service held of these tasks is released, so that the caller can take it over.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    with wiring.open_store(settings) as store:
        seen = 0
        while _is_served(store, task_ids, stop):
            for number, task_id, name, data in queue.events_since(store, task_ids, seen):
                seen = number
                for event in _events_of_record(task_id, name, data):
                    sink(event)
            if all(task.has_ended for task in queue.load_all(store, task_ids)) or stop.wait(_LOOK_EVERY_S):
                return True
        _release_orphans(store, task_ids)
        return False


def _is_served(store: Store, task_ids: Collection[str], stop: threading.Event) -> bool:
    """Whether a service is alive, or the wait for one that may come back ended because there is nothing left to wait for."""
    if heartbeat.serving_drivers(store, wiring.utc_now()):
        return True
    wait_s = _time_to_come_back(store)
    if not wait_s:
        return False
    typer.echo(_WAITING.format(wait_s), err=True)
    waits_until = time.monotonic() + wait_s
    while time.monotonic() < waits_until:
        if stop.wait(_LOOK_EVERY_S) or heartbeat.serving_drivers(store, wiring.utc_now()):
            return True
        if all(task.has_ended for task in queue.load_all(store, task_ids)):
            return True
    return False


def _time_to_come_back(store: Store) -> float:
    """Return how many seconds a service that died may still need to come back; 0 where none died lately: one that is stopped signs off."""
    now = wiring.utc_now()
    silences = [abs(now - driver.seen_at) for driver in heartbeat.registered_drivers(store) if driver.is_serving]
    return max(0.0, (timedelta(seconds=_COMES_BACK_WITHIN_S) - min(silences)).total_seconds()) if silences else 0.0


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
