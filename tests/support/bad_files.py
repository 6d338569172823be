"""Files that no price list can be read from, made when they are needed: each has one fault, and a name that hides it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

BOMB_BYTES = 1 << 31
_CRC_OF_BOMB = 0x4DBDF21C  # of BOMB_BYTES zero bytes
_MEGABYTE = bytes(1 << 20)


def workbook(rows: Sequence[Sequence[object]] = (("Item", "Price"), ("Oat biscuits 300 g", 21500), ("Plum jam 340 g", 48000))) -> bytes:
    """An xlsx of one sheet with `rows`."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of `book` as xlsx."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def picture() -> bytes:
    """A PNG of one white dot."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\x00\xff")), (b"IEND", b""))
    packed = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def truncated() -> bytes:
    """The first two thirds of a workbook, as after a broken download."""
    whole = workbook()
    return whole[: len(whole) * 2 // 3]


def encrypted() -> bytes:
    """A workbook with a password."""
    content = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook())).encrypt("secret", content)
    return content.getvalue()


def without_prices() -> bytes:
    """A workbook that lists goods without prices."""
    return workbook((("Item", "Colour", "Shelf"), ("Garden chair", "green", "left"), ("Folding table", "white", "left")))


def over_size() -> bytes:
    """A csv that could be read, but is larger than 20 MB."""
    return b"Item,Price\n" + b"Oat biscuits in a rather long description of their box,21500\n" * 360_000


def bomb(announced_bytes: int = BOMB_BYTES) -> bytes:
    """A workbook of 2 MB with a part that unpacks to 2 GB; its directory gives that part `announced_bytes`."""
    content = io.BytesIO(workbook())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(_MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(_MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    body = first + again * (BOMB_BYTES // len(_MEGABYTE) - 1) + packer.flush(zlib.Z_FINISH)
    return _with_last_part(content.getvalue(), body, announced_bytes)


def _with_last_part(archive: bytes, body: bytes, announced_bytes: int) -> bytes:
    """`archive` with `body`, deflated bytes, in place of its last and empty part."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        last = opened.infolist()[-1]
        directory = opened.start_dir
    entry = archive.rindex(b"PK\x01\x02")
    sizes = struct.pack("<HIIII", zipfile.ZIP_DEFLATED, 0, _CRC_OF_BOMB, len(body), announced_bytes)
    local = archive[last.header_offset : directory]
    local = local[:8] + sizes + local[26:]
    listing = archive[directory:entry] + archive[entry : entry + 10] + sizes + archive[entry + 28 :]
    end = listing.rindex(b"PK\x05\x06")
    start = last.header_offset + len(local) + len(body)
    return archive[: last.header_offset] + local + body + listing[: end + 16] + struct.pack("<I", start) + listing[end + 20 :]


def whole_grid() -> bytes:
    """A workbook with one cell in the first corner of the sheet and one in the last."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Price list"
    book.worksheets[0]["XFD1048576"] = "."
    return saved(book)


def scan() -> bytes:
    """A PDF of one page that is a picture, without a letter of text."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</P 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 29>>stream\nq 200 0 0 200 0 0 cm /P Do Q \nendstream",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\xc0\nendstream",
    )
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)


_MAKERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("empty.xlsx", bytes),
    "picture": ("picture.xlsx", picture),
    "truncated": ("truncated.xlsx", truncated),
    "encrypted": ("encrypted.xlsx", encrypted),
    "scan": ("scan.pdf", scan),
    "without_prices": ("without_prices.xlsx", without_prices),
    "over_size": ("over_size.csv", over_size),
    "bomb": ("bomb.xlsx", bomb),
    "whole_grid": ("whole_grid.xlsx", whole_grid),
}


def make_all(folder: Path) -> dict[str, Path]:
    """Write every bad file into `folder` and return its path by its fault; no file is at the path of `missing`."""
    paths = {"missing": folder / "missing.xlsx"}
    for fault, (name, make) in _MAKERS.items():
        paths[fault] = folder / name
        paths[fault].write_bytes(make())
    return paths
