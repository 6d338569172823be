"""Drawn sheets of suppliers, kept beside the workbook: one that has not changed is copied into the next workbook."""

import hashlib
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from monito_ray.clients.workbook.package import PackageMember, ZipPackage
from monito_ray.store.private_files import make_folder, open_new

_HEADER = struct.Struct("<3Q")
#: Of the bytes that a sheet's file is made of; raised when the XML of equal rows changes.
_FORMAT = 2


class PartCache:
    """Deflated sheets in a folder, by a key of all that they are made of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()
        make_folder(folder)

    def copy_into(self, package: ZipPackage, name: str, key: str) -> bool:
        """Add the sheet to the package, if it is here, and whole: a process that was killed while it kept one has left a part of it."""
        self._used.add(key)
        try:
            with (self._folder / key).open("rb") as file:
                compressed, size, crc = _HEADER.unpack(file.read(_HEADER.size))
                if os.fstat(file.fileno()).st_size != _HEADER.size + compressed:
                    return False
                package.copy(name, file, compressed, size, crc)
        except (OSError, struct.error):
            return False
        return True

    def keep(self, key: str, member: PackageMember, file: BinaryIO) -> None:
        """Keep a member that was just written to `file`."""
        end = file.tell()
        file.seek(member.start)
        path = self._folder / key
        with open_new(path) as part:
            part.write(_HEADER.pack(member.compressed, member.size, member.crc) + file.read(member.compressed))
        file.seek(end)

    def forget_unused(self) -> None:
        """Delete the sheets that this workbook does not have."""
        for path in self._folder.iterdir():
            if path.name not in self._used:
                path.unlink(missing_ok=True)


def part_key(parts: Iterable[str]) -> str:
    """Return the key of a sheet that is made of these texts."""
    digest = hashlib.blake2b(str(_FORMAT).encode(), digest_size=20)
    for part in parts:
        digest.update(b"\x00" + part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
