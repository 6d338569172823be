"""What the command line promises, with everything that needs no Ray; the whole way is kept in `test_submit.py`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from monito_ray import events
from monito_ray.cli import console
from monito_ray.records import Status
from monito_ray.settings import Settings
from monito_ray.stages import Stage

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command in a process and a folder of its own, with none of this machine's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}

    def go(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monito_ray", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=clean | settings, capture_output=True, text=True, timeout=60, check=False)

    return go


def test_help_is_quick_and_loads_nothing_heavy():
    """Help answers without loading Ray, pandas, Arrow or the database."""
    code = (
        "import sys\nfrom monito_ray.cli import main\n"
        "try: main(['submit', '--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print({'ray', 'pandas', 'pyarrow', 'sqlalchemy', 'openai'} & set(sys.modules), file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stderr == "set()\n"
    assert "Examples:\n    monito submit june.xlsx" in told.stdout


@pytest.mark.parametrize("command", [["-m", "monito_ray", "submit"], [str(ROOT / "scripts" / "submit.py")]])
def test_both_ways_in_are_one_command(command: list[str]):
    """`scripts/submit.py` takes the very options of `monito submit`."""
    told = subprocess.run([sys.executable, *command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert set(re.findall(r"--[a-z-]+", told)) >= {
        "--supplier",
        "--currency",
        "--user-id",
        "--out",
        "--no-llm",
        "--no-wait",
        "--force",
        "--json",
    }


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (["submit"], {}, 2, "Missing argument"),
        (["submit", "a.csv", "--currency", "rupiah"], {}, 2, "three letters"),
        (["submit", "a.csv", "--out", "a.txt"], {}, 2, r"\.txt is no format of results"),
        (["submit", "a.csv", "--format", "csv"], {}, 2, "there is no --out"),
        (["submit", "a.csv", "b.csv", "--out", "all.csv"], {}, 2, "do not go into one file"),
        (["submit", "a.csv", "--out", "a.csv"], {}, 2, "replace the price list"),
        (["submit", "a.csv"], {"MONITO_LLM_CONCURRENCY": "many"}, 2, "MONITO_LLM_CONCURRENCY"),
        (["submit", "a.csv", "--out", "/proc/a.xlsx"], {}, 1, r"cannot write /proc/a\.xlsx"),
        (["status", "nosuch"], {}, 1, "nosuch"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    run: Run, tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, says: str
):
    """Wrong usage ends with 2, an impossible place with 1, both with a line that names the cause, no traceback and no task."""
    (tmp_path / "a.csv").write_text("name,price\nTea,9\n")
    told = run(*arguments, **settings)
    assert (told.returncode, told.stdout) == (code, "")
    assert re.search(says, told.stderr)
    assert "Traceback" not in told.stderr
    assert run("status", "--json").stdout == ""


def test_each_bad_file_is_a_line_and_the_others_go_on(run: Run, tmp_path: Path):
    """Files that cannot be taken in are named with cause and remedy, the rest become tasks, and the answers stand in order."""
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "good.csv").write_text("name,price\nTea,9\n")
    (tmp_path / "big.csv").write_text("x" * 20_000)
    told = run("submit", "missing.xlsx", "good.csv", "empty.xlsx", "big.csv", "--no-wait", "--json", MONITO_MAX_FILE_MB="0.01")
    results = [json.loads(line) for line in told.stdout.splitlines()]
    assert told.returncode == 1
    assert [(result["metadata"]["file_name"], result["status"]) for result in results] == [
        ("missing.xlsx", "failure"), ("good.csv", "pending"), ("empty.xlsx", "failure"), ("big.csv", "failure"),
    ]  # fmt: skip
    lines = told.stderr.splitlines()
    assert len(lines) == 3
    for line, (name, cause) in zip(lines, [("missing.xlsx", "no such file"), ("empty.xlsx", "empty"), ("big.csv", "limit")], strict=True):
        assert name in line
        assert cause in line


def test_no_wait_commits_and_tells_the_id(run: Run, tmp_path: Path):
    """`--no-wait` prints the task's id alone, and `status` knows the task, one by one and in the list."""
    (tmp_path / "good.csv").write_text("name,price\nTea,9\n")
    told = run("submit", "good.csv", "--no-wait")
    task_id = told.stdout.strip()
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(run("status", task_id, "--json").stdout)["status"] == "pending"
    assert task_id in run("status").stdout


