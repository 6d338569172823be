"""The driver: claim a task, run its stages one after the other, record what happened. Several tasks go side by side."""

import os
import socket
import threading
import time
from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from typing import Any

from monito_ray import log
from monito_ray.errors import MonitoError, StoreUnavailable, Unexpected
from monito_ray.events import StageFinished, StageStarted, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import heartbeat, lifecycle, queue, retry
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps import STEPS, Step
from monito_ray.steps.world import Stopped, World
from monito_ray.store.database import new_id

SLOTS = 4
_TICK_S = 0.1
_MERCY_S = 0.5
_LAST_WORDS_S = 15.0


class Driver:
    """Runs tasks in threads of this process, `slots` at a time; `steps` says what each stage does."""

    def __init__(self, world: World, slots: int = SLOTS, steps: Mapping[Stage, Step] = STEPS) -> None:
        self.id = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id()}"
        self._world = world
        self._slots = slots
        self._steps = steps

    def work(self, task_ids: Collection[str], stop: threading.Event) -> None:
        """Run these tasks, and no others, until all have ended or `stop` is set; then tasks under way wait again where they stand.

        Raises:
            StoreUnavailable: what happened cannot be recorded.
        """
        world = replace(self._world, stop=stop)
        threads = ThreadPoolExecutor(self._slots, thread_name_prefix="task")
        running: dict[Future[None], str] = {}
        try:
            self._run_until_done(set(task_ids), world, threads, running)
            if stop.is_set():
                self._let_go(running)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            with suppress(StoreUnavailable):
                heartbeat.leave(world.store, self.id)

    def _run_until_done(self, open_ids: set[str], world: World, threads: ThreadPoolExecutor, running: dict[Future[None], str]) -> None:
        last_beat = float("-inf")
        while open_ids and not world.stop.is_set():
            if time.monotonic() - last_beat >= heartbeat.EVERY_S:
                heartbeat.beat(world.store, self.id, is_serving=False, now=world.clock())
                last_beat = time.monotonic()
            free, idle = self._slots - len(running), open_ids - set(running.values())
            if free and idle:
                for task in queue.claim(world.store, self.id, world.clock(), free, idle):
                    running[threads.submit(self._run, task, world)] = task.id
            for future in _ended(running, world.stop):
                del running[future]
                future.result()
            # Another driver may have ended a task, too, so the store is asked and not the threads.
            idle = open_ids - set(running.values())
            open_ids -= {task.id for task in queue.load_all(world.store, idle) if task.has_ended} if idle else set()

    def _let_go(self, running: Mapping[Future[None], str]) -> None:
        """Let steps end that are about to, break off the others, and put back what is still held: whoever works on cannot save it any more."""
        until = time.monotonic() + _LAST_WORDS_S
        # Ray ends the whole process when a thread still waits for it at shutdown, so none may be left waiting.
        while wait(running, timeout=_MERCY_S).not_done and time.monotonic() < until:
            self._world.workers.cancel()
        world = self._world
        for task in queue.load_all(world.store, set(running.values())):
            if task.owner == self.id:
                queue.save(world.store, lifecycle.release(task, world.clock()), self.id, "task.released")

    def _run(self, task: Task, world: World) -> None:
        """Run a claimed task's stages until it has ended, must wait, or belongs to another."""
        held: Task | None = task
        while held is not None and held.status is Status.RUNNING:
            if world.stop.is_set():
                self._release(held, world)
                return
            held = self._run_stage(held, world)

    def _run_stage(self, task: Task, world: World) -> Task | None:
        began = time.monotonic()
        step = self._steps[task.stage]
        try:
            rows, result = _do(step, task, world)
        except Stopped:
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
        if task.stage.after is None:
            after = lifecycle.succeed(task, result or {}, duration_ms, now)
        else:
            after = lifecycle.advance(task, duration_ms, now)
        told = {"stage": task.stage.value, "rows": rows, "duration_ms": duration_ms}
        if not self._save(after, world, "task.succeeded" if after.has_ended else "stage.finished", told):
            return None
        world.sink(StageFinished(task.id, task.stage, rows, duration_ms))
        if after.has_ended:
            world.sink(TaskSucceeded(task.id, after.duration_ms))
        return after

    def _fail(self, task: Task, error: Exception, world: World) -> None:
        known = _named(task, error)
        decision = retry.decide(known, task.attempts)
        told = {"stage": task.stage.value, "code": known.code, "message": str(known)}
        now = world.clock()
        if isinstance(decision, retry.Retry):
            after = lifecycle.postpone(task, known, decision.wait_s, now)
            if self._save(after, world, "task.retried", told | {"wait_s": decision.wait_s}):
                world.sink(TaskRetried(task.id, known.code, str(known), decision.wait_s))
        elif self._save(lifecycle.fail(task, known, now), world, "task.failed", told):
            world.sink(TaskFailed(task.id, known.code, str(known)))

    def _release(self, task: Task, world: World) -> None:
        self._save(lifecycle.release(task, world.clock()), world, "task.released", {"stage": task.stage.value})

    def _save(self, task: Task, world: World, event: str, told: dict[str, Any]) -> bool:
        return queue.save(world.store, task, self.id, event, told)


def _do(step: Step, task: Task, world: World) -> tuple[int, dict[str, Any] | None]:
    """Run a step unless its artifacts are in place; the number of rows it went through, and what it told."""
    consumed = world.files.rows(task.id, step.consumes) if step.consumes else 0
    world.sink(StageStarted(task.id, task.stage, consumed))
    is_done = bool(step.produces) and all(world.files.exists(task.id, name) for name in step.produces)
    result = None if is_done else step.run(task, world)
    return consumed or (world.files.rows(task.id, step.produces[0]) if step.produces else 0), result


def _ended(running: Mapping[Future[None], str], stop: threading.Event) -> set[Future[None]]:
    """Those that ended, after waiting a moment for it."""
    if not running:
        stop.wait(_TICK_S)
        return set()
    return wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED).done


def _named(task: Task, error: Exception) -> MonitoError:
    """One of our errors: this one, or a clear line about what nobody expected, whose traceback goes to the log."""
    if isinstance(error, MonitoError):
        return error
    log.fault("stage.crashed", error, task_id=task.id, stage=task.stage.value, file_name=task.file_name)
    return Unexpected(f"{task.file_name}: unexpected {type(error).__name__} in {task.stage}: {error}")
