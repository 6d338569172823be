"""Single Ray tasks: reading a file in a task of its own, waiting for tasks, cancelling them, and Ray's errors as ours."""

import faulthandler
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from typing import Any, TypeVar, cast

from monito_ray import log
from monito_ray.cluster import node_watch
from monito_ray.cluster.bisect import WorkerDied
from monito_ray.cluster.node_watch import ClusterNode, NodeState
from monito_ray.cluster.task_slots import TaskSlots
from monito_ray.errors import ClusterUnavailable, FileDamaged
from monito_ray.isolation import child_process
from monito_ray.isolation.file_reading import read_isolated
from monito_ray.isolation.limits import READING_BUDGET, ReadingBudget
from monito_ray.pipeline.gc_pause import collect_rarely

T = TypeVar("T")

#: How often a file is read whose worker dies, and how often it is read elsewhere because its node was lost: that says nothing of the file.
_TRIES, _MOST_MOVES = 3, 8
#: No task takes this long. Its own limits are in computing time and silence (`ReadingBudget`); this one is for a Ray that lost it.
_LOST_AFTER_S = 3600.0
#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1
#: What a reading task takes of a core, as Ray counts: as many run as there are slots, one more than there are cores. The system divides the
#: cores among them, fresh readers first (`child_process`).
_READING_CPUS = 0.5
_SPARE_TURNS = 1
#: How long a cancelled task may take to end by itself; then its process is killed.
_CANCEL_LIMIT_S = 1.0
#: How long a count of the cores is valid: nodes come and go, but each count is a call to Ray's head.
_CORES_VALID_S = 2.0
#: Duration of a warm-up task: long enough that no worker is free again before the last one has started. And how long all may take.
_WARM_S, _WARM_LIMIT_S = 1.0, 120.0
#: What reading, and slices of long lists, need.
_STAGES = tuple(f"monito_ray.pipeline.{name}" for name in ("short_list", "products.rules", "rows.price_list", "rows.validation"))
_STDERR = 2
_awaited: set[Any] = set()


class NodeLost(Exception):
    """The node of a task was lost: the task may be run again elsewhere at once."""


_counted = {"at": float("-inf"), "cores": 1}


def read_file(
    data: bytes,
    file_name: str,
    read: Callable[..., T],
    *args: Any,
    ahead: Callable[..., T] | None = None,
    budget: ReadingBudget = READING_BUDGET,
    check_stop: Callable[[], None] = lambda: None,
    user: int | None = None,
) -> T:
    """Return `read(data, file_name, *args)`, called in a Ray task, and there in a child process: see `file_reading.read_isolated`.

    `check_stop` is called while this waits for its turn or the result, and may raise; then the reading is ended. One `user` never has all of
    the turns.

    Raises:
        FileTooCostly: the file needs more memory or time than its budget.
        FileDamaged: its reader crashes, or every process that read it died.
        Exception: as `read` or `check_stop` raised it.
        ClusterUnavailable: Ray is gone.
    """
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError  # noqa: PLC0415

    function = partial(_read_in_child, ahead=ahead, budget=budget)
    deaths, moves = 0, 0
    with ray_errors_translated():
        while True:
            try:
                with _slot(check_stop, user), node_watch.watch().placed() as node_id:
                    task = _submit("monito.read_list", function, read, data, file_name, *args, num_cpus=_READING_CPUS, node_id=node_id)
                    return cast("T", wait_for(task, check_stop, node_id))
            except NodeLost as error:
                moves += 1
                time.sleep(_LOOK_EVERY_S)  # Ray may have given a node up a moment before it is looked at here
                if moves > _MOST_MOVES:
                    raise ClusterUnavailable(f"{file_name}: {moves} nodes were lost while they read it") from error
                log.warning("list.moved", message="the node that read a list is lost; it is read elsewhere", cause=str(error))
            except (WorkerCrashedError, OutOfMemoryError) as error:
                deaths += 1  # a worker may be killed by others
                if deaths == _TRIES:
                    crashed = isinstance(error, WorkerCrashedError)
                    why = "the file makes its reader crash" if crashed else "the file needs more memory than there is"
                    raise FileDamaged(f"{file_name}: {why}") from None


def warm() -> None:
    """Start a worker for each turn of reading and load what reading needs in it.

    Raises:
        ClusterUnavailable: Ray is gone.
    """
    with ray_errors_translated():
        import ray  # noqa: PLC0415

        ray.get([_submit("monito.warm", _load, num_cpus=_READING_CPUS) for _ in range(cores() + _SPARE_TURNS)], timeout=_WARM_LIMIT_S)