def test_example_settings_are_complete_and_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`.env.example` names every setting, and with its lines taken in gives what no file gives."""
    lines = re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    aliases = {field.validation_alias for field in Settings.model_fields.values()}
    assert {name for name, _ in lines} == aliases
    for name in aliases:
        monkeypatch.delenv(str(name), raising=False)
    example = tmp_path / "env"
    example.write_text("".join(f"{name}={value}\n" for name, value in lines))
    assert Settings(_env_file=example) == Settings(_env_file=None)


RESULT = {
    "rows_found": 1200, "rows_written": 1100, "rows_rejected": 80, "rows_duplicate": 20, "rejected": {"no_price": 79, "note": 1},
    "products_new": 5, "prices_changed": 3, "supplier": "CV [Contoh]", "currency": "IDR", "list_date": "2026-06-01",
    "llm": {}, "stages": {"file_processing": 812, "llm_processing": 64_000},
}  # fmt: skip


def _summary(*outcomes: console.FileOutcome) -> str:
    stream = StringIO()
    console.show_summary(outcomes, "rules alone: no LLM is set", stream)
    return re.sub(r"[│┃ ]+", " ", stream.getvalue())


def test_summary_tells_counts_times_and_paths():
    """The summary of one file has every count, the reasons, the use of the LLM, the time of each stage, and what was written."""
    told = _summary(console.FileOutcome("june.xlsx", Status.SUCCESS, RESULT, ("catalog.xlsx", "clean/june.xlsx")))
    wanted = ("june.xlsx", "CV [Contoh]", "Rows found 1,200", "Rows written 1,100", "no price 79", "Duplicates 20", "Changed prices 3",
              "rules alone: no LLM is set", "Time reading 0.81 s", "Time standardizing 1 min 4 s", "Written: catalog.xlsx", "clean/june.xlsx")  # fmt: skip
    assert [text for text in wanted if text not in told] == []


def test_summary_of_several_adds_up():
    """Several files have a line each, failed ones too, and one sum."""
    use = {"requests": 2, "rows": 50, "prompt_tokens": 1000, "cached_tokens": 800, "completion_tokens": 90, "cost_usd": 0.01}
    good = console.FileOutcome("june.xlsx", Status.SUCCESS, RESULT | {"llm": use}, ("catalog.xlsx",))
    told = _summary(good, console.FileOutcome("bad.xlsx", Status.FAILURE), good)
    assert "bad.xlsx failure" in told
    assert "Rows found 2,400" in told
    assert "100 rows in 4 requests, 2,000 tokens in (1,600 cached), 180 out, 0.0200 USD" in " ".join(told.split())
    assert told.count("catalog.xlsx") == 1


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


STEPS = [
    events.StageStarted("t1", Stage.FILE_PROCESSING, 0),
    events.StageFinished("t1", Stage.FILE_PROCESSING, 120, 240),
    events.StageStarted("t1", Stage.LLM_PROCESSING, 120),
    events.StageAdvanced("t1", Stage.LLM_PROCESSING, 40, 120),
    events.TaskRetried("t1", "LlmUnavailable", "no answer", 2.0),
    events.StageFinished("t1", Stage.LLM_PROCESSING, 120, 1500),
    events.TaskSucceeded("t1", 2000),
]


def test_progress_in_a_log_is_plain_lines():
    """Where nobody watches, each stage is one line without any control characters."""
    stream = StringIO()
    with console.show_progress({"t1": "june.xlsx"}, stream) as sink:
        for event in STEPS:
            sink(event)
    assert stream.getvalue().splitlines() == [
        "june.xlsx: reading done, 120 rows, 0.24 s",
        "june.xlsx: no answer; again in 2 s",
        "june.xlsx: standardizing done, 120 rows, 1.5 s",
        "june.xlsx: done, 2.0 s",
    ]


@pytest.mark.parametrize("files", [1, 5])
def test_progress_on_a_terminal_shows_files_and_stages(monkeypatch: pytest.MonkeyPatch, files: int):
    """On a terminal every stage has a bar under the file's name, and nothing of a file's name is taken for markup."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    stream = _Terminal()
    names = {f"t{number}": f"[red]{number}.xlsx" for number in range(1, files + 1)}
    with console.show_progress(names, stream) as sink:
        for event in STEPS:
            sink(event)
    told = stream.getvalue()
    assert [word for word in ("[red]1.xlsx", "reading", "standardizing", "120 rows", "starting Ray") if word not in told] == []


@pytest.mark.parametrize(
    ("duration_ms", "told"), [(0, "0.00 s"), (240, "0.24 s"), (12_340, "12.3 s"), (125_000, "2 min 5 s"), (59_960, "60.0 s")]
)
def test_durations_as_people_say_them(duration_ms: int, told: str):
    """Short times have hundredths, long ones minutes."""
    assert console.duration_text(duration_ms) == told
