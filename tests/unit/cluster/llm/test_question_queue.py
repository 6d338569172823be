"""One list's questions: what is repeated, what is repaired, and when the list ends."""

import itertools
import math
import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from monito_ray.cluster.llm.question_queue import FRUITLESS_LIMIT, QuestionQueue
from monito_ray.cluster.llm.request_batch import Batch
from monito_ray.cluster.llm.worker import Shortfall, WorkerReply
from monito_ray.errors import (
    LlmAnswersUnusable,
    LlmBudgetSpent,
    LlmMisconfigured,
    LlmNodeLost,
    LlmRefused,
    LlmTimedOut,
    LlmTooLong,
    LlmUnavailable,
    LlmWithheld,
    LlmWorkerLost,
    MonitoError,
    StoreUnavailable,
)
from monito_ray.pipeline.llm.questions import Fault
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import LlmUse, RawRow, Standard

ROWS = [
    RowItem(RawRow(source_file="f", source_sheet="s", source_row=number, original_name=f"TEH KUNTUM {number}", price=Decimal(25500)))
    for number in range(12)
]


def _queue(rows: list[RowItem] = ROWS, batch_rows: int = 3) -> QuestionQueue:
    return QuestionQueue(RowQuestion("Toko"), rows, batch_rows)


def _reply(count: int, at_fault: tuple[int, ...] = (), error: MonitoError | None = None) -> WorkerReply:
    if error:
        return WorkerReply({}, {}, LlmUse(1, 1), 0, error)
    standards = {index: Standard(standardized_name="x") for index in range(count) if index not in at_fault}
    return WorkerReply(standards, dict.fromkeys(at_fault, Fault("wrong")), LlmUse(1, 1), 0)


def test_rows_at_fault_are_repeated_together_then_alone_then_given_up():
    """The fault goes along; rows that are settled do not."""
    queue = _queue(ROWS[:5])
    sent = []
    while queue.is_due(0.0):
        batch = queue.take(0.0)
        sent.append((batch.positions, {position: str(fault) for position, fault in batch.faults.items()}, batch.is_last))
        at_fault = tuple(index for index, position in enumerate(batch.positions) if position in (1, 2))
        queue.settle(batch, _reply(len(batch.positions), at_fault), 0.0, 0.0)
    assert sent == [
        ((0, 1, 2), {}, False),
        ((3, 4), {}, False),
        ((1, 2), {1: "wrong", 2: "wrong"}, False),
        ((1,), {1: "wrong"}, True),
        ((2,), {2: "wrong"}, True),
    ]
    assert not queue.is_open


def test_a_list_is_divided_evenly():
    """There are as few batches as possible, none much shorter than the others: a list waits for its longest."""
    queue = _queue(ROWS[:1] * 101, 40)
    sent = [queue.take(0.0).positions for _ in range(queue.waiting_batches)]
    assert [len(positions) for positions in sent] == [34, 34, 33]
    assert [position for positions in sent for position in positions] == list(range(101))


def test_only_fresh_batches_are_halved_and_only_so_far():
    """Halves take the place of the whole; a batch that is repeated stays as it is."""
    queue = _queue(ROWS[:1] * 80, 40)
    queue.halve_next(0.0, 20)
    queue.halve_next(0.0, 20)
    sent = [queue.take(0.0) for _ in range(3)]
    assert [batch.positions for batch in sent] == [tuple(range(20)), tuple(range(20, 40)), tuple(range(40, 80))]
    queue.settle(sent[2], _reply(40, error=LlmUnavailable("away")), 0.0, 0.0)
    queue.halve_next(9.0, 20)
    assert (queue.waiting_batches, len(queue.peek(9.0).positions)) == (1, 40)


def test_a_retry_waits_its_time():
    """A batch that failed is due after its wait, not before; the list stays open meanwhile."""
    queue = _queue(ROWS[:1])
    queue.settle(queue.take(100.0), _reply(1, error=LlmUnavailable("away")), 100.0, 0.0)
    assert (queue.is_open, queue.is_due(100.4), queue.is_due(100.6)) == (True, False, True)
    assert queue.wait_s(100.0, 9.0) == pytest.approx(0.5)


HOPELESS = [
    (LlmMisconfigured("wrong key"), 1),
    (LlmRefused("no"), 1),
    (LlmTimedOut("slow"), 1),
    (None, FRUITLESS_LIMIT),
]


@pytest.mark.parametrize(("error", "requests"), HOPELESS)
def test_a_hopeless_list_ends(error: MonitoError | None, requests: int):
    """Wrong settings end it at once, other failures after a few in a row, and it says why."""
    queue = _queue(ROWS * 10, 1)
    for _ in range(requests):
        assert not queue.is_hopeless
        queue.settle(queue.take(99.0), _reply(1, (0,), error), 0.0, 0.0)
    assert queue.is_hopeless
    assert type(queue.left_because) is (type(error) if error else LlmAnswersUnusable)


