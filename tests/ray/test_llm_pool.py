"""Rows to the LLM and back: retries, repairs, and that no wrong answer gets through, over the real SDK, wire and actors."""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from decimal import Decimal
from pathlib import Path
from typing import Any

import lists
import psutil
import pytest
import ray

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.cluster.llm.question_queue import FAILURE_LIMIT, Outcome
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.request_retry import TRIES
from monito_ray.cluster.llm.worker import LlmWorker, WorkerReply
from monito_ray.cluster.llm.workers.tracked_worker import TrackedWorker
from monito_ray.errors import (
    LlmAnswersUnusable,
    LlmBudgetSpent,
    LlmMisconfigured,
    LlmUnavailable,
)
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.spending import cost_usd
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer, handwritten_answers
from monito_ray.wiring import utc_now

TRUTH = dict(list(handwritten_answers().items())[-12:])
NO_USE = LlmUse(1, 1)
#: How long the pool waits for one answer: what hangs costs a test this long, and a busy machine never takes it for an answer in time.
TIMEOUT_S = 5.0


def _row(name: str, answer: Mapping[str, Any]) -> RawRow:
    return RawRow(
        source_file="f",
        source_sheet="s",
        source_row=1,
        original_name=name,
        price=Decimal(25500),
        section=answer["brand"] or "",
        price_text="25500",
    )


ROWS = [_row(name, answer) for name, answer in TRUTH.items()]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """One server whose faults each test sets."""
    with LlmServer(answers={name: {**answer} for name, answer in TRUTH.items()}) as running:
        yield running


@pytest.fixture(scope="module")
def pool(shared_ray: None, server: LlmServer) -> Iterator[LlmPool]:  # noqa: ARG001 - Ray has to outlive it
    """One pool on that server."""
    pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=5, timeout_s=TIMEOUT_S)
    yield pool
    pool.close()


def _is_right(position: int, standard: Standard, rows: list[RawRow] = ROWS) -> bool:
    truth = TRUTH[rows[position].original_name]
    fields = (standard.standardized_name, standard.brand, standard.size, standard.unit, standard.pack_count, standard.category)
    size = None if truth["size"] is None else Decimal(str(truth["size"]))
    return fields == (truth["standardized_name"], truth["brand"] or "", size, truth["unit"] or "", truth["pack_count"], truth["category"])


def _ask(pool: LlmPool, rows: list[RawRow] = ROWS) -> tuple[dict[int, Standard], list[Outcome]]:
    outcomes = list(pool.ask_rows("Toko", list(map(RowItem, rows))))
    settled: dict[int, Standard] = {}
    for outcome in outcomes:
        assert not settled.keys() & outcome.standards.keys()
        settled |= outcome.standards
    return settled, outcomes


PASSING = [LlmFault.STATUS_500, LlmFault.STATUS_503, LlmFault.RATE_LIMITED, LlmFault.RESET, LlmFault.HANG, LlmFault.NO_COMPLETION]
CONTENT = [
    LlmFault.BROKEN_JSON,
    LlmFault.MISSING_ROWS,
    LlmFault.REPEATED_IDS,
    LlmFault.FOREIGN_IDS,
    LlmFault.SWAPPED_IDS,
    LlmFault.WRONG_TYPES,
    LlmFault.TRUNCATED,
    LlmFault.REFUSAL,
    LlmFault.PRICE,
]


@pytest.mark.ray
@pytest.mark.parametrize("fault", CONTENT)
def test_a_wrong_answer_never_gets_through(pool: LlmPool, server: LlmServer, fault: LlmFault):
    """When every answer is wrong in one way, what is settled is right all the same, no row is sent more than three times, and the end says why rows are left."""
    server.fail({fault: 1.0})
    settled, outcomes = _ask(pool)
    assert all(_is_right(position, standard) for position, standard in settled.items())
    assert max(server.paid.names.values()) <= 3
    if fault not in (LlmFault.MISSING_ROWS, LlmFault.REPEATED_IDS, LlmFault.TRUNCATED):
        assert settled == {}
    assert isinstance(outcomes[-1].error, LlmAnswersUnusable)


