"""Single Ray tasks: reading a file in a task of its own, waiting for tasks, cancelling them, and Ray's errors as ours."""

import faulthandler
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from monito_ray.cluster.bisect import WorkerDied
from monito_ray.cluster.task_slots import TaskSlots
from monito_ray.errors import ClusterUnavailable, FileDamaged

T = TypeVar("T")

#: Time that reading a file may take, from when its reader begins.
READ_LIMIT_S = 300.0
#: How long a count of the cores is valid: nodes come and go, but each count is a call to Ray's head.
_CORES_VALID_S = 2.0
#: Duration of a warm-up task: long enough that no worker is free again before the last one has started.
_WARM_S = 1.0
_STDERR = 2
_awaited: set[Any] = set()
_counted = {"at": float("-inf"), "cores": 1}


def read_file(
    data: bytes,
    file_name: str,
    read: Callable[..., T],
    *args: Any,
    ahead: Callable[..., T] | None = None,
    limit_s: float = READ_LIMIT_S,
) -> T:
    """Return `read(data, file_name, *args)`, called in a Ray task: a file that crashes or blocks its reader affects nothing else.

    `ahead` does more with the file and is tried first, once. If its process dies, the file is only read: the later stages isolate rows that
    kill a process.

    Raises:
        FileDamaged: every process that read the file died, or the last one was still busy after `limit_s`.
        MonitoError: as `read` raised it.
        ClusterUnavailable: Ray is gone.
    """
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    with ray_errors_translated():
        for function, is_last in ((ahead or read, False), (read, False), (read, True)):  # a process may be killed by others, too
            try:
                with _slot():
                    began = time.monotonic()
                    return cast("T", wait_for(_submit("monito.read_list", _within, limit_s, function, data, file_name, *args)))
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


def warm() -> None:
    """Start a worker for each core and load what reading needs in it.

    Raises:
        ClusterUnavailable: Ray is gone.
    """
    with ray_errors_translated():
        import ray  # noqa: PLC0415

        ray.get([_submit("monito.warm", _load) for _ in range(cores())])


def cores() -> int:
    """Return the number of cores of the cluster, 1 at least; it may be 2 s old."""
    import ray  # noqa: PLC0415

    now = time.monotonic()
    if now - _counted["at"] > _CORES_VALID_S:
        _counted.update(at=now, cores=max(1, int(cast("Any", ray).cluster_resources().get("CPU", 1))))
    return int(_counted["cores"])


def wait_for(task: Any) -> Any:
    """Return the task's result; `cancel` ends the wait."""
    import ray  # noqa: PLC0415

    _awaited.add(task)
    try:
        return ray.get(task)
    finally:
        _awaited.discard(task)


def cancel() -> None:
    """Cancel the tasks that other threads wait for in `wait_for`, so that Ray can be shut down."""
    import ray  # noqa: PLC0415

    for task in _awaited.copy():
        ray.cancel(task, force=True)


@contextmanager
def end_process_after(limit_s: float) -> Iterator[None]:
    """End this process if the block takes longer than `limit_s`: code that hangs outside of Python cannot be interrupted otherwise."""
    faulthandler.dump_traceback_later(limit_s, exit=True, file=_STDERR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextmanager
def worker_death_as_error() -> Iterator[None]:
    """Raise `WorkerDied` when a worker died or was killed, but not when Ray was told to end it."""
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    try:
        yield
    except (WorkerCrashedError, OutOfMemoryError) as error:
        raise WorkerDied(_first_line(error)) from error


@contextmanager
def ray_errors_translated() -> Iterator[None]:
    """Raise errors of the function unchanged and errors of Ray as `ClusterUnavailable`.

    Ray Data passes faults of the program on as text only.
    """
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


# One more than there are cores, so that a core that becomes free has its next task waiting. With more, reading tasks would queue before the
# blocks of Ray Data: every list would be read before the first long one continues.
_slots = TaskSlots(lambda: int(_counted["cores"]) + 1)


@contextmanager
def _slot() -> Iterator[None]:
    cores()  # counted before the wait: Ray may be shut down when the slot is given back
    with _slots.held():
        yield


def _submit(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Start a task; the dashboard shows `name`, so it must not say whose list it is."""
    return _remote_call().options(name=name).remote(function, *args)


@cache
def _remote_call() -> Any:
    """Return one remote function for all tasks: Ray sends every new one to the whole cluster."""
    import ray  # noqa: PLC0415

    return ray.remote(max_retries=0)(_call)


def _call(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def _within(limit_s: float, function: Callable[..., T], *args: Any) -> T:
    with end_process_after(limit_s):
        return function(*args)


def _load() -> None:
    from monito_ray.pipeline.products import rules  # noqa: F401, PLC0415
    from monito_ray.pipeline.rows import price_list, validation  # noqa: F401, PLC0415

    time.sleep(_WARM_S)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
