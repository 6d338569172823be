"""Calls that cannot be followed: one clear line each, an exit code, and the state as it was."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from lists import JUNE
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.jobs import queue
from monito_ray.records import Status
from monito_ray.settings import load_settings
from monito_ray.store.database import open_store

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONITO_CURRENCY", "IDR")
    (tmp_path / "june.csv").write_text(JUNE, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(app, arguments)


def _waiting(run: Run) -> str:
    return str(json.loads(run("submit", "june.csv", "--no-wait", "--json").stdout)["task_id"])


def _refused(done: Result) -> str:
    """The one line of a call that was not followed."""
    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (1, 1), done.output
    return done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["status", "nosuchtask"], "there is no task nosuchtask"),
        (["cancel", "nosuchtask"], "there is no task nosuchtask"),
        (["retry", "nosuchtask"], "there is no task nosuchtask"),
        (["purge", "nosuchqueue"], "there is no queue 'nosuchqueue'"),
        (["pause", "nosuchqueue"], "there is no queue 'nosuchqueue'"),
        (["resume", "nosuchqueue"], "there is no queue 'nosuchqueue'"),
    ],
)
def test_what_is_not_there_is_named(run: Run, arguments: list[str], says: str):
    """An unknown task or queue is named, and the task that is there waits as before."""
    task_id = _waiting(run)
    assert says in _refused(run(*arguments))
    with open_store(load_settings().store_url) as store:
        assert queue.load(store, task_id).status is Status.PENDING


@pytest.mark.parametrize(
    "arguments", [["submit", "june.csv"], ["status"], ["queues"], ["prices", "rice"], ["changes"], ["backup"], ["serve"]]
)
def test_a_database_of_a_newer_program_is_left_alone(run: Run, tmp_path: Path, arguments: list[str]):
    """Every command refuses it by name, and changes nothing in it."""
    _waiting(run)
    path = tmp_path / "home" / "monito.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    assert "revision 9999" in _refused(run(*arguments))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM tasks").fetchone() == (1,)


def test_the_status_says_that_nobody_is_alive(run: Run):
    """Of all tasks and of one, in words; a program reads it in the metadata."""
    task_id = _waiting(run)
    says = "nobody is alive to do the task; run `monito serve`"
    assert run("status").stderr == f"{task_id}: {says}\n"
    assert f"Waiting: {says}" in run("status", task_id).stdout
    assert json.loads(run("status", task_id, "--json").stdout)["metadata"]["nobody_alive"] is True


def test_a_cancelled_task_stays_cancelled(run: Run):
    """It is neither cancelled nor purged a second time, and only a retry brings it back."""
    task_id = _waiting(run)
    assert run("cancel", task_id).exit_code == 0
    assert "is cancelled, not" in _refused(run("cancel", task_id))
    assert json.loads(run("purge", "file_processing", "--json").stdout)["purged"] == 0
    assert run("retry", task_id).exit_code == 0
    assert "is pending, not" in _refused(run("retry", task_id))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MONITO_FILES_URL", "nosuch://bucket/monito", "MONITO_FILES_URL='nosuch://bucket/monito'"),
        ("MONITO_DATABASE_URL", "mssql+pyodbc://nobody@127.0.0.1/monito", "the driver for MONITO_DATABASE_URL is not installed"),
        ("MONITO_DATABASE_URL", "rubbish", "MONITO_DATABASE_URL is no database URL"),
        ("MONITO_CURRENCY", "XYZ", "MONITO_CURRENCY='XYZ': this is no currency"),
    ],
)
def test_a_place_that_cannot_be_used_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str):
    """It names the variable and what to do, with the exit code of wrong settings."""
    monkeypatch.setenv(name, value)
    done = run("status")
    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (2, 1), done.output
    assert says in done.stderr
