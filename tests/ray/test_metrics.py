"""Metrics on a real Ray's metrics port, which are those that the dashboard of Grafana draws."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import pytest

from monito_ray.cluster.session import free_port

pytestmark = pytest.mark.command

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "monito.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
LONGEST_S = 90.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Mapping[str, Any]]:
    """Ray in a process of its own, with dashboard, metrics and an LLM pool, through which a small run went."""
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "support" / "run_with_metrics.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=_without_ray(os.environ) | {"RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0"},
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        addresses = process.stdout.readline()
        assert addresses, f"the run ended with {process.wait()}: {_tail(complaints)}"
        yield json.loads(addresses)
        process.stdin.close()
        assert process.wait(LONGEST_S) == 0


def _without_ray(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the settings that the tests' shared Ray leaves in it; metrics are off there."""
    return {name: value for name, value in environment.items() if not name.startswith("RAY_")}


def _tail(complaints: IO[str]) -> str:
    complaints.seek(0)
    return complaints.read()[-2000:]


def _get(url: str, headers: Mapping[str, str] = MappingProxyType({})) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=30) as answer:  # noqa: S310
        return str(answer.read().decode())


def _samples(cluster: Mapping[str, Any]) -> dict[str, float]:
    """Return our samples on the metrics port: `name{our labels}` to value."""
    samples = {}
    for line in _get(cluster["metrics"]).splitlines():
        if match := re.match(r"(ray_monito_\w+)(?:\{(.*)\})? (\S+)$", line):
            labels = re.findall(r'(outcome|reason|stage|kind|status|queue|state|error)="([^"]*)"', match[2] or "")
            samples[f"{match[1]}{{{','.join(f'{name}={value}' for name, value in sorted(labels))}}}"] = float(match[3])
    return samples


@pytest.fixture(scope="module")
def samples(cluster: Mapping[str, Any]) -> dict[str, float]:
    """The samples, as soon as the last that was recorded is there."""
    until = time.monotonic() + LONGEST_S
    samples: dict[str, float] = {}
    while not samples.get("ray_monito_active_workers{}"):
        assert time.monotonic() < until, f"only {sorted(samples)} after {LONGEST_S:.0f} s"
        time.sleep(0.2)
        with suppress(urllib.error.URLError):  # Ray's process that serves them may start later
            samples = _samples(cluster)
    return samples


EXPECTED = {
    "ray_monito_rows_total{outcome=written,reason=}": 164,
    "ray_monito_rows_total{outcome=rejected,reason=no_price}": 4,
    "ray_monito_rows_total{outcome=duplicate,reason=}": 3,
    "ray_monito_stage_seconds_count{stage=sheets_writing}": 1,
    "ray_monito_llm_requests_total{outcome=answered}": 1,
    "ray_monito_llm_requests_total{outcome=LlmRateLimited}": 1,
    "ray_monito_llm_rows_total{}": 40,
    "ray_monito_llm_tokens_total{kind=prompt}": 1500,
    "ray_monito_llm_tokens_total{kind=cached}": 1024,
    "ray_monito_llm_tokens_total{kind=completion}": 900,
    "ray_monito_llm_cost_usd_total{}": 0.25,
    "ray_monito_tasks_ended_total{status=success}": 1,
    "ray_monito_tasks_ended_total{status=failure}": 1,
    "ray_monito_retries_total{error=StoreUnavailable}": 1,
    "ray_monito_queue_tasks{queue=llm_processing,state=waiting}": 7,
    "ray_monito_queue_oldest_waiting_seconds{queue=llm_processing}": 12.5,
    "ray_monito_queue_paused{queue=llm_processing}": 1,
    "ray_monito_tasks{status=pending}": 7,
    "ray_monito_active_workers{}": 2,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_happened_is_counted(samples: Mapping[str, float], name: str):
    """Each event and each state of the store is on the metrics port with its value."""
    assert samples.get(name) == pytest.approx(EXPECTED[name]), sorted(samples)


@pytest.mark.usefixtures("samples")
def test_no_label_names_a_list(cluster: Mapping[str, Any]):
    """Neither file names nor task ids get onto the port, which asks for no token."""
    text = _get(cluster["metrics"])
    assert "june.xlsx" not in text
    assert "task-7" not in text


def _expressions(panel: Any) -> Iterator[str]:
    """Every PromQL text in the dashboard, wherever it stands."""
    if isinstance(panel, dict):
        for name, value in panel.items():
            if name in {"expr", "query"} and isinstance(value, str):
                yield value
            else:
                yield from _expressions(value)
    elif isinstance(panel, list):
        for part in panel:
            yield from _expressions(part)


def test_grafana_queries_what_is_exported(samples: Mapping[str, float]):
    """Every metric that the dashboard's file names is exported, and every one that is exported is drawn."""
    queried = {name for text in _expressions(json.loads(DASHBOARD.read_text())) for name in re.findall(r"\bray_\w+", text)}
    exported = {name.partition("{")[0] for name in samples}
    drawn = {re.sub(r"_(bucket|sum|count)$", "", name) for name in queried}
    assert queried
    assert queried <= exported
    assert set(re.findall(r"\bray_monito_\w+", ALERTS.read_text())) <= exported
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported} == drawn


