"""The question what products a supplier's rows are."""

import json

import pytest

from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.questions import Fault
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import RawRow

ITEMS = [
    RowItem(RawRow(source_file="f", source_sheet="s", source_row=n, original_name=f"Teh Melati {size} ml", price=None, section="Minuman"))
    for n, size in enumerate((330, 620, 950))
]


def test_ids_are_the_indexes_of_the_rows_and_count_from_one_on_the_wire():
    """Faults of an earlier answer go by them, and so do the accepted answers."""
    question = RowQuestion("Toko A")
    sent = json.loads(question.user_message(ITEMS, {1: Fault("the row was left out")}))
    assert sent["supplier"] == "Toko A"
    assert [(row["id"], "fault" in row) for row in sent["rows"]] == [(1, False), (2, True), (3, False)]
    lines = [f"{row['id']}|{row['check']}|Jasmine tea||{row['name'].split()[2]} ml||beverages" for row in sent["rows"]]
    checked = question.check(ITEMS, json.dumps({"rows": lines[::-1]}), "stop", "")
    assert {index: standard.size for index, standard in checked.accepted.items()} == {0: 330, 1: 620, 2: 950}


def test_the_length_of_a_message_is_estimated():
    """From the rows alone, without building the message."""
    question = RowQuestion("Toko A")
    rows = ITEMS * 10
    assert sum(map(question.characters_of, rows)) == pytest.approx(len(question.user_message(rows, {})), rel=0.25)


def test_instructions_do_not_differ_by_supplier():
    """They are one prefix for the provider's cache."""
    assert RowQuestion("A").system_message == RowQuestion("B").system_message == prompts.SYSTEM_MESSAGE
