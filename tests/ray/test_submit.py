"""The main job as a person runs it: the command in a process of its own, from the example list to the files it writes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.command

ROOT = Path(__file__).parents[2]
JUNE = ROOT / "examples" / "bali_grocery_june.xlsx"
COMMAND = [sys.executable, str(ROOT / "scripts" / "submit.py")]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_"))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run, one after the other on one catalogue."""
    return tmp_path_factory.mktemp("submit")


@pytest.fixture(scope="module")
def as_json(folder: Path) -> subprocess.CompletedProcess[str]:
    """The example beside a list without prices, told as JSON."""
    (folder / "stock.csv").write_text("name,stock\nTea,plenty\nOil,none\n")
    arguments = [str(JUNE), "stock.csv", "--out", "clean", "--format", "jsonl", "--json"]
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=CLEAN, capture_output=True, text=True, timeout=180, check=False)


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_stdout_is_one_object_a_file_in_order(as_json: subprocess.CompletedProcess[str]):
    """With `--json` stdout has one object for each file, in order, and a failed file makes the exit code 1."""
    results = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert as_json.returncode == 1
    outcomes = [(result["metadata"]["file_name"], result["status"]) for result in results]
    assert outcomes == [(JUNE.name, "success"), ("stock.csv", "failure")]


def test_stderr_tells_progress_and_the_failed_file(as_json: subprocess.CompletedProcess[str]):
    """Progress and the one line about the list without prices go to stderr; no traceback and no word of Ray's does."""
    lines = as_json.stderr.splitlines()
    assert [line for line in lines if line.startswith("monito: stock.csv: ")] != []
    assert any(line.startswith(f"{JUNE.name}: reading done") for line in lines)
    assert all(line.startswith(("monito: stock.csv: ", "stock.csv: ", f"{JUNE.name}: ")) for line in lines), as_json.stderr


def test_written_files_hold_what_the_result_says(as_json: subprocess.CompletedProcess[str], folder: Path):
    """The counts add up, and the files have exactly as many rows as they say."""
    result = json.loads(as_json.stdout.splitlines()[0])["result"]
    assert result["rows_found"] == result["rows_written"] + result["rows_rejected"] + result["rows_duplicate"]
    assert result["rows_written"] >= 150
    assert result["rows_duplicate"] == 3
    assert len(_lines(folder / "clean" / "bali_grocery_june.jsonl")) == result["rows_written"]
    assert len(_lines(folder / "clean" / "bali_grocery_june.rejected.jsonl")) == result["rows_rejected"] + result["rows_duplicate"]
    assert all((folder / path).exists() for path in result["outputs"])
    assert not (folder / "clean" / "stock.jsonl").exists()


@pytest.mark.parametrize(
    ("row", "name", "price", "size", "unit"),
    [
        (11, "Sirup Markisa 460 ml", 27500, 460, "ml"),
        (12, "Sirup Jeruk Purut 460 ml", 28500, 460, "ml"),
        (27, "Kecap Manis Refill 1,5 L", 54500, 1.5, "l"),
    ],
)
def test_prices_are_those_of_the_list(
    as_json: subprocess.CompletedProcess[str], folder: Path, row: int, name: str, price: int, size: float, unit: str
):
    """Prices as numbers and as "Rp 28.500,-", sizes with dot and comma, come out as what the list says, with their place."""
    assert as_json.stdout
    rows = {(line["source_sheet"], line["source_row"]): line for line in _lines(folder / "clean" / "bali_grocery_june.jsonl")}
    line = rows["Daftar Harga", row]
    assert (line["original_name"], line["price"], line["size"], line["unit"], line["currency"]) == (name, price, size, unit, "IDR")


def test_the_catalogue_is_drawn(as_json: subprocess.CompletedProcess[str], folder: Path):
    """The local workbook has the master table, the supplier's sheet and the review."""
    supplier = json.loads(as_json.stdout.splitlines()[0])["result"]["supplier"]
    assert openpyxl.load_workbook(folder / ".monito" / "catalog.xlsx", read_only=True).sheetnames == [
        "Master Table",
        "Changes",
        "Same",
        "Review",
        "Charts",
        supplier,
        "Choices",
    ]


def test_a_list_that_was_read_before_is_written_again(as_json: subprocess.CompletedProcess[str], folder: Path):
    """The second time the list brings nothing new, its result is written all the same, and the summary says where."""
    written = json.loads(as_json.stdout.splitlines()[0])["result"]["rows_written"]
    arguments = [str(JUNE), "--out", "again.xlsx", "--no-llm"]
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, env=CLEAN, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].strip() == "again.xlsx"
    assert openpyxl.load_workbook(folder / "again.xlsx")["Products"].max_row == written + 1


def _has_a_task(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM tasks").fetchone()[0])
    except sqlite3.OperationalError:
        return False  # not there yet


def test_ctrl_c_ends_cleanly(tmp_path: Path):
    """Ctrl-C ends with 130 and one line that names the tasks, which the store still has, and leaves no process behind."""
    command = [*COMMAND, str(JUNE), "--json"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not _has_a_task(tmp_path / ".monito" / "monito.db") and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    task = json.loads(stdout)
    assert (process.returncode, task["status"]) == (130, "pending")
    assert f"stopped; the tasks stay in the store: {task['task_id']}" in stderr
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
