"""A picture of a page becomes its text runs and rulings, and what of its numbers is not sure."""

from typing import Any

import numpy as np

from monito_ray.pipeline.pdf.pages import PageContent
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pdf.words import runs_of_chars
from monito_ray.pipeline.pictures.drawn_lines import find_drawn_lines, without_drawn_lines
from monito_ray.pipeline.pictures.page_chars import line_chars
from monito_ray.pipeline.pictures.page_shape.flattening import flatten
from monito_ray.pipeline.pictures.page_strips import keep_page
from monito_ray.pipeline.pictures.placed_lines import read_placed_lines
from monito_ray.pipeline.pictures.second_look import unsure_numbers
from monito_ray.pipeline.pictures.spaced_thousands import join_thousands

#: How high a line of text is taken to be, in points: the loose box of a type of nine points, which `pipeline.pdf` is set on.
LINE_POINTS = 10.8


def read_page(picture: Any) -> PageContent:
    """Return what a picture, an array of height x width x 3, shows; a page without runs where that is no text."""
    flat = flatten(picture)
    if flat is None:
        return PageContent([], PageDrawing(), is_picture=True)
    borders = find_drawn_lines(flat.pixels, flat.line_height)
    pixels = without_drawn_lines(flat.pixels, borders, flat.line_height)
    lines = join_thousands(read_placed_lines(pixels))
    if not lines:
        return PageContent([], PageDrawing(), is_picture=True)
    height = float(np.median([line.quad.height for line in lines]))
    points_a_pixel = LINE_POINTS / height
    chars = [
        char for source, line in enumerate(lines, start=1) for char in line_chars(line.read, line.quad, line.cutout, source, points_a_pixel)
    ]
    return PageContent(
        runs_of_chars(chars),
        borders.in_points(points_a_pixel),
        is_picture=True,
        unsure=unsure_numbers(pixels, lines, is_shifted=flat.is_shifted),
        picture=keep_page(flat.pixels, lines),
    )
