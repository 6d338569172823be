"""Strips of a page's picture: what is kept of a page to show a person the line of a price that may be misread."""

import io
import re
from collections.abc import Sequence
from typing import Any

from monito_ray.pipeline.cells import PagePicture, SeenLine
from monito_ray.pipeline.pictures.placed_lines import PlacedLine

#: The longer side of the picture that is kept while a list is read, in pixels, and its quality: letters of a full page are then twelve pixels high.
_SIDE, _PAGE_QUALITY = 1_800, 60
#: A strip is at most so wide in pixels, and at least this part of that high: a chat shows narrower ones cut.
_WIDEST, _LEAST_SHARE, _QUALITY = 1_200, 0.12, 70
#: Lines whose middles are nearer than this part of a line's height stand beside each other.
_BESIDE = 0.6
#: A strip shows so many heights of a line above and below it.
_AROUND = 0.8
#: Shorter words stand in too many names.
_WORD = re.compile(r"[^\W\d_]{3,}")


def keep_page(pixels: Any, lines: Sequence[PlacedLine]) -> PagePicture:
    """Return a flat page, an array of height x width x 3, as a small gray picture with the places of its lines."""
    from PIL import Image  # noqa: PLC0415 - loaded for pictures alone

    height, width = pixels.shape[:2]
    page = Image.fromarray(pixels).convert("L")
    page.thumbnail((_SIDE, _SIDE))
    return PagePicture(_jpeg(page, _PAGE_QUALITY), tuple(_seen(line, width, height) for line in lines))


def cut_strip(page: PagePicture, number: str, name: str) -> bytes:
    """Return the part of a page that shows a number, in the line with that name, as a JPEG; b"" where it is not sure which line that is.

    `number` is the text of a price without blanks.
    """
    row = row_of_price(page, number, name)
    return _cut(page, row) if row else b""


def row_of_price(page: PagePicture, number: str, name: str) -> tuple[SeenLine, ...]:
    """Return the lines beside each other that show a number, a price's text without blanks, and a name; none where it is not sure which they are."""
    pattern = re.compile(rf"(?<!\d){re.escape(number)}(?!\d)")
    with_number = [line for line in page.lines if number and pattern.search(line.text)]
    rows = {tuple(_beside(page, line)) for line in with_number}
    by_words = sorted(((_shared_words(row, name), row) for row in rows), key=lambda scored: -scored[0])
    if not by_words or (len(by_words) > 1 and by_words[0][0] == by_words[1][0]):
        return ()
    return by_words[0][1]


def _seen(line: PlacedLine, width: int, height: int) -> SeenLine:
    corners = line.quad.corners / (width, height)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return SeenLine("".join(line.read.text.split()), float(left), float(top), float(right), float(bottom))


def _beside(page: PagePicture, line: SeenLine) -> list[SeenLine]:
    reach, middle = (line.bottom - line.top) * _BESIDE, line.top + line.bottom
    return [other for other in page.lines if abs(other.top + other.bottom - middle) / 2 < reach]


def _shared_words(row: Sequence[SeenLine], name: str) -> int:
    shown = "".join(line.text for line in row).casefold()
    return sum(word in shown for word in set(_WORD.findall(name.casefold())))


def _cut(page: PagePicture, row: Sequence[SeenLine]) -> bytes:
    from PIL import Image  # noqa: PLC0415 - loaded for pictures alone

    with Image.open(io.BytesIO(page.jpeg)) as picture:
        around = max(line.bottom - line.top for line in row) * _AROUND * picture.height
        left = max(min(line.left for line in row) * picture.width - around, 0)
        right = min(max(line.right for line in row) * picture.width + around, picture.width)
        top, bottom = min(line.top for line in row) * picture.height - around, max(line.bottom for line in row) * picture.height + around
        missing = max((right - left) * _LEAST_SHARE - (bottom - top), 0) / 2
        strip = picture.crop((round(left), max(round(top - missing), 0), round(right), min(round(bottom + missing), picture.height)))
        strip.thumbnail((_WIDEST, _WIDEST))
        return _jpeg(strip, _QUALITY)


def _jpeg(picture: Any, quality: int) -> bytes:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return held.getvalue()
