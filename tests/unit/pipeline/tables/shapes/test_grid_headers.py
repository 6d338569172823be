"""Rows of titles by their place alone."""

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.tables.shapes.grid_headers import grid_header_rows


def test_short_texts_over_numbers_are_titles():
    """Texts over texts are not, nor is a row with a number."""
    rows = [
        ["Dog", "Cut", "Trim", "Bath"],
        ["Poodle", 40.0, "", 25.0],
        ["Terrier", "", 60.0, 20.0],
        ["a", "b", "c", "d"],
        ["e", "f", "g", "h"],
    ]
    assert grid_header_rows(Sheet("S", rows), 0, 4, 4) == [0]


def test_a_row_at_the_end_stands_over_nothing():
    """The last row looked at may be given."""
    rows = [["x", "y", "z"], ["Dog", "Cut", "Trim"], ["Poodle", 40.0, 25.0]]
    assert grid_header_rows(Sheet("S", rows), 0, 3, 1) == []
