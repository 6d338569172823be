"""The calls that put products and messages into the queues, and what comes of them."""

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lists import Bench, bench

import monito_ray
from monito_ray import Monito, QueueStatus, WorkerStats
from monito_ray.driver.driver import Driver
from monito_ray.errors import ProductsUnusable, QueueUnknown, TaskUnknown, UsageWrong
from monito_ray.records import Status
from monito_ray.wiring import utc_now

PRODUCTS: list[dict[str, Any]] = [
    {"original_name": "Beras Ramos 5 kg", "price": "75000"},
    {"original_name": "  Minyak   Goreng 2 L ", "supplier": "Toko B"},
    {"original_name": "Air Mineral 24x330ml"},
]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench of this test's own."""
    with bench(tmp_path, clock=utc_now) as opened:
        yield opened


@pytest.fixture
def monito(made: Bench) -> Iterator[Monito]:
    """Connect to the same store."""
    with Monito(made.services.settings) as opened:
        yield opened


def _done(made: Bench, monito: Monito, task_id: str) -> monito_ray.TaskResult:
    Driver(made.services).work([task_id], threading.Event())
    return monito.get_task_result(task_id)


def test_products_without_a_file_are_standardized(made: Bench, monito: Monito):
    """Each comes back once, in order, with its size and pack; the catalogue knows nothing of them."""
    task_id = monito.submit_llm_processing(PRODUCTS, {"supplier": "Toko A"})
    assert monito.get_task_result(task_id).metadata["stage"] == "llm_processing"
    answer = _done(made, monito, task_id)
    assert answer.status is Status.SUCCESS
    result = answer.result or {}
    rows = [(row["original_name"], row["size"], row["unit"], row["pack_count"]) for row in result["products"]]
    assert rows == [("Beras Ramos 5 kg", 5, "kg", 1), ("Minyak Goreng 2 L", 2, "l", 1), ("Air Mineral 24x330ml", 330, "ml", 24)]
    assert result["rows_found"] == result["rows_written"] == 3
    assert result["llm"]["requests"] == 0
    assert Path(result["outputs"][0]).exists()
    assert set(result["stages"]) == {"llm_processing"}
    assert monito.export().empty


def test_many_products_lie_in_a_file(made: Bench, monito: Monito):
    """Where they are too many to tell, the result says where they lie."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    task_id = monito.submit_llm_processing([{"original_name": f"Beras {number} kg"} for number in range(1, 700)])
    result = _done(made, monito, task_id).result or {}
    table = pq.read_table(result["outputs"][0])
    assert (result["products"], table.num_rows, table.column("size")[698].as_py()) == ([], 699, Decimal(699))


@pytest.mark.parametrize(
    ("products", "says"),
    [
        ([], "no products"),
        ([{"original_name": "Gula"}, {"name": "Garam"}], "product 2"),
        ([{"original_name": " "}], "product 1"),
        ([{"original_name": "Gula", "price": "cheap"}], "cheap"),
        ([{"original_name": "Gula", "price_tiers": "carton 90"}], "carton 90"),
        (["Gula"], "product 1"),
    ],
)
def test_products_that_are_none_are_refused_at_once(products: Any, says: str, monito: Monito):
    """The first one at fault is named, and no task is made."""
    with pytest.raises(ProductsUnusable, match=says):
        monito.submit_llm_processing(products)
    assert monito.get_newest_results() == []


def test_a_message_without_a_bot_fails_and_says_what_to_do(made: Bench, monito: Monito):
    """Nothing is said to be sent that was not."""
    answer = _done(made, monito, monito.submit_telegram_notification(7, "The list is done", {"chat_id": 70}))
    assert (answer.status, answer.attempts, answer.metadata["error_code"]) == (Status.FAILURE, 1, "TelegramMisconfigured")
    assert "TELEGRAM_BOT_TOKEN" in (answer.error or "")
    assert "TELEGRAM_BOT_TOKEN" in answer.metadata["remedy"]


def test_an_empty_message_is_refused(monito: Monito):
    """There is nothing to send."""
    with pytest.raises(UsageWrong):
        monito.submit_telegram_notification(7, " \n")


def test_figures_are_those_that_were_promised(made: Bench, monito: Monito):
    """Worker stats and queue status have the promised types, and count what was done."""
    _done(made, monito, made.submit())
    stats, queues = monito.get_worker_stats(), monito.get_queue_status()
    assert isinstance(stats, WorkerStats)
    assert (stats.total_tasks, stats.successful_tasks, stats.pending_tasks, stats.queue_length) == (1, 1, 0, 0)
    assert list(queues) == ["file_processing", "data_validation", "llm_processing", "sheets_writing", "notifications"]
    assert all(isinstance(queue, QueueStatus) and queue.done == 1 for queue in queues.values())


def test_a_whole_life_by_calls(made: Bench, monito: Monito):
    """Submit, pause, cancel, retry, purge, resume: each call shows in the next answer."""
    first, second = made.submit(), made.submit(name="second.csv")
    monito.pause("file_processing")
    assert monito.get_queue_status()["file_processing"].paused
    assert monito.cancel(first).status is Status.CANCELLED
    assert monito.purge_queue("file_processing") == 1
    assert monito.get_task_result(second).status is Status.CANCELLED
    assert monito.retry(first).status is Status.PENDING
    monito.resume("file_processing")
    assert _done(made, monito, first).status is Status.SUCCESS


def test_unknown_queues_and_tasks_are_clear_errors(monito: Monito):
    """Each call names what it does not know."""
    for call in (monito.purge_queue, monito.pause, monito.resume):
        with pytest.raises(QueueUnknown, match="celery"):
            call("celery")
    for call in (monito.cancel, monito.retry):
        with pytest.raises(TaskUnknown, match="nobody"):
            call("nobody")
