"""Calls in a child process, which lives on for the next one: what hurts there costs the call and not this process."""

import atexit
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, TypeVar, cast

from monito_ray.isolation.child_messages import CallOutcome, receive_marked, send
from monito_ray.isolation.limits import ReadingBudget

T = TypeVar("T")

_MAIN = "import sys; sys.path[:] = sys.argv[4:]; from monito_ray.isolation.child_main import serve; serve(*map(int, sys.argv[1:3]), sys.argv[3])"
#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1
#: Children that wait for the next call of this process; more come and go.
_MOST_IDLE = 2
#: A call that has computed for longer gives way to others: most lists take less, and those made to hurt take all that they get.
_FRESH_CPU_S = 2.0
#: The first call of a child loads the reader and its words, too: 1.5 s on one machine and 3.6 s on another, where every child would be ended after its
#: first file, and the next file wait for the same again.
_LOADING_CPU_S = 2.5
_OLD_NICENESS = 10
#: A process that died of itself with this share of its memory taken died for want of more.
_EXHAUSTED_SHARE = 0.6
#: Their places behind the name of the process, see proc(5).
_STATE, _USER_TICKS, _SYSTEM_TICKS, _RESIDENT_PAGES = 0, 11, 12, 21
#: The state of a process that waits for an event; one that waits for a processor, or for a disk, has another.
_ASLEEP = "S"
_OWN_DEATHS = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGFPE})


class Loss(StrEnum):
    """Why a child did not answer."""

    #: It needed more memory, or more processor time, than its budget.
    MEMORY = "memory"
    CPU = "cpu"
    #: It neither computed nor answered.
    SILENT = "silent"
    #: It crashed, or something else ended it.
    CRASHED = "crashed"
    KILLED = "killed"


class ChildLost(Exception):
    """A child died, or was ended, before it answered."""

    def __init__(self, loss: Loss, budget: ReadingBudget, cpu_s: float = 0.0) -> None:
        super().__init__(loss, budget, cpu_s)
        self.loss = loss
        #: As it was at first: the child may have raised it for what it found in the file.
        self.budget = budget
        #: The processor time that the child took for the call, as far as it was seen.
        self.cpu_s = cpu_s


class _RaisedInChild(Exception):
    """Where in the child an exception was raised; shown as its cause."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class _WorkingChild:
    """A running child and the pipe to it; it imports `modules` while it waits for its first call."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._gives_way = False
        self._is_loaded = False
        # The kernel counts what this process took as the child's, too, since both are one until the child's program begins.
        self._inherited_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self._connection, theirs = Pipe()
        parent_read, self._parent_write = os.pipe()
        passed = theirs.fileno(), parent_read
        # Arrow's own allocator maps a gigabyte ahead, which would count as memory in use.
        # A panic of Rust for want of memory needs more of it to say where it was, and then waits for itself for ever.
        environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "RUST_BACKTRACE": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, *map(str, passed), ",".join(modules), *sys.path],
            pass_fds=passed,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # libraries write of a panic what the error says in one line
        )
        theirs.close()
        os.close(parent_read)

    def call(
        self, budget: ReadingBudget, function: Callable[..., T], args: tuple[Any, ...], check_stop: Callable[[], None]
    ) -> tuple[T, bool]:
        """Return what the function returns, and whether the child ends after it; raises as `run_isolated`."""
        clock = _ChildClock(self._process.pid)
        fresh_s = _FRESH_CPU_S if self._is_loaded else _FRESH_CPU_S + _LOADING_CPU_S
        self._is_loaded = True
        try:
            send(self._connection, (budget, function, args))
            while not self._connection.poll(_LOOK_EVERY_S):
                check_stop()
                if clock.silence_s() > budget.silent_s:
                    raise ChildLost(Loss.SILENT, budget)
                if clock.cpu_s > fresh_s:
                    self._give_way()
            (outcome, *answer), is_last = receive_marked(self._connection)
            is_last = is_last or self._gives_way
        except (EOFError, OSError):
            clock.silence_s()  # the kernel keeps the times of a dead child until somebody has waited for it
            raise ChildLost(self._cause_of_death(budget, clock.peak_bytes), budget, clock.cpu_s) from None
        match outcome:
            case CallOutcome.RETURNED:
                return cast("T", answer[0]), is_last
            case CallOutcome.RAISED:
                error, where = answer
                error.__cause__ = _RaisedInChild(where)
                error.is_last = is_last
                raise error
        raise ChildLost(Loss.MEMORY, budget)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def end(self) -> None:
        """End the child and free what it has."""
        self._connection.close()
        with suppress(OSError):
            os.close(self._parent_write)
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()

    def _give_way(self) -> None:
        """Let younger processes go first; it cannot be taken back, so that the child works for no further call."""
        if not self._gives_way:
            self._gives_way = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _OLD_NICENESS)

    def _cause_of_death(self, budget: ReadingBudget, seen_bytes: int) -> Loss:
        """Return why the child died, which was seen to have taken `seen_bytes`."""
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        death = -self._process.returncode
        if death == signal.SIGXCPU:
            return Loss.CPU
        own_bytes = usage.ru_maxrss * 1024 if usage.ru_maxrss > self._inherited_kb else 0
        if max(own_bytes, seen_bytes) > budget.memory_bytes * _EXHAUSTED_SHARE and death in _OWN_DEATHS:
            return Loss.MEMORY
        return Loss.KILLED if death == signal.SIGKILL else Loss.CRASHED


