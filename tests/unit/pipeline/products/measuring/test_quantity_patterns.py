"""The rules of the expression for quantities."""

import pytest

from monito_ray.pipeline.products.measuring.quantity_patterns import package_before_pattern, quantity_pattern

RULES = [
    ("500 mg/5 ml", "dose"),
    ("2 - 3 kg", "range"),
    ("288/dus", "carton"),
    ("24x330ml", "size"),
    ("netto 250 g", "size"),
    ("isi 40", "contains"),
    ("of 4 packs", "of"),
    ("8's", "apostrophe"),
    ("5pcs", "number"),
    ("24 x 12 oz", "size"),
    ("pack of 6", "of"),
    ("100 wrapped tea bags", "described"),
    ("- x 10u", "times"),
    ("- x 30", "times"),
]


@pytest.mark.parametrize(("text", "rule"), RULES)
def test_each_rule_matches_its_example(text: str, rule: str):
    """The name of the rule that matched is the last group."""
    match = quantity_pattern().search(text)
    assert match is not None
    assert match.lastgroup == rule


@pytest.mark.parametrize("text", ["330 mlx", "a330 ml", "3 in 1", "kg", "12.5", "5 gb"])
def test_parts_of_words_and_foreign_units_do_not_match(text: str):
    """A unit ends where its word ends, and a number begins where no word goes on."""
    assert quantity_pattern().search(text) is None


@pytest.mark.parametrize(("text", "package"), [("mie dus ", "dus"), ("mie ctn.", "ctn"), ("mie 1 dus ", None), ("mie pcs ", None)])
def test_a_package_stands_before_its_contents(text: str, package: str | None):
    """With a number before it, it is a count of its own; pieces hold nothing."""
    match = package_before_pattern().search(text)
    assert (match and match["package"]) == package
