"""Files that nobody but their owner can read, whatever the umask: the home of the program and all that it keeps there."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO

FOLDER_MODE, FILE_MODE = 0o700, 0o600
#: The rights of group and others.
_OTHERS = 0o077
#: What the program keeps in its home.
_OWN = ("monito.db*", "files", "catalog.xlsx*", ".monito-*", "llm-servers.*", "sheets-pace.json", "backups")
#: What a person keeps there for it, with the rights that this person likes.
_SETTINGS = ".env"


def make_folder(path: Path) -> None:
    """Make the folder and the missing ones above it, each for its owner alone; one that is there stays as it is."""
    for folder in () if path.exists() else reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(FOLDER_MODE, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone, unless there is one."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))


def open_new(path: Path) -> BinaryIO:
    """Open a file for its owner alone to write, in place of one that is there.

    Raises:
        OSError: as `open`.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb")


def exposed(home: Path) -> list[Path]:
    """Return what of the home others can look into: it itself, and what of ours lies in it, but nothing within folders.

    A home that holds other things than ours, such as the folder that a person works in, may be open to whom that person likes.
    """
    if os.name != "posix" or not home.is_dir():
        return []
    entries = list(home.iterdir())
    own = [path for path in entries if any(fnmatch(path.name, pattern) for pattern in _OWN)]
    holds_no_other = all(path.name == _SETTINGS for path in set(entries) - set(own))
    return [path for path in (*own, *([home] if own and holds_no_other else ())) if is_open(path)]


def narrow(home: Path) -> list[Path]:
    """Take the rights of others from what is `exposed`, and from all within it; return what it was.

    A folder is narrowed after all that is in it, so one that is narrow need not be looked into again.
    """
    wide = exposed(home)
    for path in wide:
        for inner in (*(_within(path) if path != home else ()), path):
            with suppress(OSError):  # another's, or gone: `exposed` says what is left
                if not inner.is_symlink():
                    inner.chmod(stat.S_IMODE(inner.stat().st_mode) & ~_OTHERS)
    return wide


def _within(path: Path) -> Iterator[Path]:
    """Yield all below a folder, the contents of each before itself."""
    for folder, folders, files in os.walk(path, topdown=False):
        yield from (Path(folder, name) for name in (*files, *folders))


def is_open(path: Path) -> bool:
    """Whether group or others have any right on a file or folder; a link has none of its own."""
    with suppress(OSError):
        status = path.lstat()
        return not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & _OTHERS)
    return False
