"""Nodes that come with a backlog and go with its end: `python benchmarks/autoscaling.py [--files 48] [--seconds 2]`.

Ray's own autoscaler on its fake provider, whose nodes are processes of this machine; a sleep in place of computing, so that two cores can show
what six would. Files go through `tasks.read_file`, as those of lists do, and the backlog through `autoscaler.Demand`. Good: three nodes read
at least 2.6 times as fast as one, they are up within 10 s of the backlog, and gone within 60 s of its end.
"""

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from monito_ray.cluster import node_watch, session, tasks
from monito_ray.cluster.autoscaler import Demand

NODES, CORES = 3, 2
TIMES, UP_S, GONE_S = 2.6, 10.0, 60.0
LIMIT_S = 240.0


def sleep_instead(_data: bytes, _file_name: str, seconds: float) -> float:
    """Take as long as a reader does, and no core."""
    time.sleep(seconds)
    return seconds


def start_head(folder: Path, host: str, port: int) -> "subprocess.Popen[bytes]":
    """Start a head whose autoscaler may add nodes like it."""
    nothing: dict[str, Any] = {name: [] for name in ("cluster_synced_files", "rsync_exclude", "rsync_filter", "initialization_commands")}
    commands = ("setup_commands", "head_setup_commands", "worker_setup_commands", "head_start_ray_commands", "worker_start_ray_commands")
    like_head = {
        "resources": {"CPU": CORES, "object_store_memory": 100_000_000},
        "node_config": {},
        "min_workers": 0,
        "max_workers": NODES - 1,
    }
    head = {"resources": {"CPU": CORES}, "node_config": {}, "max_workers": 0}
    config = nothing | {
        **{name: [] for name in commands},
        "cluster_name": "fake",
        "max_workers": NODES - 1,
        "upscaling_speed": 100.0,
        "idle_timeout_minutes": 0.2,
        "provider": {"type": "fake_multinode", "gcs_address": f"{host}:{port}", "launch_multiple": True},
        "available_node_types": {"worker": like_head, "ray.head.default": head},
        "head_node_type": "ray.head.default",
        "auth": {"ssh_user": "nobody"},
        "docker": {},
        "file_mounts": {},
        "file_mounts_sync_continuously": False,
    }
    (folder / "cluster.json").write_text(json.dumps(config))
    environment = os.environ | {"RAY_FAKE_CLUSTER": "1", "AUTOSCALER_UPDATE_INTERVAL_S": "1", "RAY_enable_autoscaler_v2": "0"}
    command = [
        *(str(Path(sys.executable).with_name("ray")), "start", "--head", "--block", f"--port={port}", f"--num-cpus={CORES}"),
        *(f"--node-ip-address={host}", "--object-store-memory=100000000", "--include-dashboard=false", "--disable-usage-stats"),
        *(f"--temp-dir={folder}/ray", f"--autoscaling-config={folder}/cluster.json"),
    ]
    with (folder / "head.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, cwd="/", stdout=log, stderr=log, start_new_session=True)


class Backlog:
    """Files that are read, and how many are left."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.left = seconds, 0
        self._lock = threading.Lock()

    def read(self, count: int) -> float:
        """Read so many files, as many at a time as there are places; return files a second."""
        self.left, began = count, time.monotonic()
        with ThreadPoolExecutor(64) as threads:
            list(threads.map(self._read_one, range(count)))
        return count / (time.monotonic() - began)

    def _read_one(self, number: int) -> None:
        from autoscaling import sleep_instead  # noqa: PLC0415  readers know no function of `__main__`

        tasks.read_file(b"x", f"{number}.csv", sleep_instead, self.seconds)
        with self._lock:
            self.left -= 1


def here() -> int:
    """Return how many nodes answer."""
    return len(node_watch.watch().here())


def until_nodes(count: int) -> float:
    """Return how long it takes until there are so many."""
    began = time.monotonic()
    while here() != count and time.monotonic() - began < LIMIT_S:
        time.sleep(0.1)
    return time.monotonic() - began


def measure(files: int, seconds: float) -> int:
    """Read with one node, then let the backlog be known, read with three, and wait until they are gone."""
    backlog, done = Backlog(seconds), threading.Event()
    demand = Demand(NODES * CORES)

    def tell() -> None:
        while not done.wait(1.0):
            demand.tell(backlog.left)

    tasks.warm()
    until_nodes(1)
    one = backlog.read(files // NODES)
    threading.Thread(target=tell, daemon=True).start()
    reading = threading.Thread(target=backlog.read, args=(2 * files,), daemon=True)
    reading.start()
    up_s = until_nodes(NODES)
    reading.join(LIMIT_S)  # and with it the new nodes get warm
    three = backlog.read(files)
    gone_s = until_nodes(1)
    done.set()
    print(f"one node {one:.2f} files/s, three {three:.2f}: {three / one:.2f} times (at least {TIMES})")
    print(f"nodes up after {up_s:.1f} s (at most {UP_S:.0f}), gone {gone_s:.1f} s after the end (at most {GONE_S:.0f})")
    is_good = three / one >= TIMES and up_s <= UP_S and gone_s <= GONE_S
    print("good" if is_good else "NOT GOOD")
    return int(not is_good)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=48)
    parser.add_argument("--seconds", type=float, default=2.0)
    chosen = parser.parse_args()
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16)}
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).resolve().parent), os.environ.get("PYTHONPATH", ""))))
    import ray.util  # noqa: PLC0415  reads these when it is imported

    host = ray.util.get_node_ip_address()
    with socket.create_server((host, 0)) as listener:
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mta-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        head = start_head(Path(folder), host, port)
        try:
            began = time.monotonic()
            while time.monotonic() - began < LIMIT_S:
                with suppress(OSError):
                    socket.create_connection((host, port), timeout=1).close()
                    break
                time.sleep(0.2)
            with session.serving(f"{host}:{port}"), node_watch.watching():
                code = measure(chosen.files, chosen.seconds)
        finally:
            for process in [*psutil.Process(head.pid).children(recursive=True), psutil.Process(head.pid)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
    sys.exit(code)


if __name__ == "__main__":
    main()