def _dashboard(cluster: Mapping[str, Any], path: str) -> Any:
    return json.loads(_get(cluster["dashboard"] + path, {"Authorization": f"Bearer {cluster['token']}"}))["data"]["result"]["result"]


def test_the_dashboard_lists_the_workers_by_our_names(cluster: Mapping[str, Any]):
    """The actors of the pool are its workers, by number, as many as `get_worker_stats` reports; Ray Data may have its own beside them."""
    actors = [actor for actor in _dashboard(cluster, "/api/v0/actors") if actor["state"] == "ALIVE" and actor["class_name"] == "LlmWorker"]
    assert sorted(actor["name"] for actor in actors) == [f"LLM worker {number + 1}" for number in range(cluster["workers"])]


def test_the_dashboard_names_tasks_in_our_words(cluster: Mapping[str, Any]):
    """A task is shown by what it does, not by whose list it works on."""
    until = time.monotonic() + 30
    expected = {"monito.read_list", "MapBatches(work_on_block)"}
    while not expected <= (names := {task["name"] for task in _dashboard(cluster, "/api/v0/tasks")}):
        assert time.monotonic() < until, names
        time.sleep(0.2)
    assert not [name for name in names if "june" in name]


def test_the_dashboard_demands_the_token(cluster: Mapping[str, Any]):
    """Without the token nothing is shown."""
    with pytest.raises(urllib.error.HTTPError, match="401"):
        _get(cluster["dashboard"] + "/api/v0/actors")


@pytest.mark.skipif(shutil.which("prometheus") is None, reason="Prometheus is not installed: Debian's package has its name")
def test_prometheus_scrapes_the_figures_and_takes_the_rules(cluster: Mapping[str, Any], samples: Mapping[str, float], tmp_path: Path):
    """A real Prometheus beside it has the rows by our names within seconds, and evaluates every rule of deploy/prometheus/alerts.yml."""
    address = urllib.parse.urlsplit(cluster["metrics"]).netloc
    rules = ROOT / "deploy" / "prometheus" / "alerts.yml"
    (tmp_path / "prometheus.yml").write_text(
        f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{rules}']\n"
        f"scrape_configs: [{{job_name: monito, static_configs: [{{targets: ['{address}']}}]}}]\n"
    )
    port = free_port(0)
    command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data"]
    with subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.DEVNULL) as prometheus:
        try:
            written = _until_answered(f"http://127.0.0.1:{port}/api/v1/query?query=ray_monito_rows_total%7Boutcome%3D%22written%22%7D")
            groups = json.loads(_get(f"http://127.0.0.1:{port}/api/v1/rules"))["data"]["groups"]
        finally:
            prometheus.terminate()
    assert float(written["value"][1]) == samples["ray_monito_rows_total{outcome=written,reason=}"]
    assert {rule["health"] for group in groups for rule in group["rules"]} <= {"ok", "unknown"}


def _until_answered(url: str) -> dict[str, Any]:
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        with suppress(urllib.error.URLError, ConnectionError):
            if result := json.loads(_get(url))["data"]["result"]:
                return dict(result[0])
        time.sleep(0.2)
    raise AssertionError(f"no answer within {LONGEST_S:.0f} s")
