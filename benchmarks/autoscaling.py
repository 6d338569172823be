"""Nodes that come with a backlog and go with its end: `python benchmarks/autoscaling.py [--files 48] [--seconds 2]`.

Ray's own autoscaler on its fake provider, whose nodes are processes of this machine (`nodes_at_once`); a sleep in place of computing, so that
two cores can show what six would. Files go through `tasks.read_file`, as those of lists do, the backlog through `autoscaler.Demand`, and an LLM
is asked all the while, whose workers are on every node. Good: three nodes read at least 2.6 times as fast as one, they are up within 10 s of
the backlog, and gone within 60 s of its end.
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
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster import batches, node_watch, session, tasks
from monito_ray.cluster.autoscaler import Demand
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import RawRow
from monito_ray.testing.llm_server import LlmServer

NODES, CORES = 3, 2
TIMES, UP_S, GONE_S = 2.6, 10.0, 60.0
LIMIT_S = 240.0
#: As a driver does.
TELL_EVERY_S = 2.0


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
        "provider": {
            "type": "external",
            "module": "nodes_at_once.NodesAtOnce",
            "gcs_address": f"{host}:{port}",
            "folder": str(folder),
            # All nodes have one address: without it the autoscaler takes no node's word that it works, and ends each as soon as it is there.
            "use_node_id_as_ip": True,
            "disable_node_updaters": True,
            "disable_launch_config_check": True,
            # Started behind its back, a node is not counted at once, and one too many is started.
            "foreground_node_launch": True,
        },
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


class Asking:
    """Asks an LLM about rows, one request after another, while the block runs."""

    def __init__(self, pool: LlmPool) -> None:
        self._pool = pool
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        number = 0
        while not self._done.is_set():
            number += 1
            row = RawRow(source_file="f", source_sheet="s", source_row=1, original_name=f"Zorblax {number}", price=Decimal(1))
            list(self._pool.ask_rows("Toko", [RowItem(row)], stop=self._done))


def judge_rows() -> None:
    """Work on rows as on those of a long list: from then on Ray Data tells the autoscaler its own demand every 20 s, which is none."""
    rows = pa.table({"row": range(10)})
    batches.map_slices([batches.RowSlice(rows, unchanged, unchanged, 10)])


def unchanged(rows: pa.Table) -> pa.Table:
    """Return the rows."""
    return rows


def nodes_with_workers(pool: LlmPool) -> int:
    """Return how many nodes have an LLM worker."""
    import ray  # noqa: PLC0415

    return len({ray.get(actor.life.remote()).node_id for actor in pool._workers.actors})  # noqa: SLF001


def measure(files: int, seconds: float, pool: LlmPool) -> int:
    """Read with one node, then let the backlog be known, read with three, and wait until they are gone."""
    backlog, done = Backlog(seconds), threading.Event()
    demand = Demand(NODES * CORES)

    def tell() -> None:
        while not done.wait(TELL_EVERY_S):
            demand.tell(backlog.left)

    tasks.warm()
    judge_rows()
    pool.warm()
    until_nodes(1)
    with Asking(pool):
        backlog.read(2 * CORES)  # the first ones are slower, and would make three nodes look better
        one = backlog.read(files // NODES)
        threading.Thread(target=tell, daemon=True).start()
        reading = threading.Thread(target=backlog.read, args=(2 * files,), daemon=True)
        reading.start()
        up_s = until_nodes(NODES)
        reading.join(LIMIT_S)  # and with it the new nodes get warm
        three = backlog.read(files)
        print(f"nodes with LLM workers: {nodes_with_workers(pool)}")
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
            with session.serving(f"{host}:{port}"), node_watch.watching(), LlmServer(latency_s=0.2) as llm:
                pool = LlmPool(LlmAddress(llm.url, "", "gpt-6-luna"), 8, 40, rests=True)
                code = measure(chosen.files, chosen.seconds, pool)
                pool.close()
        finally:
            for process in [*psutil.Process(head.pid).children(recursive=True), psutil.Process(head.pid)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
    sys.exit(code)


if __name__ == "__main__":
    main()
