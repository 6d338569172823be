"""A zip archive whose members may be copied compressed from an earlier one."""

import shutil
import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: Fastest: of the time to draw a long sheet half goes into deflating it at zlib's usual level, for a file that is a quarter smaller.
_LEVEL = 1
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
#: 1980-01-01, the first date of zip: equal sheets give equal files.
_DATE = 33
LARGEST_MEMBER = 0xFFFF_FFFF
_COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PackageMember:
    """A member of the archive: where its deflated bytes lie, and what they are."""

    name: str
    offset: int
    start: int
    compressed: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class DeflatedEnd:
    """The end of a member, deflated in a file of its own."""

    path: Path
    size: int
    crc: int


def deflate_end(chunks: Iterable[bytes], path: Path) -> DeflatedEnd:
    """Deflate the end of a member into a file at `path`."""
    with path.open("wb") as file:
        return DeflatedEnd(path, *_deflate(chunks, file, is_end=True))


class ZipPackage:
    """Writes members one after the other into an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members: list[PackageMember] = []

    def add(self, name: str, chunks: Iterable[bytes], take_rest: Callable[[], DeflatedEnd] | None = None) -> PackageMember:
        """Deflate and add a member; `take_rest` returns its end, which was deflated elsewhere meanwhile.

        Raises:
            ValueError: it is larger than a zip archive without extensions holds.
        """
        offset, start = self._open(name)
        size, crc = _deflate(chunks, self._file, is_end=take_rest is None)
        if take_rest:
            end = take_rest()
            with end.path.open("rb") as source:
                shutil.copyfileobj(source, self._file, _COPY_BYTES)
            size, crc = size + end.size, _joined_crc(crc, end)
        return self._close(PackageMember(name, offset, start, self._file.tell() - start, size, crc))

    def copy(self, name: str, source: BinaryIO, compressed: int, size: int, crc: int) -> PackageMember:
        """Add a member from its deflated bytes in `source`."""
        offset, start = self._open(name)
        left = compressed
        while left and (part := source.read(min(left, _COPY_BYTES))):
            self._file.write(part)
            left -= len(part)
        return self._close(PackageMember(name, offset, start, compressed - left, size, crc))

    def finish(self) -> None:
        """Write the directory of the members."""
        start = self._file.tell()
        for member in self._members:
            name = member.name.encode()
            sizes = member.crc, member.compressed, member.size
            entry = _VERSION, _VERSION, _UTF8, _DEFLATED, 0, _DATE, *sizes, len(name), 0, 0, 0, 0, 0, member.offset
            self._file.write(_CENTRAL.pack(b"PK\x01\x02", *entry) + name)
        end = self._file.tell()
        self._file.write(_END.pack(b"PK\x05\x06", 0, 0, len(self._members), len(self._members), end - start, start, 0))

    def _open(self, name: str) -> tuple[int, int]:
        """Leave room for the member's header, and return where that and the bytes after it begin."""
        offset = self._file.tell()
        self._file.write(bytes(_LOCAL.size) + name.encode())
        return offset, self._file.tell()

    def _close(self, member: PackageMember) -> PackageMember:
        end = self._file.tell()
        if max(member.size, end) > LARGEST_MEMBER:
            raise ValueError(f"{member.name} is larger than a zip archive can hold")
        header = _VERSION, _UTF8, _DEFLATED, 0, _DATE, member.crc, member.compressed, member.size, len(member.name.encode()), 0
        self._file.seek(member.offset)
        self._file.write(_LOCAL.pack(b"PK\x03\x04", *header))
        self._file.seek(end)
        self._members.append(member)
        return member


def _deflate(chunks: Iterable[bytes], file: BinaryIO, *, is_end: bool) -> tuple[int, int]:
    """Write chunks deflated, so that they end the member or that others can follow, and return their size and CRC."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    size = crc = 0
    # zlib lets go of Python's lock, so the next chunk is made while this one is deflated.
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(deflate.compress, b"")
        for chunk in chunks:
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            file.write(pending.result())
            pending = pool.submit(deflate.compress, chunk)
        file.write(pending.result())
    file.write(deflate.flush(zlib.Z_FINISH if is_end else zlib.Z_FULL_FLUSH))
    return size, crc


def _joined_crc(crc: int, end: DeflatedEnd) -> int:
    """Return the CRC of bytes and the end that follows them: the register after as many zeros, less what it is from nothing."""
    after, from_nothing, left = crc, 0, end.size
    while left:
        zeros = bytes(min(left, _COPY_BYTES))
        after, from_nothing, left = zlib.crc32(zeros, after), zlib.crc32(zeros, from_nothing), left - len(zeros)
    return after ^ from_nothing ^ end.crc
