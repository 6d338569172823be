"""Zip archives of lists: each file in it is read by itself."""

from collections.abc import Iterator

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive
from monito_ray.pipeline.files.members import Member, MemberBudget, OpenMember, is_left_beside, read_members, require_read


def read_zipped_lists(data: bytes, file_name: str, budget: MemberBudget, open_member: OpenMember) -> list[Sheet]:
    """Return the sheets of all files in a zip archive, named `file/sheet`; for one that cannot be read an empty sheet that says why.

    Hidden files and what programs leave beside those that people see is left out.

    Raises:
        FileTooLarge: the archive unpacks to more than is allowed.
        FileFormatUnknown: no file in it can be read.
        FileEmpty: there is none.
    """
    members = _members(data, file_name, budget.unpacked_bytes)
    return require_read(read_members(members, file_name, budget, open_member), file_name)


def _members(data: bytes, file_name: str, limit_bytes: int) -> Iterator[Member]:
    for name, content, error in archive.unpack_each(data, file_name, limit_bytes, is_left_beside):
        yield Member(name, content, error)
