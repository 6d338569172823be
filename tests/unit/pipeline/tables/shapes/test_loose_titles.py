"""Titles over numbers where no row looks like a header."""

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.profiles import profile_columns
from monito_ray.pipeline.tables.shapes.loose_titles import titles_over_numbers

GOODS: list[list[Value]] = [["Cola", 0.33, 12.0], ["Tonic", 0.2, 24.0], ["Lager", 0.5, 6.0]]


def _roles(*rows: list[Value]) -> list[str]:
    return [title.role for title in titles_over_numbers(rows, profile_columns(GOODS, 3))]


def test_what_stands_over_numbers_names_them():
    """Over the numbers of a table stand what they are, rows above; words over words, and titles of prices, are not looked at."""
    assert _roles(["Stock", "Size", "Qty"], ["", "", ""], *GOODS) == ["", "size", "quantity"]
    assert _roles(["", "Price", "Blorp"], *GOODS) == ["", "", ""]
    assert _roles(["", "Tax", "Duty US$"], *GOODS) == ["", "tax", ""]


def test_a_word_for_sums_alone_in_its_row_names_no_column():
    """It is that of the whole list."""
    assert _roles(["", "Total", ""], *GOODS) == ["", "", ""]
    assert _roles(["", "Total", "Qty"], *GOODS) == ["", "sum", "quantity"]
