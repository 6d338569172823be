"""Slices of lists on Ray Data: blocks side by side, lists apart, rows that kill isolated."""

import math
import os
import secrets
import signal
import time
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from monito_ray.cluster import batches
from monito_ray.cluster.batches import RowSlice, TableFunction
from monito_ray.errors import FileDamaged

pytestmark = pytest.mark.ray


def _names(prefix: str, count: int) -> pa.Table:
    return pa.table({"name": pa.array([f"{prefix}{number}" for number in range(count)], pa.string())})


def _map(tables: list[pa.Table], function: TableFunction, fallback: TableFunction, block_rows: int, **limit: float) -> list[pa.Table]:
    return batches.map_slices([RowSlice(table, function, fallback, block_rows) for table in tables], **limit)


def _with_block(table: pa.Table) -> pa.Table:
    """Say of each row how large its block was, which process had it, and when."""
    began = time.time()
    time.sleep(0.3)
    stamps = {"rows": table.num_rows, "pid": os.getpid(), "began": began, "ended": time.time()}
    return pa.table({"name": table.column("name"), **{key: [value] * table.num_rows for key, value in stamps.items()}})


def test_lists_share_an_execution_and_stay_apart():
    """Each list comes back whole, in order, and no block mixes lists or is larger than asked for."""
    tables = [_names("a", 5), _names("b", 0), _names("c", 3), _names("d", 9)]
    results = _map(tables, _with_block, _with_block, 4)
    for table, result in zip(tables, results, strict=True):
        assert result.column("name").to_pylist() == table.column("name").to_pylist()
    assert [result.column("rows").to_pylist() for result in results] == [[4] * 4 + [1], [], [3] * 3, [4] * 8 + [1]]


def _size(table: pa.Table) -> pa.Table:
    return pa.table({"size": [float(len(name)) for name in table.column("name").to_pylist()]})


def _shout(table: pa.Table) -> pa.Table:
    return pa.table({"size": [name.upper() for name in table.column("name").to_pylist()]})


def test_slices_of_one_execution_may_have_different_functions():
    """Each list has its own work done, even where the columns that come of it are of other types."""
    slices = [RowSlice(_names("a", 3), _size, _size, 2), RowSlice(_names("b", 2), _shout, _shout, 2)]
    assert [result.column("size").to_pylist() for result in batches.map_slices(slices)] == [[2.0] * 3, ["B0", "B1"]]


def test_the_blocks_of_one_list_run_side_by_side():
    """Two processes work on one list at the same time."""
    (result,) = _map([_names("a", 60)], _with_block, _with_block, 10)
    blocks = {tuple(row.values()) for row in result.drop_columns("name").to_pylist()}
    assert len(blocks) == 6
    overlaps = [(one, other) for one in blocks for other in blocks if one[1] != other[1] and one[2] < other[3] and other[2] < one[3]]
    assert overlaps


def _refused(_table: pa.Table) -> pa.Table:
    raise FileDamaged("row 7 is torn")


def test_errors_come_through_as_themselves():
    """Ray Data's wrapping is taken off."""
    with pytest.raises(FileDamaged, match="row 7 is torn") as caught:
        _map([_names("a", 5)], _refused, _refused, 2)
    assert type(caught.value) is FileDamaged


def _lossy(table: pa.Table) -> pa.Table:
    return table.slice(1)


def test_a_function_that_loses_a_row_fails_loudly():
    """Rows in are rows out."""
    with pytest.raises(RuntimeError, match="made 2 rows of 3"):
        _map([_names("a", 3)], _lossy, _lossy, 5)


def _deadly(table: pa.Table, grave: Path) -> pa.Table:
    """Die of the row a77, once killed by somebody else, and leave a mark of each death."""
    names = table.column("name").to_pylist()
    if "a77" in names or ("b3" in names and not list(grave.iterdir())):
        (grave / secrets.token_hex(4)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return table.append_column("outcome", pa.array(["good"] * table.num_rows))


def _fallback(table: pa.Table) -> pa.Table:
    return table.append_column("outcome", pa.array(["deadly"] * table.num_rows))


def test_a_row_that_kills_its_process_is_isolated(tmp_path: Path):
    """It alone goes to the fallback, in its place, after few deaths; a block that somebody else killed loses nothing."""
    tables = [_names("a", 128), _names("b", 100)]
    results = _map(tables, partial(_deadly, grave=tmp_path), _fallback, 64)
    assert [table.column("name").to_pylist() for table in results] == [table.column("name").to_pylist() for table in tables]
    rows = [row for table in results for row in table.to_pylist()]
    assert [row["name"] for row in rows if row["outcome"] == "deadly"] == ["a77"]
    assert len(list(tmp_path.iterdir())) <= math.log2(228) + 4


def _endless(table: pa.Table) -> pa.Table:
    while "a1" in table.column("name").to_pylist():
        pass
    return _fallback(table)


def test_a_row_that_keeps_its_process_for_ever_is_isolated():
    """The process is ended, and every list comes back."""
    results = _map([_names("a", 3), _names("b", 2)], _endless, _fallback, 2, block_limit_s=1.0)
    assert [table.num_rows for table in results] == [3, 2]
