"""What other programs call."""

import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from lists import JUNE, bench

import monito_ray
from monito_ray import Monito, TaskResult, WorkerStats, read_price_list, submit_file_async
from monito_ray.driver.driver import Driver
from monito_ray.errors import FileMissing, NoPricesFound, TaskUnknown
from monito_ray.jobs import heartbeat
from monito_ray.records import ProductRow, Status
from monito_ray.wiring import utc_now

HEAVY = ("ray", "telegram", "gspread", "google", "pandas", "openai")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the settings to a home of this test's own, with one list in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path))
    monkeypatch.setenv("MONITO_CURRENCY", "IDR")
    (tmp_path / "june.csv").write_text(JUNE, encoding="utf-8")
    return tmp_path


def _loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_the_package_loads_nothing_heavy():
    """Neither Ray nor any client nor pandas."""
    assert not _loaded_by("import monito_ray") & set(HEAVY)


def test_submitting_loads_nothing_heavy(home: Path):
    """A command that only submits does not pay for Ray, pandas or a client."""
    assert not _loaded_by(f"from monito_ray import submit_file_async; submit_file_async({str(home / 'june.csv')!r})") & set(HEAVY)


def test_public_names_are_there_and_no_others():
    """What is promised can be imported and is listed; what is not raises as usual."""
    assert {"Monito", "TaskResult", "WorkerStats", "read_price_list", "submit_file_async"} <= set(dir(monito_ray))
    assert all(value is not None for value in (Monito, TaskResult, WorkerStats))
    with pytest.raises(AttributeError, match="Monitor"):
        _ = monito_ray.Monitor  # type: ignore[attr-defined]


def test_a_task_is_followed_from_submission_to_end(home: Path):
    """Pending first; after a driver has run it, result, tables and catalogue are there."""
    task_id = submit_file_async(home / "june.csv", 7, {"supplier": "Toko A"})
    with Monito() as monito, bench(home, clock=utc_now) as made:
        before = monito.get_task_result(task_id)
        assert (before.status, before.result, before.error, before.attempts) == (Status.PENDING, None, None, 0)
        assert before.metadata["file_name"] == "june.csv"
        Driver(made.services).work([task_id], threading.Event())
        after = monito.get_task_result(task_id, timeout=5)
        assert (after.status, after.error, after.attempts) == (Status.SUCCESS, None, 1)
        assert after.duration_ms > 0
        products, rejects = monito.tables(task_id)
        assert (products.num_rows, rejects.num_rows) == ((after.result or {})["rows_written"], 2)
        assert products.column_names == list(ProductRow.__slots__)
        frame = monito.export()
        assert sorted(frame["original_name"]) == sorted(products.column("original_name").to_pylist())
        ratios = frame["price"] / frame["base_price"]
        assert ratios.notna().tolist() == frame["base_price"].notna().tolist()
        assert str(frame["price"].max()) == "75000"


def test_waiting_for_a_result_ends_with_the_task_or_the_time(home: Path):
    """A result comes as soon as it is there; when it does not come, the wait ends as told."""
    task_id = submit_file_async(str(home / "june.csv"))
    with Monito() as monito, bench(home, clock=utc_now) as made:
        began = time.monotonic()
        assert monito.get_task_result(task_id, timeout=0.3).status is Status.PENDING
        assert 0.3 <= time.monotonic() - began < 5
        worker = threading.Timer(0.2, Driver(made.services).work, args=([task_id], threading.Event()))
        worker.start()
        assert monito.get_task_result(task_id, timeout=30).status is Status.SUCCESS
        worker.join()


def test_a_task_that_nobody_is_alive_to_do_says_so(home: Path, capsys: pytest.CaptureFixture[str]):
    """The result, and a warning before the wait; with a driver alive it waits for a paused queue, or for nothing."""
    task_id = submit_file_async(str(home / "june.csv"))
    with Monito() as monito, bench(home, clock=utc_now) as made:
        assert "Monito" in repr(monito)
        assert "monito.db" in repr(monito)
        metadata = monito.get_task_result(task_id, timeout=0.1).metadata
        assert metadata["nobody_alive"] is True
        assert metadata["waiting_for"] == "nobody is alive to do the task; run `monito serve`"
        assert "nobody is alive to do the task" in capsys.readouterr().err
        heartbeat.beat(made.store, "driver", is_serving=True, now=utc_now())
        monito.pause("file_processing")
        metadata = monito.get_task_result(task_id, timeout=0.1).metadata
        assert metadata["nobody_alive"] is False
        assert metadata["waiting_for"] == "the queue file_processing is paused; run `monito resume file_processing`"
        monito.resume("file_processing")
        assert monito.get_task_result(task_id).metadata["waiting_for"] == ""
        Driver(made.services).work([task_id], threading.Event())
        assert "nobody_alive" not in monito.get_task_result(task_id, timeout=5).metadata


def test_an_unknown_task_is_an_error(home: Path):
    """Asking for it raises."""
    with Monito() as monito, pytest.raises(TaskUnknown):
        monito.get_task_result("nobody")
    assert (home / "monito.db").exists()


def test_a_list_can_be_read_without_anything_else(home: Path):
    """A DataFrame with the columns of every output, prices exact, and no trace on the disk."""
    frame = read_price_list(home / "june.csv")
    assert tuple(frame.columns) == ProductRow.__slots__
    assert frame["price"].tolist() == [Decimal(price) for price in (75000, 38500, 17500, 12000, 6500, 9900)]
    assert set(frame["currency"]) == {"IDR"}
    assert [path.name for path in home.iterdir()] == ["june.csv"]


def test_reading_a_list_starts_no_ray(home: Path):
    """Ray is not even imported."""
    assert not _loaded_by(f"from monito_ray import read_price_list; read_price_list({str(home / 'june.csv')!r})") & {"ray", "openai"}


def test_a_list_that_cannot_be_read_is_an_error(home: Path):
    """Missing and unusable files raise as they do everywhere."""
    (home / "prose.txt").write_text("Dear customer, see you soon.\n", encoding="utf-8")
    with pytest.raises(FileMissing, match=r"may\.csv"):
        read_price_list(home / "may.csv")
    with pytest.raises(NoPricesFound, match=r"prose\.txt"):
        read_price_list(home / "prose.txt")
