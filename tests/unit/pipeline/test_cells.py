"""Cells as people read them, and the names of rows and columns."""

from datetime import date, datetime, time, timedelta

import pytest

from monito_ray.pipeline.cells import Sheet, Value, column_index, column_letters, fills_any, is_filled, is_number, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Plums,\n dried ", "Plums, dried"),
        (None, ""),
        (True, "true"),
        (25500.0, "25500"),
        (0.5, "0.5"),
        (1e16, "1e+16"),
        (7, "7"),
        (datetime(2024, 7, 1), "2024-07-01"),  # noqa: DTZ001 - as workbooks have them
        (datetime(2024, 7, 1, 9, 30), "2024-07-01 09:30"),  # noqa: DTZ001
        (date(2024, 7, 1), "2024-07-01"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_cell_reads_as_a_person_reads_it(value: Value, text: str):
    """White space is folded, whole numbers have no decimals, dates are in ISO form and midnight is no time."""
    assert text_of(value) == text


def test_a_text_that_needs_no_folding_is_the_same_object():
    """A long list holds each text once."""
    text = "Plums, dried"
    assert text_of(text) is text


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")])
def test_columns_have_the_letters_of_spreadsheets(column: int, letters: str):
    """From A to the last column of Excel."""
    assert column_letters(column) == letters


def test_rows_have_the_numbers_that_people_see():
    """They count from 1, unless the file says otherwise."""
    assert Sheet("S", [[""]] * 3).row_number(2) == 3
    assert Sheet("S", [[""]] * 2, numbers=(4, 9)).row_number(1) == 9


def test_truth_values_are_no_numbers_and_white_space_is_empty():
    """`True` is an int for Python, and a blank is a text."""
    assert [is_number(value) for value in (1, 1.5, True, "1", None)] == [True, True, False, False, False]
    assert [is_filled(value) for value in (0, False, "x", " \n", "", None)] == [True, True, True, False, False, False]


@pytest.mark.parametrize(("letters", "index"), [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16383)])
def test_letters_name_columns_both_ways(letters: str, index: int):
    """As spreadsheets count them."""
    assert (column_index(letters), column_letters(index)) == (index, letters)


def test_a_row_is_filled_by_any_cell_that_a_person_sees() -> None:
    """A zero fills a row, white space does not."""
    assert [fills_any(row) for row in ([], ["", None, " \n"], ["", 0.0], [" ", "x"], [False])] == [False, False, True, True, True]


def test_no_white_space_but_single_blanks_is_left() -> None:
    """Blanks of every kind are folded, at the ends and twice, as `str.split` knows them."""
    for blank in ("  ", "\t", "\n", "\xa0", "\u3000", "\x1f", "\u2028"):
        assert text_of(f"a{blank}b") == "a b"
        assert text_of(f"{blank}a b{blank}") == "a b"
