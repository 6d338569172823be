"""Ray in one process: started quietly and shut down without a trace for one command, or joined and watched by a service.

Ray is one per process, and so are the addresses that `probe` looks at. Only what Ray documents is used. Most of it are settings that Ray
reads from the environment when it is first imported, so they are set before that and `ray` is imported inside functions.
"""

import logging
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from monito_ray import log
from monito_ray.errors import ClusterUnavailable

#: Object store of a command's own Ray: a list's bytes and rows, many times over.
STORE_BYTES = 512 * 1024 * 1024
#: Object store of a service, which has many lists in work at once.
_SERVING_STORE_BYTES = 2 * STORE_BYTES
#: A raylet or head that lives accepts a connection within milliseconds, also on a busy machine.
_PROBE_TIMEOUT_S = 3.0
#: How long a service waits for its port of metrics: Ray's processes end within two seconds or so of their driver.
_PORT_WAIT_S, _PORT_TICK_S = 3.0, 0.1
_LOOPBACK = "127.0.0.1"
#: Names of Ray's sockets are limited to 107 bytes, so the folder that holds them has a short name; Windows has no such sockets.
_SHORT_FOLDER = "/tmp" if os.name == "posix" else None  # noqa: S108
_START_REMEDY = "Try again once the machine is less busy; see that memory is free, and room in /tmp."
_JOIN_REMEDY = "See that the cluster runs, or unset RAY_ADDRESS."
_HOST_AND_PORT = re.compile(r"(?P<host>.+):(?P<port>\d+)")

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_enable_metrics_collection": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_TQDM": "0",
    # Ray prints the death of a task to this process's stdout even without `log_to_driver`. Its deduplication drops lines that match.
    "RAY_DEDUP_LOGS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",
    "RAY_DEDUP_LOGS_ALLOW_REGEX": "",
}
#: A Ray that is told to form no cluster has the loopback address, and all its servers listen there alone: GCS, raylet, workers, agents,
#: dashboard, metrics. The variable is documented for macOS and Windows, where this is the default; `_node_ip_address` does not do it.
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}

#: Ray ends idle workers beyond this number within a second, by default one for each core; a file read beside others would wait seconds for a new
#: one each time. So those of the LLM, and the one for a reader more than there are cores (`tasks`), are kept as well.
_IDLE_LIMIT, _SPARE_PROCESSES = "RAY_num_workers_soft_limit", 3

#: What `ray.init` said about the Ray that this process is connected to: `raylet_socket_name`, `gcs_address` and others; empty without one.
_addresses: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class RayPages:
    """Where people and Prometheus look at a Ray: URLs, "" for what is not there, or is the cluster's own affair."""

    dashboard: str = ""
    metrics: str = ""


