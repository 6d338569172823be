"""Standardizing with an LLM: paid once, believed never beyond its part, and done without when it is not there."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from lists import JUNE, Bench, bench

from monito_ray import events, frames
from monito_ray.driver.driver import Driver
from monito_ray.errors import ClusterUnavailable, LlmMisconfigured, MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.jobs.task import Task
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import CERTAIN, LlmUse, Method, ProductRow, Standard, Status
from monito_ray.settings import Settings
from monito_ray.spending import LlmReservation, LlmSettlement
from monito_ray.store.database import new_id


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's end."""

    standards: dict[int, Standard]
    use: LlmUse
    duration_ms: int = 5
    error: MonitoError | None = None


@dataclass
class TwoByTwo:
    """An LLM that answers two rows at a time, remembers what it was asked, and may break down after some answers; workers come back at once."""

    breaks_after: int = 1000
    breaks_with: MonitoError = field(default_factory=lambda: ClusterUnavailable("the workers are gone"))
    asked: list[str] = field(default_factory=list)
    ledger: LlmLedger | None = None

    def ask_rows(
        self, supplier: str, rows: Sequence[RowItem], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
    ) -> Iterator[Answer]:
        """Answer, last rows first."""
        assert (supplier, user_id) == ("Toko A", 7)
        for start in reversed(range(0, len(rows), 2)):
            if self.breaks_after == 0:
                if isinstance(self.breaks_with, ClusterUnavailable):
                    self.breaks_after = 1000
                    raise self.breaks_with
                yield Answer({}, LlmUse(), error=self.breaks_with)
                return
            if stop.is_set():
                return
            self.breaks_after -= 1
            places = range(start, min(start + 2, len(rows)))
            self.asked += [rows[place].row.original_name for place in places]
            standards = {
                place: Standard(standardized_name=f"Named {rows[place].row.original_name}", field_confidence=CERTAIN, method=Method.LLM)
                for place in places
            }
            use = LlmUse(1, len(places), 100, 10, 20, Decimal("0.001"))
            if self.ledger:
                self.ledger.record([], [LlmReservation(name := new_id(), task_id, user_id, 150, Decimal("0.002"))])
                self.ledger.record(
                    [LlmSettlement(name, use, is_certain=True, answers={keys[place]: made for place, made in standards.items()})], []
                )
            yield Answer(standards, use)


NAMES = ["Zorblax", "Vrumplet", "Quastnik", "Plimfor", "Drosquel"]
UNKNOWN = "Nama;Harga\n" + "".join(f"{name};{price}.500\n" for price, name in enumerate([*NAMES, "Zorblax"], start=10))


def _driver(made: Bench) -> Driver:
    if isinstance(made.services.pool, TwoByTwo):
        made.services.pool.ledger = LlmLedger(made.store, "d", "m", "", Budgets(), made.services.clock)
    return Driver(made.services)


def _work(made: Bench, task_id: str) -> Task:
    _driver(made).work([task_id], threading.Event())
    return queue.load(made.store, task_id)


def _rows(made: Bench, task_id: str) -> list[ProductRow]:
    return frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)


def test_unsure_rows_are_asked_once_and_paid_once(tmp_path: Path):
    """Equal rows share a question; the next list, and the same one again, ask nothing and are marked as known."""
    pool = TwoByTwo()
    with bench(tmp_path, pool=pool) as made:
        first = _work(made, task_id := made.submit(UNKNOWN))
        assert sorted(pool.asked) == sorted(NAMES)
        assert (first.result or {})["llm"] == {
            "requests": 3, "rows": 5, "prompt_tokens": 300, "cached_tokens": 30, "completion_tokens": 60, "cost_usd": pytest.approx(0.003),
        }  # fmt: skip
        assert [(row.standardized_name, row.method) for row in _rows(made, task_id)][-1] == ("Named Zorblax", Method.LLM)
        again = _work(made, task_id := made.submit(UNKNOWN, "again.csv"))
        assert len(pool.asked) == 5
        assert (again.result or {})["llm"]["requests"] == 0
        assert {row.method for row in _rows(made, task_id)} == {Method.CACHE}


def test_a_list_that_repeats_a_third_of_itself_asks_for_a_third_less(tmp_path: Path):
    """1,000 rows of which 300 say again, at another price, what others say: 30 % fewer requests than 1,000 different rows take."""
    syllables = ["zor", "blax", "quim", "dref", "plon", "vust", "krim", "shal", "wurn", "jeft"]
    names = ["".join(syllables[int(digit)] for digit in f"{number:03}").title() for number in range(1000)]
    requests = {}
    with bench(tmp_path, pool=TwoByTwo(breaks_after=10_000)) as made:
        for title, own in (("Wholly", names), ("Repeated", [*names[:700], *names[:300]])):
            rows = "".join(f"{title} {name};{price}.500\n" for price, name in enumerate(own, start=10))
            requests[title] = (_work(made, made.submit(f"Nama;Harga\n{rows}", f"{title}.csv")).result or {})["llm"]["requests"]
    assert requests["Repeated"] <= 0.75 * requests["Wholly"]


