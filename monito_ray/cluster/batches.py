"""Pure functions on Ray: what the steps hand to the cluster."""

import faulthandler
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from monito_ray.cluster.bisect import isolate_failures
from monito_ray.cluster.tasks import (
    READING,
    STANDARDIZING,
    cancel,
    cores,
    ray_errors_translated,
    slot,
    submit,
    task_name,
    wait_for,
    worker_death_as_error,
)
from monito_ray.cluster.validation_batches import map_batches
from monito_ray.errors import FileDamaged

__all__ = ["cancel", "map_batches", "read_file", "run_over", "warm"]

T = TypeVar("T")
R = TypeVar("R")

# Long enough that no worker is done before the last has begun.
_SIDE_BY_SIDE_S = 1.0
READ_LIMIT_S = 300.0
_STDERR = 2


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

    with ray_errors_translated():
        for function, is_last in ((ahead or read, False), (read, False), (read, True)):  # a process may be killed by others, too
            try:
                with slot(READING):
                    began = time.monotonic()
                    return cast("T", wait_for(submit("monito.read_list", _within, limit_s, function, data, file_name, *args)))
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
    """Have a worker for each core that has loaded what reading needs, so that a list finds one also while another is busy.

    Raises:
        ClusterUnavailable: Ray is gone.
    """
    with ray_errors_translated():
        import ray  # noqa: PLC0415

        ray.get([submit("monito.warm", _load) for _ in range(cores())])


def _load() -> None:
    from monito_ray.pipeline.products import rules  # noqa: F401, PLC0415
    from monito_ray.pipeline.rows import price_list, validation  # noqa: F401, PLC0415

    time.sleep(_SIDE_BY_SIDE_S)


def run_over(function: Callable[[Sequence[T]], Sequence[R]], rows: Sequence[T]) -> list[R | None]:
    """`function(rows)`, a result for each, in a Ray task of its own; None for rows that kill the process that has them.

    Raises:
        MonitoError: as `function` raised it; so does every other exception of its.
        ClusterUnavailable: Ray is gone.
    """

    def part(start: int, end: int) -> Sequence[R]:
        with worker_death_as_error(), slot(STANDARDIZING):
            return cast("Sequence[R]", wait_for(submit(task_name(function), function, rows[start:end])))

    with ray_errors_translated():
        sifted = isolate_failures(len(rows), part)
    results: list[R | None] = [None] * len(rows)
    for start, end, found in sifted.parts:
        results[start:end] = found
    return results


def _within(limit_s: float, function: Callable[..., T], *args: Any) -> T:
    """`function(*args)`, or the end of this process after `limit_s`: what hangs outside of Python hears nothing else."""
    faulthandler.dump_traceback_later(limit_s, exit=True, file=_STDERR)
    try:
        return function(*args)
    finally:
        faulthandler.cancel_dump_traceback_later()
