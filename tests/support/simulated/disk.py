"""The disk under the artifacts: what was not synced is torn or gone after a power cut, and it may be full."""

import errno
import os
from collections.abc import Callable
from pathlib import Path, PosixPath
from typing import Any, Self

from monito_ray.store import private_files
from simulated.threads import here


class Disk:
    """What of the files would survive a power cut."""

    def __init__(self) -> None:
        self.is_full = False
        #: Files whose bytes are not synced, and renames (new name, and the bytes that stood there) whose folder is not.
        self._unsynced: set[str] = set()
        self._renames: dict[str, bytes | None] = {}

    def written(self, path: str) -> None:
        """Note that bytes were written."""
        if self.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._unsynced.add(path)

    def synced(self, path: str) -> None:
        """Note that a file, or a folder, was synced."""
        self._unsynced.discard(path)
        for renamed in [name for name in self._renames if str(Path(name).parent) == path]:
            del self._renames[renamed]

    def renamed(self, source: str, target: str, before: bytes | None) -> None:
        """Note a rename."""
        if source in self._unsynced:
            self._unsynced.discard(source)
            self._unsynced.add(target)
        self._renames.setdefault(target, before)

    def cut_power(self) -> None:
        """Undo renames whose folder was not synced, and cut files that were not in half."""
        for path in sorted(self._unsynced):
            if Path(path).exists():
                os.truncate(path, Path(path).stat().st_size // 2)
        for path, before in sorted(self._renames.items()):
            if before is None:
                Path(path).unlink(missing_ok=True)
            else:
                Path(path).write_bytes(before)
        self._unsynced.clear()
        self._renames.clear()


def path_class(disk: Disk) -> type[Path]:
    """Return a class of paths that go to this disk."""

    class SimulatedPath(PosixPath):
        __slots__ = ()

        def replace(self, target: Any) -> Any:
            here().point("disk", f"rename {Path(target).name}")
            before = Path(target).read_bytes() if Path(target).exists() else None
            result = super().replace(target)
            disk.renamed(str(self), str(target), before)
            here().point("disk", f"renamed {Path(target).name}")
            return result

    return SimulatedPath


def opener(disk: Disk) -> Callable[[Path], Any]:
    """Return what stands for `open_new`."""
    return lambda path: _Written(private_files.open_new(path), str(path), disk)


class _Written:
    """A file that is written."""

    def __init__(self, file: Any, path: str, disk: Disk) -> None:
        self._file, self._path, self._disk = file, path, disk
        here().point("disk", f"open {_plain(path)}")

    def write(self, data: bytes) -> int:
        self._disk.written(self._path)
        written = self._file.write(data[: len(data) // 2])
        self._file.flush()
        here().point("disk", f"half {_plain(self._path)}")
        written += self._file.write(data[len(data) // 2 :])
        return int(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()


def _plain(path: str) -> str:
    return Path(path).name


class SimulatedOs:
    """Stands for the module `os` where files are synced."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def fsync(self, handle: int) -> None:
        """Sync a file or a folder."""
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        here().point("disk", f"sync {_plain(path)}")
        self._disk.synced(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)
