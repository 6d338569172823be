"""How often each rule is right."""

import pytest

from monito_ray.pipeline import data
from monito_ray.pipeline.products.brands.brand_rules import BrandSource
from monito_ray.pipeline.products.categories.category_choice import CategoryRule
from monito_ray.pipeline.products.confidence import row_confidence, rule_accuracy
from monito_ray.pipeline.products.names.naming import NameRule
from monito_ray.pipeline.products.rules import AppliedRules, PackRule, SizeRule
from monito_ray.records import FieldConfidence

RULES = {"name": NameRule, "brand": BrandSource, "size": SizeRule, "pack_count": PackRule, "category": CategoryRule}


def test_an_accuracy_is_that_of_the_next_row():
    """Laplace's rule of succession: the share of right rows, with one right and one wrong row added."""
    right, total = data.table("confidence.toml")["size"]["row"]
    assert rule_accuracy("size", SizeRule.ROW) == pytest.approx((right + 1) / (total + 2))


def test_a_rule_that_was_never_counted_is_as_often_wrong_as_right():
    """Nothing is known of it."""
    assert rule_accuracy("brand", "a rule of tomorrow") == 0.5


def test_every_counted_rule_exists():
    """A count under a misspelled name would be ignored."""
    counted = data.table("confidence.toml")
    assert tuple(counted) == AppliedRules._fields
    assert {(field, rule) for field, rules in counted.items() for rule in rules} <= {
        (field, rule) for field in RULES for rule in RULES[field]
    }


@pytest.mark.parametrize(("field", "rule"), [(field, rule) for field, rules in data.table("confidence.toml").items() for rule in rules])
def test_a_count_has_no_more_right_rows_than_rows(field: str, rule: str):
    """So that an accuracy lies between 0 and 1."""
    right, total = data.table("confidence.toml")[field][rule]
    assert 0 <= right <= total
    assert 0 < rule_accuracy(field, rule) < 1


def test_a_row_is_as_sure_as_all_that_a_price_is_compared_by():
    """Price, brand, size and pack multiply; a plain name or an unknown category takes nothing away."""
    fields = FieldConfidence(name=0.1, brand=0.9, size=0.8, pack_count=1.0, category=0.0)
    assert row_confidence(fields, price=0.5) == pytest.approx(0.36)
