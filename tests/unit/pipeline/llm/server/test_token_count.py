"""Tokens, counted without a tokenizer; the right counts are those of OpenAI's o200k_base."""

import pytest

from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.server.token_count import expected_answer_tokens, expected_tokens
from monito_ray.records import RawRow

COUNTED = [
    ('{"id":1,"check":"Melati","name":"TEH KUNTUM Melati btl 24x330ml","given":{"size":"330 ml","pack":"24"}}', 38),
    ('{"id":2,"check":"Гречка","name":"Гречка ядрица в/с Полянка 800г","given":{"pack":"1"}}', 37),
    ('{"id":3,"check":"Servilleta","name":"Servilleta blanca Nevisa paq x100","given":{"size":"","pack":"100"}}', 32),
    ('{"id":4,"check":"steel","name":"Stainless steel kitchen sink with drain","given":{"size":"","pack":"1"}}', 27),
]


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_rows_in_four_languages_are_counted_well_enough(text: str, tokens: int):
    """Single rows within a quarter, whole requests within a tenth."""
    assert expected_tokens(text) == pytest.approx(tokens, rel=0.25)


def test_parts_that_are_given_cost_nothing_in_an_answer():
    """An answer about a row of which the rules know all but the brand is short."""
    row = RawRow(source_file="f", source_sheet="s", source_row=1, original_name="TEH KUNTUM Melati btl 24x330ml", price=None)
    whole = expected_answer_tokens([RowItem(row)])
    short = expected_answer_tokens([RowItem(row, {"name": "Kuntum tea", "size": "330 ml", "pack": "24", "category": "beverages"})])
    assert 0 < 2 * short < whole
