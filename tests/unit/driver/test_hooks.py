"""Hooks of other programs."""

import pytest

from monito_ray.driver.hooks import Hooks
from monito_ray.errors import ClusterUnavailable
from monito_ray.records import Status, TaskResult

RESULT = TaskResult("t1", Status.SUCCESS)


def test_each_hook_gets_its_outcome():
    """Success, failure and retry go to their own hooks, in the order of registration."""
    hooks, calls = Hooks(), list[tuple[object, ...]]()
    error = ClusterUnavailable("gone")
    for number in range(2):
        hooks.on_success(lambda result, number=number: calls.append(("success", number, result)))
    hooks.on_failure(lambda result, error: calls.append(("failure", result, error)))
    hooks.on_retry(lambda result, error: calls.append(("retry", result, error)))
    hooks.succeeded(RESULT)
    hooks.failed(RESULT, error)
    hooks.retried(RESULT, error)
    assert calls == [("success", 0, RESULT), ("success", 1, RESULT), ("failure", RESULT, error), ("retry", RESULT, error)]


def test_a_hook_that_raises_is_logged_and_the_next_is_called(capsys: pytest.CaptureFixture[str]):
    """What other programs do costs no task."""
    hooks, called = Hooks(), list[TaskResult]()

    @hooks.on_success
    def broken(_result: TaskResult) -> None:
        raise ZeroDivisionError("a hook of somebody")

    hooks.on_success(called.append)
    hooks.succeeded(RESULT)
    assert called == [RESULT]
    assert "a hook of somebody" in capsys.readouterr().err
