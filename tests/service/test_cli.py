"""What the command line promises, with everything that needs no Ray; the whole way is tested in `tests/ray/test_submit.py`."""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from lists import JUNE
from typer.main import get_command
from typer.testing import CliRunner

import monito_ray
from monito_ray.cli.app import app
from monito_ray.jobs import lifecycle, queue
from monito_ray.store.database import open_store
from monito_ray.wiring import utc_now

ROOT = Path(__file__).parents[2]
VISIBLE = sorted(name for name, command in get_command(app).commands.items() if not command.hidden)  # type: ignore[attr-defined]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder of this test's own, with none of this machine's settings; `stdin` is its input."""
    for name in [name for name in os.environ if name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def go(*arguments: str, stdin: str | bytes | None = None, **settings: str) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin, env=settings, prog_name="monito")

    return go


def _process(*arguments: str, cwd: Path = ROOT, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=clean | environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_is_quick_and_loads_nothing_heavy():
    """Help answers without loading Ray, pandas, Arrow or the database."""
    code = (
        "import sys\nfrom monito_ray.cli import main\n"
        "try: main(['submit', '--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print({'ray', 'pandas', 'pyarrow', 'sqlalchemy', 'openai', 'rich'} & set(sys.modules), file=sys.stderr)"
    )
    done = _process("-c", code)
    assert done.stderr == "set()\n"
    assert "Examples:\n    monito submit june.xlsx" in done.stdout


@pytest.mark.parametrize("command", [["-m", "monito_ray", "submit"], [str(ROOT / "scripts" / "submit.py")]])
def test_both_ways_in_are_one_command(command: list[str]):
    """`scripts/submit.py` takes the very options of `monito submit`."""
    done = _process(*command, "-h")
    options = {"--supplier", "--currency", "--user-id", "--out", "--format", "--no-llm", "--no-wait", "--force", "--estimate", "--json"}
    assert set(re.findall(r"--[a-z-]+", done.stdout)) >= options


@pytest.mark.parametrize("command", VISIBLE)
def test_every_command_has_help_with_an_example(run: Run, command: str):
    """`-h` is `--help`, and each command shows at least one line that can be typed."""
    short, long = run(command, "-h"), run(command, "--help")
    assert short.exit_code == 0
    assert short.stdout == long.stdout
    assert re.search(rf"Examples?:\n(.*\n)*? .*\bmonito {command}\b", short.stdout)


def test_the_version_is_that_of_the_package(run: Run):
    """`monito --version`, `monito_ray.__version__` and the package's metadata say the same."""
    assert run("--version").stdout == f"monito {monito_ray.__version__}\n"
    assert monito_ray.__version__ == importlib.metadata.version("monito-ray")


def test_the_shell_completes_commands():
    """What `--install-completion` puts into the shell's start file asks the command itself, which knows its commands and options."""
    done = _process(
        "-c", "from monito_ray.cli import main; main()", _MONITO_COMPLETE="complete_bash", COMP_WORDS="monito su", COMP_CWORD="1"
    )
    assert done.stdout.split() == ["submit", "suppliers"]
    assert "--install-completion" in CliRunner().invoke(app, ["-h"]).stdout


def test_the_package_says_that_it_is_typed():
    """Type checkers of programs that import it see its types."""
    assert (ROOT / "monito_ray" / "py.typed").exists()


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (["submit"], {}, 2, "Missing argument"),
        (["submit", "a.csv", "--currency", "rupiah"], {}, 2, "code of ISO 4217"),
        (["submit", "a.csv", "--out", "a.txt"], {}, 2, r"\.txt is no format of results"),
        (["submit", "a.csv", "--format", "csv"], {}, 2, "there is no --out"),
        (["submit", "a.csv", "b.csv", "--out", "all.csv"], {}, 2, "do not go into one file"),
        (["submit", "lists", "--out", "all.csv"], {}, 2, "do not go into one file"),
        (["submit", "a.csv", "--out", "a.csv"], {}, 2, "replace the price list"),
        (["submit", "-", "-"], {}, 2, "read once"),
        (["submit", "empty"], {}, 2, "no price list in this folder"),
        (["explain", "empty"], {}, 2, "no price list in this folder"),
        (["submit", "a.csv"], {"MONITO_LLM_CONCURRENCY": "many"}, 2, "MONITO_LLM_CONCURRENCY"),
        (["submit", "a.csv", "--out", "/proc/a.xlsx"], {}, 1, r"cannot write /proc/a\.xlsx"),
        (["status", "nosuch"], {}, 1, "nosuch"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(
    run: Run, tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, says: str
):
    """Wrong usage ends with 2, an impossible place with 1, both with a line that names the cause, no traceback and no task."""
    (tmp_path / "a.csv").write_text("name,price\nTea,9\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "lists").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "lists" / name).write_text("name,price\nTea,9\n")
    done = run(*arguments, **settings)
    assert (done.exit_code, done.stdout) == (code, "")
    assert re.search(says, done.stderr)
    assert "Traceback" not in done.stderr
    assert run("status", "--json").stdout == ""


def test_each_bad_file_is_a_line_and_the_others_go_on(run: Run, tmp_path: Path):
    """Files that cannot be taken in are named with cause and remedy, the rest become tasks, and the answers stand in order."""
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "good.csv").write_text("name,price\nTea,9\n")
    (tmp_path / "big.csv").write_text("x" * 20_000)
    done = run("submit", "missing.xlsx", "good.csv", "empty.xlsx", "big.csv", "--no-wait", "--json", MONITO_MAX_FILE_MB="0.01")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [(result["metadata"]["file_name"], result["status"]) for result in results] == [
        ("missing.xlsx", "failure"), ("good.csv", "pending"), ("empty.xlsx", "failure"), ("big.csv", "failure"),
    ]  # fmt: skip
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    for line, (name, cause) in zip(lines, [("missing.xlsx", "no such file"), ("empty.xlsx", "empty"), ("big.csv", "limit")], strict=True):
        assert name in line
        assert cause in line


def test_no_wait_commits_and_tells_the_id(tmp_path: Path):
    """`--no-wait` prints the task's id alone, and `status` knows the task, one by one and in the list."""
    (tmp_path / "good.csv").write_text("name,price\nTea,9\n")
    done = _process("-m", "monito_ray", "submit", "good.csv", "--no-wait", cwd=tmp_path)
    task_id = done.stdout.strip()
    assert (done.returncode, done.stderr) == (0, "")
    status = _process("-m", "monito_ray", "status", task_id, "--json", cwd=tmp_path)
    assert json.loads(status.stdout)["status"] == "pending"


@pytest.mark.parametrize(
    ("is_done", "says", "advises"),
    [(False, "good.csv: task {task_id} is reading it now", False), (True, "good.csv: was sent before as task {task_id}, success", True)],
    ids=["being read", "read"],
)
def test_a_list_that_was_sent_before_is_said_to_be(run: Run, tmp_path: Path, is_done: bool, says: str, advises: bool):
    """One that is being read needs no `--force`, which would read it twice."""
    task_id = _begin(run, tmp_path, is_done=is_done)
    done = run("submit", "good.csv", "--no-wait")
    assert says.format(task_id=task_id) in done.stderr
    assert ("--force" in done.stderr) is advises


def test_a_list_whose_rows_are_gone_is_read_again(run: Run, tmp_path: Path):
    """Where they are to be written, and the list was sent again for that."""
    task_id = _begin(run, tmp_path, is_done=True)
    assert task_id in run("submit", "good.csv", "--no-wait").stdout
    done = run("submit", "good.csv", "--no-wait", "--out", "clean.csv")
    assert (done.exit_code, task_id in done.stdout) == (0, False)
    assert f"good.csv: what was kept of task {task_id} is gone, so it is read again" in done.stderr


def _begin(run: Run, folder: Path, *, is_done: bool) -> str:
    """Submit good.csv and claim its task, which ends with nothing kept where `is_done`; return its id."""
    (folder / "good.csv").write_text("name,price\nTea,9\n")
    task_id = run("submit", "good.csv", "--no-wait").stdout.strip()
    now = utc_now()
    with open_store(f"sqlite:///{folder}/.monito/monito.db") as store:
        (task,) = queue.claim(store, "d1", now, 1, [task_id])
        if is_done:
            while task.next_stage:
                task = lifecycle.advance(task, 1, now)
            assert queue.save(store, lifecycle.succeed(task, {}, 1, now), "d1", "task.succeeded")
    return task_id


def _names(done: Result) -> list[str]:
    return [json.loads(line)["metadata"]["file_name"] for line in done.stdout.splitlines()]


def test_a_folder_is_its_lists(run: Run, tmp_path: Path):
    """Each readable file of a folder becomes a task, in order by name; what is skipped is said on stderr, and stdout holds JSON alone."""
    lists = tmp_path / "lists"
    lists.mkdir()
    for name in ("b.csv", "a.csv", ".hidden.csv", "c.bak"):
        (lists / name).write_text(f"name,price\n{name},9\n", encoding="utf-8")
    done = run("submit", "lists", "--no-wait", "--json")
    assert (done.exit_code, _names(done)) == (0, ["a.csv", "b.csv"])
    assert done.stderr.startswith("monito: lists: skipped .hidden.csv (hidden), c.bak (")
    assert run("status").stdout.count(".csv") == 2


def test_a_folder_is_explained_list_by_list(run: Run, tmp_path: Path):
    """Every list is explained, and one that cannot be read makes the exit code 1."""
    (tmp_path / "a.csv").write_text(JUNE, encoding="utf-8")
    (tmp_path / "b.csv").write_text("name,stock\nTea,plenty\n", encoding="utf-8")
    done = run("explain", ".", "--json", MONITO_HOME=str(tmp_path / "home"))
    assert (done.exit_code, [json.loads(line)["file_name"] for line in done.stdout.splitlines()]) == (1, ["a.csv", "b.csv"])


def test_text_from_a_pipe_is_a_list(tmp_path: Path):
    """`monito submit -` reads standard input in a pipe, beside other files, and with --json stdout holds one object for each."""
    (tmp_path / "june.csv").write_text("name,price\nTea,9\n")
    done = _process("-m", "monito_ray", "submit", "-", "june.csv", "--no-wait", "--json", cwd=tmp_path, stdin=JUNE)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [(result["metadata"]["file_name"], result["status"]) for result in results] == [
        ("stdin.txt", "pending"),
        ("june.csv", "pending"),
    ]


def test_text_from_a_pipe_is_explained(run: Run):
    """`monito explain -` reads the same text, and keeps nothing of it."""
    done = run("explain", "-", "--json", stdin=JUNE)
    explanation = json.loads(done.stdout)
    assert (done.exit_code, explanation["file_name"], explanation["rows_found"]) == (0, "stdin.txt", 8)


def test_what_a_pipe_holds_is_named_by_its_content(run: Run):
    """A workbook is read as one; nothing at all is an empty file, one line and exit code 1."""
    june = (ROOT / "examples" / "bali_grocery_june.xlsx").read_bytes()
    assert _names(run("submit", "-", "--no-wait", "--json", stdin=june)) == ["stdin.xlsx"]
    done = run("submit", "-", "--no-wait", "--json", stdin="")
    assert (done.exit_code, json.loads(done.stdout)["status"]) == (1, "failure")
    assert done.stderr.startswith("monito: stdin.txt: the file is empty.")
