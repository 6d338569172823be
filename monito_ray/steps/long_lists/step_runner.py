"""The process of long lists itself: it runs steps that the driver calls, several at a time, until the driver ends."""

import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from monito_ray import log
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.task import Task
from monito_ray.pipeline.gc_pause import collect_rarely
from monito_ray.settings import Settings
from monito_ray.steps.context import Attempt
from monito_ray.steps.long_lists.call_channel import CallChannel
from monito_ray.steps.long_lists.remote_services import OpenHome, RemotePool, StepCall, remote_services
from monito_ray.store.database import open_store


def run_steps(descriptor: int) -> None:
    """Run steps for the driver at the other end of a pipe, and end with it.

    Signals of a terminal, or of a supervisor, go to every process of the service: the driver decides what of its work is ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        _StepRunner(Connection(descriptor)).serve()
    finally:
        os._exit(0)  # a step that runs still is of a driver that is gone; its transaction is rolled back


class _StepRunner:
    def __init__(self, connection: Connection) -> None:
        functions: dict[str, Callable[..., Any]] = {
            "open_home": self._open_home,
            "run_step": self._run_step,
            "stop_step": self._stop_step,
            "take_outcome": self._take_outcome,
        }
        self._channel = CallChannel(connection, functions)
        self._home: OpenHome | None = None
        self._opening = threading.Lock()
        self._stops: dict[int, threading.Event] = {}
        self._pools: dict[int, RemotePool] = {}

    def serve(self) -> None:
        self._channel.serve()

    def _open_home(self, settings: Settings, log_level: int) -> None:
        """Open database and files; a home that is open stays so."""
        log.configure(log_level)
        with self._opening:
            if self._home is None:
                self._home = OpenHome(settings, open_store(settings.store_url), Artifacts(settings.files, settings.max_file_mb))
                collect_rarely()

    def _run_step(self, step: Callable[[Attempt], Any], task: Task, call: StepCall) -> Any:
        if self._home is None:
            raise ValueError("no home is open")
        stop = self._stops[call.number] = threading.Event()
        pool = self._pools[call.number] = RemotePool(self._channel, call.number)
        services = remote_services(self._channel, self._home, call, pool)
        try:
            return step(Attempt(services=services, task=task, stop=stop, sink=partial(self._channel.call, "emit_event", call.number)))
        finally:
            del self._stops[call.number], self._pools[call.number]

    def _stop_step(self, number: int) -> None:
        if (stop := self._stops.get(number)) is not None:
            stop.set()

    def _take_outcome(self, number: int, asking: int, outcome: Any) -> None:
        if (pool := self._pools.get(number)) is not None:
            pool.take_outcome(asking, outcome)
