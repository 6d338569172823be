"""Zip archives of lists: each file in it is read by itself, but pictures alone are the pages of one list."""

import re
from collections.abc import Iterator

from monito_ray.errors import FileWithoutText
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive
from monito_ray.pipeline.files.formats import PICTURE_SUFFIXES
from monito_ray.pipeline.files.members import Member, MemberBudget, OpenMember, is_left_beside, read_members, require_read
from monito_ray.pipeline.pictures.picture_files import read_pictures

_NUMBER = re.compile(r"(\d+)")


def read_zipped_lists(data: bytes, file_name: str, budget: MemberBudget, open_member: OpenMember) -> list[Sheet]:
    """Return the sheets of all files in a zip archive, named `file/sheet`; for one that cannot be read an empty sheet that says why.

    Hidden files and what programs leave beside those that people see is left out. Where all others are pictures, two or more, they are the pages of
    one list, in the order of their names, "page 2" before "page 10".

    Raises:
        FileTooLarge: the archive unpacks to more than is allowed.
        FileFormatUnknown: no file in it can be read.
        FileEmpty: there is none.
        FileWithoutText: all are pictures, and the extra `ocr` is not installed.
    """
    if _are_pages(archive.part_names(data, file_name)):
        return require_read(_read_pages(data, file_name, budget), file_name)
    members = _members(data, file_name, budget.unpacked_bytes)
    return require_read(read_members(members, file_name, budget, open_member), file_name)


def _members(data: bytes, file_name: str, limit_bytes: int) -> Iterator[Member]:
    for name, content, error in archive.unpack_each(data, file_name, limit_bytes, is_left_beside):
        yield Member(name, content, error)


def _read_pages(data: bytes, file_name: str, budget: MemberBudget) -> list[Sheet]:
    pages = archive.unpack_each(data, file_name, budget.unpacked_bytes, is_left_beside, _by_number)
    try:
        return read_pictures(((content, error) for _, content, error in pages), budget.pictures)
    except FileWithoutText as error:
        raise type(error)(f"{file_name}: {error}", error.remedy) from None


def _are_pages(names: list[str]) -> bool:
    seen = [name for name in (name.replace("\\", "/") for name in names) if not is_left_beside(name)]
    return len(seen) > 1 and all(name.lower().endswith(PICTURE_SUFFIXES) for name in seen)


def _by_number(name: str) -> list[tuple[int, str]]:
    """Return a key by which names are in the order in which people count them."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in _NUMBER.split(name)]
