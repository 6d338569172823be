"""The service: a parent that holds no Ray and no connections, and its children, the driver and the bot."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monito_ray import log, wiring
from monito_ray.errors import ClusterUnavailable
from monito_ray.settings import Settings

DRAIN_S = 20.0
PROBE_EVERY_S = 2.0
_TICK_S = 0.2
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 30.0
_STEADY_S = 60.0
_USAGE = 2
_LOST = 3


@dataclass(slots=True)
class Child:
    """A command of `monito` that is kept running."""

    name: str
    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    due_at: float = 0.0
    wait_s: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: a Ctrl-C at the terminal is the parent's to hand on."""
        self.process = subprocess.Popen([sys.executable, "-m", "monito_ray", *self.arguments], start_new_session=True)
        self.started_at = time.monotonic()

    def ended(self) -> int | None:
        """Its exit code, once it has ended."""
        return None if self.process is None else self.process.poll()

    def wait_longer(self, now: float) -> None:
        """Set when it is due again: at once after a steady life, ever later when it keeps dying."""
        is_steady = now - self.started_at > _STEADY_S
        self.wait_s = _FIRST_WAIT_S if is_steady else min(max(self.wait_s * 2, _FIRST_WAIT_S), _LONGEST_WAIT_S)
        self.due_at = now + self.wait_s
        self.process = None


def service_children(settings: Settings) -> list[Child]:
    """The driver, and the bot where one is set."""
    driver = Child("driver", ("drive",))
    return [driver, Child("bot", ("bot",))] if settings.telegram_bot_token.get_secret_value() else [driver]


def supervise(kept: Sequence[Child], stop: threading.Event, tell: Callable[[str], None]) -> int:
    """Keep the children running until `stop` is set, then let them drain; an exit code.

    A child that ends by wrong settings (exit code 2) ends the service: trying again would not help.
    """
    code = 0
    try:
        while not stop.is_set() and not code:
            code = max(_look_after(child, tell) for child in kept)
            stop.wait(_TICK_S)
    finally:
        _drain(kept, tell)
    return code


def _look_after(child: Child, tell: Callable[[str], None]) -> int:
    """Start what is due, notice what died; the code to end the service with, if it must."""
    now = time.monotonic()
    code = child.ended()
    if code is not None:
        if code == _USAGE:
            return _USAGE
        child.wait_longer(now)
        tell(f"the {child.name} ended ({_how(code)}) and starts again in {child.wait_s:.2g} s")
    elif child.process is None and now >= child.due_at:
        child.start()
        tell(f"the {child.name} starts")
    return 0


def _drain(kept: Sequence[Child], tell: Callable[[str], None]) -> None:
    """Tell all to stop, and end by force who has not after `DRAIN_S`."""
    until = time.monotonic() + DRAIN_S
    running = [child.process for child in kept if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            tell(f"process {process.pid} does not stop and is killed; its tasks wait again")
            process.kill()
            process.wait()


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def run_driver(settings: Settings, stop: threading.Event, tell: Callable[[str], None]) -> None:
    """Be the driver child until `stop` is set; ends by itself when its Ray is gone or its parent is.

    Raises:
        ClusterUnavailable, StoreUnavailable, StoreTooNew: at the start.
    """
    from monito_ray.cluster import session  # noqa: PLC0415

    parent = os.getppid()
    with wiring.serving_driver(settings, log.log_event) as driver:
        threading.Thread(target=_watch, args=(session.probe, parent, stop, tell), name="probe", daemon=True).start()
        tell(f"serving; Ray's dashboard: {driver.dashboard or 'none'} (its token is in ~/.ray/auth_token)")
        driver.serve(stop)


def _watch(probe: Callable[[], None], parent: int, stop: threading.Event, tell: Callable[[str], None]) -> None:
    """Stop when the parent is gone, and end the process at once when Ray is.

    Nothing in it can be used or shut down then; the tasks it held are freed by the next driver, which finds its process dead.
    """
    while not stop.wait(PROBE_EVERY_S):
        if os.getppid() != parent:
            tell("the parent is gone; stopping")
            stop.set()
            return
        try:
            probe()
        except ClusterUnavailable as error:
            if stop.is_set():
                return
            tell(f"{error}; this driver ends, another will start")
            sys.stderr.flush()
            os._exit(_LOST)
