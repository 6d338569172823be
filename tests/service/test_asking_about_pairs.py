"""A driver asks an LLM about offers of two suppliers that may be one product, each pair of texts once."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lists import Bench, bench

from monito_ray.catalog import offers
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.pipeline.llm.pair_question import PairItem, PairQuestion
from monito_ray.records import LlmUse, Status

ALPHA = "Name,Unit,Price\nZarvex Mango Juice 1 l,btl,20000\nKuvo Butter 200 g,pcs,31000\nLumbu Chili Sauce 300 ml,btl,15000\n"
BETA = "Name,Unit,Price\nZarvex Mango Juice Tusker 1 l,btl,21000\nKuvo Qorvel Butter 200 g,pcs,30000\nWemba Soap 90 g,pcs,4000\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's end."""

    standards: dict[int, Any]
    use: LlmUse = field(default_factory=lambda: LlmUse(1))
    duration_ms: int = 5
    error: Exception | None = None


@dataclass
class PairPool:
    """An LLM that takes every pair for the same."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self, question: PairQuestion, items: Sequence[PairItem], _keys: Any, _stop: Any, _user_id: int, _task_id: str
    ) -> Iterator[Answer]:
        """Answer as the question's check lets pass."""
        pairs = json.loads(question.user_message(items, {}))["pairs"]
        self.asked += pairs
        answers = [{"id": pair["id"], "check": pair["check"], "same": "yes", "telling": ""} for pair in pairs]
        yield Answer(question.check(items, json.dumps({"pairs": answers}), "stop", "").accepted)

    def ask_rows(self, *_: Any) -> Iterator[Answer]:
        """Leave rows to the rules."""
        yield from ()


def _send(made: Bench, text: str, name: str, supplier: str, **options: Any) -> None:
    task_id = made.submit(text, name, supplier=supplier, **options)
    Driver(made.services).work([task_id], threading.Event())
    assert queue.load(made.store, task_id).status is Status.SUCCESS


def test_open_pairs_are_asked_about_once(tmp_path: Path):
    """What the LLM says stands in the reason and joins nothing; the same list again asks nothing."""
    pool = PairPool()
    with bench(tmp_path, pool=pool) as made:
        _send(made, ALPHA, "alpha.csv", "Alpha")
        assert pool.asked == []
        _send(made, BETA, "beta.csv", "Beta")
        names = {pair["a"]["name"] for pair in pool.asked}
        questions = suggest(made.store, offers.snapshot(made.store).offers)
        count = len(pool.asked)
        _send(made, BETA.replace("4000", "4100"), "beta july.csv", "Beta")
        assert len(pool.asked) == count
    assert {"Zarvex Mango Juice Tusker 1 l", "Kuvo Qorvel Butter 200 g"} <= names
    assert all("for the same" in question.reason for question in questions)
    assert not any("price" in pair["a"] or "price" in pair["b"] for pair in pool.asked)


def test_a_list_without_llm_asks_nothing(tmp_path: Path):
    """People are asked all the same."""
    pool = PairPool()
    with bench(tmp_path, pool=pool) as made:
        _send(made, ALPHA, "alpha.csv", "Alpha", use_llm=False)
        _send(made, BETA, "beta.csv", "Beta", use_llm=False)
        assert suggest(made.store, offers.snapshot(made.store).offers)
    assert pool.asked == []
