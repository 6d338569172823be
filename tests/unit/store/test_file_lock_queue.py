"""The fair lock on a file."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from monito_ray.store import file_lock_queue
from monito_ray.store.file_lock_queue import LockTimeout, file_lock


def test_the_lock_is_first_come_first_served(tmp_path: Path):
    """Threads that come one after another while the lock is held get it in that order."""
    order: list[int] = []

    def take(number: int) -> None:
        with file_lock(tmp_path / "lock", 10):
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    with file_lock(tmp_path / "lock", 0):
        for thread in threads:
            thread.start()
            time.sleep(0.03)
    for thread in threads:
        thread.join(timeout=10)
    assert order == list(range(8))


def test_a_waiter_that_timed_out_holds_nothing(tmp_path: Path):
    """Its lock request is dropped, so that the next one gets the lock."""
    with file_lock(tmp_path / "lock", 0):
        for wait_s in (0.0, 0.05):
            with pytest.raises(LockTimeout), file_lock(tmp_path / "lock", wait_s):
                pass
    with file_lock(tmp_path / "lock", 1.0):
        pass


OTHER = """
import sys, time
from pathlib import Path
from monito_ray.store.file_lock_queue import file_lock
lock, ready = map(Path, sys.argv[1:])
ready.touch()
with file_lock(lock, 20):
    pass
"""


def test_another_process_has_its_turn_while_threads_hand_the_lock_on(tmp_path: Path):
    """However many threads of this process want it, and want it again."""
    done = threading.Event()

    def keep_taking() -> None:
        while not done.is_set():
            with file_lock(tmp_path / "lock", 20):
                time.sleep(0.002)

    threads = [threading.Thread(target=keep_taking) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        command = [sys.executable, "-c", OTHER, str(tmp_path / "lock"), str(tmp_path / "ready")]
        subprocess.run(command, check=True, timeout=20)
    finally:
        done.set()
        for thread in threads:
            thread.join(20)
    assert (tmp_path / "ready").exists()


def test_a_thread_that_gives_up_leaves_the_queue(tmp_path: Path):
    """Those behind it are served, and the lock is free for other processes when all are through."""
    order: list[str] = []

    def take(name: str, wait_s: float) -> None:
        try:
            with file_lock(tmp_path / "lock", wait_s):
                order.append(name)
        except LockTimeout:
            order.append(f"{name} gave up")

    threads = [threading.Thread(target=take, args=one) for one in (("first", 10.0), ("hasty", 0.05), ("last", 10.0))]
    with file_lock(tmp_path / "lock", 0):
        for thread in threads:
            thread.start()
            time.sleep(0.03)
        time.sleep(0.1)
    for thread in threads:
        thread.join(10)
    assert order == ["hasty gave up", "first", "last"]
    command = [sys.executable, "-c", OTHER, str(tmp_path / "lock"), str(tmp_path / "ready")]
    subprocess.run(command, check=True, timeout=20)


class _Interrupted(Exception):
    """Raised by a signal."""


def _interrupt(*_: object) -> None:
    raise _Interrupted


def test_a_wait_that_is_interrupted_leaves_the_queue(tmp_path: Path):
    """As by Ctrl-C: who comes after it is served."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with file_lock(tmp_path / "lock", 0):
            held.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    before = signal.signal(signal.SIGALRM, _interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(_Interrupted), file_lock(tmp_path / "lock", 10):
            pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    let_go.set()
    thread.join(10)
    with file_lock(tmp_path / "lock", 1.0):
        pass


def test_where_the_kernel_has_no_queue_the_lock_polls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On Windows there is no `fcntl`: the lock holds, is refused in time, and is free afterwards."""
    monkeypatch.setattr(file_lock_queue, "fcntl", None)
    with file_lock(tmp_path / "lock", 0), pytest.raises(LockTimeout), file_lock(tmp_path / "lock", 0.05):
        pass
    with file_lock(tmp_path / "lock", 1.0):
        pass
