"""Hooks: functions of other programs that are called when a task ends: by a driver, in the thread that ran it, or by a `TaskWatcher`."""

from collections.abc import Callable
from typing import Any

from monito_ray import log
from monito_ray.errors import MonitoError
from monito_ray.records import TaskResult

OnSuccess = Callable[[TaskResult], object]
OnError = Callable[[TaskResult, MonitoError], object]


class Hooks:
    """Hooks of a driver or a watcher. `on_success`, `on_failure` and `on_retry` register one and serve as decorators, too.

    A hook that raises is logged and changes nothing.
    """

    def __init__(self) -> None:
        self._on_success: list[OnSuccess] = []
        self._on_failure: list[OnError] = []
        self._on_retry: list[OnError] = []

    def on_success(self, hook: OnSuccess) -> OnSuccess:
        """Call `hook(result)` for each task that succeeds."""
        self._on_success.append(hook)
        return hook

    def on_failure(self, hook: OnError) -> OnError:
        """Call `hook(result, error)` for each task that fails for good."""
        self._on_failure.append(hook)
        return hook

    def on_retry(self, hook: OnError) -> OnError:
        """Call `hook(result, error)` for each attempt that failed and will be repeated."""
        self._on_retry.append(hook)
        return hook

    def succeeded(self, result: TaskResult) -> None:
        """Call the hooks for a task that succeeded."""
        for hook in self._on_success:
            _call(hook, result)

    def failed(self, result: TaskResult, error: MonitoError) -> None:
        """Call the hooks for a task that failed for good."""
        for hook in self._on_failure:
            _call(hook, result, error)

    def retried(self, result: TaskResult, error: MonitoError) -> None:
        """Call the hooks for a task that will be tried again."""
        for hook in self._on_retry:
            _call(hook, result, error)


def _call(hook: Callable[..., object], result: TaskResult, *error: Any) -> None:
    try:
        hook(result, *error)
    except Exception as raised:  # noqa: BLE001  part of the driver's boundary: other people's code must not cost a task
        log.fault("hook.raised", raised, task_id=result.task_id, hook=getattr(hook, "__qualname__", repr(hook)))
