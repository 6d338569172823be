"""The driver: claim a task, run its stages one after the other, record what happened. Several tasks go side by side."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from monito_ray import log
from monito_ray.errors import MonitoError, StoreUnavailable, Unexpected
from monito_ray.events import Event, LlmUnset, StageFinished, StageStarted, TaskCancelled, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.hooks import Hooks
from monito_ray.jobs import control, heartbeat, lifecycle, queue, retry
from monito_ray.jobs.task import FILE, Task, told
from monito_ray.records import Retry, Status
from monito_ray.stages import Stage
from monito_ray.steps import ROUTES, STEPS, Step
from monito_ray.steps.world import Stopped, World
from monito_ray.store.database import new_id

SLOTS, SERVING_SLOTS = 4, 16
_TICK_S = 0.1
_LOOK_S = 0.4
_SWEEP_S = 5.0
_MERCY_S = 0.5
_LAST_WORDS_S = 15.0


class _Stop(threading.Event):
    """Set for one task, or with that for all."""

    def __init__(self, for_all: threading.Event) -> None:
        super().__init__()
        self._for_all = for_all

    def is_set(self) -> bool:
        """Whether either is."""
        return super().is_set() or self._for_all.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for either."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set() and (until is None or time.monotonic() < until):
            super().wait(_TICK_S if until is None else min(_TICK_S, max(until - time.monotonic(), 0.0)))
        return self.is_set()


@dataclass(slots=True)
class _Slot:
    """A task in a thread of its own; `stop` tells it that it is wanted no more, or not here."""

    task_id: str
    stop: threading.Event


_Running = dict[Future[None], _Slot]


class Driver:
    """Runs tasks in threads of this process, `slots` at a time.

    Args:
        world: what the steps work with.
        slots: most tasks at a time.
        steps: what each stage of a file does.
        workers: how many LLM workers there are, for those who ask.
        dashboard: address of Ray's dashboard, likewise.
    """

    def __init__(
        self,
        world: World,
        slots: int = SLOTS,
        steps: Mapping[Stage, Step] = STEPS,
        workers: Callable[[], int] = lambda: 0,
        dashboard: str = "",
    ) -> None:
        self.id = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id()}"
        self.hooks = Hooks()
        self._world = world
        self._slots = slots
        self._routes = {**ROUTES, FILE: steps}
        self._workers = workers
        self.dashboard = dashboard

    def work(self, task_ids: Collection[str], stop: threading.Event) -> None:
        """Run these tasks, and no others, until all have ended or `stop` is set; then tasks under way wait again where they stand.

        Raises:
            StoreUnavailable: what happened cannot be recorded.
        """
        self._drive(set(task_ids), stop)

    def serve(self, stop: threading.Event) -> None:
        """Run every task of the store as it comes, those of drivers that died, too, until `stop` is set; then as `work`.

        Raises:
            StoreUnavailable: what happened cannot be recorded.
        """
        self._drive(None, stop)

    def _drive(self, open_ids: set[str] | None, stop: threading.Event) -> None:
        world = replace(self._world, stop=stop, sink=self._hear)
        threads = ThreadPoolExecutor(self._slots, thread_name_prefix="task")
        running: _Running = {}
        try:
            with heartbeat.beating(partial(self._beat, world, is_serving=open_ids is None)):
                self._loop(open_ids, world, threads, running)
                if stop.is_set():
                    self._let_go(running)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            with suppress(StoreUnavailable):
                heartbeat.leave(world.store, self.id)

    def _hear(self, event: Event) -> None:
        """Hand events on; what those who watch the store should know, too, is recorded there."""
        if isinstance(event, LlmUnset):
            queue.note(self._world.store, event.task_id, event.name, {"reason": event.reason}, self._world.clock())
        self._world.sink(event)

    def _beat(self, world: World, *, is_serving: bool) -> None:
        workers = self._workers()
        heartbeat.beat(world.store, self.id, is_serving=is_serving, now=world.clock(), workers=workers, dashboard=self.dashboard)

    def _loop(self, open_ids: set[str] | None, world: World, threads: ThreadPoolExecutor, running: _Running) -> None:
        look, sweep = _Every(_LOOK_S), _Every(_SWEEP_S)
        while open_ids is None or open_ids:
            if world.stop.is_set():
                return
            if open_ids is None and sweep.is_due():
                self._sweep(world)
            self._take(open_ids, world, threads, running)
            for future in _ended(running, world.stop):
                del running[future]
                future.result()
            if running and look.is_due():
                self._stop_lost(running, world)
            if open_ids:
                # Another driver may have ended a task, too, so the store is asked and not the threads.
                idle = open_ids - {slot.task_id for slot in running.values()}
                open_ids -= {task.id for task in queue.load_all(world.store, idle) if task.has_ended} if idle else set()

    def _take(self, open_ids: set[str] | None, world: World, threads: ThreadPoolExecutor, running: _Running) -> None:
        free = self._slots - len(running)
        idle = None if open_ids is None else open_ids - {slot.task_id for slot in running.values()}
        if not free or idle == set():
            return
        for task in queue.claim(world.store, self.id, world.clock(), free, idle):
            slot = _Slot(task.id, _Stop(world.stop))
            running[threads.submit(self._run, task, replace(world, stop=slot.stop))] = slot

    def _sweep(self, world: World) -> None:
        """Free what drivers left behind that are dead."""
        now = world.clock()
        known = {found.driver_id for found in heartbeat.everyone(world.store)}
        alive = {found.driver_id for found in heartbeat.alive(world.store, now)} | {self.id}
        queue.free_orphans(world.store, alive, now)
        heartbeat.forget(world.store, known - alive)

    def _stop_lost(self, running: _Running, world: World) -> None:
        """Tell tasks to stop that were cancelled, or that somebody else has taken."""
        held = queue.held(world.store, self.id)
        lost = [slot for future, slot in running.items() if slot.task_id not in held and not slot.stop.is_set() and not future.done()]
        for slot in lost:
            slot.stop.set()
            world.sink(TaskCancelled(slot.task_id))

    def _let_go(self, running: _Running) -> None:
        """Let steps end that are about to, break off the others, and put back what is still held: whoever works on cannot save it any more."""
        until = time.monotonic() + _LAST_WORDS_S
        # Ray ends the whole process when a thread still waits for it at shutdown, so none may be left waiting.
        while wait(running, timeout=_MERCY_S).not_done and time.monotonic() < until:
            self._world.workers.cancel()
        world = self._world
        for task in queue.load_all(world.store, {slot.task_id for slot in running.values()}):
            if task.owner == self.id:
                queue.save(world.store, lifecycle.release(task, world.clock()), self.id, "task.released")

    def _run(self, task: Task, world: World) -> None:
        """Run a claimed task's stages until it has ended, must wait, or belongs to another."""
        held: Task | None = task
        while held is not None and held.status is Status.RUNNING:
            if world.stop.is_set() or (held is not task and held.stage in control.paused(world.store)):
                self._release(held, world)
                return
            held = self._run_stage(held, world)

    def _run_stage(self, task: Task, world: World) -> Task | None:
        began = time.monotonic()
        try:
            rows, result = _do(self._routes[task.kind][task.stage], task, world)
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
        if task.next_stage is None:
            after = lifecycle.succeed(task, result or {}, duration_ms, now)
        else:
            after = lifecycle.advance(task, duration_ms, now)
        what = {"stage": task.stage.value, "rows": rows, "duration_ms": duration_ms, "task_ms": after.duration_ms}
        if not self._save(after, world, "task.succeeded" if after.has_ended else "stage.finished", what):
            return None
        world.sink(StageFinished(task.id, task.stage, rows, duration_ms))
        if after.has_ended:
            world.sink(TaskSucceeded(task.id, after.duration_ms))
            self.hooks.succeeded(told(after))
        return after

    def _fail(self, task: Task, error: Exception, world: World) -> None:
        known = _named(task, error)
        decision = retry.decide(known, task.attempts)
        what = {"stage": task.stage.value, "code": known.code, "message": str(known)}
        now = world.clock()
        if isinstance(decision, Retry):
            after = lifecycle.postpone(task, known, decision.wait_s, now)
            if self._save(after, world, "task.retried", what | {"wait_s": decision.wait_s}):
                world.sink(TaskRetried(task.id, known.code, str(known), decision.wait_s))
                self.hooks.retried(told(after), known)
            return
        after = lifecycle.fail(task, known, now)
        if self._save(after, world, "task.failed", what):
            world.sink(TaskFailed(task.id, known.code, str(known)))
            self.hooks.failed(told(after), known)

    def _release(self, task: Task, world: World) -> None:
        self._save(lifecycle.release(task, world.clock()), world, "task.released", {"stage": task.stage.value})

    def _save(self, task: Task, world: World, event: str, what: dict[str, Any]) -> bool:
        return queue.save(world.store, task, self.id, event, what)


class _Every:
    """Says about every `period_s` that it is time again, the first time at once."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._due = float("-inf")

    def is_due(self) -> bool:
        """Whether the time has come; then the next period begins."""
        now = time.monotonic()
        if now < self._due:
            return False
        self._due = now + self._period_s
        return True


def _do(step: Step, task: Task, world: World) -> tuple[int, dict[str, Any] | None]:
    """Run a step unless its artifacts are in place; the number of rows it went through, and what it told."""
    consumed = world.files.rows(task.id, step.consumes) if step.consumes else 0
    world.sink(StageStarted(task.id, task.stage, consumed))
    is_done = bool(step.produces) and all(world.files.exists(task.id, name) for name in step.produces)
    result = None if is_done else step.run(task, world)
    return consumed or (world.files.rows(task.id, step.produces[0]) if step.produces else 0), result


def _ended(running: _Running, stop: threading.Event) -> set[Future[None]]:
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
