"""OLE compound files: streams are read, and built so that they can be read again."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.files import ole


def _compound(name: str, content: bytes) -> bytes:
    """A compound file with one stream of at least 4,096 bytes."""
    sectors = -(-len(content) // 512)
    chain = [*range(3, 2 + sectors), 0xFFFFFFFE]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *chain] + [0xFFFFFFFF] * 128
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return (
        header
        + struct.pack("<128I", *table[:128])
        + _entry("Root Entry", 5, 0xFFFFFFFE, 0)
        + _entry(name, 2, 2, len(content))
        + bytes(256)
        + content
    )


def _entry(name: str, kind: int, first: int, size_bytes: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), kind)).ljust(116, b"\0") + struct.pack("<IQ", first, size_bytes)


@pytest.mark.parametrize("size_bytes", [0, 1, 4095, 4096, 4097, 5_000_000])
def test_a_rebuilt_compound_file_holds_the_same(size_bytes: int):
    """A stream comes back from the container made for it, filled up to the 4,096 bytes that make it a large one."""
    content = bytes(range(1, 251)) * (size_bytes // 250) + b"x" * (size_bytes % 250)
    stored = ole.open_compound_file(ole.build_compound_file("Workbook", content), "a.xls").read_stream("Workbook")
    assert stored == content.ljust(4096, b"\0")


def test_streams_of_compound_files_are_read():
    """A stream's content comes back whole, or up to a limit."""
    content = bytes(range(256)) * 40
    opened = ole.open_compound_file(_compound("Workbook", content), "a.xls")
    assert opened.read_stream("Workbook") == content
    assert opened.read_stream("Workbook", 1000) == content[:1000]


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(8, 1800), st.integers(0, 255)), max_size=12), end=st.integers(0, 8000))
def test_broken_compound_files_are_damaged_or_read(changes: list[tuple[int, int]], end: int):
    """Chains in circles, wild sector numbers and cut ends neither hang nor raise anything else."""
    data = bytearray(_compound("Workbook", bytes(5000)))
    for offset, value in changes:
        data[offset] = value
    try:
        opened = ole.open_compound_file(bytes(data[: end + 76]), "a.xls")
    except FileDamaged:
        return
    for name in opened.streams:
        assert len(opened.read_stream(name)) < 1 << 20
