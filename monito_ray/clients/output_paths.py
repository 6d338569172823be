"""Where results land: chosen and asked before any work, written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from monito_ray.errors import OutputNotWritable, UsageWrong


class OutputFormat(StrEnum):
    """A format of results, named as its suffix."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def destinations(lists: Sequence[Path], out: Path, form: OutputFormat | None) -> list[tuple[Path, OutputFormat]]:
    """Where the result of each of `lists` goes, and in which format.

    One list goes to `out` itself when that has a suffix; several, and one when `out` is a folder or has no suffix, go to
    `<name>.<format>` in the folder `out`, names that would meet being numbered.

    Raises:
        UsageWrong: suffix and format contradict each other, no format can be told, or a result would replace a list.
    """
    if len(lists) == 1 and out.suffix and not out.is_dir():
        places = [(out, _format_of(out, form))]
    elif len(lists) > 1 and out.suffix.lower().lstrip(".") in list(OutputFormat) and not out.is_dir():
        raise UsageWrong(f"--out {out}: {len(lists)} lists do not go into one file", f"Give a folder, such as --out {out.stem}.")
    else:
        form = form or OutputFormat.XLSX
        places = [(out / name, form) for name in _names(lists, form)]
    sources = {path.resolve() for path in lists}
    for place, _ in places:
        if not sources.isdisjoint({place.resolve(), rejected_path(place).resolve()}):
            raise UsageWrong(f"--out {out}: the result would replace the price list {place.name} itself", "Give another place.")
    return places


def rejected_path(path: Path) -> Path:
    """Where the rejects of a result at `path` stand when they are a file of their own."""
    return path.with_name(f"{path.stem}.rejected{path.suffix}")


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
def atomic_write(path: Path) -> Iterator[Path]:
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


def _format_of(out: Path, form: OutputFormat | None) -> OutputFormat:
    suffix = out.suffix.lower().lstrip(".")
    said = OutputFormat(suffix) if suffix in list(OutputFormat) else None
    if said and form and said is not form:
        raise UsageWrong(f"--out {out} and --format {form} contradict each other", "Leave out --format.")
    if found := said or form:
        return found
    raise UsageWrong(f"--out {out}: {out.suffix} is no format of results", f"Take one of .{', .'.join(OutputFormat)}.")


def _names(lists: Sequence[Path], form: OutputFormat) -> list[str]:
    used: set[str] = set()
    names = []
    for path in lists:
        name, number = path.stem, 1
        while not used.isdisjoint({name.casefold(), f"{name}.rejected".casefold()}):
            number += 1
            name = f"{path.stem} ({number})"
        used |= {name.casefold(), f"{name}.rejected".casefold()}
        names.append(f"{name}.{form}")
    return names


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
