"""A page of a list that is pictures, drawn as PNG with what was read of it: each line, each offer beside its line, and what is in doubt."""

import io
import textwrap
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from monito_ray.clients.output_paths import atomic_write
from monito_ray.clients.pictures.drawing_style import STYLE, drawing_alone, installed_fonts
from monito_ray.pipeline.cells import SeenLine
from monito_ray.pipeline.explanation.page_explanation import ExplainedPage, PlacedOffer

#: A page is so many pixels high, and what was read stands beside it in so much of its width.
_HEIGHT, _DPI, _BESIDE = 1_800, 100, 0.75
#: The letters beside the page, as a part of the distance between lines, in points at most and at least.
_LARGEST, _SMALLEST = 11.0, 4.0
_LONGEST_NAME, _LONGEST_DOUBT = 46, 70
_LINE, _OFFER, _DOUBT = "#9fb3c1", "#1d8a58", "#d9730d"


def draw_page(page: ExplainedPage, path: Path) -> Path:
    """Draw a page as PNG to `path`, whole or not at all, and return `path`. Offers in doubt are orange, the others green; lines of neither are gray.

    Raises:
        OutputNotWritable: naming `path` and the cause; an earlier file is unchanged.
    """
    pixels = imread(io.BytesIO(page.jpeg), format="jpeg")
    height, width = pixels.shape[:2]
    with atomic_write(path) as temporary, drawing_alone(), mpl.rc_context(STYLE | {"font.family": installed_fonts()}):
        figure = Figure(figsize=(_HEIGHT / _DPI * width / height * (1 + _BESIDE), _HEIGHT / _DPI))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, width * (1 + _BESIDE)), ylim=(height, 0))
        axes.axis("off")
        axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, extent=(0, width, height, 0), aspect="auto")
        for line in page.lines:
            _frame(axes, (line,), width, height, _LINE)
        size = _letter_size(page)
        for offer in page.offers:
            _mark_offer(axes, offer, width, height, size)
        figure.savefig(temporary, format="png", dpi=_DPI, facecolor="white")
    return path


def _mark_offer(axes: Axes, offer: PlacedOffer, width: int, height: int, size: float) -> None:
    if not offer.lines:
        return
    colour = _DOUBT if offer.doubt else _OFFER
    _frame(axes, offer.lines, width, height, colour)
    text = f"{offer.price.normalize():,f}  {textwrap.shorten(offer.name, _LONGEST_NAME, placeholder='…')}"
    if offer.doubt:
        text += f"  ? {textwrap.shorten(offer.doubt, _LONGEST_DOUBT, placeholder='…')}"
    middle = sum(line.top + line.bottom for line in offer.lines) / len(offer.lines) / 2 * height
    axes.text(width * 1.01, middle, text, fontsize=size, color=colour, va="center", clip_on=True)


def _frame(axes: Axes, lines: tuple[SeenLine, ...], width: int, height: int, colour: str) -> None:
    left, right = min(line.left for line in lines) * width, max(line.right for line in lines) * width
    top, bottom = min(line.top for line in lines) * height, max(line.bottom for line in lines) * height
    axes.add_patch(Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor=colour, linewidth=1.2))


def _letter_size(page: ExplainedPage) -> float:
    """Return the size, in points, at which lines as near as those of the page do not touch."""
    middles = sorted({round(line.top + line.bottom, 4) / 2 for offer in page.offers for line in offer.lines[:1]})
    nearest = float(np.median(np.diff(middles))) if len(middles) > 1 else 1.0
    return float(np.clip(nearest * _HEIGHT / _DPI * 72 * 0.75, _SMALLEST, _LARGEST))
