"""Bytes of a picture to pixels, within limits that hold before anything is unpacked."""

import io
from functools import cache
from typing import Any

import numpy as np

from monito_ray import errors
from monito_ray.isolation.limits import MAX_PICTURE_PIXELS, PICTURE_SIDE
from monito_ray.pipeline.pictures import networks

#: The formats that are opened; Pillow knows many more, which nobody photographs a list in.
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def decode_picture(data: bytes) -> Any:
    """Return a picture as an array of height x width x 3, the way up that its camera says, white where it is transparent.

    Raises:
        FileWithoutText: the extra `ocr` is not installed.
        FileDamaged: it cannot be decoded.
        FileTooCostly: it has more pixels than a page needs.
    """
    networks.require_installed()
    _open_heif()
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - loaded for pictures alone

    Image.MAX_IMAGE_PIXELS = None  # the limit is our own, and holds before anything is unpacked
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PICTURE_PIXELS:
                raise errors.FileTooCostly(
                    f"has {width:,} x {height:,} pixels, more than the {MAX_PICTURE_PIXELS / 1e6:,.0f} million that are read",
                    "Send a smaller picture: 3,000 pixels on the longer side are enough.",
                )
            opened.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))  # lets a JPEG be unpacked at a half or a quarter of its size
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
            return np.array(_on_white(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError) as error:  # the last two are libheif's
        raise errors.FileDamaged("the picture cannot be opened") from error


@cache
def _open_heif() -> None:
    """Let Pillow open HEIC; its thumbnails and depth images are left alone."""
    import pi_heif  # noqa: PLC0415 - loaded for pictures alone

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _on_white(picture: Any) -> Any:
    from PIL import Image  # noqa: PLC0415

    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    page = Image.new("RGBA", layered.size, "white")
    page.alpha_composite(layered)
    return page.convert("RGB")
