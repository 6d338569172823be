"""Ctrl-C before the command line has begun."""

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_an_interrupt_among_imports_ends_quietly(tmp_path: Path):
    """The exit code is that of any other Ctrl-C, and nobody sees where in the program it was."""
    (tmp_path / "typer.py").write_text("import time\nprint('imported', flush=True)\ntime.sleep(30)\n", "utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parents[3])])}
    command = [sys.executable, "-m", "monito_ray", "status"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "imported\n"
        process.send_signal(signal.SIGINT)
        output, complaints = process.communicate(timeout=20)
    assert (process.returncode, output, complaints) == (130, "", "")
