"""Rows of long lists in slices: bounded, shared, and together the whole list."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from lists import never_stop

from monito_ray.cluster.batches import RowSlice
from monito_ray.steps.background.row_batches import BLOCKS_A_CORE, RowBatches
from monito_ray.steps.context import Stopped

ROWS = pa.table({"number": list(range(25))})


class Executions:
    """Runs slices in this thread, once `may_go` is set, and remembers how many rows each execution had of each."""

    def __init__(self) -> None:
        self.rows: list[list[int]] = []
        self.may_go = threading.Event()

    def __call__(self, slices: Sequence[RowSlice]) -> list[pa.Table]:
        """Work on them."""
        self.rows.append([piece.rows.num_rows for piece in slices])
        self.may_go.wait(10)
        return [piece.function(piece.rows) for piece in slices]


def _same(table: pa.Table) -> pa.Table:
    return table


def test_a_list_gives_each_execution_a_slice_for_all_cores():
    """Slices are as long as the blocks of all cores, and together they are the list."""
    executions = Executions()
    executions.may_go.set()
    assert RowBatches(executions, lambda: 2).map(ROWS, _same, _same, 3, never_stop).equals(ROWS)
    assert executions.rows == [[3 * BLOCKS_A_CORE * 2]] * 2 + [[1]]


def test_lists_that_wait_share_an_execution():
    """What comes while an execution runs takes part in the next, a slice of each list."""
    executions = Executions()
    batches = RowBatches(executions, lambda: 1)
    with ThreadPoolExecutor(3) as threads:
        maps = [threads.submit(batches.map, ROWS.slice(0, 2), _same, _same, 1, never_stop) for _ in range(3)]
        while len(batches._executions._waiting) < 2:
            threading.Event().wait(0.001)
        executions.may_go.set()
        assert [future.result(10).num_rows for future in maps] == [2, 2, 2]
    assert executions.rows == [[2], [2, 2]]


def test_a_list_without_rows_has_a_result():
    """The function says which columns it has."""
    executions = Executions()
    executions.may_go.set()
    assert RowBatches(executions, lambda: 1).map(ROWS.slice(0, 0), _same, _same, 1, never_stop).equals(ROWS.slice(0, 0))


def test_a_stop_comes_between_slices():
    """A long list that is cancelled works on no further slice."""
    executions = Executions()
    executions.may_go.set()
    calls = iter([None, Stopped()])

    def check_stop() -> None:
        if error := next(calls):
            raise error

    with pytest.raises(Stopped):
        RowBatches(executions, lambda: 1).map(ROWS, _same, _same, 1, check_stop)
    assert len(executions.rows) == 1
