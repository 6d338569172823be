"""Which rows the LLM is asked about."""

from dataclasses import replace

import pytest

from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.products.brands.brand_rules import BrandSource
from monito_ray.pipeline.products.confidence import rule_accuracy
from monito_ray.records import FieldConfidence, RawRow, Standard

SURE = FieldConfidence(0.9, 0.9, 0.9, 0.9, 0.9)


def _standard(**less: float) -> Standard:
    return Standard(standardized_name="Rice", field_confidence=SURE._replace(**less))


@pytest.mark.parametrize("field", ["name", "brand", "size", "category"])
def test_one_unsure_field_is_enough_to_ask(field: str):
    """However sure the others are."""
    assert gate.is_unsure(_standard(**{field: 0.5}))
    assert not gate.is_unsure(_standard())


def test_a_name_that_is_not_english_is_asked():
    """However sure it is that the supplier wrote it so."""
    assert gate.is_unsure(replace(_standard(), is_english=False))
    assert "name" not in gate.sure_fields(replace(_standard(), is_english=False))


def test_a_pack_is_never_asked():
    """The LLM does not see the price, so it cannot know what the price is for."""
    assert not gate.is_unsure(_standard(pack_count=0.1))


def test_a_row_without_a_brand_rule_is_always_asked_about():
    """That no rule applied does not show that there is no brand."""
    assert rule_accuracy("brand", BrandSource.NO_RULE) < gate.ASK_BELOW.brand


def test_equal_rows_are_sent_once_and_answered_ones_never():
    """Only unsure rows are for the LLM, by their keys."""
    rows = [RawRow(source_file="a", source_sheet="s", source_row=n, original_name=name, price=None) for n, name in enumerate("xxyz")]
    standards = [_standard(brand=0.1), _standard(brand=0.1), _standard(brand=0.1), _standard()]
    assert list(gate.rows_to_ask(["a", "a", "b", "c"], rows, standards, answered={"b"})) == ["a"]