@pytest.mark.ray
@pytest.mark.parametrize("fault", [*PASSING, *CONTENT])
def test_a_fault_that_passes_costs_no_row(pool: LlmPool, server: LlmServer, fault: LlmFault):
    """Retries and repairs settle every row rightly, and every request is counted, failed ones included."""
    # A row that is refused, and again when it is asked about alone, is left to the rules: after slow answers requests may be that short.
    server.fail({fault: 1.0}, requests=1 if fault is LlmFault.REFUSAL else 2)
    settled, outcomes = _ask(pool)
    assert sorted(settled) == list(range(len(ROWS)))
    assert all(_is_right(position, standard) for position, standard in settled.items())
    use = sum((outcome.use for outcome in outcomes), LlmUse())
    paid = server.paid
    assert outcomes[-1].error is None
    assert use.requests == paid.received
    assert (use.rows, use.prompt_tokens, use.cached_tokens) == (
        paid.rows,
        paid.prompt_tokens,
        paid.cached_tokens,
    ) or fault is LlmFault.NO_COMPLETION
    assert use.cost_usd > 0


@pytest.mark.ray
@pytest.mark.parametrize("fault", [LlmFault.UNAUTHORIZED, LlmFault.QUOTA, LlmFault.UNKNOWN_MODEL])
def test_wrong_settings_end_the_list_at_once(pool: LlmPool, server: LlmServer, fault: LlmFault):
    """No retry, and the last outcome says what is wrong."""
    server.fail({fault: 1.0})
    settled, outcomes = _ask(pool, ROWS * 10)
    assert settled == {}
    assert isinstance(outcomes[-1].error, LlmMisconfigured)
    assert server.paid.received <= 12


@pytest.mark.ray
def test_the_statistics_count_every_request(pool: LlmPool, server: LlmServer):
    """The workers' own counts grow by what was requested."""
    server.fail({})
    before = pool.stats().use
    _, outcomes = _ask(pool)
    after = pool.stats()
    assert after.use.requests - before.requests == len(outcomes) == server.paid.received
    assert (after.workers, after.in_flight) == (2, 0)


@pytest.mark.ray
def test_a_list_can_be_stopped(pool: LlmPool, server: LlmServer):
    """It ends within a moment although answers are outstanding."""
    server.fail({LlmFault.HANG: 1.0})
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    started = time.monotonic()
    assert list(pool.ask_rows("Toko", list(map(RowItem, ROWS)), stop=stop)) == []
    assert time.monotonic() - started < 0.9


@pytest.mark.ray
def test_lists_side_by_side_keep_within_the_slots():
    """Three lists at once keep within the requests in flight that are allowed, use them, and each gets its own answers."""
    with LlmServer(latency_s=0.05) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=1)
        pool.warm()
        lists = [ROWS, ROWS[::-1], ROWS[3:]]
        settled_by_list: list[dict[int, Standard]] = [{}, {}, {}]

        def ask(number: int) -> None:
            settled_by_list[number] = _ask(pool, lists[number])[0]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pool.close()
    for rows, settled in zip(lists, settled_by_list, strict=True):
        assert sorted(settled) == list(range(len(rows)))
        assert all(_is_right(position, standard, rows) for position, standard in settled.items())
    assert server.paid.peak_in_flight == 4


@pytest.mark.ray
def test_an_actor_that_dies_costs_no_row():
    """Its requests are made again by the worker that takes its place."""
    with LlmServer(latency_s=0.5) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=3, workers=1)
        pool.warm()
        threading.Timer(0.25, lambda: ray.kill(pool._workers.actors[0], no_restart=False)).start()
        settled, _ = _ask(pool)
        pool.close()
    assert sorted(settled) == list(range(len(ROWS)))
    assert max(server.paid.names.values()) <= 2


