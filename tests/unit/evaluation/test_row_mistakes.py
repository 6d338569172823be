"""Slips of the pen in labelled rows."""

import pytest

from monito_ray.evaluation.row_mistakes import mistake_in

RIGHT = {
    "original_name": "Tea Zarvex 100 g",
    "price": "12.5",
    "currency": "IDR",
    "right_size": "100",
    "right_unit": "g",
    "right_pack_count": "1",
    "right_price_unit": "box",
    "right_category": "coffee & tea / beverages",
}


@pytest.mark.parametrize("cells", [RIGHT, {"original_name": "Tea", "price": "1", "right_brand": ""}])
def test_a_row_without_mistakes_has_none(cells: dict[str, str]):
    """What is left out or empty is no mistake."""
    assert mistake_in(cells) == ""


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("original_name", ""),
        ("price", "cheap"),
        ("price", "12,5"),
        ("price", "-1"),
        ("price", "NaN"),
        ("currency", "Rupiah"),
        ("right_size", "five"),
        ("right_unit", ""),
        ("right_unit", "gram"),
        ("right_price_unit", "Karton"),
        ("right_pack_count", "1.5"),
        ("right_pack_count", "0"),
        ("right_category", "tee"),
        ("right_category", "coffee & tea / tee"),
    ],
)
def test_a_mistake_is_named_with_its_column(column: str, cell: str):
    """And with what stands there."""
    mistake = mistake_in(RIGHT | {column: cell})
    assert column in mistake
    assert cell.rpartition(" / ")[2] in mistake
