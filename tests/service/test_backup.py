"""Backup of a store in use, and work continued from it elsewhere."""

import os
import tarfile
import threading
from pathlib import Path

import pytest
from lists import JULY, Bench, bench
from sqlalchemy import create_engine

from monito_ray.api import Monito
from monito_ray.driver.driver import Driver
from monito_ray.errors import OutputNotWritable
from monito_ray.jobs import queue
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store import dumps
from monito_ray.store.database import Store


def _work(made: Bench, *task_ids: str) -> None:
    Driver(made.services).work(task_ids, threading.Event())


def test_a_backup_of_a_store_in_use_can_be_continued_elsewhere(tmp_path: Path):
    """Written while others write and unpacked into an empty home, it has the finished tasks, and open tasks can be done there."""
    archive, restored = tmp_path / "copy.tar.gz", tmp_path / "restored"
    with bench(tmp_path) as made:
        done, waiting = made.submit(), made.submit(JULY, "july.csv")
        _work(made, done)
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                queue.record_event(made.store, done, "test.noise", {}, made.services.clock())

        noise = threading.Thread(target=write)
        noise.start()
        with Monito(made.services.settings) as monito:
            assert monito.backup(archive) == 1
        stop.set()
        noise.join()
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as packed:
        packed.extractall(restored, filter="data")
    with bench(restored, clock=made.services.clock) as again:
        assert queue.load(again.store, done).status is Status.SUCCESS
        _work(again, waiting)
        task = queue.load(again.store, waiting)
        assert (task.status, task.stage, (task.result or {})["prices_changed"]) == (Status.SUCCESS, Stage.NOTIFICATIONS, 1)


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    """The error names the path, and no partial archive is left."""
    (tmp_path / "file").write_text("")
    with bench(tmp_path) as made, Monito(made.services.settings) as monito, pytest.raises(OutputNotWritable, match="not a folder"):
        monito.backup(tmp_path / "file" / "copy.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == []


def test_the_password_of_the_database_is_no_word_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every user of a machine sees the words of pg_dump's command; the password is in its environment, as its own programs expect."""
    shim = tmp_path / "bin" / "pg_dump"
    shim.parent.mkdir()
    shim.write_text(
        '#!/bin/sh\nfor word in "$@"; do case $word in --file=*) out=${word#--file=};; esac; done\necho "$PGPASSWORD $*" > "$out"\n'
    )
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent), prepend=os.pathsep)
    for url in (
        "postgresql+psycopg://monito:s3cr%40t@db.example/monito?sslmode=require",
        "postgresql+psycopg://monito@/monito?password=s3cr%40t",
    ):
        engine = create_engine(url)
        dump = dumps.copy_database(Store(engine, None), tmp_path)
        password, *words = dump.read_text().split()
        assert password == "s3cr@t"
        assert "s3cr" not in " ".join(words)
        assert words[-1].startswith("postgresql://monito@")