@pytest.mark.ray
@pytest.mark.parametrize("lost_s", [0.1, 1.0])
def test_an_answer_whose_call_was_lost_is_taken_from_its_worker(lost_s: float):
    """Ray gives calls up over a link that was cut, also after it is back; the worker lives, so nothing is asked again."""
    with LlmServer(latency_s=0.5) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=3, workers=1)
        pool.warm()
        delivered = pool._workers._on_done

        def lose(request: Request, member: TrackedWorker, _: "Future[WorkerReply]") -> None:
            lost: Future[WorkerReply] = Future()
            lost.set_exception(ray.exceptions.ActorUnavailableError("the link is cut", None))
            delivered(request, member, lost)

        pool._workers._on_done = lambda *call: threading.Timer(lost_s, lose, call).start()  # type: ignore[method-assign,assignment]
        settled, outcomes = _ask(pool)
        pool.close()
    assert sorted(settled) == list(range(len(ROWS)))
    assert set(server.paid.names.values()) == {1}
    assert all(outcome.error is None for outcome in outcomes)


@pytest.mark.ray
def test_a_list_that_was_broken_off_waits_for_what_it_has_asked():
    """It is asked about once, and the answers come with the rest though nobody has stored them yet."""
    keys = [f"key {number}" for number in range(len(ROWS))]
    with LlmServer(latency_s=0.5) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=2, batch_rows=3, workers=1)
        pool.warm()
        stop = threading.Event()
        threading.Timer(0.3, stop.set).start()
        items = [RowItem(row) for row in ROWS]
        assert list(pool.ask(RowQuestion("Toko"), items, keys, stop)) == []
        settled = {position for outcome in pool.ask(RowQuestion("Toko"), items, keys) for position in outcome.standards}
        assert sorted(settled) == list(range(len(ROWS)))
        settled = {position for outcome in pool.ask(RowQuestion("Toko"), items, keys) for position in outcome.standards}
        pool.close()
    assert sorted(settled) == list(range(len(ROWS)))
    assert set(server.paid.names.values()) == {1}


@pytest.mark.ray
def test_answers_outlive_the_driver_that_asked(tmp_path: Path):
    """What is on its way when a driver dies is told to the next one, which asks nothing of it again; the ledger has it as paid for once.

    Nor does it where the worker says nothing for a while, as on a busy machine.
    """
    keys = [f"key {number}" for number in range(len(ROWS))]
    with LlmServer(latency_s=1.5) as server, lists.bench(tmp_path) as made:
        task_id = made.submit()
        books = [LlmLedger(made.store, name, "gpt-6-luna", "", Budgets(), utc_now) for name in ("first", "second")]
        pools = [LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), 4, 3, workers=1, name="test", ledger=book) for book in books]
        asking = pools[0].ask(RowQuestion("Toko"), [RowItem(row) for row in ROWS], keys, None, 7, task_id)
        threading.Thread(target=list, args=(asking,), daemon=True).start()
        while server.paid.in_flight < 4:
            time.sleep(0.02)
        _die(pools[0])
        worker = next(process for process in psutil.process_iter() if process.name().startswith("ray::LlmWorker"))
        worker.suspend()
        threading.Timer(3, worker.resume).start()
        outcomes = list(pools[1].ask(RowQuestion("Toko"), [RowItem(row) for row in ROWS], keys, None, 7, task_id))
        settled = {position: standard for outcome in outcomes for position, standard in outcome.standards.items()}
        pools[1].close()
        assert sorted(settled) == list(range(len(ROWS)))
        assert all(_is_right(position, standard) for position, standard in settled.items())
        assert set(server.paid.names.values()) == {1}
        assert ledger.use_of_task(made.store, task_id).rows == len(ROWS)
    assert not [one for one in ray.util.list_named_actors(all_namespaces=True) if one["namespace"] == "monito-test"]


def _die(pool: LlmPool) -> None:
    """Stop what a pool does in this process, as SIGKILL would; its workers are told nothing."""
    pool._workers._done.set()
    pool._workers._thread.join()
    with pool._scheduler._changed:
        pool._scheduler._is_closing = True
        pool._scheduler._arrivals.clear()
    pool._scheduler.on_reply = lambda *_: None  # type: ignore[method-assign]
    pool._workers._on_reply = lambda *_: None


