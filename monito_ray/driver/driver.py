"""The driver: claims tasks and runs several side by side, sees to those that were cancelled, lost, or left behind by drivers that died."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from monito_ray import log
from monito_ray.driver.attempts import Attempts
from monito_ray.driver.hooks import Hooks
from monito_ray.errors import MonitoError, StoreUnavailable
from monito_ray.events import Event, LlmSkipped, TaskCancelled
from monito_ray.jobs import heartbeat, lifecycle, queue, retention
from monito_ray.jobs.heartbeat import HeartbeatTracker
from monito_ray.jobs.lease import lease_of
from monito_ray.jobs.retention import RetentionLimits
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps.context import World
from monito_ray.steps.stage_table import STEPS, Step
from monito_ray.store.database import new_id

SLOTS, SERVING_SLOTS = 4, 64
_TICK_S = 0.1
_LOOK_S = 0.4
_SWEEP_S = 5.0
_STORE_WAIT_S = 1.0
_TIDY_S = 3600.0
_DRAWN_WITHIN_S = 3.0
_MERCY_S = 0.5
_LAST_WORDS_S = 15.0


class _Stop(threading.Event):
    """Set for one task, with that for all, or because the driver was away for so long that others may have the task."""

    def __init__(self, for_all: threading.Event, pulse: HeartbeatTracker) -> None:
        super().__init__()
        self._for_all = for_all
        self._pulse = pulse
        self._epoch = pulse.epoch

    def is_set(self) -> bool:
        """Whether any of these holds."""
        return super().is_set() or self._for_all.is_set() or self._pulse.epoch != self._epoch

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for any of them."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set() and (until is None or time.monotonic() < until):
            super().wait(_TICK_S if until is None else min(_TICK_S, max(until - time.monotonic(), 0.0)))
        return self.is_set()


@dataclass(slots=True)
class _Slot:
    """A task in a thread of its own; `stop` tells it that it is wanted no more, or not here. `is_suspect`: a driver died with it."""

    task_id: str
    stop: threading.Event
    is_suspect: bool


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
        self._attempts = Attempts(self.id, steps, self.hooks)
        self._workers = workers
        self.dashboard = dashboard

    def work(self, task_ids: Collection[str], stop: threading.Event) -> None:
        """Run these tasks, and no others, until all have ended or `stop` is set; then tasks under way wait again where they stand.

        Returns when the workbook shows what they wrote.

        Raises:
            StoreUnavailable: what happened cannot be recorded.
            OutputNotWritable: the workbook cannot be drawn; the catalogue has everything.
        """
        self._drive(set(task_ids), stop)
        self._world.drawing.finish(_LAST_WORDS_S if stop.is_set() else None)

    def serve(self, stop: threading.Event) -> None:
        """Run every task of the store as it comes, those of drivers that died, too, until `stop` is set; then as `work`.

        While the store is away it waits; what could not be recorded then is done again.

        Raises:
            StoreUnavailable: at the start.
        """
        self._world.drawing.request()  # a driver that was killed may have left it behind
        self._drive(None, stop)
        with suppress(MonitoError):
            self._world.drawing.finish(_DRAWN_WITHIN_S)

    def _drive(self, open_ids: set[str] | None, stop: threading.Event) -> None:
        world = replace(self._world, stop=stop, sink=self._hear)
        threads = ThreadPoolExecutor(self._slots, thread_name_prefix="task")
        running: _Running = {}
        try:
            with heartbeat.beat_in_background(partial(self._beat, world, is_serving=open_ids is None)) as pulse:
                (self._loop if open_ids is None else partial(self._loop_until, open_ids))(world, threads, running, pulse)
                if stop.is_set():
                    self._let_go(running)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            with suppress(StoreUnavailable):
                heartbeat.sign_off(world.store, self.id)

    def _hear(self, event: Event) -> None:
        """Hand events on; what those who watch the store should know, too, is recorded there."""
        if isinstance(event, LlmSkipped):
            queue.record_event(
                self._world.store, event.task_id, event.name, {"reason": event.reason, "rows_left": event.rows_left}, self._world.clock()
            )
        self._world.sink(event)

    def _beat(self, world: World, *, is_serving: bool) -> None:
        workers = self._workers()
        heartbeat.beat(world.store, self.id, is_serving=is_serving, now=world.clock(), workers=workers, dashboard=self.dashboard)

    def _loop_until(
        self, open_ids: set[str], world: World, threads: ThreadPoolExecutor, running: _Running, pulse: HeartbeatTracker
    ) -> None:
        look = _Interval(_LOOK_S)
        while open_ids and not world.stop.is_set():
            # Another driver may have ended a task, too, so the store is asked and not the threads.
            idle = open_ids - {slot.task_id for slot in running.values()}
            if idle:
                open_ids -= {task.id for task in queue.load_all(world.store, idle) if task.has_ended}
            self._turn(idle & open_ids, world, threads, running, pulse, look)

    def _loop(self, world: World, threads: ThreadPoolExecutor, running: _Running, pulse: HeartbeatTracker) -> None:
        look, sweep, tidy = _Interval(_LOOK_S), _Interval(_SWEEP_S), _Interval(_TIDY_S)
        while not world.stop.is_set():
            try:
                if sweep.is_due():
                    self._sweep(world, running)
                if tidy.is_due():
                    threads.submit(self._tidy)
                self._turn(None, world, threads, running, pulse, look)
            except StoreUnavailable as error:
                log.warning("driver.waits", code=error.code, message=str(error), wait_s=_STORE_WAIT_S)
                world.stop.wait(_STORE_WAIT_S)

    def _turn(
        self,
        only: set[str] | None,
        world: World,
        threads: ThreadPoolExecutor,
        running: _Running,
        pulse: HeartbeatTracker,
        look: "_Interval",
    ) -> None:
        """Take what is due of `only` (None: of everything), collect what has ended, and stop what is ours no more."""
        if not pulse.has_lapsed:
            self._take(only, world, threads, running, pulse)
        for future in _finished_futures(running, world.stop):
            del running[future]
            future.result()
        if running and look.is_due():
            self._stop_lost(running, world)

    def _take(self, only: set[str] | None, world: World, threads: ThreadPoolExecutor, running: _Running, pulse: HeartbeatTracker) -> None:
        free = self._slots - len(running)
        if not free or only == set():
            return
        may_take_suspect = not any(slot.is_suspect for slot in running.values())
        for task in queue.claim(
            world.store, self.id, world.clock(), free, only, int(may_take_suspect), self._world.settings.user_concurrent
        ):
            slot = _Slot(task.id, _Stop(world.stop, pulse), task.owner_deaths > 0)
            running[threads.submit(self._attempts.run, task, replace(world, stop=slot.stop, lease=lease_of(task)))] = slot

    def _sweep(self, world: World, running: _Running) -> None:
        """Free what drivers left behind that are dead, and what this one could not put back while the store was away."""
        now = world.clock()
        known = {found.driver_id for found in heartbeat.registered(world.store)}
        alive = {found.driver_id for found in heartbeat.alive(world.store, now)} | {self.id}
        queue.free_orphans(world.store, alive, now)
        heartbeat.remove(world.store, known - alive)
        self._put_back(queue.held_by(world.store, self.id) - {slot.task_id for slot in running.values()})

    def _tidy(self) -> None:
        """Remove files that were kept long enough."""
        settings = self._world.settings
        limits = RetentionLimits(timedelta(days=settings.keep_days), round(settings.keep_gb * 2**30))
        try:
            retention.remove_expired(self._world.store, self._world.files, limits, self._world.clock())
        except StoreUnavailable as error:
            log.warning("files.kept", code=error.code, message=str(error))

    def _stop_lost(self, running: _Running, world: World) -> None:
        """Tell tasks to stop that were cancelled, or that somebody else has taken; one that has ended here may not be out of its thread yet."""
        held = queue.held_by(world.store, self.id)
        lost = [slot for future, slot in running.items() if slot.task_id not in held and not slot.stop.is_set() and not future.done()]
        for slot in lost:
            slot.stop.set()
        for task in queue.load_all(world.store, [slot.task_id for slot in lost]) if lost else ():
            if task.status is Status.CANCELLED:
                world.sink(TaskCancelled(task.id))

    def _let_go(self, running: _Running) -> None:
        """Let steps end that are about to, break off the others, and put back what is still held: whoever works on cannot save it any more."""
        until = time.monotonic() + _LAST_WORDS_S
        # Ray ends the whole process when a thread still waits for it at shutdown, so none may be left waiting.
        while wait(running, timeout=_MERCY_S).not_done and time.monotonic() < until:
            self._world.workers.cancel()
        self._put_back({slot.task_id for slot in running.values()})

    def _put_back(self, task_ids: Collection[str]) -> None:
        """Let those of the tasks wait again that this driver holds."""
        for task in queue.load_all(self._world.store, task_ids) if task_ids else ():
            if task.owner == self.id:
                queue.save(self._world.store, lifecycle.release(task, self._world.clock()), self.id, "task.released")


class _Interval:
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


def _finished_futures(running: _Running, stop: threading.Event) -> set[Future[None]]:
    """Those that ended, after waiting a moment for it."""
    if not running:
        stop.wait(_TICK_S)
        return set()
    return wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED).done
