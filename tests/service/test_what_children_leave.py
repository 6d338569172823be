"""What a child of the service leaves behind when it is killed: processes of its session, which hold ports and cores that its successor needs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import psutil

from monito_ray.serve import Child

_LEAVES_ONE = """
import subprocess, sys, time
rest = subprocess.Popen([sys.executable, "-c", "import os, time; os.setpgid(0, 0); time.sleep(600)"])
print(rest.pid, flush=True)
time.sleep(600)
"""


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_what_a_killed_child_leaves_behind_is_ended():
    """Also what has a process group of its own; what is in another session lives on."""
    with (
        subprocess.Popen([sys.executable, "-c", _LEAVES_ONE], start_new_session=True, stdout=subprocess.PIPE, text=True) as process,
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as other,
    ):
        try:
            assert process.stdout is not None
            rest = int(process.stdout.readline())
            child = Child("driver", ("drive",), process=process)  # type: ignore[arg-type]
            child.end_rest()
            assert _is_alive(rest)  # the child lives
            process.kill()
            _until(lambda: child.exit_code() is not None)
            assert _is_alive(rest)
            child.end_rest()
            _until(lambda: not _is_alive(rest))
            assert _is_alive(other.pid)
            assert _is_alive(os.getpid())
        finally:
            process.kill()
            other.kill()
