"""Long lists on Ray Data: slices of several lists in one execution, their blocks side by side on all cores."""

import os
import pickle
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa

from monito_ray import log
from monito_ray.cluster import node_watch
from monito_ray.cluster.bisect import isolate_failures
from monito_ray.cluster.tasks import NodeLost, cores, end_process_after, on_node, ray_errors_translated, worker_death_as_error
from monito_ray.errors import ClusterUnavailable, MonitoError
from monito_ray.isolation.limits import rows_budget
from monito_ray.isolation.process_limits import limited

TableFunction = Callable[[pa.Table], pa.Table]

#: Time that a block may take. A block takes under a second; one that hangs would hold up every list.
BLOCK_LIMIT_S = 60.0

#: No execution takes this long, and how often one is repeated because a node was lost.
_LOST_AFTER_S, _MOST_MOVES = 1800.0, 8
#: How often a wait looks at the nodes.
_LOOK_EVERY_S = 0.1

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
            return _execute_somewhere(_blocks(slices, ends, start, end), [piece.function for piece in slices], block_limit_s)

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


def _execute_somewhere(blocks: list[pa.Table], functions: Sequence[TableFunction], limit_s: float) -> list[pa.Table]:
    """Execute once more when a node is lost on the way: the functions are pure, and Ray may wait for a node that is cut off for ever."""
    for _ in range(_MOST_MOVES):
        try:
            return _watched(lambda: _execute(blocks, functions, limit_s))
        except NodeLost as error:
            log.warning("rows.moved", message="a node is lost; the rows of long lists are worked on elsewhere", cause=str(error))
    raise ClusterUnavailable(f"{_MOST_MOVES} nodes were lost while they worked on rows")


def _watched(execute: Callable[[], list[pa.Table]]) -> list[pa.Table]:
    """Call `execute` in a thread, which is left to itself when a node is lost meanwhile."""
    done: Future[list[pa.Table]] = Future()
    watch, until = node_watch.watch(), time.monotonic() + _LOST_AFTER_S
    losses = watch.losses

    def run() -> None:
        try:
            done.set_result(execute())
        except BaseException as error:  # noqa: BLE001  raised by the caller below
            done.set_exception(error)

    threading.Thread(target=run, name="rows", daemon=True).start()
    while True:
        try:
            return done.result(_LOOK_EVERY_S)
        except TimeoutError:
            if done.done():
                raise  # it is the function's own
            if watch.losses != losses or time.monotonic() > until:
                raise NodeLost("a node does not answer") from None


def _remote_arguments() -> dict[str, Any]:
    """Return where the next block goes: to a node that answers."""
    with node_watch.watch().placed() as node_id:
        return {"scheduling_strategy": on_node(node_id, is_soft=True)}


def _execute(blocks: list[pa.Table], functions: Sequence[TableFunction], limit_s: float) -> list[pa.Table]:
    import ray  # noqa: PLC0415
    import ray.data  # noqa: PLC0415

    with warnings.catch_warnings():
        # Ray Data repeats a task whose process died without end unless max_retries is 0, and Ray 2.60 has no other word for that.
        warnings.filterwarnings("ignore", "`ray_remote_args")
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
            ray_remote_args_fn=_remote_arguments if node_watch.watch().away() else None,
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
