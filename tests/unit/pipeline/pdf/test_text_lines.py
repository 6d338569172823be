"""Lines of text and the cells in them."""

import pytest
from pdf_reading import line, placed, run

from monito_ray.pipeline.pdf.text_lines import ColumnRun, cell_texts, group_into_lines, is_value, to_text_lines


@pytest.mark.parametrize("text", ["45.000", "Rp 45.000", "45 000,50 руб.", "$4.50/kg", "-12", "5,-"])
def test_an_amount_with_sign_currency_or_unit_is_a_value(text: str):
    """A value is a number and what a price has beside it."""
    assert is_value(text)


@pytest.mark.parametrize("text", ["500 ml", "Item 5", "", "A17", "45.000 new"])
def test_a_number_with_words_is_no_value(text: str):
    """Sizes, codes and names with numbers are texts."""
    assert not is_value(text)


def test_runs_at_one_height_are_a_line_from_the_left():
    """A few points up or down are the same line, whatever the order in the file."""
    lines = group_into_lines([ColumnRun(0, run(50, "b", 0)), ColumnRun(0, run(0, "c", 20)), ColumnRun(0, run(0, "a", 3))])
    assert [[placed.run.text for placed in line] for line in lines] == [["a", "b"], ["c"]]


def test_lines_of_a_cell_are_joined_by_a_space_and_after_a_hyphen_by_nothing():
    """The hyphen stays: it may be part of the word."""
    row = placed([["Sea salt", "13-"], ["coarse", "15mm"]])
    assert cell_texts(row, 3) == ["Sea salt coarse", "13-15mm", ""]


def test_a_line_has_its_currency_with_its_number():
    """A sign that stands alone in a line is part of the number to its right."""
    (text_line,) = to_text_lines(line((0, "Salt"), (100, "Rp"), (160, "9.750")))
    assert [run.text for run in text_line.runs] == ["Salt", "Rp 9.750"]
    assert text_line.text == "Salt Rp 9.750"


def test_bar_before_an_amount_parts_two_runs():
    """Weights and prices are set as "160g | 590"; bars between words stay."""
    (line,) = to_text_lines([run(0, "160g | 590")])
    assert [part.text for part in line.runs] == ["160g", "590"]
    (line,) = to_text_lines([run(0, "tea | coffee")])
    assert [part.text for part in line.runs] == ["tea | coffee"]


def test_dates_and_telephone_numbers_are_no_values():
    """Their groups of digits are no thousands."""
    assert not any(map(is_value, ["12.05.2026", "020 7946 0123", "8 800 123 45 67"]))
    assert all(map(is_value, ["1 234 567", "45.000", "12.05", "4601234567890"]))
