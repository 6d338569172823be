"""The characters of a read line with their boxes in points, as `pipeline.pdf` takes them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from monito_ray.pipeline.pdf.chars import Char, SpaceBefore
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pictures.text_places import TextQuad
from monito_ray.pipeline.pictures.text_reading import SeenText

#: A column of pixels of a line is blank where nothing is darker than the paper by more than this share of the line's contrast.
_BLANK_SHARE = 0.3
#: A letter is about this part of its line's height wide: the box of the first and the last one ends so far from their middles.
_HALF_LETTER = 0.22
#: What is left of the dots from a name to its price, of which a network sees a few, before a number or at the end of its line: "2 kg ..- 1.500".
_LEADER = re.compile(r"(?<![-_.·…\s])\s*+[-_]*+(?:[.·]\s?[.·]|…)[-_.·…\s]*+(?=$|(?:[^\W\d_]{1,3}[. ]{0,2})?\d)")


def line_chars(line: SeenText, quad: TextQuad, cutout: Any, source: int, points_a_pixel: float) -> Iterator[Char]:
    """Yield the characters of a line but for leaders of dots; `source` tells lines apart. Between words their boxes end where the ink does."""
    left, width = float(quad.left[0]), float(quad.right[0] - quad.left[0])
    middle, half = float(quad.center[1]), quad.height / 2
    places = [char.place for char in line.chars]
    edges = _edges(line, places, _ink(cutout), quad.height / max(quad.width, 1.0))
    space = SpaceBefore.WRITTEN
    leaders = {n for match in _LEADER.finditer(line.text) for n in range(*match.span())}
    for n, (char, (begin, end)) in enumerate(zip(line.chars, edges, strict=True)):
        if char.text.isspace() or n in leaders:
            space = SpaceBefore.LED if n in leaders else SpaceBefore.WRITTEN
            continue
        box = Box(left + begin * width, middle - half, left + end * width, middle + half)
        yield Char(char.text, _in_points(box, points_a_pixel), source, is_turned=False, space_before=space)
        space = SpaceBefore.NONE


def _in_points(box: Box, points_a_pixel: float) -> Box:
    return Box(box.left * points_a_pixel, box.top * points_a_pixel, box.right * points_a_pixel, box.bottom * points_a_pixel)


def _edges(line: SeenText, places: list[float], ink: Any, height_share: float) -> list[tuple[float, float]]:
    """Return where each character begins and ends, as shares of the line's width.

    That is the middle between neighbours, and at a word's end where the widest blank begins and ends.
    """
    half = _HALF_LETTER * height_share
    edges = [[max(0.0, place - half), min(1.0, place + half)] for place in places]
    letters = [i for i, char in enumerate(line.chars) if not char.text.isspace()]
    for before, after in pairwise(letters):
        if after == before + 1:
            edges[before][1] = edges[after][0] = (places[before] + places[after]) / 2
        else:
            edges[before][1], edges[after][0] = _widest_blank(ink, places[before], places[after])
    return [(begin, max(begin, end)) for begin, end in edges]


def _ink(cutout: Any) -> Any:
    """Return whether each column of pixels of a line has ink, in dark letters on light paper or the other way round."""
    gray = cutout.mean(axis=2)
    inner = gray[gray.shape[0] // 8 : -gray.shape[0] // 8]
    paper = np.median(gray)
    contrast = np.abs(inner - paper)
    return contrast.max(axis=0) > _BLANK_SHARE * max(float(np.percentile(contrast, 99)), 1.0)


def _widest_blank(ink: Any, begin: float, end: float) -> tuple[float, float]:
    """Return the widest run of blank columns between two places; the middle where there is none."""
    first, last = int(begin * len(ink)), min(int(np.ceil(end * len(ink))), len(ink))
    blank = np.flatnonzero(~ink[first:last])
    if not len(blank):
        return (begin + end) / 2, (begin + end) / 2
    runs = np.split(blank, np.flatnonzero(np.diff(blank) > 1) + 1)
    widest = max(runs, key=len)
    return (first + widest[0]) / len(ink), (first + widest[-1] + 1) / len(ink)
