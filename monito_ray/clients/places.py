"""Where files land: asked before any work, written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monito_ray.errors import OutputNotWritable


def check_writable(path: Path) -> None:
    """See that a file can be written at `path`; missing parent folders are made.

    A file is created beside it and removed again, for root passes every permission bit and a full or read-only disk has none.

    Raises:
        OutputNotWritable: naming `path` and the cause.
    """
    try:
        if path.is_dir():
            raise OutputNotWritable(f"cannot write {path}: it is a folder", "Give a file name, such as clean.xlsx, inside it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("ab"):
                pass
    except OSError as error:
        raise _refused(path, error) from error


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its name when the block ends well, and vanishes when it does not.

    Raises:
        OutputNotWritable: naming `path` and the cause.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".monito-", suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise _refused(path, error) from error
    made = Path(name)
    try:
        yield made
        made.chmod(0o666 & ~_umask())  # mkstemp's 0600 would hide the result from colleagues
        made.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        made.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> OutputNotWritable:
    place = error.filename or path.parent
    causes: dict[type[OSError], str] = {
        NotADirectoryError: f"{path.parent} is not a folder",
        FileExistsError: f"{place} is a file, not a folder",
        PermissionError: f"no permission to write in {path.parent}",
    }
    cause = causes.get(type(error)) or (error.strerror or str(error)).lower()
    return OutputNotWritable(f"cannot write {path}: {cause}")


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
