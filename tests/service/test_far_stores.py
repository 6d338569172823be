"""A bucket for files and a database far away: what goes wrong there is said in words, and costs time and nothing else."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from buckets import Bucket, bucket
from lists import JULY, JUNE, bench
from sqlalchemy.engine import make_url

from monito_ray.catalog.offers import snapshot
from monito_ray.driver.driver import Driver
from monito_ray.errors import FilesUnavailable, SettingsInvalid
from monito_ray.events import Event, StageFinished
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import new_id, open_store
from monito_ray.testing.delaying_proxy import DelayingProxy

#: Measured once with 30 s, too.
AWAY_S = 0.5
ROUND_TRIP_S = 0.02


@pytest.fixture
def lists() -> Iterator[Bucket]:
    """A bucket that is not made yet."""
    with bucket(f"lists-{new_id()}") as made:
        yield made


def _said(call: Callable[[], object]) -> FilesUnavailable:
    with pytest.raises(FilesUnavailable) as caught:
        call()
    return caught.value


def _missing(lists: Bucket) -> None:
    """Leave it unmade."""


def _away(lists: Bucket) -> None:
    lists.make()
    lists.go_away()


CALLS: dict[str, Callable[[Artifacts], Any]] = {
    "stage_upload": lambda files: files.stage_upload(b"name;price"),
    "read_upload": lambda files: files.read_upload("0" * 64),
    "has_table": lambda files: files.has_table("t1", "raw"),
    "row_count": lambda files: files.row_count("t1", "raw"),
    "write_list_facts": lambda files: files.write_list_facts("t1", {}),
    "all_items": lambda files: files.all_items(),
    "probe": lambda files: files.probe(),
}


@pytest.mark.parametrize(
    ("trouble", "cause", "remedy"),
    [(_missing, "bucket does not exist", "Create the bucket"), (_away, "Could not connect", "runs and can be reached")],
)
def test_what_a_bucket_does_not_do_is_said(lists: Bucket, trouble: Callable[[Bucket], None], cause: str, remedy: str):
    """Each call names the place, the cause and what to do, and is worth another try; no rows are taken for gone."""
    trouble(lists)
    files = Artifacts(lists.url)
    for name, call in CALLS.items():
        error = _said(lambda call=call: call(files))
        assert str(error).startswith(f"{lists.url}/"), name
        assert cause in str(error), name
        assert remedy in error.remedy, name
        assert "not-a-secret" not in repr(error), name


def test_missing_keys_are_said(lists: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Without keys the remedy is about keys."""
    lists.make()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "keys or the role" in _said(Artifacts(lists.url).probe).remedy


def test_a_file_system_that_is_not_installed_is_a_wrong_setting():
    """The line names the variable and what to install."""
    with pytest.raises(SettingsInvalid, match=r"MONITO_FILES_URL='hdfs-of-ours://x'") as caught:
        Artifacts("hdfs-of-ours://x")
    assert "monito-ray[s3]" in caught.value.remedy


def test_a_bucket_that_goes_away_in_the_midst_of_lists_loses_nothing(postgres: str, lists: Bucket, tmp_path: Path):
    """With a database 20 ms away and a bucket gone for some seconds, every list is done, each row written once; the history says why it took long."""
    lists.make()
    address = make_url(postgres)
    left = threading.Event()

    def sink(event: Event) -> None:
        if isinstance(event, StageFinished) and event.stage is Stage.FILE_PROCESSING and not left.is_set():
            left.set()
            lists.go_away()
            threading.Timer(AWAY_S, lists.come_back).start()

    with DelayingProxy(f"{address.query['host']}/.s.PGSQL.{address.port or 5432}", ROUND_TRIP_S / 2) as far:
        url = address.set(host="127.0.0.1", port=far.port, query={}, database="postgres").render_as_string(hide_password=False)
        with open_store(_own_database(url)) as store:
            began = time.monotonic()
            with store.read():
                pass
            assert time.monotonic() - began >= ROUND_TRIP_S
            parts = {"store": store, "files": Artifacts(lists.url), "sink": sink, "clock": lambda: datetime.now(UTC)}
            with bench(tmp_path, **parts) as made:
                made.store = store
                ids = [made.submit(text, f"{name}.csv", supplier=f"Toko {name}") for name, text in (("a", JUNE), ("b", JULY))]
                Driver(made.services).work(ids, threading.Event())
                tasks = [queue.load(store, task_id) for task_id in ids]
                events = [data for task_id in ids for _, name, data in queue.events_of(store, task_id) if name == "task.retried"]
                written = {task.id: (task.result or {})["rows_written"] for task in tasks}
                offers = snapshot(store).offers
    assert {task.status for task in tasks} == {Status.SUCCESS}
    assert {data["code"] for data in events} == {"FilesUnavailable"}
    assert all("Could not connect" in data["message"] for data in events)
    assert len(offers) == sum(written.values()) > 0


def _own_database(url: str) -> str:
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS far_away"))
        connection.execute(text("CREATE DATABASE far_away"))
    engine.dispose()
    return str(engine.url.set(database="far_away").render_as_string(hide_password=False))
