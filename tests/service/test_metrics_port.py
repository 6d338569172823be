"""The port of the figures for Prometheus, the command that names it, and Prometheus's own tool on the files that ask for them."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.cluster.metrics import figures_url
from monito_ray.cluster.session import free_port
from monito_ray.jobs import heartbeat
from monito_ray.store.database import open_store
from monito_ray.testing.loopback import LoopbackServer

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "prometheus"


class _Page(LoopbackServer):
    """A page at /metrics with one line."""

    def __init__(self, line: str) -> None:
        super().__init__(0, 1)
        self._line = line

    @property
    def port(self) -> int:
        """Where it is."""
        return self._port

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_get("/metrics", self._show)

    async def _show(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._line)


@contextmanager
def _page(line: str) -> Iterator[int]:
    with _Page(line) as page:
        yield page.port


def test_a_free_port_is_taken_as_set(capsys: pytest.CaptureFixture[str]):
    """Nothing is said; 0 is any free one."""
    port = free_port(0)
    assert port > 0
    assert free_port(port) == port
    assert capsys.readouterr().err == ""


def test_a_port_that_is_taken_is_told_with_the_one_instead(capsys: pytest.CaptureFixture[str]):
    """The warning has both; a port that becomes free in time is taken."""
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        port = other.getsockname()[1]
        instead = free_port(port, wait_s=0.2)
        assert instead != port
        line = capsys.readouterr().err
        assert f"MONITO_METRICS_PORT {port}" in line
        assert f"port={instead}" in line
    assert free_port(port) == port


def test_figures_are_named_where_they_answer():
    """A page of somebody else's, or a port where nobody listens, is none of ours."""
    with _page("ray_monito_active_workers 2.0") as port:
        assert figures_url(port) == f"http://127.0.0.1:{port}/metrics"
    assert figures_url(port) == ""
    with _page("go_goroutines 7") as port:
        assert figures_url(port) == ""
    assert figures_url(0) == ""


def test_dashboard_names_the_figures_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Both pages, as lines and as JSON; a service of another machine has its figures there."""
    monkeypatch.setenv("MONITO_HOME", str(tmp_path))
    with open_store(f"sqlite:///{tmp_path}/monito.db") as store:
        heartbeat.beat(store, "driver", is_serving=True, now=datetime.now(UTC), dashboard="http://127.0.0.1:8265")
    with _page("ray_monito_active_workers 2.0") as port:
        monkeypatch.setenv("MONITO_METRICS_PORT", str(port))
        said = CliRunner().invoke(app, ["dashboard"])
        as_json = CliRunner().invoke(app, ["dashboard", "--json"])
    url = f"http://127.0.0.1:{port}/metrics"
    assert f"figures for Prometheus: {url}" in said.output
    assert json.loads(as_json.output) == [{"url": "http://127.0.0.1:8265", "host": socket.gethostname(), "metrics": url}]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed: it comes with Debian's prometheus")
def test_prometheus_takes_the_rules_and_the_file_that_names_them():
    """Prometheus's own tool finds nothing wrong with them."""
    for command in (["check", "rules", "alerts.yml"], ["check", "config", "prometheus.yml"]):
        ran = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False)
        assert ran.returncode == 0, ran.stderr + ran.stdout