@pytest.mark.ray
def test_a_worker_that_nobody_asks_for_ends(shared_ray: None):  # noqa: ARG001 - Ray has to run
    """Once nothing of its is on its way."""
    worker = ray.remote(LlmWorker).options(name="alone", namespace="monito-alone", lifetime="detached", num_cpus=0, max_restarts=-1)
    actor = worker.remote(LlmAddress("http://127.0.0.1:9/v1", "", "gpt-6-luna"), 0.5)
    ray.get(actor.life.remote())
    until = time.monotonic() + 20
    while [one for one in ray.util.list_named_actors(all_namespaces=True) if one["namespace"] == "monito-alone"]:
        assert time.monotonic() < until
        time.sleep(0.1)


MIXED = dict.fromkeys(
    (*PASSING, LlmFault.BROKEN_JSON, LlmFault.MISSING_ROWS, LlmFault.SWAPPED_IDS, LlmFault.TRUNCATED, LlmFault.REFUSAL), 0.1
)


@pytest.mark.ray
def test_the_ledger_is_the_servers_to_the_token(tmp_path: Path):
    """With every kind of fault: settled tokens are those the server counted as delivered, and lost answers are covered by what stays reserved."""
    with LlmServer(answers=TRUTH, faults=MIXED, seed=3) as server, lists.bench(tmp_path) as made:
        task_id = made.submit()
        book = LlmLedger(made.store, "d", "gpt-6-luna", "", Budgets(task_usd=Decimal(5)), utc_now)
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=8, batch_rows=2, timeout_s=2.0, ledger=book)
        list(pool.ask_rows("Toko", list(map(RowItem, ROWS * 2)), task_id=task_id, user_id=7))
        pool.close()
        use, paid = ledger.use_of_task(made.store, task_id), server.paid
        uncertain = ledger.uncertain_cost_usd(made.store, task_id)
    assert use.requests == paid.received
    assert (use.prompt_tokens, use.cached_tokens, use.completion_tokens) == (paid.prompt_tokens, paid.cached_tokens, paid.completion_tokens)
    assert use.cost_usd == cost_usd("gpt-6-luna", paid.prompt_tokens, paid.cached_tokens, paid.completion_tokens)
    assert paid.lost_requests
    assert uncertain >= cost_usd("gpt-6-luna", 0, 0, paid.lost_tokens)


@pytest.mark.ray
def test_a_budget_ends_the_list_before_it_is_passed(tmp_path: Path):
    """What was paid is within it, answers that came are delivered, and the end says why."""
    with LlmServer(answers=TRUTH) as server, lists.bench(tmp_path) as made:
        task_id = made.submit()
        book = LlmLedger(made.store, "d", "gpt-6-luna", "", Budgets(task_usd=Decimal("0.004")), utc_now)
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=6, batch_rows=1, ledger=book)
        outcomes = list(pool.ask_rows("Toko", list(map(RowItem, ROWS * 10)), task_id=task_id, user_id=7))
        pool.close()
        use = ledger.use_of_task(made.store, task_id)
    assert isinstance(outcomes[-1].error, LlmBudgetSpent)
    assert use.requests == server.paid.received > 0
    assert Decimal("0.002") < use.cost_usd <= Decimal("0.004")


@pytest.mark.ray
def test_a_server_that_is_gone_is_given_up():
    """The list ends with the reason instead of waiting for ever."""
    with LlmServer() as server:
        url = server.url
    pool = LlmPool(LlmAddress(url, "", "gpt-6-luna"), concurrency=4, batch_rows=4, workers=1)
    settled, outcomes = _ask(pool)
    pool.close()
    assert settled == {}
    assert isinstance(outcomes[-1].error, LlmUnavailable)
    assert len(outcomes) == TRIES * FAILURE_LIMIT
