"""Pure functions on Ray: one call in a task of its own, and rows of several lists in one Ray Data execution."""

import faulthandler
import pickle
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

import pyarrow as pa

from monito_ray.cluster.gate import Gate
from monito_ray.cluster.halving import WorkerDied, sift
from monito_ray.errors import ClusterUnavailable, FileDamaged, MonitoError

T = TypeVar("T")
R = TypeVar("R")
Judge = Callable[[pa.Table], pa.Table]

_LIST = "__list__"
_ERROR = "__error__"
# Long enough that no worker is done before the last has begun.
_SIDE_BY_SIDE_S = 1.0
READ_LIMIT_S = 300.0
_FEW_BLOCKS = 4
_STDERR = 2
# What is furthest goes first: the LLM, which takes longest, has something to do before the last list is read.
_STANDARDIZING, _JUDGING, _READING = range(3)
# Two executions at once slow each other down more than they gain.
_one_at_a_time = threading.Lock()
_awaited: set[Any] = set()
_COUNT_EVERY_S = 2.0
_counted = {"at": float("-inf"), "cores": 1.0}


def run(function: Callable[..., T], *args: Any) -> T:
    """`function(*args)` in a Ray task of its own, tried once.

    Raises:
        MonitoError: as the function raised it; so does every other exception of its.
        ClusterUnavailable: Ray is gone, or the task's process died.
    """
    with _errors_translated():
        return cast("T", _get(_remote(_name(function), function, *args)))


def read_file(
    data: bytes,
    file_name: str,
    read: Callable[..., T],
    *args: Any,
    ahead: Callable[..., T] | None = None,
    limit_s: float = READ_LIMIT_S,
) -> T:
    """`read(data, file_name, *args)` in a Ray task of its own: a file that crashes its reader, or keeps it for ever, costs only itself.

    The time counts from when the reader begins, however long the task has waited for a free one. `ahead`, which does more with the file, is
    called instead, but not again when its process has died: what comes after reading has ways of its own with a row that kills.

    Raises:
        FileDamaged: the process that read the file died, every time it was tried, or has not ended after `limit_s`.
        MonitoError: as `read` raised it.
        ClusterUnavailable: Ray is gone.
    """
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    with _errors_translated():
        for function, is_last in ((ahead or read, False), (read, False), (read, True)):  # a process may be killed by others, too
            try:
                with _turn(_READING):
                    began = time.monotonic()
                    return cast("T", _get(_remote("monito.read_list", _within, limit_s, function, data, file_name, *args)))
            except (WorkerCrashedError, OutOfMemoryError) as error:
                if function is ahead:
                    continue
                crashed = isinstance(error, WorkerCrashedError)
                is_endless = crashed and time.monotonic() - began >= limit_s
                if is_last or is_endless:
                    why = "the file makes its reader crash" if crashed else "the file needs more memory than there is"
                    why += f", or keep on for more than {limit_s / 60:.3g} minutes" if is_endless else ""
                    raise FileDamaged(f"{file_name}: {why}") from None
        raise AssertionError


@contextmanager
def _turn(rank: int) -> Iterator[None]:
    """Wait for a place among the tasks; how many cores there are is asked before, for whoever leaves may find Ray gone."""
    now = time.monotonic()
    if now - _counted["at"] > _COUNT_EVERY_S:  # nodes come and go
        _counted.update(at=now, cores=_cores())
    with _gate.passed(rank):
        yield


def _places() -> int:
    """One task more than the cluster has cores, so that none of them waits for the next."""
    return int(_counted["cores"]) + 1


def _cores() -> int:
    import ray  # noqa: PLC0415

    return max(1, int(cast("Any", ray).cluster_resources().get("CPU", 1)))


_gate = Gate(_places)


def warm() -> None:
    """Have a worker for each core that has loaded what reading needs, so that a list finds one also while another is busy.

    Raises:
        ClusterUnavailable: Ray is gone.
    """
    with _errors_translated():
        import ray  # noqa: PLC0415

        ray.get([_remote("monito.warm", _load) for _ in range(_cores())])


