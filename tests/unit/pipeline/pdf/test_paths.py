"""Shapes that a page draws."""

import pypdfium2
from papers import Paper, pdf

from monito_ray.pipeline.pdf import chars
from monito_ray.pipeline.pdf.paths import Shape, page_shapes


def _shapes(*marks: str) -> list[Shape]:
    page = Paper()
    page.marks += marks
    document = pypdfium2.PdfDocument(pdf(page))
    read = document[0]
    text = read.get_textpage()
    found = [shape for shapes in page_shapes(read.raw, chars.reading_rotation(read, text)) for shape in shapes]
    text.close()
    read.close()
    document.close()
    return found


def test_a_line_is_stroked_and_counted_from_the_upper_left():
    """PDF counts from the lower left corner; shapes are in reading coordinates."""
    (line,) = _shapes("40 742 m 420 742 l S")
    assert (line.is_stroked, line.is_filled, line.is_rectangle) == (True, False, True)
    assert [(round(x), round(y)) for x, y in line.points] == [(40, 100), (420, 100)]


def test_a_fill_tells_whether_it_is_white():
    """White covers what is below it; any other colour shows."""
    white, grey = _shapes("1 g 40 500 100 20 re f", "0.5 g 40 400 100 20 re f")
    assert (white.is_filled, white.is_white) == (True, True)
    assert (grey.is_filled, grey.is_white) == (True, False)


def test_curves_and_slants_are_no_rectangles():
    """Only level and upright sides are borders of cells."""
    curve, slant = _shapes("40 500 m 60 540 80 540 100 500 c S", "40 400 m 100 430 l S")
    assert curve.is_curved
    assert not slant.is_rectangle


def test_a_path_of_very_many_segments_is_a_picture():
    """It has no shapes, so it costs no time."""
    assert _shapes("0 0 m " + " ".join(f"{i} {i % 7} l" for i in range(1, 500)) + " S") == []


def test_the_matrix_of_a_drawing_moves_and_scales_its_shapes():
    """Programs draw in units of their own and scale the whole."""
    (line,) = _shapes("q 2 0 0 2 10 0 cm 20 371 m 100 371 l S Q")
    assert [(round(x), round(y)) for x, y in line.points] == [(50, 100), (210, 100)]
