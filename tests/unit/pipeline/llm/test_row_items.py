"""A row goes to the LLM with what the rules are sure of."""

from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline.llm.row_items import row_item
from monito_ray.records import FieldConfidence, RawRow, Standard

ROW = RawRow(source_file="f", source_sheet="s", source_row=1, original_name="Beras pandan 1000 gr x 12", price=Decimal(1))
STANDARD = Standard(standardized_name="Pandan rice", size=Decimal(1000), unit="g", pack_count=12, category="rice & grains")
SURE = FieldConfidence(0.95, 0.95, 0.95, 0.95, 0.95)


def test_what_is_sure_is_given_as_an_answer_writes_it():
    """Sizes with their unit, categories by their keys, "" for a field that stays empty."""
    given = row_item(ROW, replace(STANDARD, field_confidence=SURE)).settled
    assert given == {"name": "Pandan rice", "brand": "", "size": "1000 g", "pack": "12", "category": "rice"}


def test_what_is_not_sure_is_open():
    """All but the pack count, which only those can tell who see the price."""
    assert row_item(ROW, STANDARD).settled == {"pack": "12"}
    assert "size" not in row_item(ROW, replace(STANDARD, field_confidence=SURE._replace(size=0.6))).settled
