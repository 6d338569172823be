"""Columns between gutters of white space."""

import pytest
from papers import Paper, pdf
from pdf_reading import line, rows_of, run

from monito_ray.pipeline.pdf import gutters
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.words import join_words


def test_overlong_names_do_not_hide_an_unruled_column():
    """Texts that begin below each other are a column, though names run into it."""
    names = [
        "Passion fruit syrup with pieces of fruit in glass",
        "Rice",
        "Cane sugar, brown, organic, in a paper bag of one",
        "Salt",
        "Tea",
    ]
    page = Paper()
    for i, name in enumerate(names):
        page.row(100 + 16 * i, [(40, name), (200, f"A{i}17"), (300, f"{i + 2}.500")])
    assert rows_of(pdf(page)) == [[name, f"A{i}17", f"{i + 2}.500"] for i, name in enumerate(names)]


def test_title_set_left_over_numbers_set_right_is_theirs():
    """A header that touches no number below still names their column."""
    page = Paper().row(100, [(40, "Item"), (240, "Price per box")])
    for i, (name, digits) in enumerate([("Oil", "1.000"), ("Rice", "20.500"), ("Salt", "750"), ("Tea", "8.250"), ("Rum", "99.000")]):
        page.row(116 + 16 * i, [(40, name), (400 - 5 * len(digits), digits)])
    rows = rows_of(pdf(page))
    assert rows[:2] == [["Item", "Price per box"], ["Oil", "1.000"]]
    assert {len(row) for row in rows} == {2}


GOODS_LINES = [line((0, "Coconut oil"), (120, "500 ml"), (200, "45.000")), line((0, "Salt"), (120, "1 kg"), (200, "9.750"))]


def test_columns_meet_in_the_middle_of_their_gutters():
    """The outer edges are those of the text."""
    assert gutters.find_column_edges(GOODS_LINES) == pytest.approx((0, 87.5, 175, 230), abs=1)


def test_lines_of_one_run_make_no_columns():
    """A letterhead or a paragraph has no gutters."""
    assert gutters.find_column_edges([line((0, "Harvest Trading")), line((0, "Price list"))]) == ()


def test_one_title_across_a_gutter_does_not_close_it():
    """Six lines in a hundred may run across."""
    many = GOODS_LINES * 10 + [line((0, "Oils and fats of the first pressing"), (200, "IDR"))]
    assert len(gutters.find_column_edges(many)) == 4


def test_a_remark_beside_a_few_rows_is_a_column():
    """Text that stands wholly between the columns has one of its own, however rare."""
    many = GOODS_LINES * 10 + [line((0, "Salt"), (120, "1 kg"), (160, "new"), (200, "9.750"))]
    assert len(gutters.find_column_edges(many)) == 5


def test_a_box_is_in_the_column_that_holds_most_of_it():
    """The first and the last column are open to the outside."""
    edges = (0.0, 50.0, 100.0)
    boxes = [Box(40, 0, 70, 10), Box(-90, 0, -50, 10), Box(130, 0, 150, 10)]
    assert [gutters.column_of(edges, box) for box in boxes] == [1, 0, 1]


def test_a_run_is_split_where_its_words_stand_wide_apart():
    """A space keeps words together, even over the edge of a column; a gap of half their height does not."""
    edges = (0.0, 40.0, 100.0)
    wide = join_words([*run(0, "Coconut").words, *run(40, "oil").words])
    assert [part.text for part in gutters.split_at_gutters(run(0, "Coconut oil"), edges)] == ["Coconut oil"]
    assert [part.text for part in gutters.split_at_gutters(wide, edges)] == ["Coconut", "oil"]
