"""A queue of processes and threads before one file: who came first has it first.

Locks that poll have no order: of 20 writers at once one in a hundred waits ten times as long as the others. The kernel's own queue has.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockTimeout(Exception):
    """It was somebody else's turn for too long."""


@contextmanager
def file_lock(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold the lock on the file at `path`, made if need be, for the block. Whoever is killed gives it back.

    Raises:
        TurnMissed: after `timeout_s`.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait(handle, timeout_s)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, timeout_s: float) -> None:
    # `flock` knows no time-out, so a thread waits, with a handle of its own to the same open file: the lock is the file's, and goes
    # when both are closed, also when nobody waits for the thread any more.
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
