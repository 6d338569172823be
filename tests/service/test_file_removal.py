"""Removal of old files, and tasks whose files were removed."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lists import JULY, bench

from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.jobs.retention import file_retention
from monito_ray.jobs.retention.file_retention import RetentionLimits

DAY = timedelta(days=1)


def test_files_of_ended_tasks_are_removed_and_those_of_open_ones_stay(tmp_path: Path):
    """An open task keeps its upload; one whose upload is gone fails with the file's name."""
    with bench(tmp_path) as made:
        done, waiting = made.submit(), made.submit(JULY, "july.csv")
        Driver(made.services).work([done], threading.Event())
        old = time.time() - 40 * 86400
        for path in (tmp_path / "files").rglob("*"):
            os.utime(path, (old, old))
        assert file_retention.remove_expired(made.store, made.services.files, RetentionLimits(30 * DAY), datetime.now(UTC)) > 0
        left = [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]
        assert left == [queue.load(made.store, waiting).file_hash]
        (tmp_path / "files" / "uploads" / left[0]).unlink()
        Driver(made.services).work([waiting], threading.Event())
        task = queue.load(made.store, waiting)
        assert (task.status, task.error_code) == ("failure", "ArtifactGone")
        assert task.error.startswith("july.csv: what was kept of it is gone")