@pytest.mark.parametrize("batch_rows", [1, 7, 40])
@pytest.mark.parametrize("slots", [1, 16])
def test_a_row_that_kills_its_worker_is_isolated(batch_rows: int, slots: int):
    """It alone is left to the rules, after at most log2(batch) + 3 crashes, whatever died with it; all others are settled."""
    rows, deadly = ROWS * 40, 123
    queue, crashes, settled = _queue(rows, batch_rows), 0, set[int]()
    for now in itertools.takewhile(lambda _: queue.is_open, itertools.count(0.0, 10.0)):
        in_flight = []
        while len(in_flight) < slots and queue.is_due(now):
            in_flight.append(queue.take(now))
        is_crash = any(deadly in batch.positions for batch in in_flight)
        crashes += is_crash
        for batch in in_flight:
            reply = _reply(0, error=LlmWorkerLost("killed")) if is_crash else _reply(len(batch.positions))
            settled |= set(queue.settle(batch, reply, now, 0.0).standards)
    assert settled == set(range(len(rows))) - {deadly}
    assert crashes <= math.log2(batch_rows) + 3
    assert isinstance(queue.left_because, LlmWorkerLost)


def test_a_lost_node_makes_nobody_a_suspect():
    """Its batches are the next to leave, whole and at once, however often it happens; but not for ever."""
    queue = _queue(ROWS, 4)
    for _ in range(8):
        batches = [queue.take(0.0) for _ in range(3)]
        for batch in batches:
            queue.settle(batch, _reply(0, error=LlmNodeLost("gone")), 0.0, 0.0)
        assert queue.is_due(0.0)
        assert not any(batch.is_suspect for batch in batches)
        assert sorted(len(batch.positions) for batch in batches) == [4, 4, 4]
    for _ in range(3):
        queue.settle(queue.take(0.0), _reply(0, error=LlmNodeLost("gone")), 0.0, 0.0)
    assert isinstance(queue.left_because, LlmNodeLost)
    assert queue.is_hopeless


def test_success_between_failures_keeps_a_list_going():
    """Only failures in a row end a list; the reason for what they left is there at the end."""
    queue = _queue(ROWS[:6], 1)
    for number in range(6):
        queue.settle(queue.take(0.0), _reply(1, error=LlmTimedOut("slow") if number % 2 else None), 0.0, 0.0)
    assert (queue.is_open, queue.is_hopeless) == (False, False)
    assert isinstance(queue.left_because, LlmTimedOut)


def test_a_batch_that_is_put_back_is_the_next_to_leave():
    """It waits until the time that is set, or until a reply comes."""
    queue = _queue(ROWS[:6])
    first, second = queue.take(0.0), queue.take(0.0)
    queue.put_back(first, 5.0)
    assert (queue.is_due(1.0), queue.is_due(5.0)) == (False, True)
    queue.settle(second, _reply(3), 1.0, 0.0)
    assert queue.is_due(1.0)
    assert queue.take(1.0) == first


def test_a_list_whose_budget_is_spent_ends_at_once():
    """The batch that was refused stays to the rules, and so does what waits."""
    queue = _queue()
    outcome = queue.refuse(queue.take(0.0), LlmBudgetSpent("spent"))
    assert (outcome.standards, outcome.use) == ({}, LlmUse())
    assert (queue.is_hopeless, queue.is_due(0.0)) == (True, False)
    assert isinstance(queue.left_because, LlmBudgetSpent)


def test_a_list_is_done_when_its_last_outcome_is_collected():
    """Outcomes that are settled, delivered or waiting to be collected are still to come."""
    queue = _queue(ROWS[:2])
    outcome = queue.settle(queue.take(0.0), _reply(2), 0.0, 0.0)
    assert not queue.is_done
    queue.deliver(outcome)
    assert (queue.ready.is_set(), queue.is_done) == (True, False)
    assert queue.collect() == [outcome]
    assert queue.is_done


def test_the_first_failure_counts():
    """A caller learns what happened first, not what followed from it."""
    queue, first = _queue(), StoreUnavailable("away")
    queue.fail(first)
    queue.fail(RuntimeError("later"))
    assert queue.failure is first
    assert queue.ready.is_set()


def test_one_crash_makes_no_suspect():
    """Every batch at a worker that died comes back with a crash, so the second one counts."""
    assert [Batch((1,), crashes=crashes).is_suspect for crashes in range(3)] == [False, False, True]


def _settle_all(queue: QuestionQueue, answer: Callable[[Batch], WorkerReply], slots: int = 4) -> list[Batch]:
    """Let a server answer until the list is done; the requests that it got, in order."""
    sent: list[Batch] = []
    while queue.is_open and not queue.is_hopeless:
        in_flight = []
        while len(in_flight) < slots and queue.is_due(99.0):
            in_flight.append(queue.take(99.0))
        for batch in in_flight:
            queue.settle(batch, answer(batch), 99.0, 0.0)
        sent += in_flight
    return sent


