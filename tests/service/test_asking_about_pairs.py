"""A driver asks an LLM about offers of two suppliers that may be one product, each pair of texts once, over a real socket."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lists import Bench, bench

from monito_ray import events
from monito_ray.catalog import offers
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.same_sheet import Suggestion
from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.cluster.llm.question_queue import Outcome
from monito_ray.driver.driver import Driver
from monito_ray.errors import ClusterUnavailable
from monito_ray.jobs import queue
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.records import Status
from monito_ray.steps import llm_calls
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer
from monito_ray.wiring import utc_now

MODEL = "gpt-6-luna"
JUICE, BUTTER, SAUCE = "Zarvex Mango Juice Tusker 1 l", "Kuvo Qorvel Butter 200 g", "Lumbu Chili Sauce 500 ml"
ALPHA = "Name,Unit,Price\nZarvex Mango Juice 1 l,btl,20000\nKuvo Butter 200 g,pcs,31000\nLumbu Chili Sauce 300 ml,btl,15000\n"
BETA = f"Name,Unit,Price\n{JUICE},btl,21000\n{BUTTER},pcs,30000\n{SAUCE},btl,22000\nWemba Soap 90 g,pcs,4000\n"
YES, NO = {"same": "yes"}, {"same": "no", "telling": "Tusker"}


class RowsByRules(InProcessLlm):
    """An LLM that is asked about pairs alone."""

    def ask_rows(self, *_: Any, **__: Any) -> Iterator[Outcome]:
        """Leave rows to the rules."""
        yield from ()


@dataclass
class Bought:
    """A bench, the server that its LLM is, and how long the last list took."""

    made: Bench
    server: LlmServer
    end_server: Callable[[], None]
    took_s: float = 0.0

    def send(self, text: str, supplier: str, **options: Any) -> dict[str, Any]:
        """Import a list; its result."""
        task_id = self.made.submit(text, f"{supplier}.csv", supplier=supplier, **options)
        began = time.monotonic()
        Driver(self.made.services).work([task_id], threading.Event())
        self.took_s = time.monotonic() - began
        task = queue.load(self.made.store, task_id)
        assert task.status is Status.SUCCESS
        return task.result or {}

    def questions(self) -> list[Suggestion]:
        """What people are asked."""
        return suggest(self.made.store)

    def skips(self) -> list[str]:
        """Why the LLM was not asked."""
        return [event.reason for event in self.made.events if isinstance(event, events.LlmSkipped)]


@contextmanager
def _bought(home: Path, budgets: Budgets | None = None, **server: Any) -> Iterator[Bought]:
    with ExitStack() as stack:
        made = stack.enter_context(bench(home, clock=utc_now))
        running = LlmServer(**server)
        stop = stack.enter_context(ExitStack())
        stop.enter_context(running)
        book = LlmLedger(made.store, "d", MODEL, "", budgets or Budgets(), utc_now)
        with RowsByRules(LlmAddress(running.url, "", MODEL), 4, 40, ledger=book) as pool:
            made.services = replace(made.services, pool=pool)
            yield Bought(made, running, stop.close)


def test_a_yes_comes_first_and_joins_nothing(tmp_path: Path):
    """It is marked as the LLM's word; a no comes last with the word that tells, and the result counts what was paid."""
    with _bought(tmp_path) as bought:
        bought.server.pairs = {BUTTER: YES, JUICE: NO}
        bought.send(ALPHA, "Alpha")
        assert bought.server.paid.pairs == []
        result = bought.send(BETA, "Beta")
        first, last = bought.questions()
        standing = offers.snapshot(bought.made.store).offers
    assert (first.offer.row.original_name, last.offer.row.original_name) == (BUTTER, JUICE)
    assert "The LLM says that both are one." in first.reason
    assert '"Tusker" tells them apart' in last.reason
    assert len({offer.product_id for offer in standing}) == len(standing)
    assert (result["llm"]["requests"], result["llm"]["rows"]) == (1, 2)
    assert result["llm"]["cost_usd"] > 0


def test_a_pair_is_asked_about_once_and_without_prices(tmp_path: Path):
    """The same list at other prices asks nothing, and what was said of its pairs still holds; so after both lists came anew."""
    with _bought(tmp_path) as bought:
        bought.server.pairs = {BUTTER: YES}
        for turn in range(2):
            bought.send(ALPHA.replace("15000", f"1500{turn}"), "Alpha")
            bought.send(BETA.replace("4000", f"400{turn}"), "Beta")
        asked, questions = bought.server.paid.pairs, bought.questions()
    assert len(asked) == 2
    assert not any({"price", "currency"} & {*pair["a"], *pair["b"]} for pair in asked)
    assert "both are one" in questions[0].reason


def test_a_pair_that_a_guard_holds_apart_is_never_asked_about(tmp_path: Path):
    """Of two sizes of a sauce the LLM may say nothing, whatever it would say."""
    with _bought(tmp_path) as bought:
        bought.server.pairs = {SAUCE: YES}
        bought.send(ALPHA, "Alpha")
        bought.send(BETA, "Beta")
        names = {pair[side]["name"] for pair in bought.server.paid.pairs for side in ("a", "b")}
    assert names
    assert not any("Sauce" in name for name in names)


