"""Hooks without a driver in this process: a thread looks at the store for tasks that ended, or that will be tried again, anywhere."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from monito_ray import errors, log
from monito_ray.driver.hooks import Hooks
from monito_ray.errors import MonitoError, StoreUnavailable, TaskUnknown, Unexpected
from monito_ray.jobs import queue
from monito_ray.jobs.task import task_result
from monito_ray.records import Status, TaskResult
from monito_ray.store.database import Store

_LOOK_EVERY_S = 0.25
#: An event has its number before it is committed, so those of writers side by side may show up after later ones; so many lower numbers are
#: looked at again. Writers of a cluster are some hundred at most, with a number each.
_LATE_NUMBERS = 1000
_SUCCEEDED, _FAILED, _RETRIED = "task.succeeded", "task.failed", "task.retried"
_STATUS = {_SUCCEEDED: Status.SUCCESS, _FAILED: Status.FAILURE, _RETRIED: Status.RETRY}


class TaskWatcher:
    """Calls hooks for what happens to any task of the store from the moment the watcher is made until it is closed, once each.

    They are called in its thread, one after another, and see each task as the store has it then, with status and error as they were.
    """

    def __init__(self, store: Store, hooks: Hooks) -> None:
        self._store = store
        self._hooks = hooks
        self._done = threading.Event()
        self._newest = queue.newest_event(store)
        self._seen = {number for number, *_ in self._events()}
        self._thread = threading.Thread(target=self._watch, name="hooks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Call the hooks for what has happened by now, and stop. A hook may call this, too."""
        self._done.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_EVERY_S):
            self._look()
        self._look()

    def _look(self) -> None:
        try:
            events = [event for event in self._events() if event[0] not in self._seen]
        except StoreUnavailable as error:
            log.warning("hooks.wait", code=error.code, message=str(error))
            return
        for number, task_id, name, data in events:
            self._newest = max(self._newest, number)
            self._seen.add(number)
            with suppress(TaskUnknown):
                self._call(task_result(queue.load(self._store, task_id)), name, data)
        self._seen = {number for number in self._seen if number > self._newest - _LATE_NUMBERS}

    def _events(self) -> list[queue.NumberedEvent]:
        return queue.events_named(self._store, _STATUS.keys(), self._newest - _LATE_NUMBERS)

    def _call(self, result: TaskResult, name: str, data: dict[str, Any]) -> None:
        """Call the hooks of an event; the task may have gone on since, so the status is the event's."""
        if name == _SUCCEEDED:
            self._hooks.succeeded(result)
            return
        error = error_of(str(data["code"]), str(data["message"]), str(data.get("remedy") or ""))
        metadata = {**result.metadata, "error_code": error.code, "remedy": error.remedy}
        result = replace(result, status=_STATUS[name], error=str(error), metadata=metadata)
        call = self._hooks.failed if name == _FAILED else self._hooks.retried
        call(result, error)


def error_of(code: str, message: str, remedy: str = "") -> MonitoError:
    """Return the error that was recorded with this code, as the type of `errors` that has that name, else as `Unexpected`."""
    error_type: Callable[[str, str], MonitoError] = Unexpected
    named = getattr(errors, code, None)
    if isinstance(named, type) and issubclass(named, MonitoError):
        error_type = named
    return error_type(message, remedy)
