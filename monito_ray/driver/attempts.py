"""One attempt at a task: its stages one after the other, and what came of each recorded."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monito_ray import log
from monito_ray.driver.hooks import Hooks
from monito_ray.errors import LeaseLost, MonitoError, Unexpected
from monito_ray.events import StageFinished, StageStarted, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import admin, lifecycle, queue, retry
from monito_ray.jobs.task import FILE, Task, task_result
from monito_ray.records import Retry, Status
from monito_ray.stages import Stage
from monito_ray.steps.context import AtHand, Stopped, World
from monito_ray.steps.stage_table import STEPS_BY_KIND, Step


class Attempts:
    """Runs tasks that `owner` has claimed, by these `steps` for files."""

    def __init__(self, owner: str, steps: Mapping[Stage, Step], hooks: Hooks) -> None:
        self._owner = owner
        self._routes = {**STEPS_BY_KIND, FILE: steps}
        self._hooks = hooks

    def run(self, task: Task, world: World) -> None:
        """Run a claimed task's stages until it has ended, must wait, or belongs to another."""
        world = replace(world, at_hand=AtHand())
        held: Task | None = task
        while held is not None and held.status is Status.RUNNING:
            if world.stop.is_set() or (held is not task and held.stage in admin.paused_stages(world.store)):
                self._release(held, world)
                return
            held = self._run_stage(held, world)

    def _run_stage(self, task: Task, world: World) -> Task | None:
        began = time.monotonic()
        try:
            rows, result = _run_step(self._routes[task.kind][task.stage], task, world)
        except (Stopped, LeaseLost):
            self._release(task, world)
            return None
        except Exception as error:  # noqa: BLE001  the boundary: whatever happens in a stage costs its task alone
            if world.stop.is_set():
                self._release(task, world)  # it was broken off, whatever that looked like from inside
            else:
                self._fail(task, error, world)
            return None
        return self._finished(task, rows, result, round((time.monotonic() - began) * 1000), world)

    def _finished(self, task: Task, rows: int, result: dict[str, Any] | None, duration_ms: int, world: World) -> Task | None:
        now = world.clock()
        if task.next_stage is None:
            after = lifecycle.succeed(task, result or {}, duration_ms, now)
        else:
            after = lifecycle.advance(task, duration_ms, now, rows)
        what = {"stage": task.stage.value, "rows": rows, "duration_ms": duration_ms, "task_ms": after.duration_ms}
        if not self._save(after, world, "task.succeeded" if after.has_ended else "stage.finished", what):
            return None
        world.sink(StageFinished(task.id, task.stage, rows, duration_ms))
        if after.has_ended:
            world.sink(TaskSucceeded(task.id, after.duration_ms))
            self._hooks.succeeded(task_result(after))
        return after

    def _fail(self, task: Task, error: Exception, world: World) -> None:
        known = _as_monito_error(task, error)
        decision = retry.decide(known, task.attempts)
        what = {"stage": task.stage.value, "code": known.code, "message": str(known)}
        now = world.clock()
        if isinstance(decision, Retry):
            after = lifecycle.retry_later(task, known, decision.wait_s, now)
            if self._save(after, world, "task.retried", what | {"wait_s": decision.wait_s}):
                world.sink(TaskRetried(task.id, known.code, str(known), decision.wait_s))
                self._hooks.retried(task_result(after), known)
            return
        after = lifecycle.fail(task, known, now)
        if self._save(after, world, "task.failed", what):
            world.sink(TaskFailed(task.id, known.code, str(known)))
            self._hooks.failed(task_result(after), known)

    def _release(self, task: Task, world: World) -> None:
        self._save(lifecycle.release(task, world.clock()), world, "task.released", {"stage": task.stage.value})

    def _save(self, task: Task, world: World, event: str, what: dict[str, Any]) -> bool:
        return queue.save(world.store, task, self._owner, event, what)


def _run_step(step: Step, task: Task, world: World) -> tuple[int, dict[str, Any] | None]:
    """Run a step unless its artifacts are in place; the number of rows it went through, and what it told."""
    consumed = world.rows(task.id, step.consumes) if step.consumes else 0
    world.sink(StageStarted(task.id, task.stage, consumed))
    is_done = bool(step.produces) and all(world.files.has_table(task.id, name) for name in step.produces)
    result = None if is_done else step.run(task, world)
    return consumed or (world.rows(task.id, step.produces[0]) if step.produces else 0), result


def _as_monito_error(task: Task, error: Exception) -> MonitoError:
    """One of our errors: this one, or a clear line about what nobody expected, whose traceback goes to the log."""
    if isinstance(error, MonitoError):
        return error
    log.fault("stage.crashed", error, task_id=task.id, stage=task.stage.value, file_name=task.file_name)
    return Unexpected(f"{task.file_name}: unexpected {type(error).__name__} in {task.stage}: {error}")
