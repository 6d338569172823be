"""Pure functions on Ray: files read in tasks, lists validated, rows that kill left out."""

import math
import os
import secrets
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from monito_ray.cluster import batches
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


def _doubled(table: pa.Table) -> pa.Table:
    """Every row twice, with the size of the batch it came in."""
    rows = [row for row in table.to_pylist() for _ in range(2)]
    return pa.table(
        {"name": pa.array([row["name"] for row in rows], pa.string()), "seen": pa.array([table.num_rows] * len(rows), pa.int64())}
    )


def _refused(_table: pa.Table) -> pa.Table:
    raise FileDamaged("row 7 is torn")


def _names(prefix: str, count: int) -> pa.Table:
    return pa.table({"name": pa.array([f"{prefix}{number}" for number in range(count)], pa.string())})


def test_a_file_is_read_in_a_task():
    """The function gets the bytes, the name and what else it wants, and its result comes back."""
    assert batches.read_file(b"abc", "list.xlsx", _length, 2) == (6, "list.xlsx")


def test_errors_of_the_reader_come_through_as_themselves():
    """Type, message and remedy survive the way through Ray."""
    with pytest.raises(FileEncrypted) as caught:
        batches.read_file(b"abc", "list.xlsx", _encrypted)
    assert type(caught.value) is FileEncrypted
    assert (str(caught.value), caught.value.remedy) == ("list.xlsx: 3 bytes nobody can read", "Ask for the password.")


def test_a_bug_in_the_reader_stays_a_bug():
    """An exception that is not ours keeps its type."""
    with pytest.raises(KeyError) as caught:
        batches.read_file(b"abc", "list.xlsx", _bug)
    assert type(caught.value) is KeyError


def test_a_file_that_keeps_its_reader_for_ever_is_damaged():
    """The process is ended, the error names the file, and the next one is read."""
    with pytest.raises(FileDamaged, match=r"^endless\.ods: .*keep on for more than 0\.0333 minutes"):
        batches.read_file(b"abc", "endless.ods", _endless, limit_s=2.0)
    assert batches.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")


def test_a_file_that_waits_for_a_reader_is_not_blamed():
    """More files than there are cores: the last begins when its time would be over, and is read like the first."""
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda number: batches.read_file(b"abc", f"{number}.csv", _slow, limit_s=2.5), range(6)))
    assert found == [f"{number}.csv" for number in range(6)]


def test_a_file_that_kills_its_reader_is_damaged():
    """A process that dies costs the file, which the error names, and the next one is read."""
    with pytest.raises(FileDamaged, match=r"bomb\.xlsx"):
        batches.read_file(b"abc", "bomb.xlsx", _crash)
    assert batches.read_file(b"abc", "list.xlsx", _length, 1) == (3, "list.xlsx")


def test_what_goes_ahead_of_reading_is_left_when_it_kills():
    """It is tried once and instead of the reading; when its process dies, the file is read and nothing more."""
    assert batches.read_file(b"abc", "list.xlsx", _crash, ahead=_name) == "list.xlsx"
    assert batches.read_file(b"abc", "list.xlsx", _name, ahead=_crash) == "list.xlsx"


def test_lists_share_an_execution_and_stay_apart():
    """Each list comes back whole, in order, and no batch mixes lists or is larger than asked for."""
    tables = [_names("a", 5), _names("b", 0), _names("c", 3), _names("d", 9)]
    judged = batches.map_batches(tables, _doubled, _doubled, rows_per_batch=4)
    assert [table.column_names for table in judged] == [["name", "seen"]] * 4
    for table, result in zip(tables, judged, strict=True):
        assert result.column("name").to_pylist() == [name for name in table.column("name").to_pylist() for _ in range(2)]
        assert max(result.column("seen").to_pylist(), default=0) <= 4


def test_errors_of_a_judge_come_through_as_themselves():
    """Ray Data's wrapping is taken off."""
    with pytest.raises(FileDamaged, match="row 7 is torn") as caught:
        batches.map_batches([_names("a", 5)], _refused, _refused)
    assert type(caught.value) is FileDamaged


def _deadly(table: pa.Table, grave: Path) -> pa.Table:
    """Die of the row a77, once killed by somebody else, and leave a mark of each death."""
    names = table.column("name").to_pylist()
    if "a77" in names or ("a3" in names and not list(grave.iterdir())):
        (grave / secrets.token_hex(4)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return table.append_column("said", pa.array(["good"] * table.num_rows))


def _aside(table: pa.Table) -> pa.Table:
    return table.append_column("said", pa.array(["deadly"] * table.num_rows))


def test_a_row_that_kills_its_process_is_found_and_the_rest_is_judged(tmp_path: Path):
    """That row alone is set aside, in its place, after at most log2(batch) + 3 deaths; so is none of a batch that others killed."""
    tables = [_names("a", 128), _names("b", 100)]
    judged = batches.map_batches(tables, partial(_deadly, grave=tmp_path), _aside, rows_per_batch=128)
    assert [table.column("name").to_pylist() for table in judged] == [table.column("name").to_pylist() for table in tables]
    assert [name for table in judged for name, said in zip(*table.to_pydict().values(), strict=True) if said == "deadly"] == ["a77"]
    assert len(list(tmp_path.iterdir())) <= math.log2(128) + 3


def _lengths(names: Sequence[str]) -> list[int]:
    if "boom" in names:
        os.kill(os.getpid(), signal.SIGKILL)
    return [len(name) for name in names]


def test_a_function_goes_over_rows_and_leaves_out_those_that_kill():
    """A result for each row, in order; none for the one that kills."""
    assert batches.run_over(_lengths, ["a", "bb", "boom", "ccc"]) == [1, 2, None, 3]


def test_a_function_runs_aside():
    """`run` hands back what the function returns."""
    assert batches.run(max, 3, 7, 5) == 7
