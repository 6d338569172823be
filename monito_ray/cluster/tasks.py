"""Single Ray tasks: started in turn, waited for, broken off, and their errors in our words."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from monito_ray.cluster.bisect import WorkerDied
from monito_ray.cluster.task_slots import PrioritySlots
from monito_ray.errors import ClusterUnavailable

T = TypeVar("T")

# What is furthest goes first: the LLM, which takes longest, has something to do before the last list is read.
STANDARDIZING, JUDGING, READING = range(3)
_COUNT_EVERY_S = 2.0
_awaited: set[Any] = set()
_counted = {"at": float("-inf"), "cores": 1.0}


@contextmanager
def slot(rank: int) -> Iterator[None]:
    """Wait for a place among the tasks; how many cores there are is asked before, for whoever leaves may find Ray gone."""
    now = time.monotonic()
    if now - _counted["at"] > _COUNT_EVERY_S:  # nodes come and go
        _counted.update(at=now, cores=cores())
    with _slots.held(rank):
        yield


def _slot_count() -> int:
    """One task more than the cluster has cores, so that none of them waits for the next."""
    return int(_counted["cores"]) + 1


def cores() -> int:
    """How many the cluster has now, one at least."""
    import ray  # noqa: PLC0415

    return max(1, int(cast("Any", ray).cluster_resources().get("CPU", 1)))


_slots = PrioritySlots(_slot_count)


def submit(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Start the task; `name` is what the dashboard shows, so it tells of the work and never of whose list it is."""
    return _remote_call().options(name=name).remote(function, *args)


@cache
def _remote_call() -> Any:
    """Made once: Ray hands every new remote function to the whole cluster."""
    import ray  # noqa: PLC0415

    return ray.remote(max_retries=0)(_call)


def task_name(function: Callable[..., Any]) -> str:
    """What the dashboard calls a task of `function`."""
    return f"monito.{getattr(function, '__name__', 'call').lstrip('_')}"


def _call(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def wait_for(task: Any) -> Any:
    """Wait for the task's result; `cancel` ends the wait."""
    import ray  # noqa: PLC0415

    _awaited.add(task)
    try:
        return ray.get(task)
    finally:
        _awaited.discard(task)


@contextmanager
def worker_death_as_error() -> Iterator[None]:
    """A worker that died or was killed becomes `WorkerDied`; one that Ray was told to end does not."""
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    try:
        yield
    except (WorkerCrashedError, OutOfMemoryError) as error:
        raise WorkerDied(_first_line(error)) from error


@contextmanager
def ray_errors_translated() -> Iterator[None]:
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


def cancel() -> None:
    """Break off what `fetch` waits for in other threads: it raises there, and leaves Ray free to be shut down."""
    import ray  # noqa: PLC0415

    for task in _awaited.copy():
        ray.cancel(task, force=True)
