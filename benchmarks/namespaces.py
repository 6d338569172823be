"""Nodes of a cluster on one machine: each is a network namespace with an address, a folder and processes of its own. Needs root on Linux."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_RAY = str(Path(sys.executable).with_name("ray"))
_START_S = 90.0
_STORE_BYTES = 150_000_000


def missing_right() -> str:
    """Return in one sentence why this machine can have no nodes; "" where it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "nodes are network namespaces, which root on Linux alone may make: skipped"
    if not all(map(shutil.which, ("ip", "unshare"))):
        return "nodes are made with ip (iproute2) and unshare (util-linux), which are not installed: skipped"
    name = f"mt{os.getpid()}try"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"this machine lets nobody make network namespaces ({tried.stderr.strip()}): skipped"
    subprocess.run(["ip", "netns", "delete", name], check=False)
    return ""


def _run(line: str) -> None:
    subprocess.run(line.split(), check=True, capture_output=True)


class Node:
    """A node that Ray runs on; a thread starts its Ray again when it ends, as node.sh does."""

    def __init__(self, cluster: "Cluster", number: int, cores: int) -> None:
        self.cluster, self.number, self.cores = cluster, number, cores
        self.name = f"mt{os.getpid()}n{number}"
        self.link = f"mt{os.getpid()}v{number}"
        self.host = f"{cluster.prefix}.{10 + number}"
        self.process: subprocess.Popen[bytes] | None = None
        self._is_kept = True
        for line in (
            f"ip netns add {self.name}",
            f"ip link add {self.link} type veth peer name eth0 netns {self.name}",
            f"ip link set {self.link} master {cluster.bridge} up",
            f"ip -n {self.name} addr add {self.host}/24 dev eth0",
            f"ip -n {self.name} link set lo up",
            f"ip -n {self.name} link set eth0 up",
        ):
            _run(line)
        self._start()
        threading.Thread(target=self._keep, daemon=True).start()

    def _start(self) -> None:
        ray = (
            f"exec {_RAY} start --address={self.cluster.address} --node-ip-address={self.host} --num-cpus={self.cores}"
            f" --object-store-memory={_STORE_BYTES} --disable-usage-stats --block"
        )
        command = f"mount -t tmpfs none {self.cluster.folder} && {ray}"
        with (self.cluster.logs / f"node{self.number}.log").open("ab") as log:
            inside = ["ip", "netns", "exec", self.name, "unshare", "--mount", "sh", "-c", command]
            self.process = subprocess.Popen(inside, env=self.cluster.environment, cwd="/", stdout=log, stderr=log, start_new_session=True)

    def _keep(self) -> None:
        while self._is_kept:
            if self.process is not None and self.process.poll() is not None and self._is_kept:
                self._kill_all()
                time.sleep(1)
                self._start()
            time.sleep(0.5)

    def _kill_all(self) -> None:
        listed = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True, check=False).stdout.split()
        for number in listed:
            with suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)

    def kill(self) -> None:
        """End everything on it at once, for good; its address stays."""
        self._is_kept = False
        self._kill_all()

    def cut(self) -> None:
        """Take it from the network."""
        _run(f"ip link set {self.link} down")

    def mend(self) -> None:
        """Give it back."""
        _run(f"ip link set {self.link} up")

    def remove(self) -> None:
        """Leave nothing of it."""
        self.kill()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        subprocess.run(["ip", "netns", "delete", self.name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", self.link], check=False, capture_output=True)


class Cluster:
    """A head on this machine's own network, and nodes that reach it over a bridge."""

    def __init__(self, folder: Path, cores: int) -> None:
        self.prefix = f"10.213.{os.getpid() % 250}"
        self.host = f"{self.prefix}.1"
        self.bridge = f"mt{os.getpid()}br"
        self.folder = folder / "ray"
        self.logs = folder / "logs"
        self.folder.mkdir(mode=0o700)
        self.logs.mkdir()
        self.address = f"{self.host}:{_free_port()}"
        self.nodes: list[Node] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
        self.environment = kept | {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(16),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_health_check_failure_threshold": "8",  # as node.sh
            "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")))),
        }
        for line in (
            f"ip link add {self.bridge} type bridge",
            f"ip addr add {self.host}/24 dev {self.bridge}",
            f"ip link set {self.bridge} up",
        ):
            _run(line)
        port = self.address.rpartition(":")[2]
        command = [
            *(_RAY, "start", "--head", "--block", f"--port={port}", f"--node-ip-address={self.host}", f"--num-cpus={cores}"),
            *(f"--temp-dir={self.folder}", f"--object-store-memory={_STORE_BYTES}", "--include-dashboard=false", "--disable-usage-stats"),
        ]
        with (self.logs / "head.log").open("ab") as log:
            self.head = subprocess.Popen(command, env=self.environment, cwd="/", stdout=log, stderr=log, start_new_session=True)
        self._wait_for_port(int(port))

    def add(self, cores: int) -> Node:
        """Start one more node."""
        node = Node(self, len(self.nodes), cores)
        self.nodes.append(node)
        return node

    def _wait_for_port(self, port: int) -> None:
        until = time.monotonic() + _START_S
        while True:
            try:
                socket.create_connection((self.host, port), timeout=1).close()
            except OSError:
                if time.monotonic() > until or self.head.poll() is not None:
                    raise
                time.sleep(0.2)
            else:
                return

    def close(self) -> None:
        """End what was started, by its number, and take the network away."""
        for node in self.nodes:
            node.remove()
        with suppress(psutil.NoSuchProcess):
            head = psutil.Process(self.head.pid)
            for process in [*head.children(recursive=True), head]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self.head.wait(10)
        subprocess.run(["ip", "link", "delete", self.bridge], check=False, capture_output=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def cluster(cores: int) -> Iterator[Cluster]:
    """Give a cluster whose head has `cores`; its files lie in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="mtn-", dir="/tmp"))
    made = None
    try:
        made = Cluster(folder, cores)
        yield made
    finally:
        if made is not None:
            made.close()
        shutil.rmtree(folder, ignore_errors=True)
