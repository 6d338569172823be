"""The zip archive of a workbook."""

import io
import zipfile

import pytest

from monito_ray.clients.workbook import package as packages
from monito_ray.clients.workbook.package import ZipPackage


def test_members_can_be_read_by_any_zip_reader():
    """Names, contents and checksums are as written."""
    file = io.BytesIO()
    package = ZipPackage(file)
    package.add("a.xml", [b"one ", b"two" * 100_000])
    package.add("xl/ä.xml", [])
    package.finish()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.read("a.xml") == b"one " + b"two" * 100_000
        assert archive.namelist() == ["a.xml", "xl/ä.xml"]


def test_a_member_is_copied_deflated():
    """What another archive has deflated is not deflated again."""
    first, second = io.BytesIO(), io.BytesIO()
    member = ZipPackage(first).add("a.xml", [b"abc" * 1000])
    first.seek(member.start)
    package = ZipPackage(second)
    package.copy("b.xml", first, member.compressed, member.size, member.crc)
    package.finish()
    with zipfile.ZipFile(second) as archive:
        assert archive.read("b.xml") == b"abc" * 1000


def test_a_member_beyond_the_format_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Sizes that the headers cannot say are an error, not a damaged file."""
    monkeypatch.setattr(packages, "LARGEST_MEMBER", 1000)
    with pytest.raises(ValueError, match="larger than a zip archive"):
        ZipPackage(io.BytesIO()).add("a.xml", [bytes(2000)])
