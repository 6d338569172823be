"""Cells of the Sheets API, as the testing server understands them."""

import pytest

from monito_ray.testing.sheets_values import a1_range, column_number, enter_value, letters_of_column, render_value, split_a1


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters_and_numbers(number: int, letters: str):
    """Each is the other's inverse."""
    assert (letters_of_column(number), column_number(letters)) == (letters, number)


@pytest.mark.parametrize(
    ("a1", "title", "cells"),
    [("Sheet1", "Sheet1", ""), ("Sheet1!A1:B2", "Sheet1", "A1:B2"), ("'O''Brien!'!A1", "O'Brien!", "A1"), ("'All'", "All", "")],
)
def test_a_range_is_a_title_and_cells(a1: str, title: str, cells: str):
    """Quoted titles may hold quotes and exclamation marks."""
    assert split_a1(a1) == (title, cells)


def test_a_range_is_written_with_a_quoted_title():
    """As Google answers."""
    assert a1_range("O'Brien", 0, 25, 3, 27) == "'O''Brien'!Z1:AA3"


@pytest.mark.parametrize(
    ("cell", "option", "value"),
    [
        ("=1+1", "RAW", ("stringValue", "=1+1")),
        ("=1+1", "USER_ENTERED", ("formulaValue", "=1+1")),
        ("12.5", "USER_ENTERED", ("numberValue", 12.5)),
        ("'12", "USER_ENTERED", ("stringValue", "12")),
        (True, "RAW", ("boolValue", True)),
        (3, "RAW", ("numberValue", 3)),
        ("", "RAW", None),
    ],
)
def test_a_value_is_entered_raw_or_as_if_typed(cell: object, option: str, value: tuple[str, object] | None):
    """RAW takes every text for a text; an empty one clears the cell."""
    assert enter_value(cell, option) == value


def test_formulas_are_not_computed():
    """They show an error, except where the formula itself is asked for."""
    assert render_value(("formulaValue", "=1+1"), "UNFORMATTED_VALUE") == "#ERROR!"
    assert render_value(("formulaValue", "=1+1"), "FORMULA") == "=1+1"
    assert (render_value(("numberValue", 5), "FORMATTED_VALUE"), render_value(None, "FORMATTED_VALUE")) == ("5", "")