def test_a_list_without_llm_asks_nothing(tmp_path: Path):
    """People are asked all the same."""
    with _bought(tmp_path) as bought:
        bought.send(ALPHA, "Alpha", use_llm=False)
        bought.send(BETA, "Beta", use_llm=False)
        assert bought.questions()
        assert bought.server.paid.received == 0


def test_twenty_pairs_are_a_request(tmp_path: Path):
    """A pair is as long as two rows: where 40 rows are a request, so are 20 pairs."""
    words = [
        f"{first}{last}" for first in ("zor", "quim", "dref", "plon", "vust", "krim") for last in ("blax", "jeft", "wurn", "shal", "nolt")
    ]
    lists = [
        f"Name,Unit,Price\n{''.join(f'{word.title()} Juice {more}1 l,btl,20000{chr(10)}' for word in words)}" for more in ("", "Tusker ")
    ]
    with _bought(tmp_path) as bought:
        for text, supplier in zip(lists, ("Alpha", "Beta"), strict=True):
            result = bought.send(text, supplier)
    count = len(bought.server.paid.pairs)
    assert count > len(words)
    assert (result["llm"]["rows"], bought.server.paid.requests) == (count, math.ceil(count / 20))
    assert result["llm"]["prompt_tokens"] < 120 * count
    assert result["llm"]["completion_tokens"] < 30 * count


def test_an_answer_without_proof_is_asked_for_three_times(tmp_path: Path):
    """A check that is not the pair's is not believed, and no other pair suffers."""
    with _bought(tmp_path) as bought:
        bought.server.pairs = {BUTTER: YES | {"check": "Tusker"}, JUICE: YES}
        bought.send(ALPHA, "Alpha")
        bought.send(BETA, "Beta")
        names = Counter(pair["a"]["name"] for pair in bought.server.paid.pairs)
        said = {question.offer.row.original_name: "LLM says" in question.reason for question in bought.questions()}
    assert names == {BUTTER: 3, JUICE: 1}
    assert said == {BUTTER: False, JUICE: True}


def test_a_budget_that_is_spent_pays_for_no_pair(tmp_path: Path):
    """The list is done, people are asked, and why the LLM was not is told."""
    with _bought(tmp_path, Budgets(task_usd=Decimal("0.000001"))) as bought:
        bought.send(ALPHA, "Alpha")
        bought.send(BETA, "Beta")
        assert bought.server.paid.received == 0
        assert any("left to people" in reason and "budget" in reason for reason in bought.skips())
        assert len(bought.questions()) == 2


@pytest.mark.parametrize("fault", [LlmFault.STATUS_500, LlmFault.UNAUTHORIZED, LlmFault.REFUSAL, LlmFault.NO_COMPLETION])
def test_a_server_in_trouble_fails_no_list(fault: LlmFault, tmp_path: Path):
    """Nothing of it is believed, the list is done, and people are asked."""
    with _bought(tmp_path) as bought:
        bought.server.pairs = {BUTTER: YES}
        bought.send(ALPHA, "Alpha")
        bought.server.fail({fault: 1.0})
        bought.send(BETA, "Beta")
        assert any("left to people" in reason for reason in bought.skips())
        assert not any("LLM says" in question.reason for question in bought.questions())


def test_a_server_that_is_down_fails_no_list(tmp_path: Path):
    """Nobody answers at its address."""
    with _bought(tmp_path) as bought:
        bought.send(ALPHA, "Alpha")
        bought.end_server()
        bought.send(BETA, "Beta")
        assert any("left to people" in reason for reason in bought.skips())
        assert bought.took_s < llm_calls._LONGEST_WAIT_S


def test_a_list_does_not_wait_for_a_slow_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is done at once; the answer that comes later is paid once, stored, and shown."""
    monkeypatch.setattr(llm_calls, "_LONGEST_WAIT_S", 0.2)
    with _bought(tmp_path, latency_s=4.0) as bought:
        bought.server.pairs = {BUTTER: YES}
        bought.send(ALPHA, "Alpha")
        bought.send(BETA, "Beta")
        assert bought.server.paid.requests == 0
        assert not any("LLM says" in question.reason for question in bought.questions())
        _wait_until(lambda: "both are one" in bought.questions()[0].reason)
        bought.send(BETA.replace("4000", "4100"), "Beta")
        assert (bought.server.paid.requests, len(bought.server.paid.pairs)) == (1, 2)


def test_without_workers_a_list_is_done(tmp_path: Path):
    """What cannot be asked is left to people."""

    class Gone:
        def ask(self, *_: Any) -> Iterator[Any]:
            raise ClusterUnavailable("the workers are gone")

        def ask_rows(self, *_: Any) -> Iterator[Any]:
            yield from ()

    with _bought(tmp_path) as bought:
        bought.made.services = replace(bought.made.services, pool=Gone())
        bought.send(ALPHA, "Alpha")
        bought.send(BETA, "Beta")
        assert any("the workers are gone" in reason for reason in bought.skips())


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
