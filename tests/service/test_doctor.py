"""`monito doctor`: every service tried for real, and named when it is down."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.doctor import Check, ServiceState, run_checks
from monito_ray.jobs import heartbeat
from monito_ray.pipeline.llm.server.example_rows import EXAMPLE_ROWS
from monito_ray.store.database import open_store
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.llm_traits import LlmTraits
from monito_ray.testing.sheets_server import SheetsServer
from monito_ray.testing.telegram_server import TelegramServer
from monito_ray.wiring import utc_now

SERVICES = ("settings", "store", "files", "access", "ray", "llm", "telegram", "sheets")


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


def test_a_mistyped_setting_is_named(everything: Path, monkeypatch: pytest.MonkeyPatch):
    """The settings are not simply well, though nothing is down."""
    monkeypatch.setenv("MONITO_CURENCY", "IDR")
    (everything / ".env").write_text("MONITO_KEEP_DAY=3\n", "utf-8")
    settings, *others = run_checks()
    assert (settings.state, {check.state for check in others}) == (ServiceState.IGNORED, {ServiceState.OK})
    assert "MONITO_CURENCY is no setting, MONITO_CURRENCY is; MONITO_KEEP_DAY in .env is no setting" in settings.detail


@pytest.mark.parametrize(
    ("name", "variable", "value", "says"),
    [
        ("settings", "MONITO_LLM_CONCURRENCY", "many", "MONITO_LLM_CONCURRENCY"),
        ("store", "MONITO_DATABASE_URL", "sqlite:////proc/nowhere/monito.db", "/proc/nowhere"),
        ("files", "MONITO_FILES_URL", "/proc/nowhere", "/proc/nowhere"),
        ("ray", "RAY_ADDRESS", "", "127.0.0.1:"),
        ("llm", "OPENAI_BASE_URL", "http://{}/v1", "can be reached"),
        ("settings", "OPENAI_BASE_URL", "127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
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
    assert {check.name for check in checks if check.state is ServiceState.DOWN} == {name}


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/monito.db", "nonsense", "mysql+nothing://host/monito"])
def test_ray_is_not_looked_at_without_the_store(url: str, everything: Path, monkeypatch: pytest.MonkeyPatch):
    """Which services are alive stands in the store; nobody is told to start one for what is wrong with that."""
    assert everything.exists()
    monkeypatch.setenv("MONITO_DATABASE_URL", url)
    states = _states(run_checks())
    assert (states["store"], states["ray"]) == (ServiceState.DOWN, ServiceState.SKIPPED)


EXAMPLES = [example.item.row.original_name for example in EXAMPLE_ROWS]
WATER = {"standardized_name": "Strawberry milk", "brand": "", "category": "dairy & eggs"}


def _llm_check(monkeypatch: pytest.MonkeyPatch, home: Path, server: LlmServer, **settings: str) -> Check:
    """Try one server alone."""
    for name in ("OPENAI_API_KEY", "RAY_ADDRESS", "TELEGRAM_BOT_TOKEN", "MONITO_SHEET_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"MONITO_HOME": str(home), "OPENAI_BASE_URL": server.url, **settings}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home)
    (check,) = [check for check in run_checks() if check.name == "llm"]
    return check


def test_the_true_question_is_asked_and_what_it_showed_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Effort, tier and extra fields go along; the form that is held, the time and the limits are named, and kept for lists."""
    settings = {
        "MONITO_LLM_REASONING_EFFORT": "low",
        "MONITO_LLM_SERVICE_TIER": "flex",
        "MONITO_LLM_EXTRA_BODY": '{"temperature": 0}',
        "MONITO_LLM_MODEL": "home-grown",
    }
    with LlmServer(traits=LlmTraits(("pattern", "service_tier", "temperature"))) as server:
        check = _llm_check(monkeypatch, tmp_path, server, **settings)
        refused = server.paid.statuses[400]
        again = _llm_check(monkeypatch, tmp_path, server, **settings)
    assert check.state is again.state is ServiceState.OK
    for said in ("form objects (not pattern)", "without service_tier, temperature", "two rows in", "tokens a second", "10,000 requests"):
        assert said in check.detail
    assert "MONITO_LLM_PRICE" in check.remedy
    assert (refused, server.paid.statuses[400]) == (3, 6)
    kept = json.loads((tmp_path / "llm-servers.json").read_text("utf-8"))
    assert [profile["refused"] for profile in kept.values()] == [["service_tier", "temperature"]]


NO_HELP: list[tuple[dict[str, Any], str]] = [
    ({"answers": dict.fromkeys(EXAMPLES, WATER)}, "'Strawberry milk'"),
    ({"answers": {EXAMPLES[0]: {"standardized_name": "Soap", "brand": "SEKARWANGI", "category": "dairy & eggs"}}}, "among dairy & eggs"),
    ({"faults": {LlmFault.SWAPPED_IDS: 1.0}}, "passes the checks"),
    ({"faults": {LlmFault.BROKEN_JSON: 1.0}}, "passes the checks"),
]


