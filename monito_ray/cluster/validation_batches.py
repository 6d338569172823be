"""Rows of several lists judged together: in one Ray Data execution, or, where they are few, in plain Ray tasks."""

import pickle
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any, cast

import pyarrow as pa

from monito_ray.cluster.bisect import WorkerDied, isolate_failures
from monito_ray.cluster.tasks import JUDGING, ray_errors_translated, slot, submit, task_name, wait_for, worker_death_as_error
from monito_ray.errors import MonitoError

Judge = Callable[[pa.Table], pa.Table]

_LIST = "__list__"
_ERROR = "__error__"
_FEW_BLOCKS = 4
# Two executions at once slow each other down more than they gain.
_one_at_a_time = threading.Lock()


def map_batches(tables: Sequence[pa.Table], judge: Judge, set_aside: Judge, rows_per_batch: int = 2000) -> list[pa.Table]:
    """`judge` over the rows of several lists in one Ray Data execution: a table for each of `tables`, rows in their order.

    A batch that `judge` sees holds rows of one list, up to `rows_per_batch` of them; what it returns may have other columns
    and another number of rows. A list without rows is judged here. When a process dies of its rows, those that kill are found by
    halving, with at most log2(`rows_per_batch`) + 3 deaths for one of them, and given to `set_aside` in this process instead.

    Raises:
        MonitoError: as `judge` raised it.
        ClusterUnavailable: Ray is gone.
    """
    blocks = _blocks(tables, rows_per_batch)
    judged = pa.concat_tables(_judged(blocks, judge, set_aside)) if blocks else None
    return [_rows_of(judged, number) if judged is not None and table.num_rows else judge(table) for number, table in enumerate(tables)]


def _judged(blocks: list[pa.Table], judge: Judge, set_aside: Judge) -> list[pa.Table]:
    with _one_at_a_time, ray_errors_translated():
        try:
            with worker_death_as_error():
                found = _execute(blocks, judge)
        except WorkerDied:
            found = [part for block in blocks for part in _salvaged(block, judge, set_aside)]
    for table in found:
        if _ERROR in table.column_names:
            raise pickle.loads(table.column(_ERROR)[0].as_py())  # noqa: S301 - written by `judge_rows`
    return [table for table in found if table.num_rows]


def _execute(blocks: list[pa.Table], judge: Judge) -> list[pa.Table]:
    """What Ray Data makes of the blocks. A few are tasks one after another instead: planning an execution takes longer than they do."""
    if len(blocks) <= _FEW_BLOCKS:
        return [_judged_alone(block, judge) for block in blocks]
    import ray  # noqa: PLC0415
    import ray.data  # noqa: PLC0415

    with warnings.catch_warnings():
        # Ray Data runs a task whose process died again without end, and Ray 2.60 has no other word for that.
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        # zero_copy_batch: `judge` is pure, so the block need not be copied for it.
        rows = ray.data.from_arrow(blocks).map_batches(
            cast("Any", judge_rows), fn_args=(judge,), batch_size=None, batch_format="pyarrow", zero_copy_batch=True, max_retries=0
        )
    return cast("list[pa.Table]", ray.get(rows.to_arrow_refs()))


def _judged_alone(block: pa.Table, judge: Judge) -> pa.Table:
    with slot(JUDGING):
        return cast("pa.Table", wait_for(submit(task_name(judge_rows), judge_rows, block, judge)))


def _salvaged(block: pa.Table, judge: Judge, set_aside: Judge) -> list[pa.Table]:
    """The block judged part by part, each in a task of its own, and the rows that kill it set aside."""

    def part(start: int, end: int) -> pa.Table:
        with worker_death_as_error():
            return wait_for(submit(task_name(judge_rows), judge_rows, block.slice(start, end - start), judge))

    sifted = isolate_failures(block.num_rows, part)
    aside = [(row, judge_rows(block.slice(row, 1), set_aside)) for row in sifted.deadly]
    return [table for _, table in sorted([(start, table) for start, _, table in sifted.parts] + aside, key=lambda found: found[0])]


def _blocks(tables: Sequence[pa.Table], rows_per_block: int) -> list[pa.Table]:
    """The lists one behind the other, numbered, in few large blocks."""
    numbered = [
        table.append_column(_LIST, pa.array([number] * table.num_rows, pa.int32())) for number, table in enumerate(tables) if table.num_rows
    ]
    if not numbered:
        return []
    rows = pa.concat_tables(numbered)
    return [rows.slice(start, rows_per_block).combine_chunks() for start in range(0, rows.num_rows, rows_per_block)]


def judge_rows(block: pa.Table, judge: Judge) -> pa.Table:
    """What a task of the execution does; the dashboard shows it under this name."""
    judged = []
    try:
        for number in dict.fromkeys(block.column(_LIST).to_pylist()):
            result = judge(_rows_of(block, number))
            judged.append(result.append_column(_LIST, pa.array([number] * result.num_rows, pa.int32())))
    except MonitoError as error:
        # Ray Data hands on of an exception its text alone, so ours travel as a value.
        return pa.table({_ERROR: pa.array([pickle.dumps(error)], pa.binary())})
    return pa.concat_tables(judged)


def _rows_of(table: pa.Table, number: int) -> pa.Table:
    import pyarrow.compute as pc  # noqa: PLC0415

    return table.filter(pc.equal(table.column(_LIST), number)).drop_columns(_LIST)
