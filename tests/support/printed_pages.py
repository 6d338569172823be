"""Short printed lists as scanners and telephones see them."""

import io
from collections.abc import Sequence

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

FONT = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
GOODS = [
    ("Coconut oil 500 ml", "Rp 45.000"),
    ("Palm sugar 1 kg", "Rp 28.500"),
    ("Sea salt 250 g", "Rp 9.500"),
    ("Black pepper 100 g", "Rp 31.000"),
    ("Cashew nuts 1 kg", "Rp 185.000"),
    ("Vanilla beans 50 g", "Rp 96.500"),
]
MORE_GOODS = [
    ("Brown rice 5 kg", "Rp 78.500"),
    ("White sugar 1 kg", "Rp 17.500"),
    ("Green tea 100 g", "Rp 24.000"),
    ("Ground coffee 250 g", "Rp 52.500"),
    ("Peanut butter 340 g", "Rp 43.000"),
    ("Soy sauce 600 ml", "Rp 26.500"),
    ("Rolled oats 800 g", "Rp 39.500"),
    ("Wheat flour 1 kg", "Rp 14.500"),
]


def printed_page(turned: float = 0.0, goods: Sequence[tuple[str, str]] = GOODS, titles: tuple[str, ...] = ("Item", "Price")) -> Image.Image:
    """Return a short list as a scanner sees it, turned by so many degrees."""
    page = Image.new("RGB", (900, 148 + 62 * len(goods)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 26)
    for x, title in zip((60, 700), titles, strict=False):
        pen.text((x, 30), title, fill="black", font=font)
    for n, (name, price) in enumerate(goods):
        pen.text((60, 90 + n * 62), name, fill="black", font=font)
        pen.text((820, 90 + n * 62), price, fill="black", font=font, anchor="ra")
    return page.rotate(turned, expand=True, fillcolor="white")


def picture_bytes(page: Image.Image, form: str = "JPEG") -> bytes:
    """Return a page as a file of that format."""
    held = io.BytesIO()
    page.save(held, form)
    return held.getvalue()
