"""Calls in a child process: what a file does to its reader costs that file one line."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monito_ray.errors import FileDamaged, FileEncrypted, FileTooCostly
from monito_ray.isolation.child_process import end_idle_children
from monito_ray.isolation.file_reading import read_isolated
from monito_ray.isolation.limits import MEGABYTE, READING_BUDGET, ReadingBudget
from monito_ray.isolation.process_limits import allow_at_least

BUDGET = ReadingBudget(memory_bytes=200 * MEGABYTE, cpu_s=1.0, silent_s=30.0)
IMPATIENT = ReadingBudget(memory_bytes=200 * MEGABYTE, cpu_s=9.0, silent_s=0.3)
_PARENT = """
import sys, time
sys.path.insert(0, {folder!r})
import test_isolation
from monito_ray.isolation.file_reading import read_isolated
print(read_isolated(test_isolation.process_id, b"", ""), flush=True)
read_isolated(test_isolation.endless, b"", "")
"""
_LIMITED = """
import resource, sys
sys.path.insert(0, {folder!r})
import test_isolation
from monito_ray.isolation.file_reading import read_isolated
resource.setrlimit(resource.RLIMIT_DATA, ({hard}, {hard}))
print(read_isolated(test_isolation.data_limit, b"", ""))
print(*(read_isolated(test_isolation.length, b"abc", "list.xlsx")[0] for _ in range(2)))
print(resource.getrlimit(resource.RLIMIT_DATA)[0])
"""
_LARGE = """
import sys
sys.path.insert(0, {folder!r})
import test_isolation
from monito_ray.errors import FileDamaged
from monito_ray.isolation.file_reading import read_isolated
taken = b"x" * {size}
try:
    read_isolated(test_isolation._crashes, b"abc", "list.xlsx")
except FileDamaged as error:
    print(error)
"""


PATIENT = ReadingBudget(memory_bytes=200 * MEGABYTE, cpu_s=20.0, silent_s=30.0)


def computing(_data: bytes, _file_name: str, seconds: float) -> int:
    """Compute for so long, and return where."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return os.getpid()


class Cancelled(Exception):
    """The caller does not want the result any longer."""


def length(data: bytes, file_name: str, factor: int = 1) -> tuple[int, str]:
    """Return something of the arguments."""
    return len(data) * factor, file_name


def process_id(_data: bytes, _file_name: str) -> int:
    """Return whose process this is."""
    return os.getpid()


def data_limit(_data: bytes, _file_name: str) -> int:
    """Return the hard limit of memory."""
    return resource.getrlimit(resource.RLIMIT_DATA)[1]


def endless(_data: bytes, _file_name: str) -> None:
    """Compute for ever."""
    while True:
        pass


def _endless_and_long(_data: bytes, _file_name: str) -> None:
    allow_at_least(ReadingBudget(0, 3.0, 0.0))  # as a list of many rows does, once they are counted
    endless(_data, _file_name)


def _asleep(_data: bytes, _file_name: str) -> None:
    time.sleep(60)


def _grows(_data: bytes, _file_name: str) -> None:
    kept = []
    while True:
        kept.append(bytearray(10 * MEGABYTE))


def _returns_too_much(_data: bytes, _file_name: str) -> list[bytes]:
    return [os.urandom(1000) for _ in range(150_000)]


def _grows_and_crashes(_data: bytes, _file_name: str) -> None:
    kept = b"x" * (150 * MEGABYTE)
    time.sleep(0.3)  # as files do, which do not die of the first byte too many
    os.abort()
    kept.clear()  # type: ignore[attr-defined]  # never comes to it


