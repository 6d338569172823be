"""Zip archives unpacked within limits, and packed again without compression.

The workbook reader gets the repacked parts and never the archive that came in: sizes that lie, parts that overlap and local headers that
differ from the directory cannot reach it.
"""

import io
import zipfile
import zlib

from monito_ray.errors import FileDamaged, FileEncrypted, FileTooLarge

#: All parts of an archive together.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
UNPACKS_TOO_LARGE_REMEDY = "No price list unpacks to so much: copy its rows into a new workbook, and send that."
_ENCRYPTED_FLAG = 0x1
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
    total = sum(info.file_size for info in infos)
    if total > limit_bytes:
        too_much = f"{file_name}: unpacks to {total / 1e6:,.0f} MB, more than the {limit_bytes / 1e6:,.0f} MB that are read"
        raise FileTooLarge(too_much, UNPACKS_TOO_LARGE_REMEDY)
    # Some programs write backslashes between folder and file.
    return {info.filename.replace("\\", "/"): _unpack_part(archive, info, file_name) for info in infos if info.filename.endswith(suffixes)}


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
