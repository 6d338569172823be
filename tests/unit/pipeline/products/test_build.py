"""The written rows: money comes from the read row, the rest from its standard."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from monito_ray.pipeline.products.build import build_products, quality_score, to_frame
from monito_ray.records import FieldConfidence, Method, ProductRow, RawRow, Standard

RAW = RawRow(
    source_file="june.xlsx",
    source_sheet="Price list",
    source_row=12,
    original_name="Rice 5 kg",
    price=Decimal(75000),
    price_tiers='{"carton": "290000"}',
    currency="IDR",
    sku="0042",
    supplier="Toko A",
    list_date=date(2024, 6, 1),
    tax_note="incl. tax",
    min_quantity="min. 2,5 kg",
)
SURE = FieldConfidence(name=0.5, brand=0.9, size=1.0, pack_count=1.0, category=0.5)
STANDARD = Standard(standardized_name="Rice", size=Decimal(5), unit="kg", category="Grains", field_confidence=SURE, method=Method.LLM)


def test_a_row_is_joined_from_both_sides():
    """Name and category come from the standard, the base price from price and size, everything else is as it was read."""
    (row,) = build_products([RAW], [STANDARD])
    assert (row.standardized_name, row.category, row.method, row.confidence) == ("Rice", "Grains", Method.LLM, 0.9)
    assert (row.original_name, row.price, row.currency, row.sku, row.supplier) == ("Rice 5 kg", Decimal(75000), "IDR", "0042", "Toko A")
    assert (row.base_price, row.base_unit, row.min_quantity) == (Decimal(15000), "kg", Decimal("2.5"))
    assert (row.source_file, row.source_sheet, row.source_row) == ("june.xlsx", "Price list", 12)


def test_a_row_says_how_sure_each_field_is():
    """As JSON under the fields' names; the row's own confidence is the chance that price, brand, size and pack are all right."""
    (row,) = build_products([replace(RAW, price_confidence=0.8)], [STANDARD])
    assert json.loads(row.field_confidence) == {
        "name": 0.5, "brand": 0.9, "size": 1.0, "pack_count": 1.0, "category": 0.5, "price": 0.8,
    }  # fmt: skip
    assert row.confidence == pytest.approx(0.72)


def test_a_standard_has_no_price_to_give():
    """Nothing that settles names can carry an amount of money."""
    assert not {name for name in Standard.__slots__ if "price" in name} - {"price_unit"}


@pytest.mark.parametrize("standards", [[], [STANDARD, STANDARD]])
def test_each_row_needs_its_standard(standards: list[Standard]):
    """A row without a standard, or a standard without a row, raises."""
    with pytest.raises(ValueError, match="zip"):
        build_products([RAW], standards)


def test_a_row_without_a_price_is_no_product():
    """The error names sheet and row."""
    with pytest.raises(ValueError, match="row 12"):
        build_products([replace(RAW, price=None)], [STANDARD])


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({}, 0.975),
        ({"currency": ""}, 0.725),
        ({"size": None}, 0.725),
        ({"size": None, "price_unit": "kg"}, 0.975),
        ({"category": ""}, 0.725),
        ({"confidence": 0.1}, 0.775),
    ],
)
def test_quality_is_the_mean_of_four_shares(changes: dict[str, object], score: float):
    """Each of currency, size or price unit, category counts as much as the confidence."""
    (row,) = build_products([RAW], [STANDARD])
    assert quality_score([replace(row, **changes)]) == score
    assert quality_score([row, replace(row, **changes)]) == pytest.approx((0.975 + score) / 2)


def test_without_rows_the_quality_is_zero():
    """There is nothing to divide by."""
    assert quality_score([]) == 0


def test_a_frame_has_the_columns_of_a_row():
    """They are those of every output format, in order; money stays exact, and a frame without rows has them, too."""
    frame = to_frame(build_products([RAW], [STANDARD]))
    assert tuple(frame.columns) == ProductRow.__slots__ == tuple(to_frame([]).columns)
    assert frame.loc[0, "price"] == Decimal(75000)
    assert frame["size"].sum() == 5.0


def test_the_figures_of_a_frame_can_be_calculated_with():
    """Money and sizes are exact, so one divides the other; what is unknown stays so; and 75000 has no noughts behind a point."""
    row = replace(RAW, price=Decimal("75000.000000"))
    sized, loose = replace(STANDARD, size=Decimal("2.50"), unit="kg", pack_count=1), replace(STANDARD, size=None, unit="", price_unit="")
    frame = to_frame(build_products([row, row], [sized, loose]))
    assert [str(price) for price in frame["price"]] == ["75000", "75000"]
    assert str(frame.loc[0, "size"]) == "2.5"
    ratio = frame["price"] / frame["base_price"]
    assert (ratio[0], ratio.isna().tolist()) == (Decimal("2.5"), [False, bool(frame["base_price"].isna()[1])])
    assert (frame["price"] / frame["size"])[0] == Decimal(30000)
    assert frame["size"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("method", "confidence"), [(Method.LLM, 0.36), (Method.RULES, 0.36), (Method.MANUAL, 0.9)])
def test_a_row_in_doubt_has_little_confidence(method: Method, confidence: float):
    """Unless a person has named it."""
    (row,) = build_products([replace(RAW, doubt="column C may hold the prices as well")], [replace(STANDARD, method=method)])
    assert row.confidence == confidence
    assert bool(row.doubt) is (method is not Method.MANUAL)


@pytest.mark.parametrize(("text", "quantity"), [("min. 2,5 kg", "2.5"), ("12 pcs", "12"), ("0", None), ("9" * 19, None), ("", None)])
def test_a_least_order_is_the_first_number(text: str, quantity: str | None):
    """What cannot be a quantity is left out."""
    (row,) = build_products([replace(RAW, min_quantity=text)], [STANDARD])
    assert row.min_quantity == (None if quantity is None else Decimal(quantity))
