"""Pictures of lists are read into sheets; what cannot be read is one line."""

import io
import struct
import zlib

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from monito_ray.errors import FileDamaged, FileTooCostly, FileWithoutText
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.pictures import networks
from monito_ray.pipeline.rows.price_list import read_price_list

_FONT = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
_GOODS = [
    ("Coconut oil 500 ml", "Rp 45.000"),
    ("Palm sugar 1 kg", "Rp 28.500"),
    ("Sea salt 250 g", "Rp 9.500"),
    ("Black pepper 100 g", "Rp 31.000"),
    ("Cashew nuts 1 kg", "Rp 185.000"),
    ("Vanilla beans 50 g", "Rp 96.500"),
]
needs_ocr = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")


def _page(turned: float = 0.0) -> Image.Image:
    """A short list as a scanner sees it, turned by so many degrees."""
    page = Image.new("RGB", (900, 520), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(_FONT, 26)
    pen.text((60, 30), "Item", fill="black", font=font)
    pen.text((700, 30), "Price", fill="black", font=font)
    for n, (name, price) in enumerate(_GOODS):
        pen.text((60, 90 + n * 62), name, fill="black", font=font)
        pen.text((820, 90 + n * 62), price, fill="black", font=font, anchor="ra")
    return page.rotate(turned, expand=True, fillcolor="white")


def _bytes(page: Image.Image, suffix: str = "JPEG") -> bytes:
    held = io.BytesIO()
    page.save(held, suffix)
    return held.getvalue()


def _read(data: bytes) -> list[tuple[str, str]]:
    rows = read_price_list(data, "list").rows.to_pylist()
    return [(row["original_name"], f"Rp {row['price']:,.0f}".replace(",", ".")) for row in rows if row["price"]]


@needs_ocr
@pytest.mark.parametrize(("turned", "suffix"), [(1.5, "JPEG"), (180.0, "PNG"), (88.0, "WEBP")])
def test_a_picture_gives_its_rows_whatever_way_up_it_stands(turned, suffix):
    """Names and prices come as they stand on the paper."""
    assert _read(_bytes(_page(turned), suffix)) == _GOODS


@needs_ocr
def test_a_pdf_of_a_scan_is_read_as_the_picture_that_it_is():
    """Pages without text are drawn and read; they are pages of a picture, whose figures may be doubted."""
    data = _bytes(_page(), "PDF")
    assert all(sheet.is_picture for sheet in open_sheets(data, "scan.pdf"))
    assert _read(data) == _GOODS


@needs_ocr
def test_a_picture_without_text_is_said_to_be_one():
    """A wall is no list."""
    with pytest.raises(FileWithoutText, match=r"wall\.jpg: is a picture without text"):
        open_sheets(_bytes(Image.fromarray(np.full((300, 400, 3), 120, np.uint8))), "wall.jpg")


@needs_ocr
def test_a_damaged_picture_is_said_to_be_one():
    """Half a picture is refused in one line."""
    with pytest.raises(FileDamaged, match="cannot be opened"):
        open_sheets(b"\xff\xd8\xff\xe0" + b"no picture" * 20, "list.jpg")


@needs_ocr
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    """A few bytes may claim to be 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(FileTooCostly, match=r"60,000 x 60,000 pixels"):
        open_sheets(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")), "bomb.png")


def test_without_the_extra_a_picture_is_refused_with_how_to_get_it(monkeypatch):
    """One line names what is missing, for pictures and for PDFs of pictures."""
    monkeypatch.setattr(networks, "_PACKAGES", ("no_package_has_this_name",))
    networks.is_installed.cache_clear()
    try:
        for data, name in ((_bytes(_page()), "list.jpg"), (_bytes(_page(), "PDF"), "list.pdf")):
            with pytest.raises(FileWithoutText) as refused:
                open_sheets(data, name)
            assert str(refused.value).startswith(f"{name}: is a ")
            assert "monito-ray[ocr]" in refused.value.remedy
    finally:
        networks.is_installed.cache_clear()
