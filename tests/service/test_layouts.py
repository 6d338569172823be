"""Tables whose columns are in doubt: asked about once, believed where the cells agree, remembered."""

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
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.records import LlmUse, ProductRow, Status

LAYOUT = DoubtfulTable("k", "csv", ("", "", ""), (("Meja", "1500", "7"), ("Kursi", "2500", "9")), frozenset({0}), frozenset({1, 2}))


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's end."""

    standards: dict[int, Any]
    use: LlmUse = field(default_factory=lambda: LlmUse(1))
    duration_ms: int = 5
    error: Exception | None = None


@dataclass
class Knows:
    """An LLM that is asked about tables alone, and says of each the same."""

    roles: Sequence[str]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self, question: LayoutQuestion, items: Sequence[DoubtfulTable], _keys: Any, _stop: Any, _user_id: int, _task_id: str
    ) -> Iterator[Answer]:
        """Answer as the question's check lets pass."""
        self.asked.append(json.loads(question.user_message(items, {})))
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
    pool = Knows(["name", "quantity", "price"])
    with bench(tmp_path, pool=pool) as made:
        first, again = _rows(made, "june.csv"), _rows(made, "june again.csv")
    prices = [int(line.split(";")[2]) for line in ALIKE.splitlines()]
    assert [row.price for row in first] == [row.price for row in again] == prices
    assert {row.doubt for row in first} == {""}
    assert len(pool.asked) == 1
    assert pool.asked[0]["table"]["titles"] == ["", "", ""]
    assert pool.asked[0]["rows"][0] == {"id": 1, "cells": ALIKE.splitlines()[0].split(";")}


@pytest.mark.parametrize("options", [{"use_llm": False}, {}])
def test_without_an_answer_the_rows_stay_in_doubt(tmp_path: Path, options: dict[str, Any]):
    """Whether nobody may be asked, or what is said does not fit the cells: the reason stands beside each row."""
    pool = Knows(["price", "name", "nothing"])
    with bench(tmp_path, pool=pool) as made:
        task_id = made.submit(ALIKE, "june.csv", **options)
        Driver(made.services).work([task_id], threading.Event())
        rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
    assert {row.doubt for row in rows} == {"column C may hold the prices as well as B"}
    assert len(pool.asked) == (0 if options else 1)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"columns": [{"id": 1, "role": "name"}, {"id": 2, "role": "price"}, {"id": 3, "role": "quantity"}]}, ColumnChoice(0, (1,))),
        ({"columns": [{"id": 1, "role": "name"}, {"id": 2, "role": "other price"}, {"id": 3, "role": "price"}]}, ColumnChoice(0, (2, 1))),
        ({"columns": [{"id": 1, "role": "name"}, {"id": 2, "role": "price"}, {"id": 3, "role": "price"}]}, None),
        ({"columns": [{"id": 1, "role": "name"}, {"id": 9, "role": "price"}]}, None),
        ({"columns": [{"id": 2, "role": "name"}, {"id": 1, "role": "price"}]}, None),
        ({"columns": [{"id": 1, "role": "name"}]}, None),
        ({"rows": []}, None),
        ([], None),
    ],
)
def test_an_answer_is_believed_where_the_cells_agree(answer: Any, told: ColumnChoice | None):
    """One column of names among those of words, one of prices among those of amounts; anything else is a fault."""
    checked = LayoutQuestion().check([LAYOUT], json.dumps(answer), "stop", "")
    assert checked.accepted == ({0: told} if told else {})
    assert bool(checked.faults) is (told is None)


def test_an_answer_cut_short_is_a_fault():
    """As is a refusal, and what is no JSON."""
    for text, reason, refusal in (("{}", "length", ""), ("{}", "stop", "no"), ("Here you are", "stop", "")):
        assert LayoutQuestion().check([LAYOUT], text, reason, refusal).faults


def test_what_is_told_holds_for_tables_of_that_make_alone():
    """Another make keeps its doubt."""
    (layout,) = price_list.read_price_list(ALIKE.encode(), "june.csv").doubtful
    told = price_list.Hints(layouts={layout.key: ColumnChoice(0, (2,))})
    assert price_list.read_price_list(ALIKE.encode(), "june.csv", told).doubtful == ()
    other = "".join(f"{line.rsplit(';', 1)[0]};pcs;{line.rsplit(';', 1)[1]}\n" for line in ALIKE.splitlines())
    assert len(price_list.read_price_list(other.encode(), "june.csv", told).doubtful) == 1
