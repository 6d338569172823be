"""A fair (first come, first served) lock on a file, for threads and processes.

Locks that poll serve waiters in no order: of 20 writers at once, one in a hundred waits ten times as long as the others. The kernel
queues the waiters of `flock`. Windows has none, so there the lock is one that polls.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from monito_ray.store.private_files import FILE_MODE

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


_POLL_S = 0.003


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
    handle = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait(handle, timeout_s)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, timeout_s: float) -> None:
    # `flock` has no time-out, so a thread waits, with its own descriptor of the same open file. The lock belongs to the open file and
    # goes when both descriptors are closed, also after a time-out.
    waiter = threading.Thread(target=_lock_and_close, args=(os.dup(handle),), daemon=True)
    waiter.start()
    waiter.join(timeout_s)
    if waiter.is_alive():
        raise LockTimeout


def _lock_and_close(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)
