"""Rows of titles by their place alone."""

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.tables.shapes.grid_headers import grid_header_rows, period_of


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


def test_texts_that_are_copied_whole_have_a_period():
    """Copies of one sequence to the letter are tables side by side; a text that differs makes none."""
    assert period_of(["Dog", "Cut", "Bath"] * 2) == 3
    assert period_of(["Dog", "Cut", "Bath", "Dog", "Cut", "Wash"]) == 0
    assert period_of(["Dog", "Cut", "Bath"]) == 0
