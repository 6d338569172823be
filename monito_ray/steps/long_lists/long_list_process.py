"""The driver's end: start the process of long lists when there is one, and have it run steps."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from multiprocessing import Pipe
from typing import Any

import psutil

from monito_ray import log
from monito_ray.errors import ClusterUnavailable
from monito_ray.settings import Settings
from monito_ray.steps.context import Attempt
from monito_ray.steps.long_lists.call_channel import CallChannel, ChannelClosed
from monito_ray.steps.long_lists.driver_calls import DriverCalls
from monito_ray.steps.long_lists.remote_services import StepCall
from monito_ray.steps.long_lists.rows_at_once import RowsAtOnce

_MAIN = "import sys; sys.path[:] = sys.argv[2:]; from monito_ray.steps.long_lists.step_runner import run_steps; run_steps(int(sys.argv[1]))"
#: Rows of long lists that are records at a time: about 10 KB each, with what is made of them on the way.
_MOST_ROWS = 20_000
#: A process that has so much in memory is ended when nobody has used it for a while: it would not give the memory back. The next step of its list
#: follows within a second, and a process that has to start for it takes a second and a half of a core.
_MOST_IDLE_BYTES, _IDLE_S = 300_000_000, 3.0
#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1
#: How long a process that is to end is waited for.
_END_S = 5.0


class LongLists:
    """Runs steps on long lists in one process, which starts with the first of them; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rows_at_once = RowsAtOnce(_MOST_ROWS)
        self._changing = threading.Lock()
        self._process: _Process | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the process runs and has its database open."""
        process = self._process
        return process is not None and process.is_open

    def start_ahead(self) -> None:
        """Start the process where it does not run yet, and do not wait for it."""
        self._running_process()

    def run(self, step: Callable[[Attempt], Any], attempt: Attempt, rows: int) -> Any:
        """Return what a step, a function of a module, returns for a list of so many rows; raise what it raises there.

        Raises:
            Stopped: while others' rows were worked on.
            StoreUnavailable: the process cannot open the database.
            ClusterUnavailable: the process ended.
        """
        with self._rows_at_once.turn(attempt.task.user_id, rows, attempt.check_stop):
            process = self._running_process(users=1)
            try:
                return process.run(step, attempt)
            except ChannelClosed:
                self._replace(process)
                raise ClusterUnavailable("the process that works on long lists has ended") from None
            finally:
                self._leave(process)

    def close(self) -> None:
        """End the process."""
        with self._changing:
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _running_process(self, users: int = 0) -> "_Process":
        with self._changing:
            before = self._process
            process = before if before is not None and before.is_usable else _Process(self._settings)
            self._process = process
            process.users += users  # under the lock, so that nobody ends it before they begin
            process.uses += users
        if before is not None and before is not process:
            before.end()
        return process

    def _leave(self, process: "_Process") -> None:
        with self._changing:
            process.users -= 1
            is_last = process is self._process and not process.users
        if is_last and process.memory_bytes > _MOST_IDLE_BYTES:
            timer = threading.Timer(_IDLE_S, self._end_idle, (process, process.uses))
            timer.daemon = True
            timer.start()

    def _end_idle(self, process: "_Process", uses: int) -> None:
        """End a process that nobody has used since so many uses."""
        with self._changing:
            if process is not self._process or process.uses != uses:
                return
            self._process = None
        process.end()

    def _replace(self, process: "_Process") -> None:
        """Have the next step start another process; steps that still run in this one are broken off."""
        with self._changing:
            if process is not self._process:
                return
            self._process = None
        process.end()


class _Process:
    """A process that runs, and the channel to it."""

    def __init__(self, settings: Settings) -> None:
        ours, theirs = Pipe()
        #: Steps that run in it, or are about to, and those that ever did.
        self.users = self.uses = 0
        self._calls = DriverCalls()
        self._channel = CallChannel(ours, self._calls.functions(lambda: self._channel))
        self._numbers = itertools.count()
        self._child = subprocess.Popen(
            [sys.executable, "-c", _MAIN, str(theirs.fileno()), *sys.path], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        threading.Thread(target=self._channel.serve, name="long-lists", daemon=True).start()
        self._home = self._channel.start("open_home", settings, log.level())

    @property
    def is_usable(self) -> bool:
        """Whether the process has not ended, and could open its home, as far as that is done."""
        could_open = not self._home.done() or self._home.exception() is None
        return self._child.poll() is None and could_open

    @property
    def is_open(self) -> bool:
        """Whether its home is open, and it has not ended since."""
        return self._home.done() and self.is_usable

    @property
    def memory_bytes(self) -> int:
        """What it has in memory; 0 where it has ended."""
        with suppress(psutil.Error):
            return int(psutil.Process(self._child.pid).memory_info().rss)
        return 0

    def run(self, step: Callable[[Attempt], Any], attempt: Attempt) -> Any:
        """Run a step; raises as `LongLists.run`, and `ChannelClosed`."""
        number = next(self._numbers)
        services = attempt.services
        self._calls.attempts[number] = attempt
        try:
            self._home.result()
            call = StepCall(number, has_llm=services.pool is not None, has_spreadsheet=services.spreadsheet is not None)
            reply = self._channel.start("run_step", step, attempt.task, call)
            while not wait([reply], _LOOK_EVERY_S).done:
                if attempt.stop.is_set():
                    self._channel.call("stop_step", number)
            return reply.result()
        finally:
            del self._calls.attempts[number]

    def end(self) -> None:
        """End the process, which notices that the channel is closed."""
        self._channel.close()
        try:
            self._child.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
