"""Where results are written: chosen and checked before any work, written whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from monito_ray.errors import OutputNotWritable, UsageWrong
from monito_ray.store.private_files import make_folder


class OutputFormat(StrEnum):
    """A format of results, named as its suffix."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def destinations(lists: Sequence[Path], out: Path, output_format: OutputFormat | None) -> list[tuple[Path, OutputFormat]]:
    """Return the path and format of the result of each of `lists`.

    One list goes to `out` itself when that has a suffix. Several lists, and one when `out` is a folder or has no suffix, go to
    `<name>.<format>` in the folder `out`; equal names are numbered.

    Raises:
        UsageWrong: suffix and format contradict each other, no format is clear, or a result would replace a list.
    """
    is_folder = out.is_dir()
    if len(lists) == 1 and out.suffix and not is_folder:
        targets = [(out, _format_of(out, output_format))]
    elif len(lists) > 1 and out.suffix.lower().lstrip(".") in list(OutputFormat) and not is_folder:
        raise UsageWrong(f"--out {out}: {len(lists)} lists do not go into one file", f"Give a folder, such as --out {out.stem}.")
    else:
        output_format = output_format or OutputFormat.XLSX
        targets = [(out / name, output_format) for name in _distinct_names(lists, output_format)]
    sources = {path.resolve() for path in lists}
    for path, _ in targets:
        if not sources.isdisjoint({path.resolve(), rejected_path(path).resolve()}):
            raise UsageWrong(f"--out {out}: the result would replace the price list {path.name} itself", "Give another place.")
    return targets


def rejected_path(path: Path) -> Path:
    """Return where the rejects of a result at `path` are written when they are a file of their own."""
    return path.with_name(f"{path.stem}.rejected{path.suffix}")


def check_writable(path: Path) -> None:
    """Check that a file can be written at `path`; missing parent folders are made.

    A file is created beside it and removed again: root passes every permission bit, but not a full or read-only disk.

    Raises:
        OutputNotWritable: naming `path` and the cause.
    """
    try:
        _check_kind(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("ab"):
                pass
    except OSError as error:
        raise _not_writable(path, error) from error


@contextmanager
def atomic_write(path: Path, *, is_private: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its name when the block ends well, and is removed when it does not.

    A result goes where a person named it, with the rights that the umask leaves; what `is_private` is its owner's alone from the first byte.

    Raises:
        OutputNotWritable: naming `path` and the cause.
    """
    try:
        _check_kind(path)
        if is_private:
            make_folder(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise _not_writable(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        if not is_private:
            temporary.chmod(0o666 & ~_umask())  # mkstemp's 0600 would hide the result from colleagues
        temporary.replace(path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def remove_unfinished(path: Path) -> None:
    """Remove what processes that were killed in `atomic_write` left beside `path`; the caller sees to it that nobody writes there now."""
    for temporary in path.parent.iterdir():
        if temporary.name.startswith(_prefix(path)):
            temporary.unlink(missing_ok=True)


def _prefix(path: Path) -> str:
    """Return how the names of temporary files for `path` begin: as short as the names of files have to be, and no other file's."""
    return f".monito-{hashlib.blake2b(path.name.encode('utf-8', 'surrogateescape'), digest_size=6).hexdigest()}-"


def _check_kind(path: Path) -> None:
    if path.is_dir():
        raise OutputNotWritable(f"cannot write {path}: it is a folder", "Give a file name, such as clean.xlsx, inside it.")
    if path.exists() and not path.is_file():  # a file would take the place of a pipe or device, which others use
        raise OutputNotWritable(f"cannot write {path}: it is no file", "Give a file name, such as clean.xlsx.")


def _format_of(out: Path, output_format: OutputFormat | None) -> OutputFormat:
    suffix = out.suffix.lower().lstrip(".")
    by_suffix = OutputFormat(suffix) if suffix in list(OutputFormat) else None
    if by_suffix and output_format and by_suffix is not output_format:
        raise UsageWrong(f"--out {out} and --format {output_format} contradict each other", "Leave out --format.")
    if chosen := by_suffix or output_format:
        return chosen
    raise UsageWrong(f"--out {out}: {out.suffix} is no format of results", f"Take one of .{', .'.join(OutputFormat)}.")


def _distinct_names(lists: Sequence[Path], output_format: OutputFormat) -> list[str]:
    """Return a file name for each list, neither of which is that of another's result or rejects, also where case does not count."""
    used: set[str] = set()
    names = []
    for path in lists:
        name, number = path.stem, 1
        while not used.isdisjoint({name.casefold(), f"{name}.rejected".casefold()}):
            number += 1
            name = f"{path.stem} ({number})"
        used |= {name.casefold(), f"{name}.rejected".casefold()}
        names.append(f"{name}.{output_format}")
    return names


def _not_writable(path: Path, error: OSError) -> OutputNotWritable:
    where = error.filename or path.parent
    causes: dict[type[OSError], str] = {
        NotADirectoryError: f"{path.parent} is not a folder",
        FileExistsError: f"{where} is a file, not a folder",
        PermissionError: f"no permission to write in {path.parent}",
    }
    cause = causes.get(type(error)) or (error.strerror or str(error)).lower()
    return OutputNotWritable(f"cannot write {path}: {cause}")


def _umask() -> int:
    # It can only be read by setting it.
    current = os.umask(0o022)
    os.umask(current)
    return current
