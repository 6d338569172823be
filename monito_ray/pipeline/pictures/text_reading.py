"""What lines of text say, character by character, each with its place and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from monito_ray.pipeline.pictures import networks
from monito_ray.pipeline.pictures.text_places import TextQuad

#: The network reads lines of this height in pixels.
_LINE_HEIGHT = 48
#: The narrowest line that it is given, in heights: a lone digit is set in white.
_NARROWEST = 1.0
#: Lines that are read at once, and the most pixels of width of all of them: more at once take more memory and no less time.
_MOST_LINES, _MOST_WIDTH = 8, 4_800
#: A page with a larger share of ideographs is Chinese or Japanese.
_MOST_IDEOGRAPHS = 0.3


@dataclass(frozen=True, slots=True)
class SeenChar:
    """A character of a line."""

    text: str
    #: Where its middle stands, as a share of the line's width.
    place: float
    #: How sure the network is of it, 0 to 1.
    certainty: float


@dataclass(frozen=True, slots=True)
class SeenText:
    """What a line of text says; nothing where the network sees no character."""

    chars: tuple[SeenChar, ...]
    #: The same read as letters, digits and signs alone, where it has ideographs.
    in_letters: "SeenText | None" = None

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(char.text for char in self.chars)

    @property
    def certainty(self) -> float:
        """The mean certainty of the characters, 0 where there is none."""
        return sum(char.certainty for char in self.chars) / len(self.chars) if self.chars else 0.0


def cut_out(picture: Any, quad: TextQuad) -> Any:
    """Return the part of a picture where `quad` stands, level, as high as the network wants it."""
    import cv2  # noqa: PLC0415 - loaded for pictures alone

    width = max(round(_LINE_HEIGHT * _NARROWEST), round(_LINE_HEIGHT * quad.width / max(quad.height, 1.0)))
    target = np.array([[0, 0], [width, 0], [width, _LINE_HEIGHT], [0, _LINE_HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.corners.astype(np.float32), target)
    # INTER_AREA has no meaning here: where a picture is much larger than a line, it was made smaller before.
    return cv2.warpPerspective(picture, matrix, (width, _LINE_HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def read_lines(cutouts: Sequence[Any]) -> list[SeenText]:
    """Return what each picture of a line says."""
    order = sorted(range(len(cutouts)), key=lambda i: cutouts[i].shape[1])
    lines: list[SeenText] = [SeenText(())] * len(cutouts)
    for batch in _batches(order, cutouts):
        for i, line in zip(batch, _read_batch([cutouts[i] for i in batch]), strict=True):
            lines[i] = line
    return lines


def _batches(order: Sequence[int], cutouts: Sequence[Any]) -> list[list[int]]:
    """Return the lines in groups of about equal widths."""
    batches: list[list[int]] = []
    for i in order:
        width = cutouts[i].shape[1]
        if batches and len(batches[-1]) < _MOST_LINES and width * (len(batches[-1]) + 1) <= _MOST_WIDTH:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _read_batch(cutouts: Sequence[Any]) -> list[SeenText]:
    widest = max(cutout.shape[1] for cutout in cutouts)
    pixels = np.zeros((len(cutouts), 3, _LINE_HEIGHT, widest), np.float32)
    for row, cutout in zip(pixels, cutouts, strict=True):
        row[:, :, : cutout.shape[1]] = cutout.transpose(2, 0, 1) / 127.5 - 1
    likely = networks.run(networks.reader(), pixels)
    return [_decode(steps, widest / cutout.shape[1]) for steps, cutout in zip(likely, cutouts, strict=True)]


def _decode(likely: Any, stretch: float) -> SeenText:
    """Return the characters of one line from the likelihood of each at each step, twice where it has ideographs: once without them."""
    line = _greedy(likely, likely.argmax(axis=1), stretch)
    ideographs = networks.ideographs()
    if not any(char.text > networks.LAST_SIGN for char in line.chars):
        return line
    without = _greedy(likely, np.where(ideographs, 0, likely).argmax(axis=1), stretch)
    return replace(line, in_letters=without)


def _greedy(likely: Any, best: Any, stretch: float) -> SeenText:
    """Return what the best output of each step says (connectionist temporal classification): equal ones in a row are one character."""
    alphabet = networks.alphabet()
    begins = np.flatnonzero((best != 0) & (np.r_[0, best[:-1]] != best))
    read = []
    for begin in begins:
        end = begin
        while end + 1 < len(best) and best[end + 1] == best[begin]:
            end += 1
        place = (begin + end + 1) / 2 / len(best) * stretch
        read.append(SeenChar(alphabet[best[begin]], min(place, 1.0), float(likely[begin : end + 1, best[begin]].max())))
    return SeenText(tuple(read))


def without_ideographs(lines: Sequence[SeenText]) -> list[SeenText]:
    """Return the lines of a page; where most of it is no Chinese, a stroke is no ideograph: "1" is one stroke, as is "一"."""
    texts = "".join(line.text for line in lines)
    share = sum(char > networks.LAST_SIGN for char in texts) / max(len(texts), 1)
    return [line.in_letters or line for line in lines] if share < _MOST_IDEOGRAPHS else list(lines)
