"""Zip archives: unpacked within limits, repacked whole."""

import io
import struct
import sys
import zipfile

import pytest
from bad_files import bomb, workbook

from monito_ray import errors
from monito_ray.pipeline.files.archive import repack_parts, unpack_parts
from monito_ray.pipeline.files.open import open_sheets


@pytest.mark.parametrize("announced_bytes", [0, 100, 5_000_000])
def test_a_part_larger_than_announced_is_not_unpacked(announced_bytes: int):
    """An archive that lies about a part of 2 GB is damaged, and costs no more memory than it announces."""
    resource = pytest.importorskip("resource")
    data = bomb(announced_bytes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(errors.FileDamaged, match=r"sheet2\.xml"):
        open_sheets(data, "lie.xlsx")
    unit = 1 if sys.platform == "darwin" else 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 100_000_000


def test_the_limit_counts_all_parts():
    """What an archive unpacks to is limited as a whole, those that are not read included."""
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        total = sum(info.file_size for info in archive.infolist())
    assert open_sheets(data, "a.xlsx", total)
    with pytest.raises(errors.FileTooLarge):
        open_sheets(data, "a.xlsx", total - 1)


def test_repacking_keeps_every_part():
    """A repacked archive holds the same parts."""
    data = workbook()
    parts = unpack_parts(data, "a.xlsx", ("",))
    assert len(parts) > 5
    assert unpack_parts(repack_parts(parts).getvalue(), "a.xlsx", ("",)) == parts


def test_a_part_with_a_password_is_encrypted():
    """A zip archive whose parts want a password is refused as such."""
    data = bytearray(workbook())
    for offset in _directory_entries(bytes(data)):
        struct.pack_into("<H", data, offset + 8, 1)
    with pytest.raises(errors.FileEncrypted):
        open_sheets(bytes(data), "a.xlsx")


def _directory_entries(data: bytes) -> list[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        offset, offsets = archive.start_dir, []
    while data[offset : offset + 4] == b"PK\x01\x02":
        offsets.append(offset)
        offset += 46 + sum(struct.unpack_from("<HHH", data, offset + 28))
    return offsets
