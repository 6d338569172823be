"""Files read in Ray tasks: what happens to a reader costs its file alone."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monito_ray.cluster import tasks
from monito_ray.errors import FileDamaged, FileEncrypted, FileTooCostly
from monito_ray.isolation.limits import MEGABYTE, ReadingBudget

pytestmark = pytest.mark.ray
#: Two seconds are promised; a busy machine may take longer.
MOST_CANCEL_S = 20.0


def _length(data: bytes, file_name: str, factor: int) -> tuple[int, str]:
    return len(data) * factor, file_name


def _encrypted(data: bytes, file_name: str) -> None:
    raise FileEncrypted(f"{file_name}: {len(data)} bytes nobody can read", "Ask for the password.")


def _bug(_data: bytes, _file_name: str) -> None:
    raise KeyError("price")


def _slow(_data: bytes, file_name: str) -> str:
    time.sleep(1.2)
    return file_name


def _endless(_data: bytes, _file_name: str, worker_file: str) -> None:
    Path(worker_file).write_text(str(os.getppid()))
    while True:
        pass


def _crash(_data: bytes, _file_name: str) -> None:
    os.abort()


def test_a_file_is_read_in_a_task():
    """The function gets the bytes, the name and what else it wants, and its result comes back."""
    assert tasks.read_file(b"abc", "list.xlsx", _length, 2) == (6, "list.xlsx")


def test_errors_of_the_reader_come_through_as_themselves():
    """Type, message and remedy survive the way through Ray."""
    with pytest.raises(FileEncrypted) as caught:
        tasks.read_file(b"abc", "list.xlsx", _encrypted)
    assert type(caught.value) is FileEncrypted
    assert (str(caught.value), caught.value.remedy) == ("list.xlsx: 3 bytes nobody can read", "Ask for the password.")


def test_a_bug_in_the_reader_stays_a_bug():
    """An exception that is not ours keeps its type."""
    with pytest.raises(KeyError) as caught:
        tasks.read_file(b"abc", "list.xlsx", _bug)
    assert type(caught.value) is KeyError


def test_a_file_that_computes_for_too_long_is_refused(tmp_path: Path):
    """Once and not three times; the error names the file, and the next one is read."""
    budget = ReadingBudget(memory_bytes=500 * MEGABYTE, cpu_s=1.0)
    with pytest.raises(FileTooCostly, match=r"^endless\.ods: .* more than 1 seconds of computing"):
        tasks.read_file(b"abc", "endless.ods", _endless, str(tmp_path / "worker"), budget=budget)
    assert tasks.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")


def test_a_cancelled_file_frees_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A task that is told to stop leaves its place in line, or its worker, which is interrupted and not killed, and lives on."""
    monkeypatch.setattr(tasks, "_CANCEL_LIMIT_S", 3 * MOST_CANCEL_S)
    worker_file = tmp_path / "worker"
    stopped = threading.Event()

    def check_stop() -> None:
        if stopped.is_set():
            raise InterruptedError

    def read(number: int) -> None:
        with pytest.raises(InterruptedError):
            tasks.read_file(b"abc", f"{number}.csv", _endless, str(worker_file), check_stop=check_stop)

    with ThreadPoolExecutor(8) as threads:  # more than there are slots
        reading = [threads.submit(read, number) for number in range(8)]
        while not worker_file.exists() or not worker_file.read_text():
            time.sleep(0.01)
        stopped.set()
        began = time.monotonic()
        for one in reading:
            one.result()
        assert time.monotonic() - began < MOST_CANCEL_S
    assert tasks.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")
    assert time.monotonic() - began < 2 * MOST_CANCEL_S
    os.kill(int(worker_file.read_text()), 0)


def test_files_wait_for_a_reader():
    """More files than there are cores: each is read when its turn comes."""
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda number: tasks.read_file(b"abc", f"{number}.csv", _slow), range(6)))
    assert found == [f"{number}.csv" for number in range(6)]


def test_a_file_that_kills_its_reader_is_damaged():
    """A process that dies costs the file, which the error names, and the next one is read."""
    with pytest.raises(FileDamaged, match=r"bomb\.xlsx"):
        tasks.read_file(b"abc", "bomb.xlsx", _crash)
    assert tasks.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")
