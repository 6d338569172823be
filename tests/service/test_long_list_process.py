"""Steps on long lists run in a process of their own, and nothing else is different."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import long_list_steps as steps
import psutil
import pytest
from lists import JUNE, Bench, bench

from monito_ray.catalog import offers
from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.driver.driver import Driver
from monito_ray.errors import ClusterUnavailable, FileEmpty, StoreUnavailable
from monito_ray.events import LlmCalled, StageAdvanced
from monito_ray.jobs import queue
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.jobs.task import Task
from monito_ray.pipeline import short_list
from monito_ray.records import Status
from monito_ray.settings import Settings
from monito_ray.steps.context import Attempt, Stopped
from monito_ray.steps.long_lists import long_list_process
from monito_ray.steps.long_lists.long_list_process import LongLists
from monito_ray.steps.long_lists.many_lists import ManyLists
from monito_ray.testing.llm_server import LlmServer
from monito_ray.wiring import utc_now

MODEL = "gpt-6-luna"
LONG = "Nama Barang;Satuan;Harga\n" + "".join(f"Zorblax {number} Qwyjibo {number % 7} kg;pcs;{number + 10}.500\n" for number in range(60))


@contextmanager
def _long_lists(home: Path, **changes: Any) -> Iterator[Bench]:
    """A bench whose long lists have a process."""
    with bench(home, **changes) as made:
        long_lists = LongLists(made.services.settings)
        made.services = replace(made.services, long_lists=long_lists)
        try:
            yield made
        finally:
            long_lists.close()


def _work(made: Bench, text: str) -> Task:
    task_id = made.submit(text)
    Driver(made.services).work([task_id], threading.Event())
    return queue.load(made.store, task_id)


def _attempt(made: Bench, **options: Any) -> Attempt:
    task = replace(queue.load(made.store, made.submit()), options=options)
    return Attempt(services=made.services, task=task, stop=threading.Event(), sink=made.events.append)


def _written(made: Bench) -> list[tuple[Any, ...]]:
    standing = offers.snapshot(made.store).offers
    return sorted((offer.row.original_name, offer.row.price, offer.row.standardized_name, offer.row.source_row) for offer in standing)


def test_a_long_list_comes_out_as_in_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Rows, result and the progress that people see are the same."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", 20)
    with _long_lists(tmp_path / "apart") as apart, bench(tmp_path / "here") as here:
        own, beside = _work(apart, LONG), _work(here, LONG)
        assert own.status is beside.status is Status.SUCCESS
        assert _written(apart) == _written(here)
        assert len(_written(apart)) == 60
        fields = ("rows_found", "rows_written", "rejected", "products_new", "quality_score", "supplier", "review_count", "doubts")
        assert [(own.result or {})[name] for name in fields] == [(beside.result or {})[name] for name in fields]
        assert [type(event) for event in apart.events] == [type(event) for event in here.events]


def test_many_short_lists_are_written_by_two_processes(tmp_path: Path):
    """Nothing of the catalogue shows which of them wrote what."""
    texts = ["\n".join(["Nama;Harga", *LONG.splitlines()[number * 10 + 1 :][:10]]).replace(";pcs;", ";") for number in range(6)]
    with bench(tmp_path / "both") as both, bench(tmp_path / "here") as here:
        beside = _CountedLists(both.services.settings)
        both.services = replace(both.services, many_lists=ManyLists(beside))
        try:
            beside.start_ahead()
            until = time.monotonic() + 30
            while not beside.is_ready:
                assert time.monotonic() < until
                time.sleep(0.05)
            for made in (both, here):
                tasks = [made.submit(text) for text in texts]
                Driver(made.services).work(tasks, threading.Event())
                assert {queue.load(made.store, one).status for one in tasks} == {Status.SUCCESS}
        finally:
            beside.close()
        assert beside.runs > 0
        assert _written(both) == _written(here)
        assert len(_written(both)) == 60


class _CountedLists(LongLists):
    """Counts the steps that its process runs."""

    runs = 0

    def run(self, *args: Any) -> Any:
        """Run one."""
        self.runs += 1
        return super().run(*args)


def test_rows_are_worked_on_by_the_drivers_ray(tmp_path: Path):
    """The process has none."""
    with _long_lists(tmp_path) as made:
        long_lists = made.services.long_lists
        assert long_lists is not None
        assert long_lists.run(steps.map_rows, _attempt(made), 1) == [os.getpid()] * 5


def test_the_llm_is_asked_by_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The process has no connection to it: questions go there and answers come back, each row paid for once."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", 2)
    with ExitStack() as stack:
        made = stack.enter_context(_long_lists(tmp_path, clock=utc_now))
        server = stack.enter_context(LlmServer())
        book = LlmLedger(made.store, "d", MODEL, "", Budgets(), utc_now)
        pool = stack.enter_context(InProcessLlm(LlmAddress(server.url, "", MODEL), 4, 2, ledger=book))
        made.services = replace(made.services, pool=pool)
        task = _work(made, JUNE)
        assert task.status is Status.SUCCESS
        assert (task.result or {})["llm"]["requests"] == server.paid.requests > 1
        assert sum(isinstance(event, LlmCalled) for event in made.events) == server.paid.requests
        assert any(isinstance(event, StageAdvanced) and event.rows_done == event.rows for event in made.events)


def test_a_stop_reaches_the_step(tmp_path: Path):
    """A cancelled list is let go within a second, and the process goes on to the next one."""
    with _long_lists(tmp_path) as made:
        long_lists = made.services.long_lists
        assert isinstance(long_lists, LongLists)
        attempt = _attempt(made, began=str(tmp_path / "began"))
        began_at = [0.0]

        def stop() -> None:
            while not (tmp_path / "began").exists():
                time.sleep(0.01)
            began_at[0] = time.monotonic()
            attempt.stop.set()

        threading.Thread(target=stop).start()
        before = long_lists.run(steps.process_id, attempt, 1)
        with pytest.raises(Stopped):
            long_lists.run(steps.wait_until_stopped, attempt, 1)
        assert time.monotonic() - began_at[0] < 5
        assert long_lists.run(steps.process_id, _attempt(made), 1) == before != os.getpid()


def test_errors_come_back_as_they_were_raised(tmp_path: Path):
    """Ours with their remedy, others with the place where they were raised; a result that cannot travel is an error, too."""
    with _long_lists(tmp_path) as made:
        long_lists, attempt = made.services.long_lists, _attempt(made)
        assert long_lists is not None
        with pytest.raises(FileEmpty, match="june") as raised:
            long_lists.run(steps.fail, attempt, 1)
        assert raised.value.remedy == "Send another."
        with pytest.raises(ZeroDivisionError) as crashed:
            long_lists.run(steps.crash, attempt, 1)
        assert "in crash" in "".join(crashed.value.__notes__)
        with pytest.raises(Exception, match="pickle"):
            long_lists.run(steps.unsendable, attempt, 1)


def test_a_process_that_dies_costs_an_attempt(tmp_path: Path):
    """The list is tried again, in a new process."""
    with _long_lists(tmp_path) as made:
        long_lists, attempt = made.services.long_lists, _attempt(made)
        assert long_lists is not None
        before = long_lists.run(steps.process_id, attempt, 1)
        with pytest.raises(ClusterUnavailable):
            long_lists.run(steps.die, attempt, 1)
        assert long_lists.run(steps.process_id, attempt, 1) != before


def test_a_database_that_cannot_be_opened_costs_an_attempt(tmp_path: Path):
    """The next attempt tries again."""
    blocked = tmp_path / "blocked"
    with bench(tmp_path) as made:
        long_lists, attempt = LongLists(Settings(MONITO_HOME=str(blocked))), _attempt(made)
        try:
            blocked.touch()
            with pytest.raises(StoreUnavailable):
                long_lists.run(steps.process_id, attempt, 1)
            blocked.unlink()
            assert long_lists.run(steps.process_id, attempt, 1) != os.getpid()
        finally:
            long_lists.close()


def test_a_process_that_has_grown_is_ended_when_it_is_idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It would keep the memory of the longest list for ever; the next step of the list still has it."""
    with _long_lists(tmp_path) as made:
        long_lists, attempt = made.services.long_lists, _attempt(made)
        assert long_lists is not None
        monkeypatch.setattr(long_list_process, "_IDLE_S", 60.0)
        monkeypatch.setattr(long_list_process, "_MOST_IDLE_BYTES", 1)
        grown = long_lists.run(steps.process_id, attempt, 1)
        assert long_lists.run(steps.process_id, attempt, 1) == grown
        monkeypatch.setattr(long_list_process, "_IDLE_S", 0.1)
        assert long_lists.run(steps.process_id, attempt, 1) == grown
        psutil.wait_procs([psutil.Process(grown)], timeout=20)
        assert not psutil.pid_exists(grown)
        assert long_lists.run(steps.process_id, attempt, 1) != grown


