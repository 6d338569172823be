"""The file for `ray up`, and the script that it has run on each machine: what it starts it keeps alive, and ends nothing else."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray.autoscaler._private.util import prepare_config, validate_config

ROOT = Path(__file__).parents[2]
CLUSTER = ROOT / "ray-cluster.yaml"
NODE = ROOT / "deploy" / "node.sh"
Run = Callable[..., "subprocess.CompletedProcess[str]"]

needs_linux = pytest.mark.skipif(shutil.which("flock") is None or shutil.which("setsid") is None, reason="needs util-linux")


@pytest.fixture(scope="module")
def config() -> Mapping[str, Any]:
    """The cluster's file, completed as `ray up` does."""
    return dict(prepare_config(yaml.safe_load(CLUSTER.read_text())))


def test_ray_takes_the_file(config: Mapping[str, Any]):
    """`ray up` finds nothing missing and nothing unknown in it."""
    validate_config(config)


def _commands(config: Mapping[str, Any]) -> list[str]:
    return [command for name, commands in config.items() if name.endswith("_commands") for command in commands]


def test_nothing_is_ended_by_name(config: Mapping[str, Any]):
    """Ray's own default commands begin with `ray stop`, which ends the Rays of everybody on the machine; ours do not."""
    assert len(_commands(config)) >= 7
    assert not [command for command in _commands(config) if re.search(r"ray (stop|down)|pkill|killall", command)]
    code = [line for line in NODE.read_text().splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in code if re.search(r"ray (stop|down)|pkill|killall", line)]


def test_the_dashboard_is_on_loopback(config: Mapping[str, Any]):
    """Who wants to see it needs an SSH login on the head."""
    (start,) = [command for command in config["head_start_ray_commands"] if "ray start" in command]
    assert "--dashboard-host=127.0.0.1" in start


def test_what_is_private_stays_at_home(config: Mapping[str, Any]):
    """Settings with their keys, and data, are not copied to the machines; the token goes from the head to the workers."""
    assert {".env", ".monito", ".git"} <= set(config["rsync_exclude"])
    assert config["cluster_synced_files"] == ["~/.ray/auth_token"]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """The script, in a home of its own with a Ray that is said to be somewhere; what runs at the end is ended."""
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "ray_current_cluster").write_text("10.0.0.1:6379")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RAY_TMPDIR": str(tmp_path)}

    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["bash", str(NODE), *words], env=environment, capture_output=True, text=True, timeout=60, check=False)

    yield call
    assert call("stop").returncode == 0


def _lines(path: Path, count: int) -> list[str]:
    """The file's lines, as soon as there are `count`."""
    until = time.monotonic() + 20
    while not path.exists() or len(path.read_text().splitlines()) < count:
        assert time.monotonic() < until, path
        time.sleep(0.05)
    return path.read_text().splitlines()


SERVICE = "echo $$ $RAY_ADDRESS $RAY_AUTH_MODE $PWD >>~/seen; exec sleep 300"


@pytest.mark.command
@needs_linux
def test_the_service_is_started_again(run: Run, tmp_path: Path):
    """It starts in the folder of its settings, with the head's address and the token, and again when it is killed."""
    assert run("keep", "serve", "sh", "-c", SERVICE).stdout == "serve is up\n"
    (first,) = _lines(tmp_path / "seen", 1)
    assert first.split()[1:] == ["10.0.0.1:6379", "token", str(tmp_path / "monito-home")]
    os.kill(int(first.split()[0]), 9)
    assert _lines(tmp_path / "seen", 2)[1].split()[0] != first.split()[0]


@pytest.mark.command
@needs_linux
def test_stop_ends_what_was_started(run: Run, tmp_path: Path):
    """The service and its supervisor are gone, and a second stop finds nothing to do."""
    run("keep", "serve", "sh", "-c", SERVICE)
    process = int(_lines(tmp_path / "seen", 1)[0].split()[0])
    assert run("stop", "serve").stdout == "serve has ended\n"
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert run("status").stdout == run("stop").stdout == ""


@pytest.mark.command
@needs_linux
def test_a_process_id_of_somebody_else_is_left_alone(run: Run, tmp_path: Path):
    """A note that is left from before a boot may name a process that is not ours."""
    with subprocess.Popen(["sleep", "300"]) as other:
        try:
            run("status")
            (tmp_path / "monito-node" / "run" / "serve.pid").write_text(f"{other.pid}\n")
            assert run("stop").stdout == ""
            assert other.poll() is None
        finally:
            other.kill()


@pytest.mark.command
@needs_linux
def test_a_service_that_does_not_start_is_reported(run: Run):
    """What it said last is shown, the exit code tells, and nothing goes on trying."""
    done = run("keep", "serve", "sh", "-c", "echo wrong setting: MONITO_LANG; exit 2")
    assert done.returncode == 1
    assert "wrong setting: MONITO_LANG" in done.stderr
    assert run("status").stdout == ""


@pytest.mark.command
@needs_linux
def test_what_ran_can_be_started_without_ray_up(run: Run, tmp_path: Path):
    """The command is noted, for a start after a boot."""
    run("keep", "serve", "sh", "-c", SERVICE)
    run("stop")
    assert run("start", "serve").returncode == 0
    assert len(_lines(tmp_path / "seen", 2)) == 2


@pytest.mark.command
@needs_linux
def test_the_token_is_made_once_and_is_private(run: Run, tmp_path: Path):
    """Only its owner can read it, and it stays as it is."""
    assert run("token").returncode == 0
    token = tmp_path / ".ray" / "auth_token"
    made = token.read_text()
    assert re.fullmatch("[0-9a-f]{64}", made)
    assert token.stat().st_mode & 0o777 == 0o600
    token.chmod(0o644)
    run("token")
    assert token.read_text() == made
    assert token.stat().st_mode & 0o777 == 0o600
