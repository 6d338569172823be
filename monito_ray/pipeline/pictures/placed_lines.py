"""The lines of a flat page: where each stands, how it looks, and what it says."""

from dataclasses import dataclass
from typing import Any

from monito_ray.pipeline.pictures.scripts.scripts_of_pages import read_in_script
from monito_ray.pipeline.pictures.text_places import TextQuad, find_text
from monito_ray.pipeline.pictures.text_reading import SeenText, cut_out

#: A line of which the network is less sure than this is a speck, a logo or a hand that it cannot read.
_LEAST_CERTAINTY = 0.5


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of text on a flat page."""

    quad: TextQuad
    cutout: Any
    read: SeenText


def read_placed_lines(pixels: Any) -> list[PlacedLine]:
    """Return the lines of a flat page that can be read, from the top."""
    quads = sorted(find_text(pixels), key=lambda quad: (float(quad.center[1]), float(quad.center[0])))
    cutouts = [cut_out(pixels, quad) for quad in quads]
    lines = map(PlacedLine, quads, cutouts, read_in_script(cutouts))
    return [line for line in lines if line.read.certainty >= _LEAST_CERTAINTY]
