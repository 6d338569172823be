"""Artifacts are written whole or not at all, on a local and on a remote file system."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest

from monito_ray.errors import ArtifactGone, StoreUnavailable
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.pipeline import versions

TABLE = pa.table({"name": ["Rice", "Oil"], "price": [1, None]})


@pytest.fixture(params=["local", "remote"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Artifacts]:
    """Give a local and a remote root in turn."""
    yield Artifacts(str(tmp_path / "files") if request.param == "local" else "memory://monito-test")
    fsspec.filesystem("memory").rm("/", recursive=True)


def test_a_table_comes_back_as_it_was(files: Artifacts):
    """Rows, blanks and schema survive; before the write there is no table."""
    assert not files.has_table("t1", "raw")
    files.write_table("t1", "raw", TABLE)
    assert files.has_table("t1", "raw")
    assert files.read_table("t1", "raw").equals(TABLE)
    assert not files.has_table("t2", "raw")


def test_strips_of_pictures_come_back_by_sheet_and_row(files: Artifacts):
    """A list without any has none, and nothing is written for it."""
    files.write_strips("t1", {("page 1", 2): b"two", ("page 2", 2): b"other"})
    assert (files.read_strip("t1", "page 2", 2), files.read_strip("t1", "page 2", 3)) == (b"other", b"")
    files.write_strips("t2", {})
    assert files.read_strip("t2", "page 1", 2) == b""
    assert [item.name for item in files.all_items()] == ["t1"]


def test_facts_of_a_list_come_back(files: Artifacts):
    """What a list says about itself survives, in any script."""
    files.write_list_facts("t1", {"supplier": "Рис", "list_date": None})
    assert files.read_list_facts("t1") == {"supplier": "Рис", "list_date": None}


def test_equal_uploads_are_stored_once(files: Artifacts):
    """The name of an upload is the hash of its content."""
    first, second, other = files.stage_upload(b"abc"), files.stage_upload(b"abc"), files.stage_upload(b"abd")
    assert first == second != other
    assert files.read_upload(first) == b"abc"


def test_uploads_of_earlier_versions_are_found_and_counted_each(tmp_path: Path):
    """Uploads in folders for their first two digits are read, backed up and removed one by one."""
    files = Artifacts(str(tmp_path / "files"))
    digest = files.stage_upload(b"abc")
    earlier = tmp_path / "files" / "uploads" / digest[:2]
    earlier.mkdir()
    (tmp_path / "files" / "uploads" / digest).rename(earlier / digest)
    (earlier / f"{digest[:2]}{'0' * 62}").write_bytes(b"another")
    assert files.read_upload(digest) == b"abc"
    assert list(files.files_of_task("", digest)) == [(f"uploads/{digest[:2]}/{digest}", b"abc")]
    assert {item.name for item in files.all_items()} == {digest, f"{digest[:2]}{'0' * 62}"}


def test_writing_again_replaces(files: Artifacts):
    """A stage that runs twice leaves what the second run wrote."""
    files.write_table("t1", "raw", TABLE)
    files.write_table("t1", "raw", TABLE.slice(0, 1))
    assert files.read_table("t1", "raw").num_rows == 1


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_failed_write_leaves_nothing(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A disk that becomes full gives a transient error, no artifact and no partial file."""

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files = Artifacts(str(tmp_path))
    monkeypatch.setattr(os, "fsync" if call == "fsync" else "replace", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        files.write_table("t1", "raw", TABLE)
    monkeypatch.undo()
    assert not files.has_table("t1", "raw")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_found_in_place_survives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who wrote it may have died before its folder was synced: whoever goes on with it syncs the folder first."""
    files, synced = Artifacts(str(tmp_path)), list[str]()
    files.write_table("t1", "raw", TABLE)
    digest = files.stage_upload(b"abc")
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), sync(handle)))
    assert files.has_table("t1", "raw")
    assert files.stage_upload(b"abc") == digest
    assert synced == [str(tmp_path / "tasks" / "t1"), str(tmp_path / "uploads")]


def test_a_partial_file_is_no_artifact(tmp_path: Path):
    """What a killed writer left does not count."""
    (tmp_path / "tasks" / "t1").mkdir(parents=True)
    (tmp_path / "tasks" / "t1" / "raw.parquet.0badcafe.part").write_bytes(b"PAR1 half")
    assert not Artifacts(str(tmp_path)).has_table("t1", "raw")


def test_a_table_of_other_rules_does_not_count(files: Artifacts, monkeypatch: pytest.MonkeyPatch):
    """After an upgrade of the rules a stage runs again instead of using what the former version left."""
    files.write_table("t1", "raw", TABLE)
    monkeypatch.setattr(versions, "PIPELINE", "reader 2")
    assert not files.has_table("t1", "raw")


def test_items_are_uploads_and_whole_tasks(files: Artifacts):
    """Each has its name and size, all tables of a task count as one, and a removed item is gone."""
    digest = files.stage_upload(b"abc")
    for name in ("raw", "good"):
        files.write_table("t1", name, TABLE)
    items = {item.name: item for item in files.all_items()}
    assert (set(items), items[digest].size_bytes) == ({digest, "t1"}, 3)
    files.remove(items["t1"])
    files.remove(items["t1"])
    assert [item.name for item in files.all_items()] == [digest]


def test_an_upload_that_was_removed_is_gone(files: Artifacts):
    """The error says so instead of giving empty bytes."""
    with pytest.raises(ArtifactGone):
        files.read_upload("0" * 64)
