"""The scheduler, with requests that only go as far as a list: whose turn it is, and what limits and ledger let leave."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pytest

from monito_ray.cluster.llm import scheduler as scheduling
from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.profile_finder import ProfileFinder
from monito_ray.cluster.llm.question_queue import Outcome, QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.scheduler import RequestScheduler
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.errors import ClusterUnavailable, LlmBudgetSpent, LlmParameterRefused, StoreUnavailable
from monito_ray.events import Event, LlmAdapted, LlmTraffic
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.spending import PRICES, Decision, LlmReservation, LlmSettlement, OtherUsage

ROWS = [
    RowItem(RawRow(source_file="f", source_sheet="s", source_row=number, original_name=f"Beras {number}", price=Decimal(25500)))
    for number in range(6)
]
LONGEST_S = 10.0
PROVED = ProfileFinder(ServerProfile(is_proved=True))


class Wire:
    """Where requests go; each waits until it is answered."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.events: list[Event] = []

    def answer(self, scheduler: RequestScheduler, request: Request) -> None:
        """Let a request come back with an answer for each of its items."""
        standards = {index: Standard(standardized_name="x") for index in range(len(request.batch.positions))}
        scheduler.on_reply(request, WorkerReply(standards, {}, LlmUse(1, len(standards), 100, 0, 50), 5))


class FakeLedger:
    """Decides by a function, and remembers what it recorded."""

    is_capped = True

    def __init__(self, decide: Callable[[LlmReservation], Decision]) -> None:
        self._decide = decide
        self.reservations: list[LlmReservation] = []
        self.settlements: list[LlmSettlement] = []
        self.others = OtherUsage()

    def record(self, settlements: Sequence[LlmSettlement], reservations: Sequence[LlmReservation]) -> list[Decision]:
        """Decide on each reservation."""
        decisions = [self._decide(reservation) for reservation in reservations]
        self.settlements += settlements
        self.reservations += [one for one, decision in zip(reservations, decisions, strict=True) if decision is Decision.GO]
        return decisions

    def other_usage(self) -> OtherUsage:
        """Return what the test says."""
        return self.others


def _queue(rows: Sequence[RowItem] = ROWS, user_id: int = 0, keys: Sequence[str] = ()) -> QuestionQueue:
    return QuestionQueue(RowQuestion("Toko"), rows, 1, user_id, f"task of {user_id}", keys)


@contextmanager
def _running(
    wire: Wire, slots: int, *queues: QuestionQueue, ledger: FakeLedger | None = None, finder: ProfileFinder = PROVED
) -> Iterator[RequestScheduler]:
    scheduler = RequestScheduler(wire.sent.append, slots, PRICES["gpt-6-luna"], Limiter(), ledger, finder, wire.events.append)
    try:
        with _registered(scheduler, queues):
            scheduler.start()
            yield scheduler
    finally:
        scheduler.close(0.1)


@contextmanager
def _registered(scheduler: RequestScheduler, queues: Sequence[QuestionQueue]) -> Iterator[None]:
    if not queues:
        yield
        return
    with scheduler.registered(queues[0]), _registered(scheduler, queues[1:]):
        yield


def _until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _collect(scheduler: RequestScheduler, queue: QuestionQueue) -> list[Outcome]:
    outcomes, is_done = scheduler.collect(queue)
    while not is_done:
        assert queue.ready.wait(LONGEST_S)
        queue.ready.clear()
        more, is_done = scheduler.collect(queue)
        outcomes += more
    return outcomes


def test_slots_are_divided_by_user_then_by_list():
    """Four lists of one user get as many slots together as the one list of another."""
    wire, lists = Wire(), [_queue(user_id=1), _queue(user_id=1), _queue(user_id=1), _queue(user_id=2)]
    with _running(wire, 6, *lists):
        _until(lambda: len(wire.sent) == 6)
        assert sorted(request.queue.user_id for request in wire.sent) == [1, 1, 1, 2, 2, 2]
        assert sorted(queue.in_flight for queue in lists) == [1, 1, 1, 3]


