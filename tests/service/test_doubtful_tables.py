"""A driver asks once about a table whose columns are in doubt, and remembers the answer for its supplier."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lists import ALIKE, Bench, bench

from monito_ray import frames
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.pipeline.llm.layout_question import LayoutQuestion
from monito_ray.pipeline.tables.layouts import DoubtfulTable
from monito_ray.records import LlmUse, ProductRow, Status


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's end."""

    standards: dict[int, Any]
    use: LlmUse = field(default_factory=lambda: LlmUse(1))
    duration_ms: int = 5
    error: Exception | None = None


@dataclass
class OneAnswerPool:
    """An LLM that is asked about tables alone, and answers the same for each."""

    roles: Sequence[str]
    questions: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self, question: LayoutQuestion, items: Sequence[DoubtfulTable], _keys: Any, _stop: Any, _user_id: int, _task_id: str
    ) -> Iterator[Answer]:
        """Answer as the question's check lets pass."""
        self.questions.append(json.loads(question.user_message(items, {})))
        columns = [{"id": number, "role": role} for number, role in enumerate(self.roles, 1)]
        yield Answer(question.check(items, json.dumps({"columns": columns}), "stop", "").accepted)

    def ask_rows(self, *_: Any) -> Iterator[Answer]:
        """Leave rows to the rules."""
        yield from ()


def _rows(made: Bench, name: str) -> list[ProductRow]:
    task_id = made.submit(ALIKE, name)
    Driver(made.services).work([task_id], threading.Event())
    assert queue.load(made.store, task_id).status is Status.SUCCESS
    return frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)


def test_a_table_in_doubt_is_asked_about_once_and_remembered(tmp_path: Path):
    """The next list of that make from the same supplier is read right without a question."""
    pool = OneAnswerPool(["name", "quantity", "price"])
    with bench(tmp_path, pool=pool) as made:
        first, again = _rows(made, "june.csv"), _rows(made, "june again.csv")
    prices = [int(line.split(";")[2]) for line in ALIKE.splitlines()]
    assert [row.price for row in first] == [row.price for row in again] == prices
    assert {row.doubt for row in first} == {""}
    assert len(pool.questions) == 1
    assert pool.questions[0]["table"]["titles"] == ["", "", ""]
    assert pool.questions[0]["rows"][0] == {"id": 1, "cells": ALIKE.splitlines()[0].split(";")}


def test_a_guess_of_the_llm_is_told(tmp_path: Path):
    """Also with the supplier's next list: a person may look, and choose otherwise."""
    with bench(tmp_path, pool=OneAnswerPool(["name", "quantity", "price"])) as made:
        for name in ("june.csv", "july.csv"):
            Driver(made.services).work([task_id := made.submit(ALIKE, name)], threading.Event())
            doubts = (queue.load(made.store, task_id).result or {})["doubts"]
            assert doubts[0] == "Sheet csv: columns told by the LLM: C is the price, A the name"


@pytest.mark.parametrize("options", [{"use_llm": False}, {}])
def test_without_an_answer_the_rows_stay_in_doubt(tmp_path: Path, options: dict[str, Any]):
    """Where no LLM may be asked, and where its answer does not fit the cells: the reason stands beside each row."""
    pool = OneAnswerPool(["price", "name", "nothing"])
    with bench(tmp_path, pool=pool) as made:
        task_id = made.submit(ALIKE, "june.csv", **options)
        Driver(made.services).work([task_id], threading.Event())
        rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
    assert {row.doubt for row in rows} == {"column C may be the price instead of column B"}
    assert len(pool.questions) == (0 if options else 1)


def test_columns_of_a_person_are_kept_for_the_suppliers_next_list(tmp_path: Path):
    """What a person said of one list is taken for the next of that layout, before anything that an LLM says."""
    with bench(tmp_path, pool=OneAnswerPool(["name", "price", "quantity"])) as made:
        task_id = made.submit(ALIKE, "june.csv", columns="name=A,price=C", supplier="Toko Kita")
        Driver(made.services).work([task_id], threading.Event())
        assert queue.load(made.store, task_id).result["questions"] == []
        again = made.submit(ALIKE, "july.csv", supplier="Toko Kita")
        Driver(made.services).work([again], threading.Event())
        rows = frames.from_table(made.services.files.read_table(again, PRODUCTS), ProductRow)
    assert [row.price for row in rows] == [int(line.split(";")[2]) for line in ALIKE.splitlines()]
    assert {row.doubt for row in rows} == {""}
