"""`monito doctor`: every service tried for real, and named when it is down."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.doctor import Check, ServiceState, run_checks
from monito_ray.jobs import heartbeat
from monito_ray.store.database import open_store
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.sheets_server import SheetsServer
from monito_ray.testing.telegram_server import TelegramServer
from monito_ray.wiring import utc_now

SERVICES = ("settings", "store", "files", "ray", "llm", "telegram", "sheets")


def _nobody() -> str:
    """An address on the loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every service set and up, a cluster's port and a serving driver's heartbeat among them."""
    with ExitStack() as open_ones:
        llm, sheets = open_ones.enter_context(LlmServer()), open_ones.enter_context(SheetsServer())
        sheets.spreadsheet()
        telegram = open_ones.enter_context(TelegramServer())
        head = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
        (tmp_path / "account.json").write_text(json.dumps(sheets.credentials), encoding="utf-8")
        home = tmp_path / "home"
        for name, value in {
            "MONITO_HOME": str(home),
            "OPENAI_BASE_URL": llm.url,
            "OPENAI_API_KEY": "",
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "MONITO_TELEGRAM_BASE_URL": telegram.url,
            "MONITO_ALLOWED_USERS": "7",
            "MONITO_SHEET_ID": "catalogue",
            "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "account.json"),
            "MONITO_SHEETS_ENDPOINT": sheets.url,
            "RAY_ADDRESS": f"127.0.0.1:{head.getsockname()[1]}",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        with open_store(f"sqlite:///{home / 'monito.db'}") as store:
            heartbeat.beat(store, "d1", is_serving=True, now=utc_now())
        yield tmp_path


def _states(checks: list[Check]) -> dict[str, ServiceState]:
    return {check.name: check.state for check in checks}


@pytest.mark.usefixtures("everything")
def test_all_is_well_when_everything_answers():
    """Each service is tried and told to be there."""
    checks = run_checks()
    assert _states(checks) == dict.fromkeys(SERVICES, ServiceState.OK), checks


@pytest.mark.parametrize(
    ("name", "variable", "value", "says"),
    [
        ("settings", "MONITO_LLM_CONCURRENCY", "many", "MONITO_LLM_CONCURRENCY"),
        ("store", "MONITO_DATABASE_URL", "sqlite:////proc/nowhere/monito.db", "/proc/nowhere"),
        ("files", "MONITO_FILES_URL", "/proc/nowhere", "/proc/nowhere"),
        ("ray", "RAY_ADDRESS", "", "127.0.0.1:"),
        ("llm", "OPENAI_BASE_URL", "http://{}/v1", "LLM"),
        ("telegram", "MONITO_TELEGRAM_BASE_URL", "http://{}", "Telegram"),
        ("telegram", "TELEGRAM_BOT_TOKEN", "1:wrong", "token"),
        ("sheets", "MONITO_SHEETS_ENDPOINT", "http://{}", "Sheets"),
        ("sheets", "GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/account.json", "account"),
    ],
)
def test_what_is_down_is_named_with_what_to_do(
    name: str, variable: str, value: str, says: str, everything: Path, monkeypatch: pytest.MonkeyPatch
):
    """One service down: it is named, with cause and remedy; those that do not need it are told to be well."""
    assert everything.exists()
    monkeypatch.setenv(variable, _nobody() if variable == "RAY_ADDRESS" else value.format(_nobody()))
    checks = run_checks()
    (down,) = [check for check in checks if check.state is ServiceState.DOWN and check.name == name]
    assert says.lower() in f"{down.detail} {down.remedy}".lower()
    assert down.remedy
    others = {check.name for check in checks if check.state is ServiceState.DOWN} - {name}
    assert others <= ({"ray"} if name == "store" else set())


def test_a_service_that_fell_silent_is_down(everything: Path, monkeypatch: pytest.MonkeyPatch):
    """A serving driver that did not say goodbye and is not heard of any more."""
    monkeypatch.delenv("RAY_ADDRESS")
    with open_store(f"sqlite:///{everything / 'home' / 'monito.db'}") as store:
        heartbeat.beat(store, "d1", is_serving=True, now=utc_now() - timedelta(minutes=1))
    (ray,) = [check for check in run_checks() if check.name == "ray"]
    assert (ray.state, "monito serve" in ray.remedy) == (ServiceState.DOWN, True)


def test_nothing_set_is_nothing_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without keys and accounts the rest is tried, and the command ends with 0; with a service down it ends with 1."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "TELEGRAM_BOT_TOKEN", "MONITO_SHEET_ID", "RAY_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, "-m", "monito_ray", "doctor", "--json"]
    well = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (well.returncode, [check["state"] for check in json.loads(well.stdout)].count("not set")) == (0, 4)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{_nobody()}/v1")
    ill = CliRunner().invoke(app, ["doctor", "--json"])
    assert (ill.exit_code, [check["name"] for check in json.loads(ill.stdout) if check["state"] == "DOWN"]) == (1, ["llm"])
