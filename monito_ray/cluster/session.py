"""Ray's life inside one process: started quietly, shut down without a trace."""

import logging
import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from monito_ray.errors import ClusterUnavailable

STORE_BYTES = 512 * 1024 * 1024
"""Size of the embedded object store: a list's bytes and rows, many times over."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_enable_metrics_collection": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_TQDM": "0",
}


@contextmanager
def embedded(num_cpus: int | None = None) -> Iterator[None]:
    """Run Ray in this process for as long as the block lasts; `num_cpus` None takes every core.

    Only processes of this machine that hold the random token can join it; it leaves no files behind.

    Raises:
        ClusterUnavailable: Ray did not start.
    """
    # Names of Ray's sockets are limited to 107 bytes, so the folder has to have a short name.
    folder = tempfile.mkdtemp(prefix=f"monito-{os.getpid()}-", dir="/tmp")
    ours = _QUIET | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ |= ours
    try:
        with _signals_kept():
            _start(folder, num_cpus)
        yield
    finally:
        _stop()
        _restore(before)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: str, num_cpus: int | None) -> None:
    """Ray's processes need seconds to come up; Ray Data is imported meanwhile."""
    import ray  # noqa: PLC0415
    import ray._raylet as raylet  # noqa: PLC0415

    # Who imported ray earlier made it read the environment then; as Ray itself does, have it read again.
    raylet.Config.initialize("")  # type: ignore[attr-defined]
    # Without log_to_driver Ray still prints to stdout what befell a task; this is the switch that its debugger uses.
    ray._private.worker._worker_logs_enabled = False  # noqa: SLF001
    imported = threading.Thread(target=_load_data, name="ray-data-import")
    imported.start()
    try:
        ray.init(
            address="local",
            num_cpus=num_cpus,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            logging_level=logging.CRITICAL,
            object_store_memory=STORE_BYTES,
            _temp_dir=folder,
        )
    except (RuntimeError, ValueError, OSError, ConnectionError, TimeoutError) as error:
        raise ClusterUnavailable(f"Ray does not start on this machine: {error}") from error
    finally:
        imported.join()


def _load_data() -> None:
    import ray.data  # noqa: PLC0415

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.execution_options.preserve_order = True
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _stop() -> None:
    import ray  # noqa: PLC0415

    # A second Ctrl-C here would leave Ray's processes to find out by themselves that nobody needs them.
    with _interrupts_ignored(), suppress(RuntimeError, OSError):
        ray.shutdown()


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _signals_kept() -> Iterator[None]:
    """`ray.init` puts its own handler on SIGTERM, which prints; ours stays."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