@contextmanager
def serving(address: str = "", metrics_port: int = 0) -> Iterator[RayPages]:
    """Stay connected to the cluster at `address`, else to a Ray of this machine's own; yield where it can be looked at.

    The metrics of one's own Ray are at `metrics_port`, or at a free port where that is 0, or taken, which is logged; those of a cluster are
    where it was started with them.

    Every port of one's own Ray listens on the loopback alone, and nobody else can look into its folder. Whoever joins or looks needs
    the token in `~/.ray/auth_token` (or where `RAY_AUTH_TOKEN_PATH` or `RAY_AUTH_TOKEN` say); a missing one is made here, readable by its owner alone.

    Raises:
        ClusterUnavailable: Ray did not start, or nothing listens at `address`.
    """
    if address:
        check_reachable(address)
    if not os.environ.get("RAY_AUTH_TOKEN"):
        ensure_token(Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token"))
    os.environ |= {name: value for name, value in _QUIET.items() if name != "RAY_enable_metrics_collection"}
    if not address:
        os.environ.pop("RAY_AUTH_MODE", None)
        os.environ |= _ALONE | {_IDLE_LIMIT: str((os.cpu_count() or 1) + _SPARE_PROCESSES)}
        threading.Thread(target=_import_ray_data, name="ray-import").start()  # while the port of metrics is waited for
    with _sigterm_handler_restored():
        pages = RayPages(_url(_join(address))) if address else _start_serving(free_port(metrics_port))
    try:
        yield pages
    finally:
        _stop()


def _start_serving(metrics_port: int) -> RayPages:
    own = {"include_dashboard": True, "dashboard_host": _LOOPBACK, "object_store_memory": _SERVING_STORE_BYTES}
    dashboard = _start({**own, "_metrics_export_port": metrics_port, "_temp_dir": str(_serving_folder() / "ray")})
    return RayPages(_url(dashboard), _url(f"{_addresses['node_ip_address']}:{metrics_port}/metrics"))


def _serving_folder() -> Path:
    """Return the folder of this user's services, which nobody else can enter; what Ray makes in it is open to all."""
    if os.name != "posix":
        return Path(tempfile.mkdtemp(prefix="monito-ray-"))
    folder = Path(_SHORT_FOLDER or "") / f"monito-ray-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():  # somebody else was here first
        return Path(tempfile.mkdtemp(prefix="monito-ray-", dir=_SHORT_FOLDER))
    folder.chmod(0o700)
    return folder


def _url(page: str) -> str:
    return f"http://{page}" if page else ""


def free_port(requested: int, wait_s: float = _PORT_WAIT_S) -> int:
    """Return the port `requested` once it is free; after `wait_s`, with a warning, or where it is 0, any free one.

    A Ray whose driver was killed keeps its port for a moment.
    """
    until = time.monotonic() + wait_s
    while requested:
        try:
            return _bound(requested)
        except OSError as error:
            if time.monotonic() >= until:
                instead = _bound(0)
                log.warning("metrics.elsewhere", message=f"MONITO_METRICS_PORT {requested}: {error.strerror}", port=instead)
                return instead
            time.sleep(_PORT_TICK_S)
    return _bound(0)


def _bound(port: int) -> int:
    """Return `port`, or a free one where it is 0; raise OSError where it is taken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen()
        return int(listener.getsockname()[1])


@contextmanager
def embedded(num_cpus: int | None = None) -> Iterator[None]:
    """Run Ray in this process for as long as the block lasts; `num_cpus` None takes every core.

    It listens on the loopback alone, and only processes that hold the random token can join it; it leaves no files behind.

    Raises:
        ClusterUnavailable: Ray did not start.
    """
    folder = tempfile.mkdtemp(prefix=f"monito-{os.getpid()}-", dir=_SHORT_FOLDER)
    own = {"num_cpus": num_cpus, "include_dashboard": False, "object_store_memory": STORE_BYTES, "_temp_dir": f"{folder}/ray"}
    settings = _QUIET | _ALONE | {"RAY_AUTH_TOKEN": _process_token()}
    before = {name: os.environ.get(name) for name in (*settings, "RAY_AUTH_MODE")}
    os.environ |= settings
    try:
        with _sigterm_handler_restored():
            _start(own)
        yield
    finally:
        _stop()
        _restore(before)
        shutil.rmtree(folder, ignore_errors=True)


def ensure_token(path: Path) -> None:
    """Make sure that the file holds a token and that only its owner can read it.

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


def check_reachable(address: str) -> None:
    """Check that something listens at `host:port`; Ray itself checks addresses of another form.

    `ray.init` at a dead address goes on trying for minutes, so this is looked at first.

    Raises:
        ClusterUnavailable: nothing listens there.
    """
    if match := _HOST_AND_PORT.fullmatch(address):
        _connect(match["host"], int(match["port"]), f"nobody answers for Ray at {address}")


def probe() -> None:
    """Check that the Ray of this process lives: its raylet on this machine, and the head of the cluster.

    Both are asked for a connection, since calls through Ray need 15 s to notice that a raylet is gone.

    Raises:
        ClusterUnavailable: one of the two does not answer.
    """
    if not _addresses:
        raise ClusterUnavailable("Ray does not run in this process")
    with socket.socket(socket.AF_UNIX) as raylet:
        raylet.settimeout(_PROBE_TIMEOUT_S)
        try:
            raylet.connect(str(_addresses["raylet_socket_name"]).removeprefix("unix://"))
        except OSError as error:
            raise ClusterUnavailable(f"the raylet is gone: {error.strerror or error}") from error
    host, _, port = str(_addresses["gcs_address"]).rpartition(":")
    _connect(host.strip("[]"), int(port), "the head of the cluster is gone")


def _connect(host: str, port: int, complaint: str) -> None:
    try:
        socket.create_connection((host, port), timeout=_PROBE_TIMEOUT_S).close()
    except OSError as error:
        raise ClusterUnavailable(f"{complaint}: {error.strerror or error}", _JOIN_REMEDY) from error


@cache
def _process_token() -> str:
    """Return the token of this process's own Rays. Ray reads a token once, so a second Ray in one process has to have the first one's."""
    return secrets.token_hex(32)


def _start(options: Mapping[str, Any]) -> str:
    """Start a Ray of this process's own; return the dashboard's host and port, "" without one.

    Left to its default, Ray turns token authentication on, and reads the environment again if `ray` was imported earlier.
    """
    os.environ.pop("RAY_AUTH_MODE", None)
    dashboard = _init({"address": "local", **options})
    if _addresses["node_ip_address"] != _LOOPBACK:  # `ray` was imported before, and had read the environment
        log.warning("ray.exposed", message="Ray listens on the network, behind its token", address=_addresses["node_ip_address"])
    return dashboard


def _join(address: str) -> str:
    """Connect to a cluster that runs; return its dashboard's host and port, "" without one."""
    os.environ["RAY_AUTH_MODE"] = "token"
    return _init({"address": address})


def _init(options: Mapping[str, Any]) -> str:
    """Call `ray.init` without a line on stdout or stderr; Ray's processes need seconds to come up, and Ray Data is imported meanwhile."""
    import ray  # noqa: PLC0415

    logging.getLogger("ray").setLevel(logging.CRITICAL)
    data_import = threading.Thread(target=_import_ray_data, name="ray-data-import")
    data_import.start()
    try:
        context: Any = ray.init(log_to_driver=False, configure_logging=False, logging_level=logging.CRITICAL, **options)
    except Exception as error:  # Ray raises a plain `Exception` where its processes do not come up in time
        remedy = _START_REMEDY if options["address"] == "local" else _JOIN_REMEDY
        raise ClusterUnavailable(f"Ray does not start on this machine: {error}", remedy) from error
    finally:
        data_import.join()
    _addresses.update(context.address_info)
    return str(context.dashboard_url or "")


def _import_ray_data() -> None:
    import ray.data  # noqa: PLC0415

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.execution_options.preserve_order = True
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _stop() -> None:
    import ray  # noqa: PLC0415

    _addresses.clear()
    # After a second Ctrl-C here Ray's processes would have to notice by themselves that their driver is gone.
    with _interrupts_ignored(), suppress(RuntimeError, OSError):
        ray.shutdown()


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _sigterm_handler_restored() -> Iterator[None]:
    """Keep this process's handler of SIGTERM: `ray.init` puts its own there, which prints."""
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
