"""The price lists that the FILE arguments of a command mean: files, the files of a folder, or standard input."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from monito_ray.errors import FileUnusable, MonitoError, UsageWrong

STDIN = Path("-")
# Suffixes under which the reader's formats come. A file that is named itself is read whatever its suffix is, for the reader goes by content;
# of a folder that holds all kinds of things only these are taken.
READABLE_SUFFIXES = frozenset(
    ".csv .docx .eml .heic .heif .htm .html .jpeg .jpg .md .mht .mhtml .ods .odt .pdf .png .rtf .tsv .txt .webp .xls .xlsb .xlsm .xlsx .xml .zip".split()
)
_OFFICE_LOCK = "~$"  # Excel keeps `~$june.xlsx` beside a workbook that is open
_MOST_NAMED = 10
_STDIN_STEM = "stdin"
_SUFFIX_OF_FORMAT = {"text": "txt", "xml_2003": "xml", "picture": "jpg"}
_MB = 2**20


@contextmanager
def input_files(arguments: Sequence[Path], max_file_mb: float) -> Iterator[list[Path]]:
    """Give the paths of the price lists that `arguments` mean, in order, for the block of a `with`.

    A folder stands for its readable files, by name; what is skipped in it is named on stderr. `-` is standard input, copied to a file
    that lasts as long as the block and is called `stdin`, with the suffix of its content.

    Raises:
        UsageWrong: a folder holds no price list, or `-` is given twice.
        FileUnusable: a folder cannot be read.
    """
    if arguments.count(STDIN) > 1:
        raise UsageWrong("- stands for standard input, which can be read once", "Give - once.")
    paths: list[Path] = []
    with ExitStack() as temporary:
        for argument in arguments:
            if argument == STDIN:
                folder = temporary.enter_context(TemporaryDirectory(prefix="monito-"))
                paths.append(_save_stdin(Path(folder), max_file_mb))
            elif argument.is_dir():
                paths += _files_in(argument)
            else:
                paths.append(argument)
        yield paths


def _files_in(folder: Path) -> list[Path]:
    """Return the price lists in a folder by name, and name the rest on stderr."""
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise FileUnusable(f"{folder}: the folder cannot be read: {error.strerror}", "Check the permissions of the folder.") from error
    entries = {path: _reason_to_skip(path) for path in paths}
    skipped = [f"{path.name} ({reason})" for path, reason in entries.items() if reason]
    if skipped:
        more = f" and {len(skipped) - _MOST_NAMED:,} more" if len(skipped) > _MOST_NAMED else ""
        typer.echo(f"monito: {folder}: skipped {', '.join(skipped[:_MOST_NAMED])}{more}", err=True)
    files = [path for path, reason in entries.items() if not reason]
    if not files:
        raise UsageWrong(
            f"{folder}: there is no price list in this folder", "Give a folder with xlsx, xls, ods, csv, txt, pdf or docx files."
        )
    return files


def _reason_to_skip(path: Path) -> str:
    """Return why a folder's entry is not read, "" for one that is."""
    if path.name.startswith((".", _OFFICE_LOCK)):
        return "hidden"
    if path.is_dir():
        return "a folder"
    return "" if path.suffix.lower() in READABLE_SUFFIXES else "not a kind of file that can be read"


def _save_stdin(folder: Path, max_file_mb: float) -> Path:
    """Copy standard input into `folder` and return the file, named by its content; a larger one is cut just above the limit.

    The cut keeps an endless stream from filling the disk: the file is then refused for its size as any other.
    """
    if sys.stdin.isatty():
        typer.echo("monito: reading the price list from standard input; end it with Ctrl-D", err=True)
    data = sys.stdin.buffer.read(int((max_file_mb + 1) * _MB))
    path = folder / f"{_STDIN_STEM}.{_suffix_of(data)}"
    path.write_bytes(data)
    return path


def _suffix_of(data: bytes) -> str:
    from monito_ray.pipeline.files.formats import sniff_format  # noqa: PLC0415

    try:
        content = sniff_format(data, _STDIN_STEM).value
    except MonitoError:  # what cannot be read is refused by the reader, in its own words
        content = "text"
    return _SUFFIX_OF_FORMAT.get(content, content)
