"""An answer about a table's columns is believed where the cells agree."""

import json
from typing import Any

import pytest

from monito_ray.pipeline.llm.layout_question import LayoutQuestion
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable

TABLE = DoubtfulTable("k", "csv", ("", "", ""), (("Meja", "1500", "7"), ("Kursi", "2500", "9")), frozenset({0}), frozenset({1, 2}))


@pytest.mark.parametrize(
    ("answer", "choice"),
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
def test_an_answer_is_believed_where_the_cells_agree(answer: Any, choice: ColumnChoice | None):
    """One column of names among those of words, one of prices among those of amounts; anything else is a fault."""
    checked = LayoutQuestion().check([TABLE], json.dumps(answer), "stop", "")
    assert checked.accepted == ({0: choice} if choice else {})
    assert bool(checked.faults) is (choice is None)


def test_an_answer_cut_short_is_a_fault():
    """So are a refusal and a text that is no JSON."""
    for text, reason, refusal in (("{}", "length", ""), ("{}", "stop", "no"), ("Here you are", "stop", "")):
        assert LayoutQuestion().check([TABLE], text, reason, refusal).faults
