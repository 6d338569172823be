"""The service: a parent that restarts what dies and drains when told to, a driver that does everybody's tasks, a command that only waits."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from lists import JUNE

from monito_ray.jobs import heartbeat, queue
from monito_ray.serve import Child, supervise
from monito_ray.store.database import open_store
from monito_ray.testing.llm_server import LlmServer
from monito_ray.wiring import utc_now


def _until(holds: Callable[[], object], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of this test's own."""
    for name in [name for name in os.environ if name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONITO_CURRENCY", "IDR")
    monkeypatch.setenv("MONITO_METRICS_PORT", "0")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "ray" / "token"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def service(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """`monito serve` with an LLM, ended with SIGTERM."""
    with LlmServer() as llm, (home / "serve.log").open("wb") as log:
        monkeypatch.setenv("OPENAI_BASE_URL", llm.url)
        process = subprocess.Popen([sys.executable, "-m", "monito_ray", "serve"], stderr=log, umask=0)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)


def _ports_on_the_network(pid: int) -> list[str]:
    """Return what of a service's processes listens on other addresses than the loopback, after checking that they listen at all."""
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    listening = [
        (process.name(), port.laddr.ip)
        for process in processes
        for port in process.net_connections("inet")
        if port.status == psutil.CONN_LISTEN
    ]
    assert {"raylet", "gcs_server"} <= {name for name, _ in listening}
    return [f"{name} {address}" for name, address in listening if address.removeprefix("::ffff:") not in {"127.0.0.1", "::1"}]


def _command(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "monito_ray", *arguments], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.command
def test_the_service_does_tasks_survives_its_driver_and_drains(home: Path, service: "subprocess.Popen[bytes]"):
    """A waiting command starts no Ray; a killed driver is replaced and its task done; SIGTERM ends all within 20 s."""
    (home / "june.csv").write_text(JUNE, encoding="utf-8")
    with open_store(f"sqlite:///{home / 'home' / 'monito.db'}") as store:

        def alive() -> list[heartbeat.Heartbeat]:
            return heartbeat.serving_drivers(store, utc_now())

        _until(alive)
        (first,) = alive()
        assert first.dashboard.startswith("http://127.0.0.1:")
        assert stat.S_IMODE((home / "ray" / "token").stat().st_mode) == 0o600
        assert _ports_on_the_network(service.pid) == []
        assert stat.S_IMODE(Path(f"/tmp/monito-ray-{os.getuid()}").stat().st_mode) == 0o700  # noqa: S108
        result = json.loads(_command("submit", "june.csv", "--json"))
        assert (result["status"], result["result"]["rows_found"]) == ("success", 8)
        _until(lambda: json.loads(_command("workers", "--json"))["active_workers"] == 2)  # told with the next sign of life

        figures = re.search(r"figures for Prometheus: (http://\S+)", (home / "serve.log").read_text("utf-8"))
        assert figures is not None
        _until(lambda: "ray_monito_tasks" in urllib.request.urlopen(figures[1], timeout=10).read().decode())  # noqa: S310

        _until((home / "home" / "catalog.xlsx").exists)
        paths = [home / "home", *(home / "home").rglob("*")]
        assert {path.name for path in paths} >= {"monito.db", "monito.db-wal", "monito.db-shm", "monito.db.lock", "catalog.xlsx", "uploads"}
        assert [path for path in paths if path.exists() and path.stat().st_mode & 0o077] == []

        _command("pause", "file_processing")
        task_id = json.loads(_command("submit", "june.csv", "--force", "--json", "--no-wait"))["task_id"]
        os.kill(first.pid, signal.SIGKILL)
        _command("resume", "file_processing")
        _until(lambda: queue.load(store, task_id).has_ended)
        assert queue.load(store, task_id).status == "success"
        (second,) = alive()
        assert second.pid != first.pid

        began = time.monotonic()
        service.terminate()
        assert service.wait(30) == 0
        assert time.monotonic() - began < 20
        assert alive() == []


def test_a_child_with_wrong_settings_ends_the_service():
    """Trying again would not help, so the parent ends with the same code and stops the others."""
    import threading  # noqa: PLC0415

    lines: list[str] = []
    assert supervise([Child("driver", ("status", "--nonsense"))], threading.Event(), lines.append) == 2
