"""Files within a file: the lists of a zip archive, the attachments of a mail. Each is read by itself, and one that cannot be is said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from monito_ray.errors import FileEmpty, FileFormatUnknown, FileTooLarge, FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive
from monito_ray.pipeline.files.excel import MAX_WORKBOOK_CELLS
from monito_ray.pipeline.pictures.picture_files import PictureBudget

#: More files in one are no price lists; each may cost seconds.
MAX_MEMBERS = 100
#: Files in files in files.
MAX_NESTING = 3
#: A remark about a file that is not read has at most this many characters.
_LONGEST_REMARK = 200
#: Names of files that programs leave beside the ones that people see.
_LEFT_BESIDE = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file, or why there is none."""

    name: str
    data: bytes = b""
    error: FileUnusable | None = None


@dataclass(slots=True)
class MemberBudget:
    """What may still be unpacked and read of one file, whatever is nested in it."""

    unpacked_bytes: int
    cells: int = MAX_WORKBOOK_CELLS
    members: int = MAX_MEMBERS
    nesting: int = MAX_NESTING
    pictures: PictureBudget = field(default_factory=PictureBudget)


#: Reads a file of this name within a budget.
OpenMember = Callable[[bytes, str, MemberBudget], list[Sheet]]


def is_left_beside(name: str) -> bool:
    """Whether a file of this name is hidden, a folder, or left by a program beside what people see."""
    parts = PurePosixPath(name).parts
    if not parts or name.endswith("/"):
        return True
    return "__MACOSX" in parts or any(part.startswith((".", "~$")) for part in parts) or parts[-1].lower() in _LEFT_BESIDE


def read_members(members: Iterable[Member], file_name: str, budget: MemberBudget, open_member: OpenMember) -> list[Sheet]:
    """Return the sheets of all members, named `member/sheet`; for a member that cannot be read an empty sheet that says why.

    Raises:
        FileFormatUnknown: `file_name` is nested too deep.
        FileTooLarge: all sheets together have more cells than are allowed.
    """
    if budget.nesting == 0:
        raise FileFormatUnknown(f"{file_name}: is packed too often to be read")
    sheets: list[Sheet] = []
    budget.nesting -= 1
    try:
        for member in members:
            budget.members -= 1
            if budget.members < 0:
                sheets.append(_unread(member, f"{member.name} and what follows it: more than {MAX_MEMBERS} files are not read"))
                break
            sheets += _read_member(member, budget, open_member)
    finally:
        budget.nesting += 1
    return sheets


def _read_member(member: Member, budget: MemberBudget, open_member: OpenMember) -> list[Sheet]:
    try:
        if member.error:
            raise member.error
        sheets = open_member(member.data, member.name, budget)
    except FileUnusable as error:
        return [_unread(member, str(error))]
    finally:
        budget.unpacked_bytes -= archive.unpacked_bytes(member.data)
    budget.cells -= sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in sheets if sheet.rows)
    if budget.cells < 0:
        raise FileTooLarge(f"{member.name}: the lists together have more than {MAX_WORKBOOK_CELLS:,} cells")
    return [replace(sheet, name=f"{member.name}/{sheet.name}", member=f"{member.name}/{sheet.member}") for sheet in sheets]


def _unread(member: Member, reason: str) -> Sheet:
    return Sheet(member.name, [], member=member.name, unread=reason[:_LONGEST_REMARK])


def require_read(sheets: list[Sheet], file_name: str) -> list[Sheet]:
    """Return `sheets` if one of them was read.

    Raises:
        FileFormatUnknown: all say why they were not.
        FileEmpty: there are none.
    """
    if not sheets:
        raise FileEmpty(f"{file_name}: there is no file in it")
    if all(sheet.unread for sheet in sheets):
        more = f" (and {len(sheets) - 1} more like it)" if len(sheets) > 1 else ""
        raise FileFormatUnknown(f"{file_name}: no file in it can be read: {sheets[0].unread}{more}")
    return sheets
