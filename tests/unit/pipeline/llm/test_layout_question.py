"""The question about a table's columns."""

import json
from dataclasses import replace
from typing import Any

import pytest

from monito_ray.pipeline.llm.layout_question import RESPONSE_SCHEMA, ROLES, LayoutQuestion
from monito_ray.pipeline.llm.questions import AnswerForm, Fault
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
def test_an_answer_is_accepted_where_the_cells_allow_it(answer: Any, choice: ColumnChoice | None):
    """One column of names among those of words, one of prices among those of amounts; anything else is a fault."""
    checked = LayoutQuestion().check([TABLE], json.dumps(answer), "stop", "")
    assert checked.accepted == ({0: choice} if choice else {})
    assert bool(checked.faults) is (choice is None)


def test_an_answer_is_found_in_prose():
    """Fences and thoughts around it do not matter, nor does a list without its key."""
    columns = [{"id": 1, "role": "Name"}, {"id": "2", "role": "price"}]
    for text in (f"<think>Hm [1].</think>```json\n{json.dumps({'columns': columns})}\n```", f"So: {json.dumps(columns)}"):
        assert LayoutQuestion().check([TABLE], text, "stop", "").accepted == {0: ColumnChoice(0, (1,))}


def test_an_answer_cut_short_is_a_fault():
    """So are a refusal and a text that is no JSON."""
    for text, reason, refusal in (("{}", "length", ""), ("{}", "stop", "no"), ("Here you are", "stop", "")):
        assert LayoutQuestion().check([TABLE], text, reason, refusal).faults


def test_the_table_is_sent_with_ids_of_rows():
    """Sheet, titles and cells are sent, and what was wrong with an earlier answer."""
    body = json.loads(LayoutQuestion().user_message([TABLE], {0: Fault("exactly one column holds names")}))
    assert body["table"] == {"sheet": "csv", "titles": ["", "", ""], "fault": "exactly one column holds names", "was": ""}
    assert body["rows"] == [{"id": 1, "cells": ["Meja", "1500", "7"]}, {"id": 2, "cells": ["Kursi", "2500", "9"]}]


def test_the_length_of_a_message_is_estimated():
    """Roughly, and without building the message: requests are reserved by it."""
    question = LayoutQuestion()
    table = replace(TABLE, rows=TABLE.rows * 6)
    assert question.characters_of(table) == pytest.approx(len(question.user_message([table], {})), rel=0.5)


def test_the_instructions_list_the_roles_of_the_schema():
    """The answer can have no other."""
    items = RESPONSE_SCHEMA["properties"]["columns"]["items"]
    assert items["properties"]["role"]["enum"] == list(ROLES)
    assert all(role in LayoutQuestion().system_message for role in ROLES)


def test_the_form_is_held_as_far_as_the_server_can():
    """Columns need neither patterns nor counts: the first two forms are one."""
    forms = [LayoutQuestion().response_format(form, 1) for form in AnswerForm]
    assert forms[0] == forms[1]
    assert forms[2:] == [{"type": "json_object"}, None]
