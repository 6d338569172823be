"""Rows to the LLM and back: patience, repairs, and that no wrong answer gets through, over the real SDK, wire and actors."""

import itertools
import math
import threading
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import lists
import pytest
import ray

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.cluster.llm.question_queue import FRUITLESS_LIMIT, GIVEN_UP_LIMIT, Outcome, QuestionQueue
from monito_ray.cluster.llm.request_retry import LONGEST_WAIT_S, TRIES, TRIES_WHEN_LIMITED, decide
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.errors import (
    LlmAnswersUnusable,
    LlmBudgetSpent,
    LlmMisconfigured,
    LlmRateLimited,
    LlmRefused,
    LlmUnavailable,
    LlmWorkerLost,
    MonitoError,
)
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import GiveUp, LlmUse, RawRow, Retry, Standard
from monito_ray.spending import cost_usd
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer, handwritten_answers
from monito_ray.wiring import utc_now

TRUTH = dict(list(handwritten_answers().items())[-12:])
NO_USE = LlmUse(1, 1)


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


def _limited(retry_after_s: float | None) -> LlmRateLimited:
    error = LlmRateLimited("slow down")
    error.retry_after_s = retry_after_s
    return error


DECISIONS = [
    (LlmUnavailable("away"), 1, 0.0, 0.5),
    (LlmUnavailable("away"), 3, 0.0, 2.0),
    (LlmUnavailable("away"), 1, 1.0, 0.75),
    (LlmUnavailable("away"), TRIES, 0.0, None),
    (_limited(None), 1, 0.0, 0.5),
    (_limited(7.0), 1, 0.0, 7.0),
    (_limited(7.0), 1, 1.0, 10.5),
    (_limited(0.01), 2, 0.0, 1.0),
    (_limited(None), TRIES_WHEN_LIMITED - 1, 1.0, LONGEST_WAIT_S * 0.8),
    (_limited(None), TRIES_WHEN_LIMITED, 0.0, None),
    (_limited(3600.0), 1, 0.0, None),
    (LlmMisconfigured("wrong key"), 1, 0.0, None),
    (LlmRefused("too long"), 1, 0.0, None),
]


@pytest.mark.parametrize(("error", "attempt", "spread", "wait_s"), DECISIONS)
def test_patience_is_a_table(error: MonitoError, attempt: int, spread: float, wait_s: float | None):
    """What passes is waited for, longer each time and as long as the server asks; what does not pass is given up."""
    decision = decide(error, attempt, spread)
    assert isinstance(decision, GiveUp) if wait_s is None else decision == Retry(wait_s)


def _reply(count: int, at_fault: tuple[int, ...] = (), error: MonitoError | None = None) -> WorkerReply:
    if error:
        return WorkerReply({}, {}, NO_USE, 0, error)
    standards = {place: Standard(standardized_name="x") for place in range(count) if place not in at_fault}
    return WorkerReply(standards, dict.fromkeys(at_fault, "wrong"), NO_USE, 0)


def test_rows_at_fault_are_asked_together_then_alone_then_no_more():
    """The fault goes along, rows that are settled do not."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS[:5], 3)
    asked = []
    while asking.is_due(0.0):
        batch = asking.take(0.0)
        asked.append((batch.positions, dict(batch.faults)))
        at_fault = tuple(place for place, position in enumerate(batch.positions) if position in (1, 2))
        asking.settle(batch, _reply(len(batch.positions), at_fault), 0.0, 0.0)
    assert asked == [
        ((0, 1, 2), {}),
        ((3, 4), {}),
        ((1, 2), {1: "wrong", 2: "wrong"}),
        ((1,), {1: "wrong"}),
        ((2,), {2: "wrong"}),
    ]
    assert not asking.is_open


def test_a_list_is_divided_evenly():
    """As few batches as hold so many rows each, and none much shorter than the others: a list waits for its longest."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS[:1] * 101, 40)
    asked = [asking.take(0.0).positions for _ in range(asking.waiting)]
    assert [len(positions) for positions in asked] == [34, 34, 33]
    assert [position for positions in asked for position in positions] == list(range(101))


