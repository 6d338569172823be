"""The two sides of the comparison: a service of ours and one of the old design, each in processes of its own, told the same and asked the same."""

import importlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psutil

from monito_ray import Monito
from monito_ray.jobs import heartbeat, queue
from monito_ray.records import Status
from monito_ray.settings import Settings
from monito_ray.store.database import open_store
from monito_ray.wiring import utc_now

HERE = Path(__file__).parent
START_S = 120.0
_LOOK_S = 0.2


class Side(Protocol):
    """A running service."""

    def submit(self, path: Path) -> str:
        """Hand a file in; returns once it is acknowledged."""

    def ended(self, ids: Sequence[str]) -> set[str]:
        """Those that are done."""

    def rows(self, one: str) -> list[dict[str, Any]]:
        """What came out of one: `original`, `name`, `brand`, `size`."""

    def kill(self) -> None:
        """SIGKILL everything that works, and start it again."""

    def close(self) -> None:
        """End it."""


class Ours:
    """`monito serve`."""

    def __init__(self, home: Path, llm_url: str, concurrency: int) -> None:
        self._settings = Settings(MONITO_HOME=home, OPENAI_BASE_URL=llm_url, MONITO_USER_FILES_PER_HOUR=10_000, MONITO_CURRENCY="IDR")
        self._home = home
        self._variables = {
            "MONITO_HOME": str(home),
            "OPENAI_BASE_URL": llm_url,
            "MONITO_LLM_CONCURRENCY": str(concurrency),
            "MONITO_LLM_BATCH_ROWS": "50",  # as the other side's
            "MONITO_CURRENCY": "IDR",
            "RAY_AUTH_TOKEN_PATH": str(home / "ray-token"),
        }
        self._monito = Monito(self._settings)
        self._store = open_store(self._settings.store_url)
        self._sent = 0
        self._start()

    def submit(self, path: Path) -> str:
        """Each list is another person's and another supplier's: a supplier's own lists are folded one onto the other, which the peer has nothing of."""
        self._sent += 1
        return self._monito.submit_file_processing(path, self._sent, {"supplier": f"Toko {path.stem}"})

    def ended(self, ids: Sequence[str]) -> set[str]:
        """Successes alone: a failure is no list done."""
        return {task.id for task in queue.load_all(self._store, ids) if task.status is Status.SUCCESS}

    def rows(self, one: str) -> list[dict[str, Any]]:
        """From the products that were kept."""
        table, _ = self._monito.tables(one)
        return [
            {
                "original": row["original_name"],
                "name": row["standardized_name"],
                "brand": row["brand"],
                "size": f"{row['size'].normalize():f} {row['unit']}",
            }
            for row in table.to_pylist()
        ]

    def kill(self) -> None:
        """The parent, the driver, Ray and all its workers."""
        _kill(self._process)
        self._start()

    def close(self) -> None:
        """End it."""
        self._monito.close()
        self._store.close()
        _end(self._process)

    def _start(self) -> None:
        self._process = _started([sys.executable, "-m", "monito_ray", "serve"], self._variables, self._home)
        own = psutil.Process(self._process.pid)
        until(
            lambda: (
                {found.pid for found in heartbeat.serving_drivers(self._store, utc_now())}
                & {child.pid for child in own.children(recursive=True)}
            ),
            START_S,
        )


class OldDesign:
    """Celery and Redis. `pool` is Celery's: "prefork" for processes, "threads"."""

    def __init__(self, home: Path, llm_url: str, concurrency: int, pool: str) -> None:
        port = _free_port()
        self._redis = _started(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)], {}, home)
        self._variables = {"PEER_BROKER": f"redis://127.0.0.1:{port}/0", "PEER_OUTPUT": str(home), "OPENAI_BASE_URL": llm_url}
        os.environ |= self._variables
        sys.modules.pop("old_design", None)  # it connects where it is told when it is imported
        self._module = importlib.import_module("old_design")
        self._home, self._concurrency, self._pool = home, concurrency, pool
        self._results: dict[str, Any] = {}
        self._start()

    def submit(self, path: Path) -> str:
        """Into the first queue."""
        result = self._module.submit(path)
        self._results[result.id] = result
        return str(result.id)

    def ended(self, ids: Sequence[str]) -> set[str]:
        """Those whose last stage has succeeded."""
        return {one for one in ids if self._results[one].successful()}

    def rows(self, one: str) -> list[dict[str, Any]]:
        """From the written workbook."""
        frame = self._module.pd.read_excel(self._results[one].get()["output"], keep_default_na=False)
        return frame.rename(columns={"name": "original", "standard": "name"})[["original", "name", "brand", "size"]].to_dict("records")

    def kill(self) -> None:
        """The worker and its children; Redis lives on."""
        _kill(self._process)
        self._start()

    def close(self) -> None:
        """End it."""
        _end(self._process)
        _end(self._redis)

    def _start(self) -> None:
        shape = ["--pool", self._pool, "--concurrency", str(self._concurrency), "--queues", ",".join(self._module.STAGES)]
        command = [sys.executable, "-m", "celery", "--app", "old_design", "worker", *shape, "--loglevel", "warning"]
        self._process = _started(
            command, self._variables | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}, self._home
        )
        until(lambda: self._module.app.control.ping(timeout=0.5), START_S)


def why_not() -> str:
    """Why the old design cannot run here; "" where it can."""
    try:
        importlib.import_module("celery")
    except ImportError:
        return "Celery is not installed: pip install -r benchmarks/peer/requirements.txt"
    return "" if shutil.which("redis-server") else "redis-server is not installed (Debian: apt-get install redis-server)"


def until(holds: Callable[[], object], limit_s: float) -> bool:
    """Wait until something holds; whether it did in time."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(_LOOK_S)
    return False


def _started(command: list[str], variables: dict[str, str], home: Path) -> "subprocess.Popen[bytes]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
    with (home / "log.txt").open("ab") as log:
        return subprocess.Popen(command, env=clean | variables, cwd=home, stdout=log, stderr=log)


def _tree(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process.pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _kill(process: "subprocess.Popen[bytes]") -> None:
    for victim in _tree(process):
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    process.wait()


def _end(process: "subprocess.Popen[bytes]") -> None:
    tree = _tree(process)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    for left in tree:
        with suppress(psutil.NoSuchProcess):
            left.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
