"""Long lists on Ray Data: slices of several lists in one execution, their blocks side by side on all cores."""

import os
import pickle
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa

from monito_ray.cluster.bisect import isolate_failures
from monito_ray.cluster.tasks import cores, end_process_after, ray_errors_translated, worker_death_as_error
from monito_ray.errors import MonitoError
from monito_ray.isolation.limits import rows_budget
from monito_ray.isolation.process_limits import limited

TableFunction = Callable[[pa.Table], pa.Table]

#: Time that a block may take. A block takes under a second; one that hangs would hold up every list.
BLOCK_LIMIT_S = 60.0

_SLICE = "__slice__"
_OUT_OF_MEMORY = 70
_ERROR = "__error__"
# Two executions at once slow each other down more than they gain: 20 small ones took 3.0 s in threads and 1.1 s in turn.
_one_execution = threading.Lock()


@dataclass(frozen=True, slots=True)
class RowSlice:
    """Rows of one list, and the work on them."""

    rows: pa.Table
    #: Returns a row for each row, in order, with columns of its own; pure, and independent of how rows are cut into blocks.
    function: TableFunction
    #: Replaces `function`, in this process, for rows that kill every process that works on them.
    fallback: TableFunction
    #: The maximum number of rows in a block, which is the work of one Ray task.
    block_rows: int


def map_slices(slices: Sequence[RowSlice], block_limit_s: float = BLOCK_LIMIT_S) -> list[pa.Table]:
    """Return the result of each slice. All of them run in one Ray Data execution.

    When a process dies of its rows, or a block takes longer than `block_limit_s`, the execution is repeated by halves until the rows that
    kill are found: for one of them at most log2(rows of all slices) + 2 processes die.

    Raises:
        MonitoError: as a function raised it.
        ClusterUnavailable: Ray is gone.
    """
    ends = _ends([piece.rows.num_rows for piece in slices])

    def run(start: int, end: int) -> list[pa.Table]:
        with worker_death_as_error():
            return _execute(_blocks(slices, ends, start, end), [piece.function for piece in slices], block_limit_s)

    with _one_execution, ray_errors_translated():
        isolated = isolate_failures(ends[-1] if ends else 0, run)
    results: list[list[tuple[int, pa.Table]]] = [[] for _ in slices]
    for start, _, tables in isolated.parts:
        for table in tables:
            results[table.column(_SLICE)[0].as_py()].append((start, table.drop_columns(_SLICE)))
    for row in isolated.deadly:
        number = next(number for number, end in enumerate(ends) if row < end)
        first = ends[number] - slices[number].rows.num_rows
        results[number].append((row, slices[number].fallback(slices[number].rows.slice(row - first, 1))))
    return [_assemble(piece, tables) for piece, tables in zip(slices, results, strict=True)]


def _assemble(piece: RowSlice, tables: list[tuple[int, pa.Table]]) -> pa.Table:
    """Join the results of a slice in the order of its rows; a slice without rows is worked on here."""
    if not piece.rows.num_rows:
        return piece.function(piece.rows)
    tables.sort(key=lambda result: result[0])
    joined = pa.concat_tables([table for _, table in tables])
    if joined.num_rows != piece.rows.num_rows:
        raise RuntimeError(f"{piece.function} made {joined.num_rows} rows of {piece.rows.num_rows}")
    return joined


def _ends(counts: Sequence[int]) -> list[int]:
    """Return where each slice ends, all slices counted as one run of rows."""
    ends: list[int] = []
    for count in counts:
        ends.append((ends[-1] if ends else 0) + count)
    return ends


def _blocks(slices: Sequence[RowSlice], ends: Sequence[int], start: int, end: int) -> list[pa.Table]:
    """Return the rows from `start` to `end` in blocks that each hold rows of one slice, with its number in a column."""
    blocks = []
    for number, (piece, slice_end) in enumerate(zip(slices, ends, strict=True)):
        slice_start = slice_end - piece.rows.num_rows
        last = min(end, slice_end)
        for first in range(max(start, slice_start), last, piece.block_rows):
            rows = piece.rows.slice(first - slice_start, min(piece.block_rows, last - first)).combine_chunks()
            blocks.append(rows.append_column(_SLICE, pa.repeat(pa.scalar(number, pa.int32()), rows.num_rows)))
    return blocks


def _execute(blocks: list[pa.Table], functions: Sequence[TableFunction], limit_s: float) -> list[pa.Table]:
    import ray  # noqa: PLC0415
    import ray.data  # noqa: PLC0415

    with warnings.catch_warnings():
        # Ray Data repeats a task whose process died without end unless max_retries is 0, and Ray 2.60 has no other word for that.
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        # zero_copy_batch: the functions are pure, so a block need not be copied for them.
        results = ray.data.from_arrow(blocks).map_batches(
            cast("Any", work_on_block),
            fn_args=(functions, limit_s),
            batch_size=None,
            batch_format="pyarrow",
            zero_copy_batch=True,
            # Blocks that waited in Ray would be in front of the short lists that come meanwhile.
            compute=ray.data.TaskPoolStrategy(size=min(cores(), len(blocks))),
            max_retries=0,
        )
    # Ray Data learns of the cluster's cores a second after an execution began, and runs one task at a time until then. The slices bound the
    # number of blocks, so all of them may be submitted at once.
    results.context.op_resource_reservation_enabled = False
    tables = cast("list[pa.Table]", ray.get(results.to_arrow_refs()))
    for table in tables:
        if _ERROR in table.column_names:
            raise pickle.loads(table.column(_ERROR)[0].as_py())  # noqa: S301  written by `work_on_block`
    return tables


def work_on_block(block: pa.Table, functions: Sequence[TableFunction], limit_s: float) -> pa.Table:
    """Return the result of a block with the number of its slice. The dashboard shows the tasks under this function's name."""
    numbers = block.column(_SLICE)
    try:
        with end_process_after(limit_s), limited(rows_budget(block.num_rows)):
            result = functions[numbers[0].as_py()](block.drop_columns(_SLICE))
    except MemoryError:
        # As when a library ends the process for want of memory: the rows are found by halving.
        os._exit(_OUT_OF_MEMORY)
    except MonitoError as error:
        # Ray Data passes only the text of an exception on, so ours travel as a value.
        return pa.table({_ERROR: pa.array([pickle.dumps(error)], pa.binary())})
    return result.append_column(_SLICE, pa.repeat(numbers[0], result.num_rows))
