"""Rulings from the lines, bars and boxes that a page draws."""

from itertools import pairwise

from papers import COLUMNS, GOODS, HEADER, Paper, pdf, ruled_table
from pdf_reading import drawing_of, rows_of

from monito_ray.pipeline.pdf.rulings import Ruling, merge_rulings


def test_rulings_drawn_as_thin_rectangles():
    """A spreadsheet program draws a border as a filled bar, in pieces."""
    page = Paper()
    for i in range(5):
        for left, right in pairwise(COLUMNS):
            page.bar(left, 100 + 20 * i, right, 101 + 20 * i)
    for x in COLUMNS:
        for i in range(4):
            page.bar(x, 100 + 20 * i, x + 1, 121 + 20 * i)
    for i, line in enumerate([HEADER, *GOODS]):
        page.row(113 + 20 * i, [(x + 3, cell) for x, cell in zip(COLUMNS[:-1], line, strict=True)])
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_invisible_rulings_are_none():
    """Programs leave fully transparent boxes behind."""
    page = ruled_table([HEADER, *GOODS])
    page.marks += ["/Clear gs", f"410 {page.height - 150} 90 40 re S", f"410 {page.height - 180} 60 40 re S"]
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_pieces_of_one_line_are_one_ruling():
    """Pieces that touch, or miss each other by a point or two, are joined; what stays short is no side of a cell."""
    pieces = [Ruling(100, 0, 50), Ruling(100.5, 52, 90), Ruling(100, 120, 123), Ruling(140, 0, 90)]
    assert merge_rulings(pieces) == [Ruling(100, 0, 90), Ruling(140, 0, 90)]


def test_the_sides_of_a_stroked_box_are_rulings_and_a_wide_fill_is_a_background():
    """A white fill covers and shows nothing; one of nearly the whole page is the page's own."""
    page = Paper().bar(40, 100, 300, 120, "0.9 g").bar(40, 200, 300, 220, "1 g").bar(5, 5, 590, 837, "0.95 g")
    page.marks.append("40 500 200 30 re S")
    drawing = drawing_of(page)
    assert [(round(fill.top), round(fill.bottom)) for fill in drawing.fills] == [(100, 120)]
    assert [len(drawing.horizontal), len(drawing.vertical)] == [2, 2]