@pytest.mark.parametrize(("in_flight", "left"), [(0, 6), (2, 4), (3, 3), (6, 3)])
def test_drivers_share_the_slots(in_flight: int, left: int):
    """What the other one has in flight is left out, but an equal part is one's own."""
    wire, ledger, lists = Wire(), FakeLedger(lambda _: Decision.GO), [_queue(), _queue()]
    ledger.others = OtherUsage(drivers=1, requests=in_flight, in_flight=in_flight)
    with _running(wire, 6, ledger=ledger) as scheduler:
        scheduler._read_other_usage_now(ledger)
        with _registered(scheduler, lists):
            _until(lambda: len(wire.sent) == left)
            time.sleep(0.05)
            assert len(wire.sent) == left


def test_nothing_leaves_while_no_worker_answers():
    """And a request that hangs somewhere holds no slot."""
    wire, queue = Wire(), _queue()
    with _running(wire, 2) as scheduler:
        scheduler.set_slots(0)
        with _registered(scheduler, [queue]):
            time.sleep(0.05)
            assert wire.sent == []
            scheduler.set_slots(3)
            _until(lambda: len(wire.sent) == 3)


def test_no_more_leave_than_there_are_slots():
    """The next request leaves when one comes back, and each list gets its own outcomes."""
    wire, queue = Wire(), _queue()
    with _running(wire, 2, queue) as scheduler:
        for number in range(len(ROWS)):
            _until(lambda number=number: len(wire.sent) > number)
            assert scheduler.in_flight <= 2
            wire.answer(scheduler, wire.sent[number])
        outcomes = _collect(scheduler, queue)
    assert sorted(position for outcome in outcomes for position in outcome.standards) == list(range(len(ROWS)))


def test_a_request_is_recorded_before_it_leaves_and_its_answer_before_it_is_delivered():
    """The reservation names task, user and an upper bound of the cost; the settlement has the answer under its key."""
    wire, queue = Wire(), _queue(ROWS[:1], user_id=7, keys=["k"])
    ledger = FakeLedger(lambda _: Decision.GO)
    with _running(wire, 1, queue, ledger=ledger) as scheduler:
        _until(lambda: wire.sent)
        reservation = ledger.reservations[0]
        assert (reservation.task_id, reservation.user_id) == ("task of 7", 7)
        assert reservation.cost_usd > 0
        assert wire.sent[0].most_tokens > 0
        wire.answer(scheduler, wire.sent[0])
        assert len(_collect(scheduler, queue)) == 1
    settlement = ledger.settlements[0]
    assert (settlement.id, settlement.is_certain, list(settlement.answers)) == (reservation.id, True, ["k"])


def test_a_spent_budget_refuses_what_wants_to_leave():
    """The list ends with the reason, and nothing was sent."""
    wire, queue = Wire(), _queue()
    with _running(wire, 4, queue, ledger=FakeLedger(lambda _: Decision.SPENT)) as scheduler:
        outcomes = _collect(scheduler, queue)
    assert not wire.sent
    assert isinstance(outcomes[-1].error, LlmBudgetSpent)


def test_what_the_budget_has_no_room_for_leaves_when_it_has(monkeypatch: pytest.MonkeyPatch):
    """A request that has to wait is the next to leave as soon as another was settled, however long it would wait else."""
    monkeypatch.setattr(scheduling, "_BUDGET_WAIT_S", 100 * LONGEST_S)
    wire, queue, open_slots = Wire(), _queue(ROWS[:2]), [1]

    def decide(_: LlmReservation) -> Decision:
        if not open_slots:
            return Decision.WAIT
        open_slots.pop()
        return Decision.GO

    with _running(wire, 2, queue, ledger=FakeLedger(decide)) as scheduler:
        _until(lambda: wire.sent)
        open_slots.append(1)
        wire.answer(scheduler, wire.sent[0])
        _until(lambda: len(wire.sent) == 2)
        wire.answer(scheduler, wire.sent[1])
        assert len(_collect(scheduler, queue)) == 2


