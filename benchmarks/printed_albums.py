"""Lists on paper, photographed page by page: what a supplier sends as an album."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

_FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
_WIDTH, _PITCH, _LETTERS, _MARGIN = 1_100, 58, 27, 60
#: Where columns begin; the last one ends there.
_COLUMNS = (60, 700, 1_040)
_ROWS_A_PAGE, _QUALITY = 14, 85


def print_pages(head: Sequence[Sequence[str | int]], rows: Sequence[tuple[str, str, int]]) -> Iterator[bytes]:
    """Yield the pages of a list as JPEG pictures, the lines of its head on the first."""
    for start in range(0, len(rows), _ROWS_A_PAGE):
        above = [line for line in head if line] if start == 0 else []
        lines = [*above, *((name, unit, f"{price:,}".replace(",", ".")) for name, unit, price in rows[start : start + _ROWS_A_PAGE])]
        page = Image.new("RGB", (_WIDTH, 2 * _MARGIN + _PITCH * len(lines)), "white")
        pen, font = ImageDraw.Draw(page), ImageFont.truetype(_FONT, _LETTERS)
        for number, line in enumerate(lines):
            for column, (x, text) in enumerate(zip(_COLUMNS, line, strict=False)):
                anchor = "ra" if column == len(_COLUMNS) - 1 else "la"
                pen.text((x, _MARGIN + number * _PITCH), str(text), fill="black", font=font, anchor=anchor)
        held = io.BytesIO()
        page.save(held, "JPEG", quality=_QUALITY)
        yield held.getvalue()
