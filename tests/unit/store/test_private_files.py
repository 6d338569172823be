"""Who can read what the program keeps, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.clients.llm.profile_store import ProfileStore
from monito_ray.clients.output_paths import atomic_write
from monito_ray.clients.workbook.drawing import draw_workbook
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.settings import Settings
from monito_ray.sheet_model import PlannedSheet, record_columns
from monito_ray.store.private_files import exposed, make_folder, narrow
from monito_ray.wiring import open_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are another thing on this system")


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """Leave every right to everybody, which is the worst that a umask can do."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_is_kept_is_its_owners_alone(tmp_path: Path):
    """Database, lock files, uploads, artifacts, workbook with its parts, profiles of servers; folders above them, too."""
    home = tmp_path / "deep" / "home"
    with open_store(Settings(MONITO_HOME=home)) as store, store.write(), store.alone("name"):
        Artifacts(str(home / "files")).stage_upload(b"x")
        ProfileStore(home / "llm-servers.json").save(LlmAddress("http://127.0.0.1:9/v1", "", "m"), ServerProfile())
        sheet = PlannedSheet("Sheet", record_columns(["original_name"]), [("a",)], version="1")
        draw_workbook([sheet], home / "catalog.xlsx", home / "catalog.xlsx.parts")
        paths = [home, *home.rglob("*")]
        names = {path.name for path in paths}
        assert {"monito.db", "monito.db-wal", "monito.db-shm", "monito.db.lock", "uploads", "catalog.xlsx.parts"} <= names
        assert {str(path): oct(_mode(path)) for path in paths if _mode(path) != (0o700 if path.is_dir() else 0o600)} == {}
    assert _mode(tmp_path / "deep") == 0o700


def test_a_result_that_a_person_names_follows_the_umask(tmp_path: Path):
    """Colleagues may read an export; a private file is narrow before its first byte, and so is its folder."""
    for is_private, file_mode, folder_mode in ((False, 0o666, 0o777), (True, 0o600, 0o700)):
        path = tmp_path / str(is_private) / "out.txt"
        with atomic_write(path, is_private=is_private) as temporary:
            assert _mode(temporary) == 0o600
            temporary.write_text("x")
        assert (_mode(path), _mode(path.parent)) == (file_mode, folder_mode)


def test_a_home_of_an_earlier_version_is_narrowed_and_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """What others could read before is their business no more; a person's own settings keep their rights, links lead nowhere."""
    home = tmp_path / "home"
    (home / "files" / "uploads").mkdir(parents=True)
    (home / "files" / "uploads" / "digest").write_text("x")
    (home / ".env").write_text("")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    (home / "files" / "link").symlink_to(elsewhere)
    for told in (1, 0):
        open_store(Settings(MONITO_HOME=home)).close()
        assert capsys.readouterr().err.count("home.narrowed") == told
        assert exposed(home) == []
    assert [_mode(path) for path in (home, home / "files", home / "files" / "uploads", home / "files" / "uploads" / "digest")] == [
        *(0o700,) * 3,
        0o600,
    ]
    assert (_mode(home / ".env"), _mode(elsewhere)) == (0o666, 0o666)


def test_a_folder_that_holds_other_things_stays_as_it_is(tmp_path: Path):
    """A home within a folder where a person works narrows what is its own, and nothing else."""
    home = tmp_path / "desk"
    home.mkdir()
    (home / "letter.txt").write_text("x")
    make_folder(home / "backups")
    (home / "monito.db").write_text("")
    assert [path.name for path in narrow(home)] == ["monito.db"]
    assert (_mode(home), _mode(home / "letter.txt"), _mode(home / "monito.db")) == (0o777, 0o666, 0o600)
    assert exposed(home) == []
    assert narrow(tmp_path / "gone") == []
