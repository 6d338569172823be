"""Zip archives unpacked within limits, and packed again without compression.

The workbook reader gets the repacked parts and never the archive that came in: sizes that lie, parts that overlap and local headers that
differ from the directory cannot reach it.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from monito_ray.errors import FileDamaged, FileEncrypted, FileTooLarge, FileUnusable
from monito_ray.pipeline.files.texts.single_byte_encodings import detect_single_byte_encoding

#: All parts of an archive together.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
UNPACKS_TOO_LARGE_REMEDY = "No price list unpacks to so much: copy its rows into a new workbook, and send that."
_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def part_names(data: bytes, file_name: str) -> list[str]:
    """Return the names of the parts of the zip archive `data`.

    Raises:
        FileDamaged: the archive has no readable directory, as when its end is cut off.
    """
    return [info.filename for info in _open_archive(data, file_name).infolist()]


def unpack_parts(data: bytes, file_name: str, suffixes: tuple[str, ...], limit_bytes: int = MAX_UNPACKED_BYTES) -> dict[str, bytes]:
    """Return the parts of the zip archive `data` whose names end in one of `suffixes`, in the archive's order.

    Raises:
        FileTooLarge: all parts together, those with other suffixes too, would be larger than `limit_bytes`.
        FileEncrypted: a part wants a password.
        FileDamaged: a part is cut off, larger than the directory says, or fails its checksum.
    """
    archive = _open_archive(data, file_name)
    infos = archive.infolist()
    _refuse_large(infos, limit_bytes, file_name)
    # Some programs write backslashes between folder and file.
    return {info.filename.replace("\\", "/"): _unpack_part(archive, info, file_name) for info in infos if info.filename.endswith(suffixes)}


def unpack_each(
    data: bytes,
    file_name: str,
    limit_bytes: int,
    is_left_out: Callable[[str], bool],
    order: Callable[[str], Any] = lambda _: 0,
) -> Iterator[tuple[str, bytes, FileUnusable | None]]:
    """Yield name and content of the files in the zip archive `data`, one at a time; of one that cannot be unpacked the error.

    They come in the `order` of their names, those that are equal by it as they lie in the archive.

    Raises:
        FileTooLarge: all files together would be larger than `limit_bytes`.
        FileDamaged: the archive has no readable directory.
    """
    archive = _open_archive(data, file_name)
    _refuse_large(archive.infolist(), limit_bytes, file_name)
    for name, info in sorted(((_readable_name(info), info) for info in archive.infolist()), key=lambda pair: order(pair[0])):
        if is_left_out(name):
            continue
        try:
            content = _unpack_part(archive, info, name)
        except FileUnusable as error:
            yield name, b"", error
        else:
            yield name, content, None


def unpacked_bytes(data: bytes) -> int:
    """Return what the zip archive `data` unpacks to by its directory, for all other files the length of `data`."""
    if not data.startswith(b"PK"):
        return len(data)
    with suppress(FileDamaged):
        return sum(info.file_size for info in _open_archive(data, "").infolist())
    return len(data)


def _refuse_large(infos: Sequence[zipfile.ZipInfo], limit_bytes: int, file_name: str) -> None:
    total = sum(info.file_size for info in infos)
    if total > limit_bytes:
        too_much = f"{file_name}: unpacks to {total / 1e6:,.0f} MB, more than the {limit_bytes / 1e6:,.0f} MB that are read"
        raise FileTooLarge(too_much, UNPACKS_TOO_LARGE_REMEDY)


def _readable_name(info: zipfile.ZipInfo) -> str:
    """Return a file's name with slashes; one that does not say its encoding is in that of the system that packed it."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG and not name.isascii():
        packed = name.encode("cp437", "replace")  # as the library decoded it
        with suppress(UnicodeDecodeError):
            return packed.decode("utf-8").replace("\\", "/")
        name = packed.decode(detect_single_byte_encoding(packed), "replace")
    return name.replace("\\", "/")


def repack_parts(parts: dict[str, bytes]) -> io.BytesIO:
    """Return `parts` as a zip archive without compression: packing and unpacking it cost next to nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.seek(0)
    return packed


def _open_archive(data: bytes, file_name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileDamaged(f"{file_name}: the end of the file is missing or broken (an incomplete download?)") from None


def _unpack_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file_name: str) -> bytes:
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise FileEncrypted(f"{file_name}: is protected with a password")
    if info.compress_type not in _COMPRESSIONS:
        raise FileDamaged(f"{file_name}: {info.filename} is compressed in a way that no office program uses")
    try:
        with archive.open(info) as part:
            # One byte more than announced, so that a part that goes on is noticed; read() without a size would inflate all of it first.
            content = part.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        raise FileDamaged(f"{file_name}: {info.filename} inside it is broken") from None
    if len(content) != info.file_size:
        raise FileDamaged(f"{file_name}: {info.filename} inside it is cut off")
    return content
