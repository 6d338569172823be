"""Ray's life inside one process: for one command, started quietly and shut down without a trace, or for a service."""

import logging
import os
import re
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

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


_SERVING_STORE_BYTES = 2 * STORE_BYTES
_PROBE_TIMEOUT_S = 3.0
_PORT = re.compile(r"(?P<host>.+):(?P<port>\d+)")


@contextmanager
def serving(address: str = "") -> Iterator[str]:
    """Be part of a Ray that lasts: the cluster at `address`, else one of this machine's own; gives the dashboard's address.

    The dashboard of one's own Ray listens on the loopback alone. Who joins or looks needs the token in `~/.ray/auth_token`
    (or where `RAY_AUTH_TOKEN_PATH` or `RAY_AUTH_TOKEN` say), which is made here and readable by its owner alone.

    Raises:
        ClusterUnavailable: Ray did not start, or nobody answers at `address`.
    """
    if address:
        reach(address)
    if not os.environ.get("RAY_AUTH_TOKEN"):
        keep_token(Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token"))
    quiet = {name: value for name, value in _QUIET.items() if name != "RAY_enable_metrics_collection"}
    os.environ |= quiet | {"RAY_AUTH_MODE": "token"}
    own = {"include_dashboard": True, "dashboard_host": "127.0.0.1", "object_store_memory": _SERVING_STORE_BYTES}
    with _signals_kept():
        url = _init({"address": address} if address else {"address": "local"} | own)
    try:
        yield f"http://{url}" if url else ""
    finally:
        _stop()


def keep_token(path: Path) -> None:
    """See that the file has a token that its owner alone can read.

    Raises:
        ClusterUnavailable: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.chmod(0o600)
        if not path.exists() or not path.read_text("ascii").strip():
            path.unlink(missing_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
                file.write(secrets.token_hex(32))
    except (OSError, UnicodeDecodeError) as error:
        raise ClusterUnavailable(f"the token of Ray cannot be kept in {path}: {error}", "Make that file writable, or remove it.") from error


def reach(address: str) -> None:
    """See that somebody listens at `host:port`; an address of another form is Ray's to judge.

    Raises:
        ClusterUnavailable: nobody does.
    """
    if place := _PORT.fullmatch(address):
        _connect(place["host"], int(place["port"]), f"nobody answers for Ray at {address}")


def probe() -> None:
    """See that the Ray of this process lives: its raylet on this machine, and the head.

    Raises:
        ClusterUnavailable: one of the two does not answer.
    """
    import ray  # noqa: PLC0415

    node = ray._private.worker._global_node  # noqa: SLF001  calls through Ray itself take 15 s to notice
    if node is None:
        raise ClusterUnavailable("Ray does not run in this process")
    with socket.socket(socket.AF_UNIX) as raylet:
        raylet.settimeout(_PROBE_TIMEOUT_S)
        try:
            raylet.connect(str(node.raylet_socket_name).removeprefix("unix://"))
        except OSError as error:
            raise ClusterUnavailable(f"the raylet is gone: {error.strerror or error}") from error
    host, _, port = str(node.gcs_address).rpartition(":")
    _connect(host.strip("[]"), int(port), "the head of the cluster is gone")


def _connect(host: str, port: int, complaint: str) -> None:
    try:
        socket.create_connection((host, port), timeout=_PROBE_TIMEOUT_S).close()
    except OSError as error:
        raise ClusterUnavailable(f"{complaint}: {error.strerror or error}", "See that the cluster runs, or unset RAY_ADDRESS.") from error


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
    _init(
        {
            "address": "local",
            "num_cpus": num_cpus,
            "include_dashboard": False,
            "object_store_memory": STORE_BYTES,
            "_temp_dir": folder,
        }
    )


def _init(options: dict[str, Any]) -> str:
    """`ray.init` without a word on stdout or stderr; the dashboard's host and port."""
    import ray  # noqa: PLC0415
    import ray._raylet as raylet  # noqa: PLC0415

    # Who imported ray earlier made it read the environment then; as Ray itself does, have it read again.
    raylet.Config.initialize("")  # type: ignore[attr-defined]
    # Without log_to_driver Ray still prints to stdout what befell a task; this is the switch that its debugger uses.
    ray._private.worker._worker_logs_enabled = False  # noqa: SLF001
    imported = threading.Thread(target=_load_data, name="ray-data-import")
    imported.start()
    try:
        context = ray.init(log_to_driver=False, configure_logging=False, logging_level=logging.CRITICAL, **options)
    except (RuntimeError, ValueError, OSError, ConnectionError, TimeoutError) as error:
        raise ClusterUnavailable(f"Ray does not start on this machine: {error}") from error
    finally:
        imported.join()
    return str(context.dashboard_url or "")


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
