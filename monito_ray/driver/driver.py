"""The driver: claim tasks, run several side by side, and free those that were cancelled, lost, or left behind by dead drivers."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from monito_ray import log
from monito_ray.driver import retention_sweep
from monito_ray.driver.attempts import AttemptRunner
from monito_ray.driver.hooks import Hooks
from monito_ray.errors import MonitoError, StoreUnavailable
from monito_ray.events import Event, LlmSkipped, TaskCancelled
from monito_ray.jobs import heartbeat, lifecycle, queue
from monito_ray.jobs.heartbeat import HeartbeatTracker
from monito_ray.records import Status
from monito_ray.steps import alarms
from monito_ray.steps.context import Attempt, Services
from monito_ray.steps.stage_table import FILE_STEPS, Steps
from monito_ray.store.database import Store, new_id

SLOTS = 4
"""Tasks at a time in the driver of one command, at the least."""
SERVING_SLOTS = 64
"""Tasks at a time in a driver that serves: most of them wait for the LLM (docs/decisions/0008-order-of-work.md)."""
_SLOTS_A_CORE = 2
"""Lists of a command that nobody asks an LLM about: while one is written, another is read. More would only hold more rows in memory."""

_TICK_S = 0.1
_LOST_CHECK_S = 0.4
_ORPHAN_SWEEP_S = 5.0
_RETENTION_SWEEP_S = 3600.0
_STORE_RETRY_S = 1.0
# A supervisor kills a service that does not end soon after SIGTERM; the next driver draws the workbook anyway.
_WORKBOOK_WAIT_S = 3.0
_CANCEL_EVERY_S = 0.5
_SHUTDOWN_LIMIT_S = 15.0


def slots_of_command(cores: int, *, has_llm: bool) -> int:
    """Return how many lists the driver of one command works on at a time: as many as one that serves where most of them wait for an LLM."""
    return SERVING_SLOTS if has_llm else min(max(SLOTS, _SLOTS_A_CORE * cores), SERVING_SLOTS)


class _StopSignal(threading.Event):
    """Set for one task, for all tasks of the driver, or when the driver was silent for so long that others may hold the task."""

    def __init__(self, stop_all: threading.Event, tracker: HeartbeatTracker) -> None:
        super().__init__()
        self._stop_all = stop_all
        self._tracker = tracker
        self._epoch = tracker.epoch

    def is_set(self) -> bool:
        """Whether any of the three holds."""
        return super().is_set() or self._stop_all.is_set() or self._tracker.epoch != self._epoch

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for any of the three."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set() and (until is None or time.monotonic() < until):
            super().wait(_TICK_S if until is None else min(_TICK_S, max(until - time.monotonic(), 0.0)))
        return self.is_set()


@dataclass(slots=True)
class _RunningTask:
    """A task in a thread of its own."""

    task_id: str
    stop: threading.Event
    #: Drivers died with it, so it may take this one along: only one such task runs at a time.
    is_suspect: bool


@dataclass(slots=True)
class _RunningTasks:
    """One call of `work` or `serve`."""

    stop: threading.Event
    threads: ThreadPoolExecutor
    tracker: HeartbeatTracker
    running: dict[Future[None], _RunningTask] = field(default_factory=dict)

    @property
    def running_ids(self) -> set[str]:
        """Ids of the tasks that run here."""
        return {task.task_id for task in self.running.values()}


class Driver:
    """Runs tasks in threads of this process, `slots` at a time.

    Args:
        services: what the steps work with.
        slots: most tasks at a time.
        steps: those of each stage of a file.
        workers: returns the number of LLM workers, for the heartbeat.
        nodes: returns how the nodes of the cluster stand, for the heartbeat.
        dashboard: address of Ray's dashboard, for the heartbeat.
        metrics: address of the figures, "" where the cluster has them at a place of its own.
    """

    def __init__(
        self,
        services: Services,
        slots: int = SLOTS,
        steps: Steps = FILE_STEPS,
        workers: Callable[[], int] = lambda: 0,
        dashboard: str = "",
        metrics: str = "",
        nodes: Callable[[], str] = lambda: "",
    ) -> None:
        self.id = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id()}"
        self.hooks = Hooks()
        self.dashboard = dashboard
        self.metrics = metrics
        self._services = services
        self._slots = slots
        self._attempts = AttemptRunner(self.id, steps, self.hooks)
        self._workers = workers
        self._nodes = nodes

    def work(self, task_ids: Collection[str], stop: threading.Event) -> None:
        """Run these tasks, and no others, until all have ended or `stop` is set; then release tasks that still run.

        Returns when the workbook shows what they wrote.

        Raises:
            StoreUnavailable: an outcome cannot be recorded.
            OutputNotWritable: the workbook cannot be drawn; the catalogue has everything.
        """
        self._drive(set(task_ids), stop)
        self._services.workbook.finish(_SHUTDOWN_LIMIT_S if stop.is_set() else None)

    def serve(self, stop: threading.Event) -> None:
        """Run every task of the store as it comes, also those of drivers that died, until `stop` is set; then as `work`.

        Waits while the store is away; stages whose outcome could not be recorded then are run again.

        Raises:
            StoreUnavailable: at the start.
        """
        self._services.workbook.request()  # a driver that was killed may have left it behind
        self._drive(None, stop)
        with suppress(MonitoError):
            self._services.workbook.finish(_WORKBOOK_WAIT_S)

    def _drive(self, open_ids: set[str] | None, stop: threading.Event) -> None:
        threads = ThreadPoolExecutor(self._slots, thread_name_prefix="task")
        try:
            with (
                self._services.store.apart() as beats,
                heartbeat.beat_in_background(partial(self._beat, beats, is_serving=open_ids is None)) as tracker,
            ):
                run = _RunningTasks(stop, threads, tracker)
                if open_ids is None:
                    self._run_all(run)
                else:
                    self._run_only(open_ids, run)
                if stop.is_set():
                    self._release_all(run)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            with suppress(StoreUnavailable):
                heartbeat.sign_off(self._services.store, self.id)

    def _record_and_emit(self, event: Event) -> None:
        """Emit an event; record it where it belongs to the task's history."""
        if isinstance(event, LlmSkipped):
            data = {"reason": event.reason, "rows_left": event.rows_left}
            queue.record_event(self._services.store, event.task_id, event.name, data, self._services.clock())
        self._services.sink(event)

    def _beat(self, store: Store, *, is_serving: bool) -> None:
        now = self._services.clock()
        heartbeat.beat(
            store, self.id, is_serving=is_serving, now=now, workers=self._workers(), dashboard=self.dashboard, nodes=self._nodes()
        )

    def _run_only(self, open_ids: set[str], run: _RunningTasks) -> None:
        lost_check = _Interval(_LOST_CHECK_S)
        while open_ids and not run.stop.is_set():
            # Another driver may end a task, too, so the store decides and not the threads.
            idle = open_ids - run.running_ids
            if idle:
                open_ids -= {task.id for task in queue.load_all(self._services.store, idle) if task.has_ended}
            self._run_due(idle & open_ids, run, lost_check)

    def _run_all(self, run: _RunningTasks) -> None:
        lost_check, orphan_sweep, hourly = _Interval(_LOST_CHECK_S), _Interval(_ORPHAN_SWEEP_S), _Interval(_RETENTION_SWEEP_S)
        while not run.stop.is_set():
            try:
                if orphan_sweep.is_due():
                    self._free_orphans(run)
                if hourly.is_due():
                    run.threads.submit(retention_sweep.sweep, self._services)
                    run.threads.submit(self._tell_late_lists)
                self._run_due(None, run, lost_check)
            except StoreUnavailable as error:
                log.warning("driver.waits", code=error.code, message=str(error), wait_s=_STORE_RETRY_S)
                run.stop.wait(_STORE_RETRY_S)

    def _run_due(self, only: set[str] | None, run: _RunningTasks, lost_check: "_Interval") -> None:
        """Start due tasks of `only` (None: of all), collect those that returned, and stop those that are lost."""
        if not run.tracker.has_lapsed:
            self._start_due(only, run)
        for future in _returned(run):
            del run.running[future]
            future.result()
        if run.running and lost_check.is_due():
            self._stop_lost(run)

    def _start_due(self, only: set[str] | None, run: _RunningTasks) -> None:
        free = self._slots - len(run.running)
        if not free or only == set():
            return
        services = self._services
        most_suspects = 0 if any(task.is_suspect for task in run.running.values()) else 1
        claimed = queue.claim(services.store, self.id, services.clock(), free, only, most_suspects, services.settings.user_concurrent)
        for task in claimed:
            stop = _StopSignal(run.stop, run.tracker)
            attempt = Attempt(services=services, task=task, stop=stop, sink=self._record_and_emit)
            run.running[run.threads.submit(self._attempts.run, attempt)] = _RunningTask(task.id, stop, lifecycle.is_suspect(task))

    def _free_orphans(self, run: _RunningTasks) -> None:
        """Free the tasks of dead drivers, and those that this driver could not release while the store was away."""
        store, now = self._services.store, self._services.clock()
        drivers = heartbeat.registered_drivers(store)
        registered = {driver.driver_id for driver in drivers}
        alive = {driver.driver_id for driver in heartbeat.living(drivers, now)} | {self.id}
        queue.free_orphans(store, alive, now)
        heartbeat.remove(store, registered - alive)
        self._release_held(queue.held_by(store, self.id) - run.running_ids)

    def _tell_late_lists(self) -> None:
        try:
            alarms.tell_late_lists(self._services)
        except StoreUnavailable as error:
            log.warning("alarms.untold", code=error.code, message=str(error))

    def _stop_lost(self, run: _RunningTasks) -> None:
        """Stop tasks that were cancelled or that another driver holds."""
        held = queue.held_by(self._services.store, self.id)
        lost = []
        for future, task in run.running.items():
            # A task that has ended is held no more either, though its thread may still call hooks.
            if task.task_id not in held and not task.stop.is_set() and not future.done():
                task.stop.set()
                lost.append(task.task_id)
        for stored in queue.load_all(self._services.store, lost) if lost else ():
            if stored.status is Status.CANCELLED:
                self._record_and_emit(TaskCancelled(stored.id))

    def _release_all(self, run: _RunningTasks) -> None:
        """Let steps end that are about to, break off the others, and release what is still held: a step that works on cannot save it."""
        until = time.monotonic() + _SHUTDOWN_LIMIT_S
        # Ray ends the whole process when a thread still waits for it at shutdown, so none may be left waiting.
        while wait(run.running, timeout=_CANCEL_EVERY_S).not_done and time.monotonic() < until:
            self._services.workers.cancel()
        self._release_held(run.running_ids)

    def _release_held(self, task_ids: Collection[str]) -> None:
        """Release those of the tasks that this driver holds."""
        for task in queue.load_all(self._services.store, task_ids) if task_ids else ():
            if task.owner == self.id:
                released = lifecycle.release(task, self._services.clock())
                queue.save(self._services.store, released, self.id, "task.released")


class _Interval:
    """Is due once in about `period_s` seconds, the first time at once."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._due_at = float("-inf")

    def is_due(self) -> bool:
        """Whether the time has come; then the next period begins."""
        now = time.monotonic()
        if now < self._due_at:
            return False
        self._due_at = now + self._period_s
        return True


def _returned(run: _RunningTasks) -> set[Future[None]]:
    """Wait a moment and return the threads that returned."""
    if not run.running:
        run.stop.wait(_TICK_S)
        return set()
    return wait(run.running, timeout=_TICK_S, return_when=FIRST_COMPLETED).done