def test_prices_are_those_of_the_cells(tmp_path: Path):
    """Whatever the LLM says, the numbers that are written were read, each on its own row."""
    with bench(tmp_path, pool=TwoByTwo()) as made:
        _work(made, task_id := made.submit(UNKNOWN))
        prices = [(row.original_name, row.price) for row in _rows(made, task_id)]
    assert prices == [(name, Decimal(price * 1000 + 500)) for price, name in enumerate([*NAMES, "Zorblax"], start=10)]


def test_answers_that_came_before_a_breakdown_are_kept(tmp_path: Path):
    """The attempt after a breakdown asks only for what was not answered yet, and says of every row what it would have said without it."""
    pool = TwoByTwo(breaks_after=2)
    with bench(tmp_path, pool=pool) as made:
        assert _work(made, task_id := made.submit(UNKNOWN)).status is Status.SUCCESS
        assert sum(isinstance(event, events.TaskRetried) for event in made.events) == 1
        assert sorted(pool.asked) == sorted(NAMES)
        assert {row.method for row in _rows(made, task_id)} == {Method.LLM}
        assert ledger.use_of_task(made.store, task_id).rows == 5


def test_a_stop_writes_no_half_standardized_list(tmp_path: Path):
    """Told to stop between answers, the task waits without products, and its answers stay."""
    halt = threading.Event()

    class Stopping(TwoByTwo):
        def ask_rows(
            self, supplier: str, rows: Sequence[RowItem], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
        ) -> Iterator[Answer]:
            for answer in TwoByTwo.ask_rows(self, supplier, rows, keys, stop, user_id, task_id):
                yield answer
                halt.set()

    pool = Stopping()
    with bench(tmp_path, pool=pool) as made:
        _driver(made).work([task_id := made.submit(UNKNOWN)], halt)
        assert queue.load(made.store, task_id).status is Status.PENDING
        assert not made.services.files.has_table(task_id, PRODUCTS)
        assert len(pool.asked) == ledger.use_of_task(made.store, task_id).rows < 5


@pytest.mark.parametrize(
    ("pool", "options", "reason"),
    [
        (None, {}, "OPENAI_API_KEY"),
        (TwoByTwo(), {"use_llm": False}, "switched off"),
        (TwoByTwo(breaks_after=0, breaks_with=LlmMisconfigured("the key is wrong")), {}, "the key is wrong"),
    ],
)
def test_without_an_llm_the_rules_do_it_and_it_is_said(pool: TwoByTwo | None, options: dict[str, bool], reason: str, tmp_path: Path):
    """No LLM, an LLM switched off, or one that cannot be used: the list is done, nothing was paid, and why is an event."""
    with bench(tmp_path, pool=pool) as made:
        done = _work(made, task_id := made.submit(JUNE, **options))
        (said,) = [event for event in made.events if isinstance(event, events.LlmSkipped)]
        assert reason in said.reason
        assert done.status is Status.SUCCESS
        assert (done.result or {})["llm"]["requests"] == 0
        assert [reason in note for note in (done.result or {})["notes"]] == [True] * ("left to the rules" in said.reason)
        assert {row.method for row in _rows(made, task_id)} == {Method.RULES}


def test_a_budget_for_a_model_of_unknown_price_is_no_budget(tmp_path: Path):
    """It is not asked at all, and the result says why."""
    settings = Settings(MONITO_HOME=str(tmp_path), MONITO_LLM_MODEL="home-grown", MONITO_LLM_BUDGET_USD="1", MONITO_CURRENCY="IDR")
    with bench(tmp_path, pool=TwoByTwo(), settings=settings) as made:
        done = _work(made, made.submit(UNKNOWN))
        assert (done.result or {})["llm"]["requests"] == 0
        assert "home-grown" in (done.result or {})["notes"][0]


def test_each_request_is_told(tmp_path: Path):
    """A call is an event with its rows and tokens, and progress goes up to all rows."""
    with bench(tmp_path, pool=TwoByTwo()) as made:
        _work(made, made.submit(UNKNOWN))
        calls = [event for event in made.events if isinstance(event, events.LlmCalled)]
        assert [(call.rows, call.prompt_tokens, call.error) for call in calls] == [(1, 100, ""), (2, 100, ""), (2, 100, "")]
        advanced = [event.rows_done for event in made.events if isinstance(event, events.StageAdvanced)]
        assert advanced == sorted(advanced)
        assert advanced[-1] == 6