def test_a_small_process_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The next list finds it running."""
    with _long_lists(tmp_path) as made:
        long_lists, attempt = made.services.long_lists, _attempt(made)
        assert long_lists is not None
        monkeypatch.setattr(long_list_process, "_IDLE_S", 0.0)
        small = long_lists.run(steps.process_id, attempt, 1)
        time.sleep(0.5)
        assert long_lists.run(steps.process_id, attempt, 1) == small


def test_the_process_ends_with_a_driver_that_is_killed(tmp_path: Path):
    """Nothing of a dead driver stays behind."""
    program = """
import sys, time
from monito_ray.settings import Settings
from monito_ray.steps.long_lists.long_list_process import LongLists
LongLists(Settings()).start_ahead()
print("started", flush=True)
time.sleep(60)
"""
    environment = os.environ | {"MONITO_HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        assert driver.stdout.readline() == "started\n"
        (child,) = psutil.Process(driver.pid).children()
        driver.kill()
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running()


def test_the_settings_are_those_of_the_driver(tmp_path: Path):
    """Not those of the environment: a program may have given its own."""
    settings = Settings(MONITO_HOME=str(tmp_path), OPENAI_API_KEY="of a program")
    with bench(tmp_path) as made:
        long_lists = LongLists(settings)
        attempt = _attempt(made)
        try:
            assert long_lists.run(steps.api_key, attempt, 1) == "of a program"
        finally:
            long_lists.close()