def warm_node(node: ClusterNode) -> None:
    """Do the same on a node that is new.

    Raises:
        ClusterUnavailable: it is gone again.
    """
    with ray_errors_translated():
        import ray  # noqa: PLC0415

        ray.get([_submit("monito.warm", _load, node_id=node.id) for _ in range(node.cores)], timeout=_WARM_LIMIT_S)


def cores() -> int:
    """Return the number of cores of the cluster, 1 at least; it may be 2 s old."""
    import ray  # noqa: PLC0415

    now = time.monotonic()
    if now - _counted["at"] > _CORES_VALID_S:
        _counted.update(at=now, cores=max(1, int(cast("Any", ray).cluster_resources().get("CPU", 1))))
    return int(_counted["cores"])


def wait_for(task: Any, check_stop: Callable[[], None] = lambda: None, node_id: str = "") -> Any:
    """Return the task's result. `cancel` ends the wait; `check_stop` may end it by an exception, and with it the task.

    Raises:
        NodeLost: its node, `node_id` or the one that Ray chose, does not answer any more.
    """
    import ray  # noqa: PLC0415

    _awaited.add(task)
    until = time.monotonic() + _LOST_AFTER_S
    try:
        while not ray.wait([task], timeout=_LOOK_EVERY_S)[0]:
            try:
                check_stop()
            except BaseException:
                _end(task)
                raise
            _check_node(task, node_id, until)
        with _node_loss_as_error():
            return ray.get(task)
    finally:
        _awaited.discard(task)


def _check_node(task: Any, node_id: str, until: float) -> None:
    """Give a task up whose node is lost, or that is; where the node lives after all, the task is ended there."""
    import ray  # noqa: PLC0415

    state = node_watch.watch().state(node_id)
    if (node_id and state is not NodeState.HERE) or time.monotonic() > until:
        ray.cancel(task, force=True)
        raise NodeLost(f"node {node_id[:8]} is {state}")


@contextmanager
def _node_loss_as_error() -> Iterator[None]:
    """Raise `NodeLost` for errors of Ray that say that a task's node, or its result with it, is gone."""
    from ray.exceptions import NodeDiedError, ObjectLostError, TaskUnschedulableError  # noqa: PLC0415

    try:
        yield
    except (NodeDiedError, ObjectLostError, TaskUnschedulableError) as error:
        raise NodeLost(type(error).__name__) from error


def _end(task: Any) -> None:
    """Interrupt a task, so that its worker is free for the next; kill the worker if that takes too long."""
    import ray  # noqa: PLC0415

    ray.cancel(task)
    if not ray.wait([task], timeout=_CANCEL_LIMIT_S)[0]:
        ray.cancel(task, force=True)


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


# One more than a node has cores, so that a list is read at once while files of another person, which may be made to hurt, keep all cores busy.
# With more, reading would take the cores from the blocks of Ray Data: every list would be read before the first long one continues.
_slots = TaskSlots(lambda: int(_counted["cores"]) + max(1, len(node_watch.watch().here())))


@contextmanager
def _slot(check_stop: Callable[[], None], user: int | None) -> Iterator[None]:
    cores()  # counted before the wait: Ray may be shut down when the slot is given back
    with _slots.held(check_stop, user):
        yield


def _submit(name: str, function: Callable[..., Any], *args: Any, num_cpus: float = 1.0, node_id: str = "") -> Any:
    """Start a task, on a node while that is there, or where Ray likes; the dashboard shows `name`, so it must not say whose list it is."""
    return _remote_call().options(name=name, num_cpus=num_cpus, scheduling_strategy=on_node(node_id, is_soft=True)).remote(function, *args)


def on_node(node_id: str, *, is_soft: bool = False) -> Any:
    """Return Ray's name for the way to that node, and only if `is_soft` to another where it is gone; "": where Ray likes."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

    return NodeAffinitySchedulingStrategy(node_id, soft=is_soft) if node_id else "DEFAULT"


@cache
def _remote_call() -> Any:
    """Return one remote function for all tasks: Ray sends every new one to the whole cluster."""
    import ray  # noqa: PLC0415

    return ray.remote(max_retries=0)(_call)


def _call(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def _read_in_child(read: Callable[..., T], *args: Any, **options: Any) -> T:
    """Read a file, and have a child ready for the next one: a file that was made to hurt has ended its own.

    Not where the task is cancelled: that has to be over within a moment.
    """
    try:
        result = cast("T", read_isolated(read, *args, **options))
    except Exception:
        child_process.start_child(_STAGES)
        raise
    child_process.start_child(_STAGES)
    return result


def _load() -> None:
    """Load what the stages need, in this worker for slices of long lists and in its child for reading."""
    child_process.start_child(_STAGES)
    for module in _STAGES:
        import_module(module)
    collect_rarely()
    time.sleep(_WARM_S)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
