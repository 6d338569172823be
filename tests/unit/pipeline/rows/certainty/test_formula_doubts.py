"""Formulas of which a workbook holds no values."""

import pytest

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list

GOODS = [["Tea", 12.0, ""], ["Coffee", 18.5, ""], ["Cocoa", 9.25, ""], ["Chicory", 7.0, ""]]


def test_prices_without_values_are_doubted():
    """A column of sums beside prices that are there is not."""
    rows = [["Item", "Price", "Price with VAT"], *GOODS]
    read = price_list.read_from_sheets([Sheet("A", rows, uncomputed={2: 4})], "f.xlsx")
    assert read.certainty.doubts[0].startswith("Sheet A, column C: 4 formulas have no value in the file")
    rows[0][2] = "Sum"
    assert price_list.read_from_sheets([Sheet("A", rows, uncomputed={2: 4})], "f.xlsx").certainty.doubts == ()


def test_a_list_whose_prices_are_all_missing_says_why():
    """The error names the column."""
    rows = [["Item", "Price"], *[[name, ""] for name, *_ in GOODS]]
    with pytest.raises(NoPricesFound, match="column B: 4 formulas have no value"):
        price_list.read_from_sheets([Sheet("A", rows, uncomputed={1: 4})], "f.xlsx")
