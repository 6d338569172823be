"""How long files are kept."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lists import JULY, bench

from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue, retention
from monito_ray.jobs.artifacts import StoredItem
from monito_ray.jobs.retention import RetentionLimits

NOW = datetime(2024, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def _kept(name: str, days: float, size: int = 10) -> StoredItem:
    return StoredItem(name, f"/files/{name}", size, NOW - days * DAY)


@pytest.mark.parametrize(
    ("limits", "gone"),
    [
        (RetentionLimits(30 * DAY), "ab"),
        (RetentionLimits(90 * DAY), ""),
        (RetentionLimits(90 * DAY, 1000), ""),
        (RetentionLimits(90 * DAY, 45), "a"),
        (RetentionLimits(90 * DAY, 25), "abc"),
        (RetentionLimits(90 * DAY, 1), "abc"),
        (RetentionLimits(30 * DAY, 1000), "ab"),
    ],
)
def test_what_goes_is_old_or_too_much_and_needed_by_nobody(limits: RetentionLimits, gone: str):
    """The oldest first, never what an open task needs, never what just came."""
    kept = [_kept("n", 80), _kept("c", 5), _kept("a", 60), _kept("b", 31), _kept("f", 0.01)]
    assert "".join(one.name for one in retention.choose_expired(kept, {"n"}, limits, NOW)) == gone


def test_files_of_ended_tasks_go_and_a_retry_says_so(tmp_path: Path):
    """What waits keeps its upload; a task whose upload went fails with the file's name and what to do."""
    with bench(tmp_path) as made:
        done, waiting = made.submit(), made.submit(JULY, "july.csv")
        Driver(made.services).work([done], threading.Event())
        old = time.time() - 40 * 86400
        for path in (tmp_path / "files").rglob("*"):
            os.utime(path, (old, old))
        assert retention.remove_expired(made.store, made.services.files, RetentionLimits(30 * DAY), datetime.now(UTC)) > 0
        left = [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]
        assert left == [queue.load(made.store, waiting).file_hash]
        (tmp_path / "files" / "uploads" / left[0]).unlink()
        Driver(made.services).work([waiting], threading.Event())
        task = queue.load(made.store, waiting)
        assert (task.status, task.error_code) == ("failure", "ArtifactGone")
        assert task.error.startswith("july.csv: what was kept of it is gone")
