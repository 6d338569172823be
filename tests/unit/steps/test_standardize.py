"""Answers of the LLM beside what the rules found."""

from dataclasses import replace
from decimal import Decimal

from monito_ray.records import Method, Standard
from monito_ray.steps import standardize


def test_what_an_answer_leaves_open_stays_as_the_rules_found_it():
    """An answer without size, brand or category does not take away what the rules read; what it gives counts."""
    by_rule = Standard(
        standardized_name="Syrup", brand="Sari", size=Decimal(460), unit="ml", pack_count=12, price_unit="carton", category="beverages"
    )
    answer = Standard(standardized_name="Cocopandan syrup", category="other", method=Method.LLM)
    settled = standardize._merge_answer(by_rule, answer)
    assert settled == replace(by_rule, standardized_name="Cocopandan syrup", field_confidence=answer.field_confidence, method=Method.LLM)
    full = replace(answer, brand="Baru", size=Decimal(1), unit="l", category="snacks")
    assert standardize._merge_answer(by_rule, full) == replace(full, price_unit="carton")
