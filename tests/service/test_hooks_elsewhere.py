"""Hooks of a program that has no driver: what happens to tasks is seen in the store."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lists import Bench, bench, instead
from sqlalchemy import insert

from monito_ray import Monito, TaskResult
from monito_ray.driver.driver import Driver
from monito_ray.driver.task_watcher import error_of
from monito_ray.errors import ClusterUnavailable, MonitoError, NoPricesFound, Unexpected
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt
from monito_ray.store.database import open_store
from monito_ray.store.schema import task_events
from monito_ray.wiring import utc_now


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench of this test's own."""
    with bench(tmp_path, clock=utc_now) as opened:
        yield opened


def _run(made: Bench, *task_ids: str) -> None:
    Driver(made.services).work(list(task_ids), threading.Event())


def _soon(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert holds()


def test_each_end_reaches_its_hook_once(made: Bench):
    """Success with its result, failure with its error, whoever sent the task; nothing from before the hook and nothing twice."""
    _run(made, made.submit(name="before.csv"))
    good: list[TaskResult] = []
    bad: list[tuple[TaskResult, MonitoError]] = []
    with Monito(made.services.settings) as monito:
        assert monito.on_success(good.append) == good.append
        monito.on_failure(lambda result, error: bad.append((result, error)))
        ids = [made.submit(name=f"{number}.csv") for number in range(5)]
        wrong = made.submit("Dear all, see you soon.\n", "prose.txt")
        _run(made, *ids, wrong)
        _soon(lambda: len(good) == 5 and len(bad) == 1)
        time.sleep(0.6)
    assert sorted(result.task_id for result in good) == sorted(ids)
    assert all(result.status is Status.SUCCESS and (result.result or {})["rows_written"] == 6 for result in good)
    ((result, error),) = bad
    assert (result.task_id, result.status, type(error), error.remedy) == (wrong, Status.FAILURE, NoPricesFound, NoPricesFound.remedy)
    assert result.error == str(error)


def test_what_ended_before_the_close_is_not_lost(made: Bench):
    """A program that leaves at once still hears of what it waited for; afterwards nothing is called."""
    ends: list[str] = []
    with Monito(made.services.settings) as monito:
        monito.on_success(lambda result: ends.append(result.task_id))
        first = made.submit()
        _run(made, first)
    _run(made, made.submit(name="later.csv"))
    assert ends == [first]


def test_a_hook_that_raises_is_logged_and_changes_nothing(made: Bench, capsys: pytest.CaptureFixture[str]):
    """The next hook and the next task are served as before."""
    ends: list[str] = []

    def broken(_result: TaskResult) -> None:
        raise ZeroDivisionError("a hook of somebody")

    with Monito(made.services.settings) as monito:
        monito.on_success(broken)
        monito.on_success(lambda result: ends.append(result.task_id))
        ids = [made.submit(name=f"{number}.csv") for number in range(2)]
        _run(made, *ids)
    assert sorted(ends) == sorted(ids)
    assert capsys.readouterr().err.count("hook.raised") == 2


def test_a_retry_is_told_with_its_cause(made: Bench):
    """The result has the status of that moment, though the task has gone on."""
    failures = iter([ClusterUnavailable("the raylet is gone", "Wait.")])
    heard: list[tuple[Status, str, str]] = []

    def read(_attempt: Attempt) -> None:
        for error in failures:
            raise error

    driver = Driver(made.services, steps=instead(Stage.FILE_PROCESSING, read))
    with Monito(made.services.settings) as monito:
        monito.on_retry(lambda result, error: heard.append((result.status, error.code, error.remedy)))
        task_id, stop = made.submit(), threading.Event()
        worker = threading.Thread(target=driver.work, args=([task_id], stop))
        worker.start()
        _soon(lambda: bool(heard))
        stop.set()
        worker.join(timeout=20)
    assert heard == [(Status.RETRY, "ClusterUnavailable", "Wait.")]


def test_an_event_that_is_committed_late_is_seen(made: Bench):
    """Its number was given before that of an event that was seen already."""
    ends: list[str] = []
    first, late = made.submit(name="first.csv"), made.submit(name="late.csv")
    with Monito(made.services.settings) as monito:
        monito.on_success(lambda result: ends.append(result.task_id))
        with open_store(made.services.settings.store_url) as store:
            for number, task_id in ((900, first), (850, late)):
                with store.write() as connection:
                    row = {"id": number, "task_id": task_id, "at": utc_now(), "name": "task.succeeded", "data": {}}
                    connection.execute(insert(task_events).values(row))
                _soon(lambda wanted=task_id: wanted in ends)
    assert ends == [first, late]


def test_errors_come_back_as_their_types():
    """A code of this program's errors is its type; of others it is a fault."""
    assert type(error_of("NoPricesFound", "june.csv: none")) is NoPricesFound
    assert error_of("NoPricesFound", "none").remedy == NoPricesFound.remedy
    assert type(error_of("Any", "what?")) is Unexpected
