"""Pure functions on Ray: one call in a task of its own, and rows of several lists in one Ray Data execution."""

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import pyarrow as pa

from monito_ray.errors import ClusterUnavailable, FileDamaged, MonitoError

T = TypeVar("T")
Judge = Callable[[pa.Table], pa.Table]

_LIST = "__list__"
_ERROR = "__error__"
# Two executions at once slow each other down more than they gain.
_one_at_a_time = threading.Lock()
_awaited: set[Any] = set()


def run(function: Callable[..., T], *args: Any) -> T:
    """`function(*args)` in a Ray task of its own, tried once.

    Raises:
        MonitoError: as the function raised it; so does every other exception of its.
        ClusterUnavailable: Ray is gone, or the task's process died.
    """
    with _errors_translated():
        return cast("T", _get(_remote(_name(function), function, *args)))


def read_file(data: bytes, file_name: str, read: Callable[..., T], *args: Any) -> T:
    """`read(data, file_name, *args)` in a Ray task of its own, tried once: a file that crashes its reader costs only itself.

    Raises:
        FileDamaged: the process that read the file died.
        MonitoError: as `read` raised it.
        ClusterUnavailable: Ray is gone.
    """
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    with _errors_translated():
        import ray  # noqa: PLC0415

        task = _remote("monito.read_list", read, ray.put(data), file_name, *args)
        try:
            return cast("T", _get(task))
        except WorkerCrashedError:
            raise FileDamaged(f"{file_name}: the file makes its reader crash") from None
        except OutOfMemoryError:
            raise FileDamaged(f"{file_name}: the file needs more memory than there is") from None


def cancel() -> None:
    """Break off what `run` and `read_file` wait for in other threads: they raise, and leave Ray free to be shut down."""
    import ray  # noqa: PLC0415

    for task in _awaited.copy():
        ray.cancel(task, force=True)


def map_batches(tables: Sequence[pa.Table], judge: Judge, rows_per_batch: int = 2000) -> list[pa.Table]:
    """`judge` over the rows of several lists in one Ray Data execution: a table for each of `tables`, rows in their order.

    A batch that `judge` sees holds rows of one list, up to `rows_per_batch` of them; what it returns may have other columns
    and another number of rows. A list without rows is judged here.

    Raises:
        MonitoError: as `judge` raised it.
        ClusterUnavailable: Ray is gone.
    """
    blocks = _blocks(tables, rows_per_batch)
    judged = pa.concat_tables(_execute(blocks, judge)) if blocks else None
    return [_rows_of(judged, number) if judged is not None and table.num_rows else judge(table) for number, table in enumerate(tables)]


def _execute(blocks: list[pa.Table], judge: Judge) -> list[pa.Table]:
    with _one_at_a_time, _errors_translated():
        import ray  # noqa: PLC0415
        import ray.data  # noqa: PLC0415

        # zero_copy_batch: `judge` is pure, so the block need not be copied for it.
        rows = ray.data.from_arrow(blocks).map_batches(
            cast("Any", judge_rows), fn_args=(judge,), batch_size=None, batch_format="pyarrow", zero_copy_batch=True
        )
        found: list[pa.Table] = ray.get(rows.to_arrow_refs())
    for table in found:
        if _ERROR in table.column_names:
            raise pickle.loads(table.column(_ERROR)[0].as_py())  # noqa: S301 - written by `judge_rows`
    return [table for table in found if table.num_rows]


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
    import ray  # noqa: PLC0415

    return ray.remote(max_retries=0)(_call).options(name=name).remote(function, *args)


def _name(function: Callable[..., Any]) -> str:
    return f"monito.{getattr(function, '__name__', 'call').lstrip('_')}"


def _call(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def _get(task: Any) -> Any:
    import ray  # noqa: PLC0415

    _awaited.add(task)
    try:
        return ray.get(task)
    finally:
        _awaited.discard(task)


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
