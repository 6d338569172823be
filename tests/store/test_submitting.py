"""Submission of files: what is refused, and what is durable."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monito_ray.errors import FileEmpty, FileMissing, FileTooLarge, FileUnusable, MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.records import Status
from monito_ray.store.database import open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.store.database import open_store
home = sys.argv[1]
task_id = submit_file(open_store(f"sqlite:///{home}/monito.db"), Artifacts(f"{home}/files"), f"{home}/june.csv", 7, {"currency": "IDR"}, datetime.now(UTC))
os.write(1, task_id.encode())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_acknowledged_file_survives_a_kill(tmp_path: Path):
    """A process killed right after it printed the id has left the task and the bytes of the file."""
    (tmp_path / "june.csv").write_bytes(b"name;price\nRice;10")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (tmp_path / "june.csv").unlink()
    store = open_store(f"sqlite:///{tmp_path}/monito.db")
    task = queue.load(store, done.stdout.decode())
    store.close()
    assert (task.status, task.file_name, task.user_id, task.options) == (Status.PENDING, "june.csv", 7, {"currency": "IDR"})
    assert Artifacts(f"{tmp_path}/files").read_upload(task.file_hash) == b"name;price\nRice;10"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("missing.xlsx", None, FileMissing),
        ("june.csv/inside.xlsx", None, FileMissing),
        ("empty.xlsx", b"", FileEmpty),
        ("large.xlsx", b"x" * (1024 * 1024 + 1), FileTooLarge),
        (".", None, FileUnusable),
    ],
)
def test_an_unusable_file_is_refused_by_name(name: str, content: bytes | None, error: type[MonitoError], tmp_path: Path):
    """The error names the file, and neither a task nor an upload is left."""
    (tmp_path / "june.csv").write_bytes(b"x")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    store, files = open_store(f"sqlite:///{tmp_path}/db/monito.db"), Artifacts(str(tmp_path / "files"), max_upload_mb=1)
    with pytest.raises(error, match=os.path.basename(tmp_path / name)):  # noqa: PTH119
        submit_file(store, files, tmp_path / name, 0, None, NOW)
    store.close()
    assert not (tmp_path / "files").exists()


def test_a_file_of_exactly_the_limit_is_accepted(tmp_path: Path):
    """The limit is the largest accepted size."""
    (tmp_path / "list.csv").write_bytes(b"x" * 1024 * 1024)
    store = open_store(f"sqlite:///{tmp_path}/db/monito.db")
    assert submit_file(store, Artifacts(str(tmp_path / "files"), max_upload_mb=1), tmp_path / "list.csv", 0, None, NOW)
    store.close()
