"""Files that others made, read within a limit: what is no plain file, or goes on growing, is refused and not waited for."""

import os
import stat
from pathlib import Path

from monito_ray.errors import FileEmpty, FileMissing, FileTooLarge, FileUnusable

_BYTES_PER_MB = 2**20
_KINDS = (
    (stat.S_ISDIR, "a folder", "Name the file inside it."),
    (stat.S_ISFIFO, "a pipe", "Give a file, or - for standard input."),
    (stat.S_ISSOCK, "a socket", "Give a file."),
    (lambda mode: not stat.S_ISREG(mode), "a device", "Give a file."),
)


def read_source_file(path: Path, max_mb: float) -> bytes:
    """Return the bytes of the file, of which no more are read than one beyond the limit.

    Raises:
        FileMissing, FileEmpty, FileTooLarge, FileUnusable: the message names the file and the cause.
    """
    most_bytes = int(max_mb * _BYTES_PER_MB)
    try:
        _check_kind(path, path.stat().st_mode)
        # Should a pipe take the file's place meanwhile, opening it does not wait for a writer.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
            status = os.fstat(file.fileno())
            _check_kind(path, status.st_mode)
            data = b"" if status.st_size > most_bytes else file.read(most_bytes + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # no name of a file has a NUL
        raise FileMissing(f"{path}: there is no such file") from None
    except OSError as error:
        raise FileUnusable(f"{path}: it cannot be read: {error.strerror}", "Check the permissions of the file.") from error
    size = max(status.st_size, len(data))
    if size > most_bytes:
        raise FileTooLarge(f"{path.name}: {size / _BYTES_PER_MB:.1f} MB, the limit is {max_mb:g} MB")
    if not data:
        raise FileEmpty(f"{path.name}: the file is empty")
    return data


def _check_kind(path: Path, mode: int) -> None:
    for is_kind, name, remedy in _KINDS:
        if is_kind(mode):
            raise FileUnusable(f"{path}: this is {name}", remedy)
