"""Numbers are looked at twice: cut out wider, a line is read again, and where it then says another number that is not sure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from monito_ray.pipeline.cells import PAGE_IS_BENT
from monito_ray.pipeline.pictures.placed_lines import PlacedLine
from monito_ray.pipeline.pictures.scripts.scripts_of_pages import is_number
from monito_ray.pipeline.pictures.text_places import TextQuad
from monito_ray.pipeline.pictures.text_reading import SeenText, cut_out, read_lines

#: The second look sees so much more around a line, in parts of its height: cut otherwise, its digits fall on other steps of the network.
_WIDER = 0.12
#: A digit, or a mark between digits, of which the network is less sure than this may be another.
_LEAST_CERTAINTY = 0.9
#: A line that is no number is looked at again only where one of its digits is less sure than this: long lines take long.
_SURE_IN_WORDS = 0.995
_NUMBER = re.compile(r"\d(?:[\d.,'’ ]*\d)?")


def unsure_numbers(pixels: Any, lines: Sequence[PlacedLine], *, is_shifted: bool = False) -> Mapping[str, str]:
    """Return what to say of numbers that may be misread, by their texts without blanks; `is_shifted`: which line any belongs to is not sure."""
    again = [line for line in lines if _numbers(line.read) and (is_number(line.read) or _least_certainty(line.read) < _SURE_IN_WORDS)]
    seen = read_lines([cut_out(pixels, _wider(line.quad)) for line in again])
    unsure: dict[str, str] = {}
    if is_shifted:
        unsure |= {number: PAGE_IS_BENT for line in lines for number in _numbers(line.read)}
    for line, other in zip(again, seen, strict=True):
        unsure |= _disagreements(line.read, other.in_letters or other)
    return unsure


def _disagreements(first: SeenText, second: SeenText) -> dict[str, str]:
    """Return what to say of the numbers of a line that the two looks, or the network itself, disagree on."""
    ours, theirs = _numbers(first), _numbers(second)
    unsure: dict[str, str] = {}
    if ours != theirs:
        others = [number for number in theirs if number not in ours]
        for number in ours:
            if number not in theirs:
                unsure[number] = f"the picture may say {others[0]}" if others else "the picture is not clear"
    if _least_certainty(first) < _LEAST_CERTAINTY:
        unsure |= {number: "a digit in the picture is not clear" for number in ours if number not in unsure}
    return unsure


def _numbers(line: SeenText) -> list[str]:
    """Return the numbers of a line without blanks, those of more than one digit."""
    return [number for text in _NUMBER.findall(line.text) if len(number := text.replace(" ", "")) > 1]


def _least_certainty(line: SeenText) -> float:
    """Return how sure the least sure character of the line's numbers is."""
    figures = [char.certainty for char in line.chars if char.text.isdigit()]
    return min(figures, default=1.0)


def _wider(quad: TextQuad) -> TextQuad:
    along = (quad.right - quad.left) / max(quad.width, 1.0) * quad.height * _WIDER
    down = (quad.corners[3] - quad.corners[0]) * _WIDER
    return TextQuad(quad.corners + np.array([-along - down, along - down, along + down, down - along]))
