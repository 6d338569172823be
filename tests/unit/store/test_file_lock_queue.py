"""The fair lock on a file."""

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


def test_where_the_kernel_has_no_queue_the_lock_polls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On Windows there is no `fcntl`: the lock holds, is refused in time, and is free afterwards."""
    monkeypatch.setattr(file_lock_queue, "fcntl", None)
    with file_lock(tmp_path / "lock", 0), pytest.raises(LockTimeout), file_lock(tmp_path / "lock", 0.05):
        pass
    with file_lock(tmp_path / "lock", 1.0):
        pass
