"""Where results land: chosen and checked before any work."""

import os
from pathlib import Path

import pytest

from monito_ray.clients.output_paths import OutputFormat, atomic_write, check_writable, destinations, rejected_path, remove_unfinished
from monito_ray.errors import OutputNotWritable, UsageWrong


def test_rejects_stand_beside():
    """The rejects' file has the name and suffix of the result."""
    assert rejected_path(Path("out/june.v2.csv")) == Path("out/june.v2.rejected.csv")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path):
    """What breaks off leaves the old file and no scraps; what ends well replaces it, readable as other files are."""
    path = tmp_path / "june.csv"
    path.write_text("old")

    def write_half() -> None:
        with atomic_write(path) as temporary:
            temporary.write_text("half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write_half()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("june.csv", "old")]
    with atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o044 == 0o044


def test_what_a_killed_process_left_of_a_file_is_removed_and_nothing_else(tmp_path: Path):
    """Temporary files of that one path go; those of other paths, which may be being written, and the file itself stay."""
    ours, other = tmp_path / "catalog.xlsx", tmp_path / "other.xlsx"
    with atomic_write(ours) as killed, atomic_write(other) as alive:
        ours.write_text("old")
        remove_unfinished(ours)
        assert (killed.exists(), alive.exists(), ours.read_text()) == (False, True, "old")
        killed.touch()


def test_writable_places_pass(tmp_path: Path):
    """A new path is fine, its folders are made, and nothing else is left behind."""
    path = tmp_path / "a" / "b" / "june.xlsx"
    check_writable(path)
    assert list(path.parent.iterdir()) == []


def test_an_existing_result_stays_while_checked(tmp_path: Path):
    """Asking whether a file can be written does not touch what is in it."""
    path = tmp_path / "june.csv"
    path.write_text("old")
    check_writable(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", ["folder", "file/june.xlsx", "file/deeper/june.xlsx", "x" * 300 + "/june.xlsx", "gone/june.xlsx"])
def test_unwritable_places_are_named(tmp_path: Path, name: str):
    """A folder, a path through a file, an impossible name and a dead link are refused with path and cause, for root too."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputNotWritable, match=r"cannot write .*: "):
        check_writable(tmp_path / name)


def test_a_read_only_disk_is_refused():
    """A file system that takes no files says so before any work."""
    with pytest.raises(OutputNotWritable, match=r"cannot write /proc/june\.xlsx"):
        check_writable(Path("/proc/june.xlsx"))


@pytest.mark.parametrize(
    ("lists", "out", "output_format", "targets"),
    [
        ("june.xlsx", "clean.csv", None, "clean.csv"),
        ("june.xlsx", "CLEAN.XLSX", None, "CLEAN.XLSX"),
        ("june.xlsx", "june.pdf.jsonl", None, "june.pdf.jsonl"),
        ("june.xlsx", "data.txt", OutputFormat.CSV, "data.txt"),
        ("june.xlsx", "clean", None, "clean/june.xlsx"),
        ("june.xlsx", "folder.d", OutputFormat.CSV, "folder.d/june.csv"),
        ("a.xlsx b.pdf", "clean", None, "clean/a.xlsx clean/b.xlsx"),
        ("a.xlsx b.pdf", "clean", OutputFormat.JSONL, "clean/a.jsonl clean/b.jsonl"),
        ("x/a.xlsx y/a.pdf", "clean", OutputFormat.CSV, "clean/a.csv clean/a (2).csv"),
        ("a.xlsx a.rejected.xlsx", "clean", OutputFormat.CSV, "clean/a.csv clean/a.rejected (2).csv"),
    ],
)
def test_destinations(tmp_path: Path, lists: str, out: str, output_format: OutputFormat | None, targets: str):
    """One list goes where it is said, several into a folder, none over another."""
    (tmp_path / "folder.d").mkdir()
    chosen = destinations([tmp_path / name for name in lists.split()], tmp_path / out, output_format)
    names = [path.relative_to(tmp_path).as_posix() for path, _ in chosen]
    assert " ".join(names) == targets


@pytest.mark.parametrize(
    ("lists", "out", "output_format", "says"),
    [
        ("june.xlsx", "clean.txt", None, "no format of results"),
        ("june.xlsx", "clean.csv", OutputFormat.XLSX, "contradict"),
        ("a.xlsx b.xlsx", "clean.xlsx", None, "do not go into one file"),
        ("june.xlsx", "june.xlsx", None, "replace the price list"),
        ("a.xlsx b.xlsx", ".", None, "replace the price list"),
        ("june.rejected.csv", "june.csv", None, "replace the price list"),
    ],
)
def test_destinations_that_make_no_sense(tmp_path: Path, lists: str, out: str, output_format: OutputFormat | None, says: str):
    """What cannot be meant is refused, and a result never replaces the list it comes from."""
    with pytest.raises(UsageWrong, match=says):
        destinations([tmp_path / name for name in lists.split()], tmp_path / out, output_format)


def test_no_result_takes_the_place_of_a_pipe_or_device(tmp_path: Path):
    """Others use them; nothing is waited for, and nothing replaced."""
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/null")):
        with pytest.raises(OutputNotWritable, match="it is no file"):
            check_writable(path)
        with pytest.raises(OutputNotWritable, match="it is no file"), atomic_write(path):
            pytest.fail("something was written")
    assert (tmp_path / "pipe.csv").is_fifo()
