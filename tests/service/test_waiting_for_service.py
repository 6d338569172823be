"""A command that waits for the service to do its tasks, where the service's driver dies."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from monito_ray import Monito, wiring
from monito_ray.cli import follow
from monito_ray.jobs import heartbeat, queue
from monito_ray.settings import Settings
from monito_ray.store.database import Store
from monito_ray.store.schema import heartbeats

#: The service comes back, or does not, within this in these tests.
_SHORT_S = 1.5


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a home of its own."""
    monkeypatch.setattr(follow, "_COMES_BACK_WITHIN_S", _SHORT_S)
    return Settings(MONITO_HOME=tmp_path)


def _submitted(settings: Settings) -> str:
    path = settings.home / "june.csv"
    path.write_text("Nama;Harga\nGula Pasir 1 kg;17.500\n", "utf-8")
    with Monito(settings) as monito:
        return monito.submit_file_processing(path)


def _dead_driver(store: Store, silent_s: float = 0.0, *, is_serving: bool = True) -> None:
    """Register a driver whose process has ended, as one that was killed."""
    heartbeat.beat(store, "dead", is_serving=is_serving, now=wiring.utc_now() - timedelta(seconds=silent_s))
    with store.write() as connection:
        connection.execute(update(heartbeats).where(heartbeats.c.driver_id == "dead").values(process_started=1.0))


def _follow(settings: Settings, task_id: str, stop: threading.Event | None = None) -> tuple[bool, float]:
    """Return what following says, and after how many seconds."""
    started = time.monotonic()
    is_done = follow.follow_tasks(settings, [task_id], lambda _: None, stop or threading.Event())
    return is_done, time.monotonic() - started


def test_a_service_whose_driver_has_just_died_is_waited_for(settings: Settings, capsys: pytest.CaptureFixture[str]):
    """The next driver does the task; nobody else begins it meanwhile."""
    task_id = _submitted(settings)
    with wiring.open_store(settings) as store:
        _dead_driver(store)

        def come_back() -> None:
            heartbeat.beat(store, "next", is_serving=True, now=wiring.utc_now())
            time.sleep(0.5)
            with Monito(settings) as monito:
                monito.cancel(task_id)  # an end like any other

        timer = threading.Timer(0.5, come_back)
        timer.start()
        is_done, took_s = _follow(settings, task_id)
        timer.join()
        (task,) = queue.load_all(store, [task_id])
    assert is_done
    assert task.has_ended
    assert took_s > 0.9
    assert capsys.readouterr().err.count("waiting up to") == 1


def test_a_service_that_does_not_come_back_is_not_waited_for_longer(settings: Settings, capsys: pytest.CaptureFixture[str]):
    """Then the command does its tasks itself."""
    task_id = _submitted(settings)
    with wiring.open_store(settings) as store:
        _dead_driver(store)
    is_done, took_s = _follow(settings, task_id)
    assert not is_done
    assert _SHORT_S - 0.5 < took_s < 10 * _SHORT_S
    assert "waiting up to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "case", ["none was there", "it was stopped", "it died long ago", "its clock is far ahead", "it did one command's tasks"]
)
def test_who_will_not_come_back_is_not_waited_for(settings: Settings, capsys: pytest.CaptureFixture[str], case: str):
    """A service that is stopped signs off; a driver of one command has no next one."""
    task_id = _submitted(settings)
    with wiring.open_store(settings) as store:
        if case == "it was stopped":
            _dead_driver(store)
            heartbeat.sign_off(store, "dead")
        elif case != "none was there":
            silences = {"it died long ago": 60.0, "its clock is far ahead": -3_600.0}
            _dead_driver(store, silences.get(case, 0.0), is_serving=case != "it did one command's tasks")
    assert not _follow(settings, task_id)[0]
    assert capsys.readouterr().err == ""


def test_ctrl_c_ends_the_wait(settings: Settings):
    """The task stays in the store."""
    task_id = _submitted(settings)
    stop = threading.Event()
    stop.set()
    with wiring.open_store(settings) as store:
        _dead_driver(store)
    is_done, took_s = _follow(settings, task_id, stop)
    assert is_done
    assert took_s < _SHORT_S