@pytest.mark.parametrize(("options", "says"), NO_HELP)
def test_a_model_that_is_no_help_is_said_to_be_none(options: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """It answers, and its answers about the example rows are wrong: then the rules alone are better."""
    with LlmServer(**options) as server:
        check = _llm_check(monkeypatch, tmp_path, server)
    assert (check.state, check.state.is_well) == (ServiceState.NO_HELP, False)
    assert says in check.detail
    assert "the rules alone are better" in check.remedy


CAUSES: list[tuple[dict[str, Any], str]] = [
    ({"traits": LlmTraits(context_tokens=1024)}, "context"),
    ({"faults": {LlmFault.NO_CREDIT: 1.0}}, "Top up"),
    ({"faults": {LlmFault.NO_MODEL: 1.0}}, "MONITO_LLM_MODEL"),
    ({"faults": {LlmFault.UNAUTHORIZED: 1.0}}, "OPENAI_API_KEY"),
    ({"faults": {LlmFault.NO_COMPLETION: 1.0}}, "OPENAI_BASE_URL"),
    ({"faults": {LlmFault.STATUS_503: 1.0}}, "can be reached"),
    ({"faults": {LlmFault.HANG: 1.0}}, "MONITO_LLM_TIMEOUT_S"),
]


@pytest.mark.parametrize(("options", "says"), CAUSES)
def test_the_remedy_is_that_of_the_cause(options: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A context too short, no credit, an unknown model, a wrong key, another program at the address, a server that is down or slow."""
    with LlmServer(**options) as server:
        check = _llm_check(monkeypatch, tmp_path, server, MONITO_LLM_TIMEOUT_S="0.5")
    assert check.state is ServiceState.DOWN
    assert says in check.remedy


def test_a_budget_without_a_price_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Nothing would be asked, for the budget cannot be kept; with a price all is well."""
    with LlmServer() as server:
        settings = {"MONITO_LLM_MODEL": "home-grown", "MONITO_LLM_BUDGET_USD": "1"}
        check = _llm_check(monkeypatch, tmp_path, server, **settings)
        priced = _llm_check(monkeypatch, tmp_path, server, **settings, MONITO_LLM_PRICE="1/1/1")
    assert (check.state, priced.state) == (ServiceState.NO_HELP, ServiceState.OK)
    assert "MONITO_LLM_PRICE" in check.remedy


def test_a_slow_server_is_told_how_many_rows_it_can_take(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Forty rows would not come back in time."""
    with LlmServer(per_row_s=0.15) as server:
        check = _llm_check(monkeypatch, tmp_path, server, MONITO_LLM_TIMEOUT_S="3", MONITO_LLM_MODEL="gpt-4o-mini")
    assert check.state is ServiceState.OK
    assert "set MONITO_LLM_BATCH_ROWS=" in check.remedy


def test_a_port_that_is_open_is_not_taken_for_a_cluster(everything: Path):
    """Where no service is alive, it is all that was seen of the cluster."""
    with open_store(f"sqlite:///{everything / 'home' / 'monito.db'}") as store:
        heartbeat.sign_off(store, "d1")
    (ray,) = [check for check in run_checks() if check.name == "ray"]
    assert (ray.state, "something listens at 127.0.0.1:" in ray.detail) == (ServiceState.OK, True)


def test_a_service_that_fell_silent_is_down(everything: Path, monkeypatch: pytest.MonkeyPatch):
    """A serving driver that did not say goodbye and is not heard of any more."""
    monkeypatch.delenv("RAY_ADDRESS")
    with open_store(f"sqlite:///{everything / 'home' / 'monito.db'}") as store:
        heartbeat.beat(store, "d1", is_serving=True, now=utc_now() - timedelta(minutes=1))
    (ray,) = [check for check in run_checks() if check.name == "ray"]
    assert (ray.state, "monito serve" in ray.remedy) == (ServiceState.DOWN, True)


def test_machines_of_a_cluster_that_do_not_answer_are_named(everything: Path):
    """The service looks at them all the time, and tells with its signs of life."""
    with open_store(f"sqlite:///{everything / 'home' / 'monito.db'}") as store:
        heartbeat.beat(store, "d1", is_serving=True, now=utc_now(), nodes="10.0.0.1 here, 2 cores; 10.0.0.2 here, 2 cores")
        (well,) = [check for check in run_checks() if check.name == "ray"]
        heartbeat.beat(store, "d1", is_serving=True, now=utc_now(), nodes="10.0.0.1 here, 2 cores; 10.0.0.2 away, 2 cores")
        (ill,) = [check for check in run_checks() if check.name == "ray"]
    assert (well.state, "10.0.0.2 here" in well.detail) == (ServiceState.OK, True)
    assert (ill.state, ill.detail) == (ServiceState.DOWN, "machines of the cluster do not answer: 10.0.0.2 away, 2 cores")
    assert "node.sh start worker" in ill.remedy


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
