"""How all pictures are drawn: letters, colours, one at a time."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from matplotlib.font_manager import get_font_names

INK, SOFT, GRID = "#17212b", "#5a6875", "#dfe4e8"
#: Of these the first that has a letter draws it. DejaVu comes with matplotlib and has Latin, Cyrillic and Greek.
_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Thai", "Noto Sans Devanagari", "WenQuanYi Zen Hei")
STYLE: dict[Any, Any] = {
    "font.size": 10,
    # A name with two dollar signs is no formula.
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": INK,
}

# matplotlib's style and Python's filters of warnings belong to the process.
_one_at_a_time = threading.Lock()


@contextmanager
def drawing_alone() -> Iterator[None]:
    """Draw while no other thread does; what no font has is a box, without a word about each letter."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        yield


@cache
def installed_fonts() -> list[str]:
    """Return those of the fonts that this machine has."""
    installed = set(get_font_names())
    return [name for name in _FONTS if name in installed]
