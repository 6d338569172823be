"""What the FILE arguments of a command mean: files, folders, standard input."""

import io
import sys
from pathlib import Path

import pytest

from monito_ray.cli.inputs import READABLE_SUFFIXES, STDIN, input_files
from monito_ray.errors import UsageWrong
from monito_ray.pipeline.files.formats import FileFormat

EXAMPLE = Path(__file__).parents[3] / "examples" / "bali_grocery_june.xlsx"


class _Pipe:
    """Standard input that holds some bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


def test_files_that_are_named_are_taken_in_order_whatever_they_are_called(tmp_path: Path):
    """A file that is named itself is read by its content, so its suffix does not count; one that is missing is the submission's to refuse."""
    arguments = [tmp_path / "b.dat", tmp_path / "a.csv", tmp_path / "missing.xlsx"]
    with input_files(arguments, 20) as paths:
        assert paths == arguments


def test_a_folder_stands_for_its_readable_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """They come by name; hidden files, other kinds and folders inside are skipped, and stderr says so in one line."""
    for name in ("b.XLSX", "a.csv", ".DS_Store", "~$b.xlsx", "photo.tiff"):
        (tmp_path / name).touch()
    (tmp_path / "old").mkdir()
    with input_files([tmp_path, tmp_path / "last.pdf"], 20) as paths:
        assert [path.name for path in paths] == ["a.csv", "b.XLSX", "last.pdf"]
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    skipped = ".DS_Store (hidden), old (a folder), photo.tiff (not a kind of file that can be read), ~$b.xlsx (hidden)"
    assert line == f"monito: {tmp_path}: skipped {skipped}"


def test_a_long_list_of_what_is_skipped_is_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Ten are named, the rest are counted."""
    (tmp_path / "a.csv").touch()
    for number in range(30):
        (tmp_path / f"{number:02}.jpg.part").touch()
    with input_files([tmp_path], 20):
        pass
    assert capsys.readouterr().err.endswith("09.jpg.part (not a kind of file that can be read) and 20 more\n")


def test_a_folder_without_a_list_is_wrong_usage(tmp_path: Path):
    """Nothing is not taken for success."""
    with pytest.raises(UsageWrong, match="no price list in this folder"), input_files([tmp_path], 20):
        pass


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"name;price\nTea;9\n", "stdin.txt"), (EXAMPLE.read_bytes(), "stdin.xlsx"), (b"", "stdin.txt"), (b"\x00\x01", "stdin.txt")],
)
def test_standard_input_is_a_file_named_by_its_content(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch):
    """It lasts as long as the block; what cannot be read is left to the reader to refuse."""
    monkeypatch.setattr(sys, "stdin", _Pipe(data))
    with input_files([STDIN], 20) as (path,):
        assert (path.name, path.read_bytes()) == (name, data)
    assert not path.exists()


def test_an_endless_stream_is_cut_above_the_limit(monkeypatch: pytest.MonkeyPatch):
    """So that it is refused for its size and does not fill the disk."""
    monkeypatch.setattr(sys, "stdin", _Pipe(b"x" * 5_000_000))
    with input_files([STDIN], 2) as (path,):
        assert path.stat().st_size == 3 * 2**20


def test_standard_input_is_read_once(tmp_path: Path):
    """Given twice, it is wrong usage."""
    with pytest.raises(UsageWrong, match="read once"), input_files([STDIN, tmp_path, STDIN], 20):
        pass


@pytest.mark.parametrize("file_format", FileFormat)
def test_every_format_is_taken_from_a_folder(file_format: FileFormat):
    """Each format that the reader knows has a suffix under which `submit FOLDER` finds it."""
    suffixes = {FileFormat.TEXT: ".txt", FileFormat.XML_2003: ".xml", FileFormat.PICTURE: ".jpg"}
    assert suffixes.get(file_format, f".{file_format}") in READABLE_SUFFIXES