def test_only_fresh_batches_are_halved_and_only_so_far():
    """Halves take the place of the whole; what is asked again stays as it is."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS[:1] * 80, 40)
    asking.halve(0.0, 20)
    asking.halve(0.0, 20)
    asked = [asking.take(0.0) for _ in range(3)]
    assert [batch.positions for batch in asked] == [tuple(range(20)), tuple(range(20, 40)), tuple(range(40, 80))]
    asking.settle(asked[2], _reply(40, error=LlmUnavailable("away")), 0.0, 0.0)
    asking.halve(9.0, 20)
    assert (asking.waiting, len(asking.next(9.0).positions)) == (1, 40)


def test_a_retry_waits_its_time():
    """A batch that failed comes back when it is due, not before; the list stays open meanwhile."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS[:1], 3)
    asking.settle(asking.take(100.0), _reply(1, error=LlmUnavailable("away")), 100.0, 0.0)
    assert (asking.is_open, asking.is_due(100.4), asking.is_due(100.6)) == (True, False, True)
    assert asking.wait_s(100.0, 9.0) == pytest.approx(0.5)


HOPELESS = [(LlmMisconfigured("wrong key"), 1), (LlmRefused("no"), GIVEN_UP_LIMIT), (None, FRUITLESS_LIMIT)]


@pytest.mark.parametrize(("error", "requests"), HOPELESS)
def test_a_hopeless_list_ends(error: MonitoError | None, requests: int):
    """Settings that are wrong end it at once, other failures after a few in a row, and it knows why."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS * 10, 1)
    for _ in range(requests):
        assert not asking.is_hopeless
        asking.settle(asking.take(0.0), _reply(1, (0,), error), 0.0, 0.0)
    assert asking.is_hopeless
    assert type(asking.left_because) is (type(error) if error else LlmAnswersUnusable)


@pytest.mark.parametrize("batch_rows", [1, 7, 40])
@pytest.mark.parametrize("places", [1, 16])
def test_a_row_that_kills_its_worker_is_found(batch_rows: int, places: int):
    """It alone is left to the rules, after at most log2(batch) + 3 deaths, whatever died with it; all others are settled."""
    rows, deadly = ROWS * 40, 123
    asking, deaths, settled = QuestionQueue(RowQuestion("Toko"), rows, batch_rows), 0, set[int]()
    for now in itertools.takewhile(lambda _: asking.is_open, itertools.count(0.0, 10.0)):
        flying = []
        while len(flying) < places and asking.is_due(now):
            flying.append(asking.take(now))
        is_dead = any(deadly in batch.positions for batch in flying)
        deaths += is_dead
        for batch in flying:
            reply = _reply(0, error=LlmWorkerLost("killed")) if is_dead else _reply(len(batch.positions))
            settled |= set(asking.settle(batch, reply, now, 0.0).standards)
    assert settled == set(range(len(rows))) - {deadly}
    assert deaths <= math.log2(batch_rows) + 3
    assert isinstance(asking.left_because, LlmWorkerLost)


def test_success_between_failures_keeps_a_list_going():
    """Only failures in a row end it; what they left behind is known at the end."""
    asking = QuestionQueue(RowQuestion("Toko"), ROWS[:6], 1)
    for number in range(6):
        asking.settle(asking.take(0.0), _reply(1, error=LlmRefused("no") if number % 2 else None), 0.0, 0.0)
    assert (asking.is_open, asking.is_hopeless) == (False, False)
    assert isinstance(asking.left_because, LlmRefused)


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """One server whose faults each test sets."""
    with LlmServer(answers={name: {**answer} for name, answer in TRUTH.items()}) as running:
        yield running


@pytest.fixture(scope="module")
def pool(shared_ray: None, server: LlmServer) -> Iterator[LlmPool]:  # noqa: ARG001 - Ray has to outlive it
    """One pool on that server."""
    pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=5, timeout_s=1.0)
    yield pool
    pool.close()


def _is_right(position: int, standard: Standard, rows: list[RawRow] = ROWS) -> bool:
    truth = TRUTH[rows[position].original_name]
    told = (standard.standardized_name, standard.brand, standard.size, standard.unit, standard.pack_count, standard.category)
    size = None if truth["size"] is None else Decimal(str(truth["size"]))
    return told == (truth["standardized_name"], truth["brand"] or "", size, truth["unit"] or "", truth["pack_count"], truth["category"])


def _ask(pool: LlmPool, rows: list[RawRow] = ROWS) -> tuple[dict[int, Standard], list[Outcome]]:
    outcomes = list(pool.ask("Toko", rows))
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
    """When every answer is wrong in one way, what is settled is right all the same, no row is asked more than three times, and the end says why rows are left."""
    server.fail({fault: 1.0})
    settled, outcomes = _ask(pool)
    assert all(_is_right(position, standard) for position, standard in settled.items())
    assert max(server.paid.names.values()) <= 3
    if fault not in (LlmFault.MISSING_ROWS, LlmFault.REPEATED_IDS):
        assert settled == {}
    assert isinstance(outcomes[-1].error, LlmAnswersUnusable)


@pytest.mark.ray
@pytest.mark.parametrize("fault", [*PASSING, *CONTENT])
def test_a_fault_that_passes_costs_no_row(pool: LlmPool, server: LlmServer, fault: LlmFault):
    """Retries and repairs settle every row rightly, and every request is counted, failed ones included."""
    server.fail({fault: 1.0}, requests=2)
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
def test_the_pool_tells_its_figures(pool: LlmPool, server: LlmServer):
    """The actors' own counts grow by what was asked."""
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
    assert list(pool.ask("Toko", ROWS, stop=stop)) == []
    assert time.monotonic() - started < 0.9


