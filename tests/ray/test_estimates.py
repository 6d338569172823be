"""`monito submit --estimate`: what a list would cost, beside what it then does cost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.testing.llm_server import LlmServer

NAMES = [f"Zorblax Qwyjibo {chr(97 + number % 70 // 10)}q{chr(97 + number % 10)}" for number in range(100)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with an LLM, and a list of which 30 rows repeat the names of others."""
    with LlmServer() as server:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("MONITO_LLM_MODEL", "gpt-6-luna")
        lines = [f"{name};pcs;{(number + 10) * 500}" for number, name in enumerate(NAMES)]
        (tmp_path / "june.csv").write_text("\n".join(["Nama Barang;Satuan;Harga", *lines]) + "\n", "utf-8")
        yield tmp_path


def _told(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "monito_ray", *arguments, "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}  # of the tests' shared Ray
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=True)
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


@pytest.mark.command
@pytest.mark.usefixtures("folder")
def test_an_estimate_is_near_what_is_paid():
    """Requests and rows to the number, cost within a third; nothing is kept, and what is known afterwards is not asked again."""
    before = _told("submit", "june.csv", "--estimate")
    assert (before["rows"], before["asked"], before["requests"]) == (100, 70, 2)
    assert _told("submit", "june.csv", "--estimate") == before
    paid = _told("submit", "june.csv")["result"]["llm"]
    assert (paid["rows"], paid["requests"]) == (70, 2)
    assert paid["cost_usd"] == pytest.approx(before["cost_usd"], rel=0.34)
    after = _told("submit", "june.csv", "--estimate")
    assert (after["known"], after["asked"], after["cost_usd"]) == (100, 0, 0)


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(folder: Path):
    """As with submissions, one line on stderr and exit code 1."""
    (folder / "stock.csv").write_text("name,stock\nTea,plenty\n", "utf-8")
    ended = CliRunner().invoke(app, ["submit", "stock.csv", "june.csv", "--estimate"])
    assert ended.exit_code == 1
    assert "stock.csv: no column of prices" in ended.stderr
    assert "june.csv" in ended.stdout
    assert "about, with gpt-6-luna" in ended.stdout
