"""Files read in Ray tasks: what happens to a reader costs its file alone."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from monito_ray.cluster import tasks
from monito_ray.errors import FileDamaged, FileEncrypted

pytestmark = pytest.mark.ray


def _length(data: bytes, file_name: str, factor: int) -> tuple[int, str]:
    return len(data) * factor, file_name


def _encrypted(data: bytes, file_name: str) -> None:
    raise FileEncrypted(f"{file_name}: {len(data)} bytes nobody can read", "Ask for the password.")


def _bug(_data: bytes, _file_name: str) -> None:
    raise KeyError("price")


def _slow(_data: bytes, file_name: str) -> str:
    time.sleep(1.2)
    return file_name


def _endless(_data: bytes, _file_name: str) -> None:
    while True:
        pass


def _name(_data: bytes, file_name: str) -> str:
    return file_name


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


def test_a_file_that_keeps_its_reader_for_ever_is_damaged():
    """The process is ended, the error names the file, and the next one is read."""
    with pytest.raises(FileDamaged, match=r"^endless\.ods: .*keep on for more than 0\.0333 minutes"):
        tasks.read_file(b"abc", "endless.ods", _endless, limit_s=2.0)
    assert tasks.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")


def test_a_file_that_waits_for_a_reader_is_not_blamed():
    """More files than there are cores: the last begins when its time would be over, and is read like the first."""
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda number: tasks.read_file(b"abc", f"{number}.csv", _slow, limit_s=2.5), range(6)))
    assert found == [f"{number}.csv" for number in range(6)]


def test_a_file_that_kills_its_reader_is_damaged():
    """A process that dies costs the file, which the error names, and the next one is read."""
    with pytest.raises(FileDamaged, match=r"bomb\.xlsx"):
        tasks.read_file(b"abc", "bomb.xlsx", _crash)
    assert tasks.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")


def test_what_goes_ahead_of_reading_is_left_when_it_kills():
    """It is tried once and instead of the reading; when its process dies, the file is read and nothing more."""
    assert tasks.read_file(b"abc", "list.xlsx", _crash, ahead=_name) == "list.xlsx"
    assert tasks.read_file(b"abc", "list.xlsx", _name, ahead=_crash) == "list.xlsx"
