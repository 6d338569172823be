"""OLE compound files, the container of xls and of encrypted workbooks: a file system of streams in one file ([MS-CFB]).

A file is cut into sectors of equal size. A sector table has for each sector the next one of its stream; small streams lie in sectors of 64
bytes inside a stream of the root entry. The directory names the streams with their first sectors.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from monito_ray.errors import FileDamaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Greater values in a sector table end a chain or mark what is no chain.
_LAST_SECTOR = 0xFFFFFFFA
_TABLE_SECTOR, _END_OF_CHAIN, _FREE_SECTOR = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
_STREAM_ENTRY, _ROOT_ENTRY = 2, 5
_ENTRY_BYTES = 128
_SMALL_SECTOR_BYTES = 64
#: Sectors of the table that the header itself names; more are named in sectors of their own.
_HEADER_SLOTS = 109
#: Sectors of the files that we build (version 4), and from what size on their streams lie in them.
_BUILT_SECTOR_BYTES = 4096
_SMALL_STREAM_BYTES = 4096
_NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class CompoundFile:
    """An opened compound file."""

    data: bytes
    #: The first sector and the size in bytes of each stream.
    streams: dict[str, tuple[int, int]]
    sector_bytes: int
    table: tuple[int, ...]
    small_table: tuple[int, ...]
    #: The content of all small sectors.
    small: bytes
    #: Streams of fewer bytes lie in small sectors.
    small_limit: int

    def read_stream(self, name: str, limit_bytes: int = _NO_LIMIT) -> bytes:
        """Return what the stream holds, up to `limit_bytes`; the end is missing where the file is cut off."""
        first, size_bytes = self.streams[name]
        read_bytes = min(size_bytes, limit_bytes)
        if size_bytes < self.small_limit:
            return _read_small_chain(self.small, self.small_table, first)[:read_bytes]
        return _read_chain(self.data, self.table, first, self.sector_bytes, read_bytes)[:read_bytes]


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
    """Return a sound compound file with the one stream `name`.

    Readers find in it what was checked, wherever the file that came in had it.

    Raises:
        ValueError: `content` is longer than 400 MB.
    """
    sector_bytes = _BUILT_SECTOR_BYTES
    size_bytes = max(len(content), _SMALL_STREAM_BYTES)
    sectors = -(-size_bytes // sector_bytes)
    tables = -(-(sectors + 2) // (sector_bytes // 4 - 1))
    if tables > _HEADER_SLOTS:
        raise ValueError(len(content))
    # In this order: the sector tables, the directory, a sector for small streams that readers expect to exist, the content.
    first = tables + 2
    chains = [_TABLE_SECTOR] * tables + [_END_OF_CHAIN] * 2 + [*range(first + 1, first + sectors), _END_OF_CHAIN]
    chains += [_FREE_SECTOR] * (tables * (sector_bytes // 4) - len(chains))
    directory = _pack_entry("Root Entry", _ROOT_ENTRY, tables + 1, _SMALL_SECTOR_BYTES) + _pack_entry(
        name, _STREAM_ENTRY, first, size_bytes
    )
    parts = (
        _pack_header(tables),
        struct.pack(f"<{len(chains)}I", *chains),
        directory,
        bytes(sector_bytes),
        content.ljust(sectors * sector_bytes, b"\0"),
    )
    return b"".join(part.ljust(sector_bytes, b"\0") for part in parts)


def _pack_header(tables: int) -> bytes:
    header = MAGIC + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, tables, 0, _SMALL_STREAM_BYTES, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0)
    return header + struct.pack(f"<{_HEADER_SLOTS}I", *range(tables), *[_FREE_SECTOR] * (_HEADER_SLOTS - tables))


def _pack_entry(name: str, kind: int, first: int, size_bytes: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", len(encoded), kind, 1, *[_FREE_SECTOR] * 3)
    return head.ljust(116, b"\0") + struct.pack("<IQ", first, size_bytes)


def _open(data: bytes) -> CompoundFile:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError(shift)
    sector_bytes = 1 << shift
    first_directory, _, small_limit, first_small, _, first_more, _ = struct.unpack_from("<I4s5I", data, 48)
    table = _read_sector_table(data, sector_bytes, first_more)
    directory = _read_chain(data, table, first_directory, sector_bytes)
    if not directory:
        raise ValueError(first_directory)
    streams: dict[str, tuple[int, int]] = {}
    small_table: tuple[int, ...] = ()
    small = b""
    for name, kind, first, size_bytes in _entries(directory):
        if kind == _STREAM_ENTRY:
            streams.setdefault(name, (first, size_bytes))
        elif kind == _ROOT_ENTRY:
            small = _read_chain(data, table, first, sector_bytes, size_bytes)
            small_table = _unpack_numbers(_read_chain(data, table, first_small, sector_bytes))
    return CompoundFile(data, streams, sector_bytes, table, small_table, small, small_limit)


def _read_sector_table(data: bytes, sector_bytes: int, first_more: int) -> tuple[int, ...]:
    """Return the next sector of each sector; `first_more` is the first of the sectors that name what the header has no room for."""
    table_sectors = list(struct.unpack_from(f"<{_HEADER_SLOTS}I", data, 76))
    seen: set[int] = set()
    while first_more < _LAST_SECTOR and first_more not in seen:
        seen.add(first_more)
        more = _unpack_numbers(_read_sector(data, first_more, sector_bytes))
        table_sectors += more[:-1]
        first_more = more[-1]
    table: list[int] = []
    # No table is longer than the file has sectors, whatever its header says.
    for sector in islice((sector for sector in table_sectors if sector < _LAST_SECTOR), len(data) // sector_bytes + 1):
        table += _unpack_numbers(_read_sector(data, sector, sector_bytes))
    return tuple(table)


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, kind, first sector and size in bytes of each entry."""
    for start in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        first, size_bytes = struct.unpack_from("<II", directory, start + 116)
        name = directory[start : start + 64].decode("utf-16-le", "replace").partition("\0")[0]
        yield name, directory[start + 66], first, size_bytes


def _read_sector(data: bytes, sector: int, sector_bytes: int) -> bytes:
    start = (sector + 1) * sector_bytes  # the header comes first
    return data[start : start + sector_bytes]


def _read_chain(data: bytes, table: tuple[int, ...], sector: int, sector_bytes: int, size_bytes: int = _NO_LIMIT) -> bytes:
    parts: list[bytes] = []
    # A chain that runs in a circle is longer than the table.
    while sector < _LAST_SECTOR and len(parts) <= len(table) and len(parts) * sector_bytes < size_bytes:
        parts.append(_read_sector(data, sector, sector_bytes))
        sector = table[sector] if sector < len(table) else _LAST_SECTOR
    return b"".join(parts)


def _read_small_chain(small: bytes, table: tuple[int, ...], sector: int) -> bytes:
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(table):
        parts.append(small[sector * _SMALL_SECTOR_BYTES : (sector + 1) * _SMALL_SECTOR_BYTES])
        sector = table[sector] if sector < len(table) else _LAST_SECTOR
    return b"".join(parts)


def _unpack_numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
