"""The real thing: a driver with a Ray of its own, in a process of its own; and lists that share a Ray."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from lists import JULY, JUNE, bench, instead
from sqlalchemy import update

from monito_ray.catalog.lists.replay import suppliers_to_replay
from monito_ray.cluster import batches
from monito_ray.cluster import tasks as ray_tasks
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.context import Attempt
from monito_ray.store import schema
from monito_ray.store.database import open_store

LOCAL = """
import sys, threading
from monito_ray import Monito, submit_file_async, wiring
from monito_ray.settings import load_settings

ids = [submit_file_async(path, 1, {"supplier": "Toko A", "force": True}) for path in sys.argv[1:]]
with wiring.local_driver(load_settings(), lambda event: None) as driver:
    driver.work(ids, threading.Event())
with Monito() as monito:
    for task_id in ids:
        told = monito.get_task_result(task_id)
        print(told.status, told.result["rows_found"], told.result["rows_written"], told.result["products_new"], told.result["prices_changed"])
"""


def test_a_local_driver_does_its_lists_and_leaves_quietly(tmp_path: Path):
    """Two lists through embedded Ray: results as promised, nothing on stderr, a clean exit."""
    for name, text in (("june.csv", JUNE), ("july.csv", JUNE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LOCAL, str(tmp_path / "june.csv"), str(tmp_path / "july.csv")],
        cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "MONITO_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == ["success 8 6 0 0", "success 8 6 6 0"]


def test_a_local_driver_matches_anew_what_an_earlier_version_wrote(tmp_path: Path):
    """Who has no service would have no second supplier for a product until each of them sends a list again."""
    for name, text in (("june.csv", JUNE), ("july.csv", JULY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "MONITO_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}

    def submit(name: str) -> str:
        command = [sys.executable, "-c", LOCAL, str(tmp_path / name)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=120)
        return done.stderr

    assert submit("june.csv") == ""
    with open_store(f"sqlite:///{tmp_path / 'home' / 'monito.db'}") as store:
        with store.write() as connection:
            connection.execute(update(schema.offers).values(supplier="Toko Lama", features=""))
            connection.execute(update(schema.supplier_lists).values(supplier="Toko Lama"))
        assert suppliers_to_replay(store) == ["Toko Lama"]
        assert "catalogue.matched_anew" in submit("july.csv")
        assert suppliers_to_replay(store) == []


@pytest.mark.ray
def test_lists_share_a_ray_and_keep_apart(tmp_path: Path):
    """Four lists side by side on Ray: each one's rows stay its own, lenient or not, and a bad one fails alone."""
    with bench(tmp_path, workers=ray_tasks, row_batches=RowBatches(batches.map_slices, ray_tasks.cores)) as made:
        ids = [
            made.submit(JUNE, "june.csv"),
            made.submit(JULY, "july.csv", validate=False),
            made.submit("no prices here\n", "bad.csv"),
            made.submit(JUNE + "TOTAL;;160.000\n", "total.csv", validate=False),
        ]
        Driver(made.services).work(ids, threading.Event())
        tasks = [queue.load(made.store, task_id) for task_id in ids]
        assert [task.status for task in tasks] == [Status.SUCCESS, Status.SUCCESS, Status.FAILURE, Status.SUCCESS]
        counts = [(task.result or {}).get("rows_written") for task in tasks]
        assert counts == [6, 7, None, 7]
        assert tasks[2].error.startswith("bad.csv: ")


def _sleep(_data: bytes, _file_name: str) -> None:
    time.sleep(60)


@pytest.mark.ray
def test_a_stop_during_work_on_ray_comes_soon(tmp_path: Path):
    """Told to stop while a worker is busy for a minute, the driver breaks it off, returns in seconds, and the task waits."""

    def run(attempt: Attempt) -> None:
        attempt.services.workers.read_file(b"", "june.csv", _sleep)

    stop = threading.Event()
    steps = instead(Stage.FILE_PROCESSING, run)
    with bench(tmp_path, workers=ray_tasks, row_batches=RowBatches(batches.map_slices, ray_tasks.cores)) as made:
        task_id = made.submit(JUNE)
        threading.Timer(1.0, stop.set).start()
        began = time.monotonic()
        Driver(made.services, steps=steps).work([task_id], stop)
        assert time.monotonic() - began < 20
        task = queue.load(made.store, task_id)
        assert (task.status, task.owner, task.error) == (Status.PENDING, "", "")
