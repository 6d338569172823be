"""A fair lock on a file, for threads and processes: threads of a process are served in the order in which they came, and processes take turns.

Locks that poll serve waiters in no order: of 20 writers at once, one in a hundred waits ten times as long as the others. The kernel
queues the waiters of `flock`. Windows has none, so there the lock is one that polls.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from monito_ray.store.private_files import FILE_MODE

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


_POLL_S = 0.003
#: How long the threads of a process hand the lock on to each other before other processes have their turn: some ten transactions.
_LONGEST_HANDED_ON_S = 0.1


class LockTimeout(Exception):
    """Others held the lock for too long."""


@contextmanager
def file_lock(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold the lock on the file at `path` during the block. The file is created if it is missing.

    The kernel releases the lock of a process that is killed.

    Raises:
        LockTimeout: the lock was not free within `timeout_s`.
    """
    with _polling_lock(path, timeout_s) if fcntl is None else _queued_lock(path, timeout_s):
        yield


@contextmanager
def _polling_lock(path: Path, timeout_s: float) -> Iterator[None]:
    lock = FileLock(path, mode=FILE_MODE, timeout=timeout_s, poll_interval=_POLL_S)
    try:
        lock.acquire()
    except Timeout:
        raise LockTimeout from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _queued_lock(path: Path, timeout_s: float) -> Iterator[None]:
    queue = _queue_of(path, os.getpid())
    queue.enter(timeout_s)
    try:
        yield
    finally:
        queue.leave()


@cache
def _queue_of(path: Path, _process: int) -> "_Queue":
    """Return the queue of a process, which its own children do not share."""
    return _Queue(path)


class _Queue:
    """The threads of one process that want the lock, and the lock while one of them has it.

    A thread that leaves hands the lock on to the next one for a while. From process to process it takes a dozen times as long: both the thread
    that waits in the kernel and the one that waits for it have to be given the interpreter.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changing = threading.Lock()
        self._is_taken = False
        #: A locked lock for each thread that waits, released when it is its turn.
        self._waiting: deque[threading.Lock] = deque()
        #: The open file that is locked, and since when.
        self._handle: int | None = None
        self._locked_at = 0.0

    def enter(self, timeout_s: float) -> None:
        """Take the lock; raises `LockTimeout`."""
        until = time.monotonic() + timeout_s
        turn = threading.Lock()
        with self._changing:
            if self._is_taken:
                turn.acquire()
                self._waiting.append(turn)
            self._is_taken = True
        try:
            is_turn = turn.acquire(timeout=max(timeout_s, 0.0))
        except BaseException:  # Ctrl-C: those behind it must not wait for a thread that is gone
            if not self._gave_up(turn):
                self._hand_on()
            raise
        if not is_turn and self._gave_up(turn):
            raise LockTimeout
        if self._handle is None:
            try:
                self._handle = _locked_file(self._path, until - time.monotonic())
            except BaseException:
                self._hand_on()
                raise
            self._locked_at = time.monotonic()

    def leave(self) -> None:
        """Hand the lock on to a thread of this process, or give it back where none waits or others may have waited for long."""
        if self._handle is not None and (not self._waiting or time.monotonic() - self._locked_at > _LONGEST_HANDED_ON_S):
            os.close(self._handle)
            self._handle = None
        self._hand_on()

    def _hand_on(self) -> None:
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
                return
            self._is_taken = False
            if self._handle is not None:  # the thread that waited has given up since
                os.close(self._handle)
                self._handle = None

    def _gave_up(self, turn: threading.Lock) -> bool:
        """Leave the queue; return False where it is the thread's turn after all."""
        with self._changing:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True


def _locked_file(path: Path, timeout_s: float) -> int:
    """Return the open file, locked."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait(handle, timeout_s)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _wait(handle: int, timeout_s: float) -> None:
    # `flock` has no time-out, so a thread waits, with its own descriptor of the same open file. The lock belongs to the open file and
    # goes when both descriptors are closed, also after a time-out.
    waiter = threading.Thread(target=_lock_and_close, args=(os.dup(handle),), daemon=True)
    waiter.start()
    waiter.join(max(timeout_s, 0.0))
    if waiter.is_alive():
        raise LockTimeout


def _lock_and_close(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)
