"""Written rows: money from what was read, the rest from what was settled."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from monito_ray.pipeline.products.build import build_products, quality_score, to_frame
from monito_ray.records import Method, ProductRow, RawRow, Standard

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
STANDARD = Standard(standardized_name="Rice", size=Decimal(5), unit="kg", category="Grains", confidence=0.9, method=Method.LLM)


def test_a_row_is_joined_from_both_sides():
    """Names and classes come from the standard, everything else as it was read, the base price from price and size."""
    (row,) = build_products([RAW], [STANDARD])
    assert (row.standardized_name, row.category, row.method, row.confidence) == ("Rice", "Grains", Method.LLM, 0.9)
    assert (row.original_name, row.price, row.currency, row.sku, row.supplier) == ("Rice 5 kg", Decimal(75000), "IDR", "0042", "Toko A")
    assert (row.base_price, row.base_unit, row.min_quantity) == (Decimal(15000), "kg", Decimal("2.5"))
    assert (row.source_file, row.source_sheet, row.source_row) == ("june.xlsx", "Price list", 12)


def test_a_standard_has_no_price_to_give():
    """Nothing that settles names can carry an amount of money."""
    assert not {name for name in Standard.__slots__ if "price" in name} - {"price_unit"}


@pytest.mark.parametrize("standards", [[], [STANDARD, STANDARD]])
def test_rows_and_standards_must_be_as_many(standards: list[Standard]):
    """A row without its standard, or the other way round, is a fault that shows."""
    with pytest.raises(ValueError, match="zip"):
        build_products([RAW], standards)


def test_a_row_without_a_price_is_no_product():
    """It is refused with its place."""
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


def test_no_rows_have_no_quality():
    """Nothing written scores 0."""
    assert quality_score([]) == 0


def test_a_frame_has_the_columns_of_a_row():
    """Columns are those of every output format, in order; money stays exact; an empty one has them, too."""
    frame = to_frame(build_products([RAW], [STANDARD]))
    assert tuple(frame.columns) == ProductRow.__slots__ == tuple(to_frame([]).columns)
    assert frame.loc[0, "price"] == Decimal(75000)
    assert frame["size"].sum() == 5.0