class _ChildClock:
    """The processor time of a child since a moment and its memory, as the kernel has them; nothing where that cannot be seen."""

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")
        #: The most memory that it had when it was looked at.
        self.peak_bytes = 0
        self._is_asleep = False
        self._start_ticks = self._ticks = self._read_ticks()
        self._since = time.monotonic()

    def silence_s(self) -> float:
        """Return for how long the child neither computes nor wants to."""
        ticks, now = self._read_ticks(), time.monotonic()
        if ticks != self._ticks or not ticks or not self._is_asleep:
            self._ticks, self._since = ticks, now
        return now - self._since

    @property
    def cpu_s(self) -> float:
        """The processor time at the last look."""
        return (self._ticks - self._start_ticks) / os.sysconf("SC_CLK_TCK")

    def _read_ticks(self) -> int:
        try:
            fields = self._stat.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            return 0
        self._is_asleep = fields[_STATE] == _ASLEEP
        self.peak_bytes = max(self.peak_bytes, int(fields[_RESIDENT_PAGES]) * os.sysconf("SC_PAGE_SIZE"))
        return int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])


_idle: list[_WorkingChild] = []


def run_isolated(function: Callable[..., T], *args: Any, budget: ReadingBudget, check_stop: Callable[[], None] = lambda: None) -> T:
    """Return `function(*args)`, called in a child process. Function, arguments and result are pickled.

    `check_stop` is called several times a second and may raise; then the child is ended.

    Raises:
        ChildLost: the child needed more than its budget, or died.
        Exception: as `function` raised it.
    """
    child = _idle.pop() if _idle else _WorkingChild()
    is_over = True
    try:
        result, is_over = child.call(budget, function, args, check_stop)
    except ChildLost:
        raise
    except Exception as error:
        is_over = vars(error).pop("is_last", True)
        raise
    finally:
        if is_over or len(_idle) >= _MOST_IDLE:
            child.end()
        else:
            _idle.append(child)
    return result


def start_child(modules: Sequence[str] = ()) -> None:
    """Have a child ready for the next call, which then need not wait for its start; a new one imports `modules` meanwhile."""
    if not _idle:
        _idle.append(_WorkingChild(modules))


def idle_pids() -> list[int]:
    """Return the process ids of the children that wait for a call; the last one gets it."""
    return [child.pid for child in _idle]


def end_idle_children() -> None:
    """End the children that wait for a call."""
    while _idle:
        _idle.pop().end()


atexit.register(end_idle_children)
os.register_at_fork(after_in_child=_idle.clear)  # they answer to the parent
