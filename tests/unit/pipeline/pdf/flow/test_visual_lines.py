"""Runs that a person sees on one line."""

from pdf_reading import run

from monito_ray.pipeline.pdf.flow.visual_lines import line_box, visual_lines
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.words import TextRun, Word


def tall(x: float, text: str, y: float, height: float) -> TextRun:
    """A run of other type."""
    box = Box(x, y, x + 10 * len(text), y + height)
    return TextRun((Word(text, box, 1),), box)


def test_large_price_stands_on_the_line_of_its_name():
    """A price in large type reaches over the lines above and below, and belongs to the nearest."""
    runs = [run(0, "Grilled trout", 100), run(0, "with lemon", 111), tall(200, "12", 96, 20)]
    assert [[part.text for part in line] for line in visual_lines(runs)] == [["Grilled trout", "12"], ["with lemon"]]


def test_text_over_text_is_two_lines():
    """Runs that share their width are never on one line, though they share half their height."""
    assert len(visual_lines([run(0, "Meat pie", 100), run(20, "Cheese pie", 104)])) == 2


def test_height_of_a_line_is_its_usual_type():
    """A large initial or price does not make the line large."""
    assert line_box([run(0, "Grilled trout with lemon", 100), tall(200, "12", 96, 20)]) == Box(0, 100, 220, 110)