def _too_slow_above(rows: int, error: MonitoError) -> Callable[[Batch], WorkerReply]:
    return lambda batch: _reply(len(batch.positions), error=error if len(batch.positions) > rows else None)


def _cut_above(rows: int, salvaged: int) -> Callable[[Batch], WorkerReply]:
    """Answers end after some rows where more than so many are asked about; `salvaged` of them can be read."""

    def answer(batch: Batch) -> WorkerReply:
        count = len(batch.positions)
        if count <= rows:
            return _reply(count)
        missing = {index: Fault("the answer was cut short") for index in range(min(salvaged, count - 1), count)}
        standards = {index: Standard(standardized_name="x") for index in range(count) if index not in missing}
        return WorkerReply(standards, missing, LlmUse(1, count), 0, shortfall=Shortfall.CUT)

    return answer


@pytest.mark.parametrize("limit", [1, 7, 10, 20, 39])
@pytest.mark.parametrize("error", [LlmTimedOut("slow"), LlmTooLong("context")])
def test_a_server_that_is_too_slow_gets_smaller_requests(limit: int, error: MonitoError):
    """Only a few requests are in vain, no two are equal, and every row is settled."""
    queue = _queue(ROWS[:1] * 400, 40)
    sent = _settle_all(queue, _too_slow_above(limit, error))
    in_vain = [batch for batch in sent if len(batch.positions) > limit]
    assert len(in_vain) <= 12
    assert len({batch.positions for batch in sent}) == len(sent)
    assert queue.unsettled == 0


@pytest.mark.parametrize(("salvaged", "most"), [(10, 52), (0, 48), (26, 56)])
def test_answers_that_are_cut_are_asked_for_in_smaller_requests(salvaged: int, most: int):
    """What can be read of a cut answer is taken, and says how many rows fit."""
    queue = _queue(ROWS[:1] * 400, 40)
    assert len(_settle_all(queue, _cut_above(10, salvaged))) <= most
    assert queue.unsettled == 0


def test_a_row_that_is_withheld_is_isolated():
    """Its neighbours are settled within some requests, no request is made twice, and the list goes on."""
    rows, bad = ROWS * 30, {3, 200}
    queue = _queue(rows, 40)
    sent = _settle_all(queue, lambda batch: _reply(len(batch.positions), error=LlmWithheld("filter") if bad & {*batch.positions} else None))
    assert len(sent) <= len(rows) // 40 + 2 * 2 * math.ceil(math.log2(40))
    assert len({batch.positions for batch in sent}) == len(sent)
    assert queue.unsettled == len(bad)
    assert isinstance(queue.left_because, LlmWithheld)


def test_a_server_that_withholds_everything_is_left_alone():
    """While nothing is answered only few requests are in flight, and after some rows the list ends."""
    queue = _queue(ROWS * 100, 40)
    assert len(_settle_all(queue, lambda _: _reply(0, error=LlmWithheld("filter")))) <= 60
    assert queue.is_hopeless


def test_a_server_that_answers_nothing_in_time_is_given_up_with_the_first_row():
    """Four requests at first, then one of each size."""
    queue = _queue(ROWS * 100, 40)
    assert len(_settle_all(queue, lambda _: _reply(0, error=LlmTimedOut("slow")))) <= 8
    assert isinstance(queue.left_because, LlmTimedOut)


def test_what_was_refused_leaves_again_once_it_is_asked_otherwise():
    """The batch is the next to leave, as it was."""
    queue = _queue(ROWS[:6])
    batch = queue.take(0.0)
    queue.settle(batch, _reply(0, error=LlmRefused("no response_format")), 0.0, 0.0, is_changed=True)
    assert (queue.is_hopeless, queue.take(0.0)) == (False, batch)


def test_one_time_out_among_answers_of_that_size_slows_nothing():
    """The batch is divided, the others leave as long as before."""
    queue = _queue(ROWS[:1] * 120, 40)
    first, second = queue.take(0.0), queue.take(0.0)
    queue.settle(first, _reply(40), 0.0, 0.0)
    queue.settle(second, _reply(40, error=LlmTimedOut("slow")), 0.0, 0.0)
    assert [len(queue.take(0.0).positions) for _ in range(3)] == [20, 20, 40]


@pytest.mark.parametrize("error", [LlmTimedOut("slow"), None])
def test_failures_by_chance_do_not_make_every_request_small(error: MonitoError | None):
    """One request in ten hangs, or is cut: its rows are asked about again, the others as long as before."""
    chance, queue = random.Random(1), _queue(ROWS[:1] * 800, 20)  # noqa: S311

    def answer(batch: Batch) -> WorkerReply:
        count = len(batch.positions)
        if chance.random() >= 0.1:
            return _reply(count)
        return _reply(count, error=error) if error else _cut_above(0, count // 2)(batch)

    assert len(_settle_all(queue, answer)) <= 70
    assert queue.unsettled <= 8
