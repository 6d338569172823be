"""Pictures of lists are read into sheets; what cannot be read is one line."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image
from printed_pages import GOODS, MORE_GOODS, picture_bytes, printed_page

from monito_ray.errors import FileDamaged, FileTooCostly, FileWithoutText
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.pictures import networks
from monito_ray.pipeline.pictures.decoding import decode_picture
from monito_ray.pipeline.pictures.page_plan import PagesLeft, read_some_pages, read_with_pages
from monito_ray.pipeline.rows.price_list import PriceList, read_price_list

DATA = Path(__file__).parents[3] / "data" / "pictures"
needs_ocr = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")


def _read(data: bytes) -> list[tuple[str, str]]:
    rows = read_price_list(data, "list").rows.to_pylist()
    return [(row["original_name"], f"Rp {row['price']:,.0f}".replace(",", ".")) for row in rows if row["price"]]


@needs_ocr
@pytest.mark.parametrize(("turned", "suffix"), [(1.5, "JPEG"), (180.0, "PNG"), (88.0, "WEBP")])
def test_a_picture_gives_its_rows_whatever_way_up_it_stands(turned, suffix):
    """Names and prices come as they stand on the paper."""
    assert _read(picture_bytes(printed_page(turned), suffix)) == GOODS


@needs_ocr
def test_a_photo_of_an_iphone_that_is_sent_as_a_file_is_read():
    """HEIC, which nothing here writes: the page is the one of the tests above, saved once; what is cut off is damaged."""
    data = (DATA / "page.heic").read_bytes()
    assert _read(data) == GOODS
    with pytest.raises(FileDamaged):
        open_sheets(data[:2000], "photo.heic")


@needs_ocr
def test_a_damaged_heic_is_read_or_refused():
    """Whatever its library says of bytes that were changed or cut off, it is one of our errors."""
    dice = Random(5)  # noqa: S311
    whole = (DATA / "page.heic").read_bytes()
    refused = 0
    for _ in range(1_500):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 2, 8, 40))):
            data[dice.randrange(min(len(data), dice.choice((600, len(data)))))] = dice.choice((0, 255, dice.randrange(256)))
        try:
            decode_picture(bytes(data[: dice.randrange(len(data))] if dice.random() < 0.2 else data))
        except (FileDamaged, FileTooCostly):
            refused += 1
    assert 100 < refused < 1_500


@needs_ocr
def test_a_pdf_of_a_scan_is_read_as_the_picture_that_it_is():
    """Pages without text are drawn and read; they are pages of a picture, whose figures may be doubted."""
    data = picture_bytes(printed_page(), "PDF")
    assert all(sheet.is_picture for sheet in open_sheets(data, "scan.pdf"))
    assert _read(data) == GOODS


def _archive(**pictures: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in pictures.items():
            archive.writestr(f"{name}.jpg", data)
    return held.getvalue()


@needs_ocr
def test_pictures_in_an_archive_are_the_pages_of_one_list():
    """In the order of their numbers; the columns go on, and a page that is there again, in the same bytes or as another picture, is read once."""
    first, second = printed_page(), printed_page(goods=MORE_GOODS, titles=())
    pages = {
        "IMG_10": picture_bytes(second),
        "IMG_9": picture_bytes(first),
        "IMG_11": picture_bytes(first),
        "IMG_12": picture_bytes(second.rotate(1, fillcolor="white")),
    }
    read = read_price_list(_archive(**pages, IMG_13=b"\xff\xd8\xff\xe0 no picture"), "photo.jpg")
    rows = read.rows.to_pylist()
    assert [(row["original_name"], row["source_sheet"]) for row in rows] == [
        *((name, "page 1") for name, _ in GOODS),
        *((name, "page 2") for name, _ in MORE_GOODS),
    ]
    assert [f"Rp {row['price']:,.0f}".replace(",", ".") for row in rows] == [price for _, price in (*GOODS, *MORE_GOODS)]
    assert read.notes == (
        "Page 3: repeats page 1 and was read once",
        "Page 5: the picture cannot be opened",
        "sheet 'page 4' repeats sheet 'page 2' and was read once",
    )


def _read_apart(data: bytes, name: str) -> PriceList:
    """Read a list whose pages are read one by one, as by other processes."""
    with pytest.raises(PagesLeft) as raised:
        read_with_pages(read_price_list, {}, data, name)
    others = read_some_pages(open_sheets, raised.value.numbers, data, name)
    return read_with_pages(read_price_list, {**raised.value.read, **others}, data, name)


@needs_ocr
def test_pages_that_are_read_apart_make_the_same_list():
    """Of an archive and of a scan; a page without text is left out in both."""
    first, second = printed_page(), printed_page(goods=MORE_GOODS, titles=())
    archive = _archive(a=picture_bytes(first), b=picture_bytes(second))
    held = io.BytesIO()
    first.save(held, "PDF", save_all=True, append_images=[Image.new("RGB", first.size, "white"), second])
    for data, name in ((archive, "album.zip"), (held.getvalue(), "scan.pdf")):
        apart, together = _read_apart(data, name), read_price_list(data, name)
        assert apart.rows.equals(together.rows)
        assert (apart.notes, apart.certainty) == (together.notes, together.certainty)
        assert [row["original_name"] for row in apart.rows.to_pylist()] == [name for name, _ in (*GOODS, *MORE_GOODS)]


@needs_ocr
def test_a_picture_without_text_is_said_to_be_one():
    """A wall is no list."""
    with pytest.raises(FileWithoutText, match=r"wall\.jpg: is a picture without text"):
        open_sheets(picture_bytes(Image.fromarray(np.full((300, 400, 3), 120, np.uint8))), "wall.jpg")


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
        page, scan = picture_bytes(printed_page()), picture_bytes(printed_page(), "PDF")
        for data, name in ((page, "list.jpg"), (scan, "list.pdf"), (_archive(IMG_1=page, IMG_2=page), "list.zip")):
            with pytest.raises(FileWithoutText) as refused:
                open_sheets(data, name)
            assert str(refused.value).startswith(f"{name}: is a ")
            assert "monito-ray[ocr]" in refused.value.remedy
    finally:
        networks.is_installed.cache_clear()
