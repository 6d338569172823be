"""What the product's modules take for `threading`, `time` and an executor while they are simulated."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any

from simulated.world import Crashed, Process, Strand, World

_running: list[World] = []


def begin(world: World) -> None:
    """Let `here` give this world from now on."""
    _running[:] = [world]


def leave() -> None:
    """Have no world any more."""
    _running.clear()


def here() -> World:
    """Return the world that runs."""
    return _running[0]


class Lock:
    """A reentrant lock, first come, first served. One that its owner's death frees goes to the next."""

    def __init__(self) -> None:
        self._owner: Strand | None = None
        self._depth = 0
        self._waiting: deque[Strand] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it; return whether it was had in time."""
        world = here()
        me = world.current
        if self._owner is me:
            self._depth += 1
            return True
        if world.is_over:
            raise Crashed
        if self._is_free():
            self._owner, self._depth = me, 1
            return True
        if not blocking:
            return False
        self._waiting.append(me)
        until = None if timeout < 0 else world.now + timeout
        while self._owner is not me:
            if until is not None and world.now >= until:
                self._waiting.remove(me)
                return False
            world.wait(None if until is None else until - world.now)
        return True

    def release(self) -> None:
        """Give it back."""
        if here().is_over or self._owner is not here().current:
            return
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._pass_on()

    def free(self, process: Process) -> None:
        """Give it back for a process that died."""
        if self._owner is not None and self._owner.process is process:
            self._owner, self._depth = None, 0
            self._pass_on()

    def _is_free(self) -> bool:
        if self._owner is not None and self._owner.process.is_dead:
            self._owner = None
            self._pass_on()
        return self._owner is None

    def _pass_on(self) -> None:
        while self._waiting:
            strand = self._waiting.popleft()
            if not strand.process.is_dead:
                self._owner, self._depth = strand, 1
                here().wake(strand)
                return

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


class Condition:
    """As `threading.Condition`."""

    def __init__(self, lock: Lock | None = None) -> None:
        self._lock = lock or Lock()
        self._waiting: list[Strand] = []
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def wait(self, timeout: float | None = None) -> bool:
        """Wait to be notified, without the lock."""
        world = here()
        world.point("wait")
        me, depth = world.current, self._lock._depth
        self._waiting.append(me)
        self._lock._depth = 1
        self._lock.release()
        try:
            return world.wait(timeout)
        finally:
            if not world.is_over:
                if me in self._waiting:
                    self._waiting.remove(me)
                self._lock.acquire()
                self._lock._depth = depth

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until `predicate()` holds."""
        until = None if timeout is None else here().now + timeout
        while not (result := predicate()):
            if until is not None and here().now >= until:
                break
            self.wait(None if until is None else until - here().now)
        return result

    def notify(self, n: int = 1) -> None:
        """Wake the first `n` that wait."""
        waking, self._waiting = self._waiting[:n], self._waiting[n:]
        for strand in waking:
            here().wake(strand)

    def notify_all(self) -> None:
        """Wake all that wait."""
        self.notify(len(self._waiting))

    def __enter__(self) -> bool:
        return self._lock.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._lock.release()


class Event:
    """As `threading.Event`."""

    def __init__(self) -> None:
        self._is_set = False
        self._waiting: list[Strand] = []

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._is_set

    def set(self) -> None:
        """Set it, and wake all that wait."""
        self._is_set = True
        waking, self._waiting = self._waiting, []
        for strand in waking:
            here().wake(strand)

    def clear(self) -> None:
        """Take it back."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set."""
        world = here()
        world.point("wait")
        if not self._is_set:
            self._waiting.append(world.current)
            world.wait(timeout)
            if world.current in self._waiting:
                self._waiting.remove(world.current)
        return self._is_set


class Thread:
    """As `threading.Thread`: a strand of the process that makes it."""

    def __init__(self, target: Callable[..., Any], args: tuple[Any, ...] = (), name: str = "thread", daemon: bool = True) -> None:
        self.name, self.daemon = name, daemon
        self._target = lambda: target(*args)
        self._strand: Strand | None = None
        self._ended = Event()

    def start(self) -> None:
        """Start it."""
        self._strand = here().spawn(here().process, self.name, self._run)

    def is_alive(self) -> bool:
        """Whether it has begun and not ended."""
        return self._strand is not None and not self._ended.is_set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self._ended.wait(timeout)

    def _run(self) -> None:
        self._target()
        self._ended.set()


class Executor:
    """As `ThreadPoolExecutor`."""

    def __init__(self, max_workers: int = 4, thread_name_prefix: str = "pool") -> None:
        self._slots = max_workers
        self._name = thread_name_prefix
        self._running = 0
        self._queue: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, function: Callable[..., Any], *args: Any) -> "Future[Any]":
        """Call a function in a strand."""
        future: Future[Any] = Future()
        attempt = getattr(args[0], "task", None) if args else None
        lease = None if attempt is None else (attempt.id, attempt.owner, attempt.claim_number)

        def work() -> None:
            here().current.attempt = lease
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function(*args)
            except Crashed:
                raise
            except BaseException as error:  # noqa: BLE001  as the real one
                future.set_exception(error)
            else:
                future.set_result(result)

        self._queue.append((future, work))
        if self._running < self._slots:
            self._running += 1
            here().spawn(here().process, f"{self._name}{self._running}", self._work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Begin nothing more."""
        if cancel_futures:
            for future, _ in self._queue:
                future.cancel()
            self._queue.clear()

    def _work(self) -> None:
        while self._queue:
            _, work = self._queue.popleft()
            work()
        self._running -= 1


class SimulatedThreading:
    """Stands for the module `threading`; to threads of no strand it is that module."""

    Event, Condition, Thread = Event, Condition, Thread

    @staticmethod
    def Lock() -> Any:  # noqa: N802
        """Return a lock."""
        return Lock()

    RLock = Lock


class SimulatedTime:
    """Stands for the module `time`."""

    @staticmethod
    def monotonic() -> float:
        """Return the simulated seconds."""
        return here().now

    perf_counter = monotonic

    @staticmethod
    def sleep(seconds: float) -> None:
        """Let simulated time pass."""
        here().sleep(seconds)


class FuturesThreading:
    """Stands for `threading` in `concurrent.futures`: simulated in strands, real in all other threads."""

    @staticmethod
    def Condition() -> Any:  # noqa: N802
        """Return a condition."""
        return Condition() if _is_simulated() else threading.Condition()

    @staticmethod
    def Event() -> Any:  # noqa: N802
        """Return an event."""
        return Event() if _is_simulated() else threading.Event()

    Lock, RLock = threading.Lock, threading.RLock


def _is_simulated() -> bool:
    return bool(_running) and _running[0].thread_ident == threading.get_ident()


class FuturesTime:
    """Stands for `time` in `concurrent.futures`."""

    @staticmethod
    def monotonic() -> float:
        """Return the seconds of the world, or of the machine."""
        return here().now if _is_simulated() else time.monotonic()
