"""Ray inside a process: it is quiet, guarded by a token, missed at once when it is gone, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.command
SUPPORT = Path(__file__).resolve().parent.parent / "support"

INTERRUPTED = """
    import os, sys, time
    from monito_ray.cluster import tasks, session
    from monito_ray.errors import FileDamaged

    from readers import crash

    with session.embedded(num_cpus=1):
        try:
            tasks.read_file(b"", "bomb", crash)
        except FileDamaged:
            print("survived", flush=True)
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass
    sys.exit(130)
"""


def test_an_interrupted_session_is_quiet_and_leaves_nothing(tmp_path: Path):
    """After a crash in a task and Ctrl-C in the whole process group, Ray has written no line and no file in the home folder, and no process is left."""
    process = _python(INTERRUPTED, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "survived\n"
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    output, complaints = process.communicate(timeout=30)
    assert (process.returncode, output, complaints) == (130, "", "")
    assert list(tmp_path.iterdir()) == []
    assert not list(Path("/tmp").glob(f"monito-{process.pid}-*"))  # noqa: S108
    deadline = time.monotonic() + 30
    while _group_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _group_alive(process.pid)


TWO_IN_TURN = """
    import os, signal, sys, time
    import psutil
    import ray
    from monito_ray.cluster import tasks, session
    from monito_ray.errors import ClusterUnavailable

    from readers import length

    os.environ["RAY_AUTH_MODE"] = "disabled"
    with session.embedded(num_cpus=1):
        print(ray.get_runtime_context().gcs_address, flush=True)
        sys.stdin.readline()
    print(os.environ["RAY_AUTH_MODE"], "RAY_AUTH_TOKEN" in os.environ, flush=True)
    with session.embedded(num_cpus=1):
        print(tasks.read_file(b"abc", "list.csv", length), flush=True)
        session.probe()
        raylet = next(child for child in psutil.Process().children(recursive=True) if child.name() == "raylet")
        raylet.kill()
        killed = time.monotonic()
        try:
            while time.monotonic() < killed + 10:
                session.probe()
                time.sleep(0.05)
        except ClusterUnavailable:
            print("noticed", time.monotonic() - killed, flush=True)
        os._exit(0)  # a shutdown would wait for the raylet that is gone
"""


@pytest.fixture(scope="module")
def two_in_turn(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """What a stranger's process hears who wants to join the first Ray of a process that imported `ray` early, and what that process prints after."""
    home = tmp_path_factory.mktemp("home")
    process = _python(TWO_IN_TURN, home)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    refusal = _try_to_join(address, home)
    output, complaints = process.communicate("go on\n", timeout=120)
    assert process.returncode == 0, complaints
    return refusal, output.split("\n")


def _try_to_join(address: str, home: Path) -> str:
    """Return the first line that Ray's client prints at `address`, without a token; it would go on trying for 20 seconds."""
    stranger = _python(f"import ray; ray.init(address={address!r}, configure_logging=False); print('joined')", home)
    assert stranger.stderr is not None
    line = stranger.stderr.readline()
    os.killpg(stranger.pid, signal.SIGKILL)
    stranger.communicate()
    return line


def test_no_process_without_the_token_joins(two_in_turn: tuple[str, list[str]]):
    """Token authentication is on whatever the environment said, even where `ray` read that environment before."""
    assert "InvalidAuthToken" in two_in_turn[0]


def test_a_process_can_run_one_ray_after_the_other(two_in_turn: tuple[str, list[str]]):
    """The environment is as it was between them, and the second works like the first."""
    assert two_in_turn[1][:2] == ["disabled False", "3"]


def test_a_raylet_that_is_gone_is_noticed_within_a_second(two_in_turn: tuple[str, list[str]]):
    """The probe sees it long before a call through Ray would; Ray, imported early, prints its own lines on it."""
    noticed = next(line for line in two_in_turn[1] if line.startswith("noticed "))
    assert float(noticed.split()[1]) < 1.0


def _python(script: str, home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")]),
        },
        cwd=home,
        start_new_session=True,
    )


def _group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
