"""`monito eval`, as a person runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.testing.llm_server import LlmServer

#: The testing LLM knows the first of these and repeats the other.
CSV = (
    "original_name,price,right_name,right_brand,right_size,right_unit,right_pack_count\n"
    "TEH KUNTUM Melati 24x330ml,90000,Kuntum jasmine tea,KUNTUM,330,ml,24\nXorbl qenti,10,xorbl qenti,,,,1\n"
)

#: Asks about the lists of a folder, stopped from the first; prints the number of answers and of requests.
_STOPPED = """
import sys, threading
from contextlib import nullcontext
from pathlib import Path
from monito_ray.evaluation.labelled_rows import read_lists
from monito_ray.evaluation.live import ask_about
from monito_ray.settings import Settings
stop = threading.Event()
stop.set()
answers, cost = ask_about(read_lists(Path(sys.argv[1])), Settings(), lambda _: nullcontext(lambda _: None), stop)
print(len(answers.answers), cost.requests)
"""


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A labelled list in a folder, and nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "tea.csv").write_text(CSV, encoding="utf-8")
    return folder


def _run(*arguments: str | Path, code: int = 0) -> str:
    ended = CliRunner().invoke(app, ["eval", *map(str, arguments)])
    assert ended.exit_code == code, ended.output
    return ended.stdout


def test_the_rules_are_measured_and_compared_with_what_was_kept(lists: Path, tmp_path: Path):
    """Exit code 1 where a field fell since; the own rows need no path."""
    assert "of these" in _run().lower()
    figures = json.loads(_run(lists, "--json", "--save", tmp_path / "before.json"))
    assert (figures["fields"]["size"]["right"], figures["fields"]["pack_count"]["right"]) == (2, 2)
    before = json.loads((tmp_path / "before.json").read_text())
    assert json.loads(_run(lists, "--json", "--baseline", tmp_path / "before.json"))["changes"]["size"]["fell"] is False
    rows = "".join(f"Xorbl qenti {number},10,xorbl qenti {number},,,,1\n" for number in range(20))
    (lists / "tea.csv").write_text(CSV + rows, encoding="utf-8")
    for number in range(20):
        before["verdicts"][f"tea.csv:{number + 4}"] = {"brand": True, "size": True}
    (tmp_path / "before.json").write_text(json.dumps(before))
    (lists / "tea.csv").write_text((CSV + rows).replace(",,,,1\n", ",Tavix,,,1\n"), encoding="utf-8")
    assert "brand fell" in CliRunner().invoke(app, ["eval", str(lists), "--baseline", str(tmp_path / "before.json")]).stderr
    _run(lists, "--baseline", tmp_path / "before.json", code=1)


def test_the_llm_is_asked_as_about_any_list_and_its_answers_are_kept(lists: Path, tmp_path: Path):
    """Measured again with the kept answers nothing is asked, and the figures are the same; no catalogue is touched."""
    with LlmServer() as server:
        command = [sys.executable, "-m", "monito_ray", "eval", str(lists), "--llm", "--record", "answers.json", "--json"]
        environment = {**os.environ, "OPENAI_BASE_URL": server.url}
        ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        asked = server.paid.received
    assert ended.returncode == 0, ended.stderr  # in a process of its own, for it starts a Ray of its own
    live = json.loads(ended.stdout)
    assert live["llm"]["requests"] == asked > 0
    assert live["llm"]["prompt_tokens"] > 0
    replayed = json.loads(_run(lists, "--answers", tmp_path / "answers.json", "--json"))
    assert (replayed["fields"], replayed["model"]) == (live["fields"], live["model"])
    assert not (tmp_path / ".monito").exists()


def test_an_evaluation_that_is_stopped_does_not_blame_the_llm(lists: Path, tmp_path: Path):
    """Nothing was answered, because nobody waited."""
    environment = {**os.environ, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    command = [sys.executable, "-c", _STOPPED, str(lists)]  # in a process of its own, for it starts a Ray of its own
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout.split()) == (0, ["0", "0"]), ended.stderr


def test_fields_that_nobody_judges_have_no_figures(lists: Path, monkeypatch: pytest.MonkeyPatch):
    """A share of 0.000 would say that all are wrong."""
    monkeypatch.setenv("COLUMNS", "80")
    figures = next(line for line in _run(lists).splitlines() if "category" in line)
    assert ("none" in figures, "0.000" in figures) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--llm"], "no LLM is set"),
        (["--record", "x.json"], "Add --llm"),
        (["--llm", "--answers", "x.json"], "one of them"),
    ],
)
def test_what_cannot_be_asked_is_said(lists: Path, arguments: list[str], cause: str):
    """As wrong usage, before any work."""
    ended = CliRunner().invoke(app, ["eval", str(lists), *arguments])
    assert (ended.exit_code, cause in ended.stderr) == (2, True), ended.output