@pytest.mark.ray
def test_lists_side_by_side_share_the_cap():
    """Three lists at once keep within the cap, use it, and each gets its own answers."""
    with LlmServer(latency_s=0.05) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=1)
        pool.warm()
        lists = [ROWS, ROWS[::-1], ROWS[3:]]
        found: list[dict[int, Standard]] = [{}, {}, {}]

        def ask(number: int) -> None:
            found[number] = _ask(pool, lists[number])[0]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pool.close()
    for rows, settled in zip(lists, found, strict=True):
        assert sorted(settled) == list(range(len(rows)))
        assert all(_is_right(position, standard, rows) for position, standard in settled.items())
    assert server.paid.peak_in_flight == 4


@pytest.mark.ray
def test_places_are_divided_by_user_first():
    """Three lists of one user do not crowd out the one list of another."""
    with LlmServer(latency_s=0.2) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=6, batch_rows=1)
        pool.warm()
        done: list[tuple[int, float]] = []

        def ask(share: int) -> None:
            done.extend((share, time.monotonic()) for _ in pool.ask("Toko", ROWS, share=share))

        threads = [threading.Thread(target=ask, args=(share,)) for share in (1, 1, 1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pool.close()
    last = max(at for share, at in done if share == 2)
    assert sum(share == 1 and at <= last for share, at in done) <= 2 * len(ROWS)


@pytest.mark.ray
def test_an_actor_that_dies_costs_no_row():
    """Its calls are made again by the one that takes its place."""
    with LlmServer(latency_s=0.5) as server:
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=4, batch_rows=3, workers=1)
        pool.warm()
        threading.Timer(0.25, lambda: ray.kill(pool._workers[0], no_restart=False)).start()
        settled, _ = _ask(pool)
        pool.close()
    assert sorted(settled) == list(range(len(ROWS)))
    assert max(server.paid.names.values()) <= 2


MIXED = dict.fromkeys(
    (*PASSING, LlmFault.BROKEN_JSON, LlmFault.MISSING_ROWS, LlmFault.SWAPPED_IDS, LlmFault.TRUNCATED, LlmFault.REFUSAL), 0.1
)


@pytest.mark.ray
def test_the_ledger_is_the_servers_to_the_token(tmp_path: Path):
    """With every kind of fault: settled tokens are those the server counted as delivered, and lost answers are covered by what stays reserved."""
    with LlmServer(answers=TRUTH, faults=MIXED, seed=3) as server, lists.bench(tmp_path) as made:
        task_id = made.submit()
        book = LlmLedger(made.store, "d", "gpt-6-luna", "", Budgets(task_usd=Decimal(5)), utc_now)
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=8, batch_rows=2, timeout_s=0.4, ledger=book)
        list(pool.ask("Toko", ROWS * 2, task_id=task_id, share=7))
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
    """What was paid is within it, what was answered is kept, and the end says why."""
    with LlmServer(answers=TRUTH) as server, lists.bench(tmp_path) as made:
        task_id = made.submit()
        book = LlmLedger(made.store, "d", "gpt-6-luna", "", Budgets(task_usd=Decimal("0.004")), utc_now)
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=6, batch_rows=1, ledger=book)
        outcomes = list(pool.ask("Toko", ROWS * 10, task_id=task_id, share=7))
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
    assert len(outcomes) == TRIES * 3