def _crashes(_data: bytes, _file_name: str) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _killed(_data: bytes, _file_name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _encrypted(data: bytes, file_name: str) -> None:
    raise FileEncrypted(f"{file_name}: {len(data)} bytes nobody can read", "Ask for the password.")


def _bug(_data: bytes, _file_name: str) -> None:
    raise KeyError("price")


def test_a_child_lives_on_for_the_next_file():
    """Functions get the bytes, the name and what else they want, and one process reads file after file."""
    assert read_isolated(length, b"abc", "list.xlsx", 2) == (6, "list.xlsx")
    assert read_isolated(process_id, b"", "") == read_isolated(process_id, b"", "") != os.getpid()


def test_a_child_is_kept_for_what_it_loaded_and_not_for_what_it_computed():
    """The first file of a child pays for its modules and words, which no slow machine is to load again for each file."""
    end_idle_children()
    first = read_isolated(computing, b"", "", 2.5, budget=PATIENT)
    assert read_isolated(computing, b"", "", 2.5, budget=PATIENT) == first
    assert read_isolated(process_id, b"", "") != first


@pytest.mark.parametrize(
    ("read", "budget", "error", "cause"),
    [
        (endless, BUDGET, FileTooCostly, "more than 1 seconds of computing"),
        (_endless_and_long, BUDGET, FileTooCostly, "more than [34] seconds of computing"),
        (_grows, BUDGET, FileTooCostly, "more than 200 MB of memory"),
        (_returns_too_much, BUDGET, FileTooCostly, "more than 200 MB of memory"),
        (_grows_and_crashes, BUDGET, FileTooCostly, "more than 200 MB of memory"),
        (_asleep, IMPATIENT, FileTooCostly, "stands still"),
        (_crashes, READING_BUDGET, FileDamaged, "makes its reader crash"),
        (_killed, READING_BUDGET, FileDamaged, "makes its reader crash"),
        (_encrypted, BUDGET, FileEncrypted, "3 bytes nobody can read"),
        (_bug, BUDGET, KeyError, "price"),
    ],
)
def test_what_a_file_does_costs_that_file(read: Callable[..., object], budget: ReadingBudget, error: type[Exception], cause: str):
    """One line names the file and the cause, and the next file is read."""
    with pytest.raises(error, match=cause) as caught:
        read_isolated(read, b"abc", "list.xlsx", budget=budget)
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(("list.xlsx: ", "'price'"))
    assert read_isolated(length, b"abc", "list.xlsx") == (3, "list.xlsx")


def test_a_crash_is_no_want_of_memory_where_the_parent_is_large():
    """What the parent has taken does not count as the child's."""
    script = _LARGE.format(folder=str(Path(__file__).parent), size=450 * MEGABYTE)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout == "list.xlsx: the file makes its reader crash\n", ended.stderr


def test_what_goes_ahead_of_reading_is_left_when_it_crashes():
    """It is tried once and instead of the reading; after a crash the file is read and nothing more, after a limit it is refused."""
    assert read_isolated(_crashes, b"abc", "list.xlsx", ahead=length) == (3, "list.xlsx")
    assert read_isolated(length, b"abc", "list.xlsx", ahead=_crashes) == (3, "list.xlsx")
    with pytest.raises(FileTooCostly):
        read_isolated(length, b"abc", "list.xlsx", ahead=_grows, budget=BUDGET)


def test_who_does_not_want_the_result_ends_the_reading():
    """An exception of the caller's comes through at once, and the process that worked for it is gone."""
    calls = iter([None, Cancelled()])

    def check_stop() -> None:
        if error := next(calls):
            raise error

    before = read_isolated(process_id, b"", "")
    began = time.monotonic()
    with pytest.raises(Cancelled):
        read_isolated(endless, b"", "list.xlsx", check_stop=check_stop)
    assert time.monotonic() - began < 1.5
    assert not Path(f"/proc/{before}").exists()


def test_limits_of_the_machine_stay_as_they_are():
    """A child that its surroundings hold to hard limits works on for call after call, and within them."""
    hard = 4_000 * MEGABYTE
    script = _LIMITED.format(folder=str(Path(__file__).parent), hard=hard)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(hard), "3", "3", str(hard)]


def test_a_child_ends_with_its_parent():
    """Also when the parent is killed while the child computes."""
    script = _PARENT.format(folder=str(Path(__file__).parent))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}").exists()
