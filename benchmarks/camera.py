"""A seeded camera: printed pages as scanners and telephones see them."""

import io
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from PIL import Image

#: The dots an inch in which pages are printed; each look makes fewer of it.
PRINTED_DPI = 300


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is seen."""

    kind: str
    picture: bytes
    said: str


def scan(page: np.ndarray, dice: Random, *, is_thermal: bool = False) -> Look:
    """Return a page as a flatbed scanner sees it, 150 to 300 dots an inch, a little askew; thermal paper is faded and streaked."""
    dpi, skew, quality = dice.choice([150, 200, 240, 300]), dice.uniform(-1.8, 1.8), dice.randrange(55, 92)
    grain = np.random.default_rng(dice.randrange(2**32))
    factor = dpi / PRINTED_DPI
    seen = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    height, width = seen.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    seen = cv2.warpAffine(seen, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if is_thermal:
        seen = _faded(seen, dice, grain)
    seen = cv2.GaussianBlur(seen, (0, 0), dice.uniform(0.3, 0.8))
    seen = np.clip(seen + grain.normal(0, dice.uniform(2, 8), seen.shape), 0, 255).astype(np.uint8)
    kind = "thermal" if is_thermal else "scan"
    return Look(kind, _jpeg(seen, quality), f"{dpi} dpi, {skew:+.1f} degrees, quality {quality}")


def photo(page: np.ndarray, dice: Random) -> Look:
    """Return a page as a telephone sees it: askew, in perspective, curled, in uneven light, out of focus a little, on a table."""
    grain = np.random.default_rng(dice.randrange(2**32))
    long_side, quality = dice.randrange(2400, 3600), dice.randrange(50, 88)
    curl, tilt, turn = dice.uniform(0, 0.035), dice.uniform(0.02, 0.16), dice.uniform(-7, 7)
    seen = _posed(page, dice, grain, curl, tilt, turn, long_side)
    seen = _lit(seen.astype(np.float32), dice)
    blur = dice.uniform(0.5, 1.3)
    seen = cv2.GaussianBlur(seen, (0, 0), blur)
    seen = np.clip(seen + grain.normal(0, dice.uniform(3, 10), seen.shape), 0, 255).astype(np.uint8)
    quarter = dice.choice([0, 0, 0, 0, 1, 2, 3])
    seen = np.ascontiguousarray(np.rot90(seen, quarter))
    said = f"{long_side} pixels, curl {curl:.3f}, tilt {tilt:.2f}, turned {turn:+.1f} and {quarter} quarters, blur {blur:.1f}, quality {quality}"
    return Look("photo", _jpeg(seen, quality), said)


def _posed(page: np.ndarray, dice: Random, grain: np.random.Generator, curl: float, tilt: float, turn: float, long_side: int) -> np.ndarray:
    """Return the page lying on a table, seen from above and aside."""
    factor = 0.86 * long_side / max(page.shape[:2])
    page = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    height, width = page.shape[:2]
    out_height, out_width = (long_side, int(long_side * 0.75)) if height >= width else (int(long_side * 0.75), long_side)
    out_width, out_height = max(out_width, int(width * 1.08)), max(out_height, int(height * 1.08))
    left, top = (out_width - width) / 2, (out_height - height) / 2
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    shrink = np.array([[dice.uniform(0, tilt) * width / 4, dice.uniform(0, tilt) * height / 4] for _ in range(4)])
    inward = shrink * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    posed = flat + inward + (left, top)
    middle = np.array([out_width / 2, out_height / 2])
    angle = np.deg2rad(turn * 0.6)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    posed = ((posed - middle) * 0.93 @ spin.T + middle).astype(np.float32)
    back = cv2.getPerspectiveTransform(posed, flat)
    x, y = np.meshgrid(np.arange(out_width, dtype=np.float32), np.arange(out_height, dtype=np.float32))
    w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    on_x = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w
    on_y = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w
    phase, waves = dice.uniform(0, 1), dice.uniform(0.4, 0.9)
    bend = np.sin((on_x / width * waves + phase) * 2 * np.pi) * curl * (0.6 + 0.4 * on_y / height)
    on_y = on_y + bend * width
    table = np.full(3, dice.uniform(60, 150)) + np.array([dice.uniform(0, 40), 0, -dice.uniform(0, 40)])
    seen = cv2.remap(page, on_x.astype(np.float32), on_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    outside = (on_x < 0) | (on_y < 0) | (on_x >= width) | (on_y >= height)
    wood = cv2.GaussianBlur(grain.normal(0, 60, (out_height, out_width)).astype(np.float32), (0, 0), 1, sigmaY=25)
    seen = seen.astype(np.float32)
    seen[outside] = table + wood[outside][:, None]
    return np.clip(seen, 0, 255)


def _lit(seen: np.ndarray, dice: Random) -> np.ndarray:
    """Return the picture in light that fades to one side, with the shadow of a hand or a head."""
    height, width = seen.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    angle = dice.uniform(0, 2 * np.pi)
    light = dice.uniform(0.75, 1.0) + dice.uniform(0.05, 0.22) * (x * np.cos(angle) + y * np.sin(angle))
    if dice.random() < 0.6:
        edge = dice.uniform(-0.5, 0.8)
        side = x * np.cos(angle + 1) + y * np.sin(angle + 1)
        light = light * (1 - dice.uniform(0.15, 0.45) / (1 + np.exp((side - edge) * dice.uniform(15, 60))))
    warm = np.array([1.0, dice.uniform(0.94, 1.0), dice.uniform(0.82, 1.0)], np.float32)
    return seen * light[:, :, None] * warm


def _faded(seen: np.ndarray, dice: Random, grain: np.random.Generator) -> np.ndarray:
    """Return the page as thermal paper: gray on yellow, paler in streaks."""
    width = seen.shape[1]
    streaks = cv2.GaussianBlur(grain.normal(0, 1, (1, width)).astype(np.float32), (0, 0), 3)
    streaks = 0.12 * streaks / max(float(np.abs(streaks).max()), 1e-6)
    strength = np.clip(dice.uniform(0.45, 0.8) + streaks, 0, 1)[:, :, None]
    paper = np.array([248, 244, dice.uniform(215, 240)], np.float32)
    return paper * (1 - strength * (1 - seen.astype(np.float32) / 255))


def _jpeg(seen: np.ndarray, quality: int) -> bytes:
    held = io.BytesIO()
    Image.fromarray(seen).save(held, "JPEG", quality=quality)
    return held.getvalue()