def _load() -> None:
    from monito_ray.pipeline import reading, rules, validation  # noqa: F401, PLC0415

    time.sleep(_SIDE_BY_SIDE_S)


def cancel() -> None:
    """Break off what `run` and `read_file` wait for in other threads: they raise, and leave Ray free to be shut down."""
    import ray  # noqa: PLC0415

    for task in _awaited.copy():
        ray.cancel(task, force=True)


def run_over(function: Callable[[Sequence[T]], Sequence[R]], rows: Sequence[T]) -> list[R | None]:
    """`function(rows)`, a result for each, in a Ray task of its own; None for rows that kill the process that has them.

    Raises:
        MonitoError: as `function` raised it; so does every other exception of its.
        ClusterUnavailable: Ray is gone.
    """

    def part(start: int, end: int) -> Sequence[R]:
        with _deaths_told(), _turn(_STANDARDIZING):
            return cast("Sequence[R]", _get(_remote(_name(function), function, rows[start:end])))

    with _errors_translated():
        sifted = sift(len(rows), part)
    results: list[R | None] = [None] * len(rows)
    for start, end, found in sifted.parts:
        results[start:end] = found
    return results


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
    with _one_at_a_time, _errors_translated():
        try:
            with _deaths_told():
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
    with _turn(_JUDGING):
        return cast("pa.Table", _get(_remote(_name(judge_rows), judge_rows, block, judge)))


def _salvaged(block: pa.Table, judge: Judge, set_aside: Judge) -> list[pa.Table]:
    """The block judged part by part, each in a task of its own, and the rows that kill it set aside."""

    def part(start: int, end: int) -> pa.Table:
        with _deaths_told():
            return _get(_remote(_name(judge_rows), judge_rows, block.slice(start, end - start), judge))

    sifted = sift(block.num_rows, part)
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


def _remote(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Start the task; `name` is what the dashboard shows, so it tells of the work and never of whose list it is."""
    return _remote_call().options(name=name).remote(function, *args)


@cache
def _remote_call() -> Any:
    """Made once: Ray hands every new remote function to the whole cluster."""
    import ray  # noqa: PLC0415

    return ray.remote(max_retries=0)(_call)


def _name(function: Callable[..., Any]) -> str:
    return f"monito.{getattr(function, '__name__', 'call').lstrip('_')}"


def _call(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def _within(limit_s: float, function: Callable[..., T], *args: Any) -> T:
    """`function(*args)`, or the end of this process after `limit_s`: what hangs outside of Python hears nothing else."""
    faulthandler.dump_traceback_later(limit_s, exit=True, file=_STDERR)
    try:
        return function(*args)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _get(task: Any) -> Any:
    import ray  # noqa: PLC0415

    _awaited.add(task)
    try:
        return ray.get(task)
    finally:
        _awaited.discard(task)


@contextmanager
def _deaths_told() -> Iterator[None]:
    """A worker that died or was killed becomes `WorkerDied`; one that Ray was told to end does not."""
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    try:
        yield
    except (WorkerCrashedError, OutOfMemoryError) as error:
        raise WorkerDied(_first_line(error)) from error


@contextmanager
def _errors_translated() -> Iterator[None]:
    """What the function itself raised comes out as it was (under Ray Data bugs do as text); what befell Ray becomes `ClusterUnavailable`."""
    import ray  # noqa: PLC0415
    from ray.exceptions import RayError, RayTaskError, UserCodeException  # noqa: PLC0415

    # Without this, Ray would start by itself at the first call, loud and with a dashboard.
    if not ray.is_initialized():
        raise ClusterUnavailable("Ray does not run in this process")
    try:
        yield
    except RayTaskError as error:
        cause = error.cause
        if isinstance(cause, RayError) and not isinstance(cause, UserCodeException):
            raise ClusterUnavailable(f"Ray lost a task: {_first_line(cause)}") from error
        raise cause from None
    except RayError as error:
        raise ClusterUnavailable(f"Ray lost a task: {type(error).__name__}: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
