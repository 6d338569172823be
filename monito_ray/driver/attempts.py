"""One attempt at a task: run its stages in order and record the outcome of each."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monito_ray import log
from monito_ray.driver.hooks import Hooks
from monito_ray.errors import LeaseLost, MonitoError, Unexpected
from monito_ray.events import StageFinished, StageStarted, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import admin, lifecycle, queue, retry
from monito_ray.jobs.task import FILE, Task, task_result
from monito_ray.pipeline import short_list
from monito_ray.records import Retry, Status
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.stage_table import STEPS_BY_KIND, Step, Steps


class AttemptRunner:
    """Runs tasks that `owner` has claimed; `steps` are those of files."""

    def __init__(self, owner: str, steps: Steps, hooks: Hooks) -> None:
        self._owner = owner
        self._steps_by_kind = {**STEPS_BY_KIND, FILE: steps}
        self._hooks = hooks

    def run(self, attempt: Attempt) -> None:
        """Run a claimed task's stages until it has ended, must wait, or belongs to another driver."""
        is_first = True
        while attempt.task.status is Status.RUNNING:
            # The first stage was claimed, so its queue was not paused a moment ago.
            if attempt.stop.is_set() or (not is_first and attempt.task.stage in admin.paused_stages(attempt.services.store)):
                self._release(attempt)
                return
            task = self._run_stage(attempt)
            if task is None:
                return
            attempt, is_first = replace(attempt, task=task), False

    def _run_stage(self, attempt: Attempt) -> Task | None:
        """Run the task's stage and return the task as it stands after it; None when it was released, failed, or is another driver's."""
        began = time.monotonic()
        try:
            rows, result = _run_steps(self._steps_by_kind[attempt.task.kind][attempt.task.stage], attempt)
        except (Stopped, LeaseLost):
            self._release(attempt)
            return None
        except Exception as error:  # noqa: BLE001  the boundary: whatever happens in a stage costs its task alone
            if attempt.stop.is_set():
                self._release(attempt)  # a step that is broken off may raise anything
            else:
                self._fail(attempt, error)
            return None
        return self._record_stage(attempt, rows, result, round((time.monotonic() - began) * 1000))

    def _record_stage(self, attempt: Attempt, rows: int, result: dict[str, Any] | None, duration_ms: int) -> Task | None:
        task, now = attempt.task, attempt.services.clock()
        if task.next_stage is None or result is not None:
            after = lifecycle.succeed(task, result or {}, duration_ms, now)
        else:
            after = lifecycle.advance(task, duration_ms, now, rows)
        data = {"stage": task.stage.value, "rows": rows, "duration_ms": duration_ms, "task_ms": after.duration_ms}
        if not self._save(attempt, after, "task.succeeded" if after.has_ended else "stage.finished", data):
            return None
        attempt.sink(StageFinished(task.id, task.stage, rows, duration_ms))
        if after.has_ended:
            attempt.sink(TaskSucceeded(task.id, after.duration_ms))
            self._hooks.succeeded(task_result(after))
        return after

    def _fail(self, attempt: Attempt, raised: Exception) -> None:
        task, now = attempt.task, attempt.services.clock()
        error = _as_monito_error(task, raised)
        data = {"stage": task.stage.value, "code": error.code, "message": str(error), "remedy": error.remedy}
        decision = retry.STAGE_RETRIES.decide(error, task.attempts)
        if isinstance(decision, Retry):
            after = lifecycle.retry_later(task, error, decision.wait_s, now)
            if self._save(attempt, after, "task.retried", data | {"wait_s": decision.wait_s}):
                attempt.sink(TaskRetried(task.id, error.code, str(error), decision.wait_s))
                self._hooks.retried(task_result(after), error)
            return
        after = lifecycle.fail(task, error, now)
        if self._save(attempt, after, "task.failed", data):
            attempt.sink(TaskFailed(task.id, error.code, str(error)))
            self._hooks.failed(task_result(after), error)

    def _release(self, attempt: Attempt) -> None:
        after = lifecycle.release(attempt.task, attempt.services.clock())
        self._save(attempt, after, "task.released", {"stage": attempt.task.stage.value})

    def _save(self, attempt: Attempt, after: Task, event: str, data: dict[str, Any]) -> bool:
        """Save the task; return False, with nothing saved, when the lease is lost."""
        return queue.save(attempt.services.store, after, self._owner, event, data)


def _run_steps(steps: Sequence[Step], attempt: Attempt) -> tuple[int, dict[str, Any] | None]:
    """Run the steps of a stage that are not done; return the number of rows that the stage went through, and the task's result if it has ended."""
    consumes, produces = steps[0].consumes, steps[0].produces
    rows = attempt.row_count(consumes[0]) if consumes else 0
    attempt.sink(StageStarted(attempt.task.id, attempt.task.stage, rows))
    result = None
    for step in _open_steps(steps, attempt):
        result = _run_step(step, attempt)
        if result is not None:
            return rows, result
    return rows or (attempt.row_count(produces[0]) if produces else 0), result


def _run_step(step: Step, attempt: Attempt) -> dict[str, Any] | None:
    """Run a step here, or in another process where it would hold many rows in memory, or others compute here."""
    if not step.holds_rows:
        return step.run(attempt)
    rows = attempt.row_count(step.consumes[0])
    long_lists, many_lists = attempt.services.long_lists, attempt.services.many_lists
    elsewhere = long_lists if rows > short_list.SHORT_ROWS else many_lists if step.is_heavy else None
    result: dict[str, Any] | None = step.run(attempt) if elsewhere is None else elsewhere.run(step.run, attempt, rows)
    return result


def _open_steps(steps: Sequence[Step], attempt: Attempt) -> Sequence[Step]:
    """Return the steps after the last one whose artifacts are in place."""
    for index in reversed(range(len(steps))):
        if steps[index].produces and all(map(attempt.has_table, steps[index].produces)):
            return steps[index + 1 :]
    return steps


def _as_monito_error(task: Task, error: Exception) -> MonitoError:
    """Return `error` if it is one of ours, else an `Unexpected` that names the file, with the traceback in the log."""
    if isinstance(error, MonitoError):
        return error
    log.fault("stage.crashed", error, task_id=task.id, stage=task.stage.value, file_name=task.file_name)
    return Unexpected(f"{task.file_name}: unexpected {type(error).__name__} in {task.stage}: {error}")
