"""The service: a parent process without Ray or connections, and its children, the driver and the bot."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from monito_ray import log, wiring
from monito_ray.errors import ClusterUnavailable
from monito_ray.settings import Settings

# How long children may take to end after SIGTERM; deploy/monito.service gives them 30 s.
DRAIN_S = 20.0
PROBE_EVERY_S = 2.0
_TICK_S = 0.2
# A child that died is started again after this wait, which doubles each time unless the child lived for long before.
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 30.0
_STEADY_S = 60.0
# Exit codes of children: wrong settings (as the command line's), and Ray lost.
_USAGE = 2
_RAY_LOST = 3


@dataclass(slots=True)
class Child:
    """A command of `monito` that is kept running."""

    name: str
    arguments: tuple[str, ...]
    #: None while it is not running.
    process: "subprocess.Popen[bytes] | None" = None
    #: Of the monotonic clock, as `due_at`.
    started_at: float = 0.0
    #: When it may be started.
    due_at: float = 0.0
    #: The wait before the last start.
    wait_s: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that a Ctrl-C at the terminal reaches the parent alone."""
        self.process = subprocess.Popen([sys.executable, "-m", "monito_ray", *self.arguments], start_new_session=True)
        self.started_at = time.monotonic()

    def exit_code(self) -> int | None:
        """Return its exit code; None while it runs or was not started."""
        return None if self.process is None else self.process.poll()

    def end_rest(self) -> None:
        """Kill what it has left in its session, once it has ended.

        Ray's processes need seconds to see that their driver was killed, and hold the port of the metrics and the cores until then.
        """
        if self.process is not None and hasattr(os, "getsid") and not psutil.pid_exists(self.process.pid):
            for pid in psutil.pids():
                with suppress(ProcessLookupError, PermissionError):
                    if os.getsid(pid) == self.process.pid:
                        os.kill(pid, signal.SIGKILL)

    def wait_longer(self, now: float) -> None:
        """Set when it is due again: soon after a steady life, later each time when it keeps dying."""
        is_steady = now - self.started_at > _STEADY_S
        self.wait_s = _FIRST_WAIT_S if is_steady else min(max(self.wait_s * 2, _FIRST_WAIT_S), _LONGEST_WAIT_S)
        self.due_at = now + self.wait_s
        self.process = None


def service_children(settings: Settings) -> list[Child]:
    """Return the driver, and the bot where one is set."""
    driver = Child("driver", ("drive",))
    return [driver, Child("bot", ("bot",))] if settings.telegram_bot_token.get_secret_value() else [driver]


def supervise(children: Sequence[Child], stop: threading.Event, log_line: Callable[[str], None]) -> int:
    """Keep the children running until `stop` is set, then let them drain, and return the exit code of the service.

    A child that ends because of wrong settings (exit code 2) ends the service: trying again would not help.
    """
    code = 0
    try:
        while not stop.is_set() and not code:
            code = max(_look_after(child, log_line) for child in children)
            stop.wait(_TICK_S)
    finally:
        _drain(children, log_line)
    return code


def _look_after(child: Child, log_line: Callable[[str], None]) -> int:
    """Start a child that is due, or schedule one that died; return the code to end the service with, 0 to go on."""
    now = time.monotonic()
    code = child.exit_code()
    if code is not None:
        if code == _USAGE:
            return _USAGE
        child.end_rest()
        child.wait_longer(now)
        log_line(f"the {child.name} ended ({_exit_text(code)}) and starts again in {child.wait_s:.2g} s")
    elif child.process is None and now >= child.due_at:
        child.start()
        log_line(f"the {child.name} starts")
    return 0


def _drain(children: Sequence[Child], log_line: Callable[[str], None]) -> None:
    """Stop all children, and kill those that have not ended after `DRAIN_S`."""
    until = time.monotonic() + DRAIN_S
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log_line(f"process {process.pid} does not stop and is killed; its tasks wait again")
            process.kill()
            process.wait()


def _exit_text(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def run_driver(settings: Settings, stop: threading.Event, log_line: Callable[[str], None]) -> None:
    """Be the driver child until `stop` is set; ends by itself when its Ray is gone or its parent is.

    Raises:
        ClusterUnavailable, StoreUnavailable, StoreTooNew: at the start.
    """
    from monito_ray.cluster import session  # noqa: PLC0415

    parent = os.getppid()
    with wiring.serving_driver(settings, log.log_event) as driver:
        threading.Thread(target=_watch, args=(session.probe, parent, stop, log_line), name="probe", daemon=True).start()
        log_line(f"serving; Ray's dashboard: {driver.dashboard or 'none'} (its token is in ~/.ray/auth_token)")
        if driver.metrics:
            log_line(f"figures for Prometheus: {driver.metrics}")
        driver.serve(stop)


def _watch(probe: Callable[[], None], parent: int, stop: threading.Event, log_line: Callable[[str], None]) -> None:
    """Set `stop` when the parent is gone, and end the process at once when Ray is.

    Without Ray nothing in the process can be used or shut down. The next driver finds it dead and releases its tasks.
    """
    while not stop.wait(PROBE_EVERY_S):
        if os.getppid() != parent:
            log_line("the parent is gone; stopping")
            stop.set()
            return
        try:
            probe()
        except ClusterUnavailable as error:
            if stop.is_set():
                return
            log_line(f"{error}; this driver ends, another will start")
            sys.stderr.flush()
            os._exit(_RAY_LOST)
