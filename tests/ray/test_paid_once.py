"""What the LLM is asked for the same rows again, and what it is asked after a cancel: nothing."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lists import ALIKE, Bench, bench

from monito_ray import frames
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.driver.driver import Driver
from monito_ray.events import LlmSkipped
from monito_ray.jobs import admin, queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.records import ProductRow, Status
from monito_ray.testing.llm_server import LlmServer
from monito_ray.wiring import utc_now

pytestmark = pytest.mark.ray
NAMES = [f"Zorblax Qwyjibo {chr(97 + number // 10)}q{chr(97 + number % 10)}" for number in range(100)]


@pytest.fixture
def server() -> Iterator[LlmServer]:
    """An LLM that takes its time."""
    with LlmServer(latency_s=0.3) as server:
        yield server


@pytest.fixture
def made(server: LlmServer, tmp_path: Path) -> Iterator[Bench]:
    """A bench with a pool of that LLM."""
    with bench(tmp_path, clock=utc_now) as opened:
        book = LlmLedger(opened.store, "d", "gpt-6-luna", "", Budgets(), utc_now)
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=2, batch_rows=10, workers=1, ledger=book)
        opened.services = replace(opened.services, pool=pool)
        yield opened
        pool.close()


def _list(names: list[str]) -> str:
    return "\n".join(["Nama Barang;Satuan;Harga", *(f"{name};pcs;12.000" for name in names)]) + "\n"


def test_a_row_that_was_answered_is_not_asked_again(made: Bench, server: LlmServer):
    """The same list again: no request. With one row changed: one request with that row."""
    asked = []
    for names in (NAMES, NAMES, [*NAMES[:-1], "Vrumplet Snorf 7"]):
        before = server.paid.requests, server.paid.rows
        task_id = made.submit(_list(names))
        Driver(made.services).work([task_id], threading.Event())
        assert queue.load(made.store, task_id).status is Status.SUCCESS
        asked.append((server.paid.requests - before[0], server.paid.rows - before[1]))
    assert asked == [(10, 100), (0, 0), (1, 1)]


def test_rows_that_differ_in_numbers_are_asked_about_once(made: Bench, server: LlmServer):
    """Of a hundred sizes of one thing one is asked about, and none when the hundred-and-first comes; each keeps its own numbers."""
    for most in (100, 101):
        names = [f"Zorblax Qwyjibo M{number} x {number + 200}" for number in range(1, most)]
        task_id = made.submit(_list(names))
        Driver(made.services).work([task_id], threading.Event())
        rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
        assert [row.standardized_name for row in rows] == names
    assert (server.paid.requests, server.paid.rows) == (1, 1)


def test_columns_in_doubt_are_asked_about_over_the_wire(made: Bench, server: LlmServer):
    """One request for the table, none for the next list of that make; the prices are those of the column that was named."""
    server.roles = ("name", "quantity", "price")
    for turn in range(2):
        task_id = made.submit(ALIKE + f"Kasur {turn};2500;9000\n")
        Driver(made.services).work([task_id], threading.Event())
        rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
        assert [row.price for row in rows][:2] == [int(line.split(";")[2]) for line in ALIKE.splitlines()[:2]]
    assert len(server.paid.tables) == 1


def test_pairs_of_offers_are_asked_about_once_over_the_wire(made: Bench, server: LlmServer):
    """One request for the pairs of a list, none when it comes again; what was said stands beside the question."""
    server.pairs = {"Kuvo Qorvel Butter 200 g": {"same": "yes"}}
    for turn in range(2):
        for supplier, name in (("Alpha", "Kuvo Butter 200 g"), ("Beta", "Kuvo Qorvel Butter 200 g")):
            task_id = made.submit(f"Name,Unit,Price\n{name},pcs,3000{turn}\n", f"{supplier}.csv", supplier=supplier)
            Driver(made.services).work([task_id], threading.Event())
            assert queue.load(made.store, task_id).status is Status.SUCCESS
    assert len(server.paid.pairs) == 1
    (question,) = suggest(made.store)[:1]
    assert "The LLM says that both are one." in question.reason


@pytest.mark.parametrize(("url", "budgets"), [("", Budgets(task_usd=Decimal("0.000001"))), ("http://127.0.0.1:9/v1", Budgets())])
def test_no_list_fails_where_pairs_cannot_be_asked_about(url: str, budgets: Budgets, server: LlmServer, tmp_path: Path):
    """With the budget spent, or with nobody at the address, nothing is paid, both lists are done, and people are asked."""
    with bench(tmp_path, clock=utc_now) as made:
        book = LlmLedger(made.store, "d", "gpt-6-luna", "", budgets, utc_now)
        pool = LlmPool(LlmAddress(url or server.url, "", "gpt-6-luna"), concurrency=2, batch_rows=10, workers=1, ledger=book)
        made.services = replace(made.services, pool=pool)
        for supplier, name in (("Alpha", "Kuvo Butter 200 g"), ("Beta", "Kuvo Qorvel Butter 200 g")):
            task_id = made.submit(f"Name,Unit,Price\n{name},pcs,30000\n", f"{supplier}.csv", supplier=supplier)
            Driver(made.services).work([task_id], threading.Event())
            assert queue.load(made.store, task_id).status is Status.SUCCESS
        pool.close()
        assert suggest(made.store)
        assert any(isinstance(event, LlmSkipped) and "left to people" in event.reason for event in made.events)
    assert server.paid.received == 0


def test_nothing_is_asked_after_a_cancel(made: Bench, server: LlmServer):
    """It is answered at once, no request begins a second later, and another driver leaves the task alone."""
    task_id, stop = made.submit(_list(NAMES)), threading.Event()
    driver = threading.Thread(target=Driver(made.services).serve, args=(stop,))
    driver.start()
    deadline = time.monotonic() + 60
    while server.paid.requests < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    began = time.monotonic()
    admin.cancel(made.store, task_id, utc_now())
    assert time.monotonic() - began < 1
    time.sleep(1)
    received = server.paid.received
    time.sleep(1)
    stop.set()
    driver.join(timeout=30)
    again = threading.Event()
    other = threading.Thread(target=Driver(made.services).serve, args=(again,))
    other.start()
    time.sleep(1)
    again.set()
    other.join(timeout=30)
    assert (server.paid.received, queue.load(made.store, task_id).status) == (received, Status.CANCELLED)
    assert received < 10