def test_without_the_ledger_nothing_leaves():
    """The lists whose requests it could not record fail with its error."""
    wire, queue = Wire(), _queue()

    def decide(_: LlmReservation) -> Decision:
        raise StoreUnavailable("locked")

    with _running(wire, 4, queue, ledger=FakeLedger(decide)):
        assert queue.ready.wait(LONGEST_S)
    assert not wire.sent
    assert isinstance(queue.failure, StoreUnavailable)


def test_a_fault_of_the_program_fails_its_list_alone():
    """Other lists go on."""
    wire, broken, sound = Wire(), _queue(ROWS[:1], user_id=1), _queue(ROWS[:1], user_id=2)
    with _running(wire, 2, broken, sound) as scheduler:
        _until(lambda: len(wire.sent) == 2)
        for request in wire.sent:
            if request.queue is broken:
                scheduler.on_reply(request, KeyError("bug"))
            else:
                wire.answer(scheduler, request)
        assert len(_collect(scheduler, sound)) == 1
    assert isinstance(broken.failure, KeyError)


def test_a_closed_scheduler_leaves_nobody_waiting():
    """Lists that wait fail, and no other can be registered."""
    wire, queue = Wire(), _queue()
    scheduler = RequestScheduler(wire.sent.append, 1, None, Limiter())
    with scheduler.registered(queue):
        scheduler.start()
        _until(lambda: wire.sent)
        closing = threading.Thread(target=scheduler.close)
        closing.start()
        wire.answer(scheduler, wire.sent[0])
        closing.join()
        assert isinstance(queue.failure, ClusterUnavailable)
    with pytest.raises(ClusterUnavailable), scheduler.registered(_queue()):
        pass


def _refusal(parameter: str) -> WorkerReply:
    error = LlmParameterRefused(f"the LLM does not take {parameter}")
    error.parameter = parameter
    return WorkerReply({}, {}, LlmUse(1), 5, error)


def test_an_unknown_server_gets_few_requests_and_none_twice():
    """What all requests have wrong is found by a few; the next one alone leaves without it, and after its answer all others."""
    wire, queue = Wire(), _queue()
    with _running(wire, 6, queue, finder=ProfileFinder()) as scheduler:
        _until(lambda: len(wire.sent) == 4)
        for request in wire.sent[:4]:
            scheduler.on_reply(request, _refusal("service_tier"))
        _until(lambda: len(wire.sent) == 5)
        assert [request.profile.refused for request in wire.sent] == [frozenset()] * 4 + [{"service_tier"}]
        wire.answer(scheduler, wire.sent[4])
        _until(lambda: len(wire.sent) == 10)
        for request in wire.sent[5:]:
            wire.answer(scheduler, request)
        outcomes = _collect(scheduler, queue)
    assert sum(len(outcome.standards) for outcome in outcomes) == len(ROWS)
    assert [event.reason for event in wire.events if isinstance(event, LlmAdapted)] == [
        "the LLM does not take service_tier; service_tier is left out"
    ]


def test_traffic_is_shown_as_it_is():
    """The requests in flight of each task, as they leave and come back."""
    wire, queue = Wire(), _queue(ROWS[:2], user_id=3)
    with _running(wire, 2, queue) as scheduler:
        _until(lambda: len(wire.sent) == 2)
        for request in wire.sent:
            wire.answer(scheduler, request)
        _collect(scheduler, queue)
        _until(lambda: LlmTraffic("task of 3", 0) in wire.events)
    assert LlmTraffic("task of 3", 2) in wire.events


def test_a_sink_that_fails_stops_no_request(capsys: pytest.CaptureFixture[str]):
    """The terminal may be gone; the list goes on, and the fault is logged once."""

    def fail(_: Event) -> None:
        raise BrokenPipeError

    wire, queue = Wire(), _queue(ROWS[:2], user_id=3)
    scheduler = RequestScheduler(wire.sent.append, 1, None, Limiter(), None, PROVED, fail)
    with scheduler.registered(queue):
        scheduler.start()
        for number in range(2):
            _until(lambda number=number: len(wire.sent) > number)
            wire.answer(scheduler, wire.sent[number])
        assert sum(len(outcome.standards) for outcome in _collect(scheduler, queue)) == 2
    scheduler.close()
    assert capsys.readouterr().err.count("llm.sink_failed") == 1
