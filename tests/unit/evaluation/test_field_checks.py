"""What is right of a written row."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rows import RICE

from monito_ray.evaluation.field_checks import check_fields
from monito_ray.evaluation.labelled_rows import LabelledRow, Truth
from monito_ray.records import RawRow

RAW = RawRow(source_file="a.csv", source_sheet="csv", source_row=2, original_name="Чай черный 20 пак x 2 г", price=Decimal(80))
PRODUCT = replace(
    RICE,
    original_name=RAW.original_name,
    price=Decimal(80),
    size=Decimal(2),
    unit="g",
    pack_count=20,
    price_unit="",
    base_price=Decimal(2000),
    base_unit="kg",
)
TRUTH = Truth(brand="", size="2", unit="g", pack_count=20)


def _verdicts(truth: Truth, **changes: object) -> dict[str, bool]:
    return check_fields(replace(PRODUCT, **changes), LabelledRow(RAW, truth))


def test_what_the_truth_does_not_say_is_not_judged():
    """Nor is a base price that is not given."""
    assert set(_verdicts(Truth(brand=""), base_price=None)) == {"brand"}


@pytest.mark.parametrize(
    ("changes", "verdicts"),
    [
        ({}, (True, True, True)),
        ({"size": Decimal("0.002"), "unit": "kg"}, (True, True, True)),
        ({"pack_count": 1, "base_price": Decimal(40000)}, (True, False, False)),
        ({"size": Decimal(20), "base_price": Decimal(200)}, (False, True, False)),
    ],
)
def test_sizes_packs_and_base_prices_are_amounts(changes: dict[str, object], verdicts: tuple[bool, ...]):
    """The unit in which an amount is written does not matter; a base price follows from the right size and pack."""
    found = _verdicts(TRUTH, **changes)
    assert (found["size"], found["pack_count"], found["base_price"]) == verdicts


def test_pieces_may_be_a_size_or_a_pack():
    """100 pcs and a pack of 100 say the same."""
    truth = Truth(size="", unit="", pack_count=100)
    found = _verdicts(truth, size=Decimal(100), unit="pcs", pack_count=1, base_price=None)
    assert (found["size"], found["pack_count"]) == (True, True)


@pytest.mark.parametrize(
    ("name", "is_right"),
    [("Чай черный", True), ("Black tea", True), ("Tea black", True), ("Tea черный", False), ("Green coffee", False), ("", False)],
)
def test_a_name_is_left_as_written_or_wholly_translated(name: str, is_right: bool):
    """A mixture of both is wrong."""
    assert _verdicts(Truth(name="black tea"), standardized_name=name)["name"] is is_right


def test_a_translation_may_hold_the_brand():
    """Or leave it out."""
    truth = Truth(name="black tea", brand="Zarvex")
    assert _verdicts(truth, standardized_name="Zarvex black tea")["name"]
    assert _verdicts(truth, standardized_name="Black tea")["name"]


def test_any_of_several_categories_is_right():
    """Some goods belong to two."""
    truth = Truth(categories=("beverages", "coffee & tea"))
    assert _verdicts(truth, category="coffee & tea")["category"]
    assert not _verdicts(truth, category="other")["category"]
