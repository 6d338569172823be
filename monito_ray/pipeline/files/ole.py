"""OLE compound files, the container of xls and of encrypted workbooks: the names of their streams, and what a stream holds."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from monito_ray.errors import FileDamaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # greater values end a chain or mark what is no chain
_STREAM, _ROOT = 2, 5
_ENTRY_BYTES = 128
_HEADER_SLOTS = 109
_LARGE_SECTOR_BYTES = 4096
_SMALL_LIMIT_BYTES = 4096
_TABLE_SECTOR, _END_OF_CHAIN, _FREE_SECTOR = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class CompoundFile:
    """An opened compound file: each stream's name with its first sector and its size."""

    data: bytes
    streams: dict[str, tuple[int, int]]
    sector_bytes: int
    table: tuple[int, ...]
    small_table: tuple[int, ...]
    small: bytes
    small_limit: int

    def read(self, name: str, limit_bytes: int = 1 << 62) -> bytes:
        """What the stream holds, up to `limit_bytes`; what a damaged file no longer has is missing at the end."""
        first, size_bytes = self.streams[name]
        size_bytes = min(size_bytes, limit_bytes)
        if self.streams[name][1] < self.small_limit:
            return _small_chain(self.small, self.small_table, first)[:size_bytes]
        return _chain(self.data, self.table, first, self.sector_bytes, size_bytes)[:size_bytes]


def open_compound_file(data: bytes, file_name: str) -> CompoundFile:
    """Read the header, the sector tables and the directory.

    Raises:
        FileDamaged: one of them is missing or makes no sense.
    """
    try:
        return _open(data)
    except (struct.error, ValueError, IndexError):
        raise FileDamaged(f"{file_name}: the table of contents inside the file is broken (an incomplete download?)") from None


def build_compound_file(name: str, content: bytes) -> bytes:
    """A sound compound file with the one stream `name`: readers find in it what was checked, wherever the first file had it.

    Raises:
        ValueError: `content` is longer than 400 MB.
    """
    size = _LARGE_SECTOR_BYTES
    size_bytes = max(len(content), _SMALL_LIMIT_BYTES)
    sectors = -(-size_bytes // size)
    tables = -(-(sectors + 2) // (size // 4 - 1))
    if tables > _HEADER_SLOTS:
        raise ValueError(len(content))
    # The tables, the directory, a sector for small streams that readers want to see, and the content.
    first = tables + 2
    chains = [_TABLE_SECTOR] * tables + [_END_OF_CHAIN] * 2 + [*range(first + 1, first + sectors), _END_OF_CHAIN]
    chains += [_FREE_SECTOR] * (tables * (size // 4) - len(chains))
    header = MAGIC + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, tables, 0, _SMALL_LIMIT_BYTES, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0)
    header += struct.pack(f"<{_HEADER_SLOTS}I", *range(tables), *[_FREE_SECTOR] * (_HEADER_SLOTS - tables))
    listing = _entry("Root Entry", _ROOT, tables + 1, 64) + _entry(name, _STREAM, first, size_bytes)
    parts = (header, struct.pack(f"<{len(chains)}I", *chains), listing, bytes(size), content.ljust(sectors * size, b"\0"))
    return b"".join(part.ljust(size, b"\0") for part in parts)


def _entry(name: str, kind: int, first: int, size_bytes: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", len(encoded), kind, 1, *[_FREE_SECTOR] * 3)
    return head.ljust(116, b"\0") + struct.pack("<IQ", first, size_bytes)


def _open(data: bytes) -> CompoundFile:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError(shift)
    sector_bytes = 1 << shift
    first_directory, _, small_limit, first_small, _, first_more, _ = struct.unpack_from("<I4s5I", data, 48)
    table = _sector_table(data, sector_bytes, first_more)
    listing = _chain(data, table, first_directory, sector_bytes)
    streams: dict[str, tuple[int, int]] = {}
    small_table: tuple[int, ...] = ()
    small = b""
    for name, kind, first, size_bytes in _entries(listing):
        if kind == _STREAM:
            streams.setdefault(name, (first, size_bytes))
        elif kind == _ROOT:
            small = _chain(data, table, first, sector_bytes, size_bytes)
            small_table = _numbers(_chain(data, table, first_small, sector_bytes))
    if not listing:
        raise ValueError(first_directory)
    return CompoundFile(data, streams, sector_bytes, table, small_table, small, small_limit)


def _sector_table(data: bytes, sector_bytes: int, first_more: int) -> tuple[int, ...]:
    places = list(struct.unpack_from(f"<{_HEADER_SLOTS}I", data, 76))
    seen: set[int] = set()
    while first_more < _LAST_SECTOR and first_more not in seen:
        seen.add(first_more)
        more = _numbers(_sector(data, first_more, sector_bytes))
        places += more[:-1]
        first_more = more[-1]
    table: list[int] = []
    # No table is longer than the file has sectors, whatever its header says.
    for place in islice((place for place in places if place < _LAST_SECTOR), len(data) // sector_bytes + 1):
        table += _numbers(_sector(data, place, sector_bytes))
    return tuple(table)


def _entries(listing: bytes) -> Iterator[tuple[str, int, int, int]]:
    for start in range(0, len(listing) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        first, size_bytes = struct.unpack_from("<II", listing, start + 116)
        yield listing[start : start + 64].decode("utf-16-le", "replace").partition("\0")[0], listing[start + 66], first, size_bytes


def _sector(data: bytes, number: int, sector_bytes: int) -> bytes:
    start = (number + 1) * sector_bytes
    return data[start : start + sector_bytes]


def _chain(data: bytes, table: tuple[int, ...], sector: int, sector_bytes: int, size_bytes: int = 1 << 62) -> bytes:
    parts: list[bytes] = []
    # A chain that runs in a circle is longer than the table.
    while sector < _LAST_SECTOR and len(parts) <= len(table) and len(parts) * sector_bytes < size_bytes:
        parts.append(_sector(data, sector, sector_bytes))
        sector = table[sector] if sector < len(table) else _LAST_SECTOR
    return b"".join(parts)


def _small_chain(small: bytes, table: tuple[int, ...], sector: int) -> bytes:
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(table):
        parts.append(small[sector * 64 : sector * 64 + 64])
        sector = table[sector] if sector < len(table) else _LAST_SECTOR
    return b"".join(parts)


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
