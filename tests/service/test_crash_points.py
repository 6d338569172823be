"""A sample of `benchmarks/crash_points.py`: a job that is killed ends as one that is left alone."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

import crash_outcome
from crash_outcome import Outcome, Wounds, differences

WHOLE = Outcome({"table offers": "rice", "cleaned list": "july-clean.xlsx"}, 4, 4, 0, 1, 1, ())


def test_a_job_killed_in_every_stage_ends_as_one_left_alone():
    """Six kills in one job, by real sockets and a real database: rows, files, sheets, chat and ledger are the same to the byte."""
    command = [sys.executable, str(Path(crash_outcome.__file__).with_name("crash_points.py")), "sample"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, "'killed at every point': 1" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("actual", "hurt", "is_right"),
    [
        (WHOLE, Wounds(), True),
        (replace(WHOLE, parts=WHOLE.parts | {"table offers": "rice, rice"}), Wounds(1, 1, 1), False),
        (replace(WHOLE, parts=WHOLE.parts | {"file x": ""}), Wounds(1, 1, 1), False),
        (replace(WHOLE, acknowledgements=2), Wounds(acknowledging=1), True),
        (replace(WHOLE, acknowledgements=2), Wounds(), False),
        (replace(WHOLE, acknowledgements=0), Wounds(1, 1, 1), False),
        (replace(WHOLE, closings=0, parts=WHOLE.parts | {"cleaned list": ""}), Wounds(closing=1), True),
        (replace(WHOLE, closings=0, parts=WHOLE.parts | {"cleaned list": ""}), Wounds(), False),
        (replace(WHOLE, closings=2), Wounds(1, 1, 1), False),
        (replace(WHOLE, paid=5, unknown=1), Wounds(requests=1), True),
        (replace(WHOLE, paid=4, unknown=1), Wounds(requests=1), True),
        (replace(WHOLE, paid=5, unknown=1), Wounds(), False),
        (replace(WHOLE, paid=5), Wounds(1, 1, 1), False),
        (replace(WHOLE, litter=(".monito-abc.xlsx",)), Wounds(1, 1, 1), False),
        (replace(WHOLE, litter=("files/tasks/t1/raw.parquet.0a.part",)), Wounds(), True),
    ],
)
def test_what_a_kill_may_change_is_what_was_under_way(actual: Outcome, hurt: Wounds, is_right: bool):
    """An acknowledgement or a request may come twice, a cleaned list never, and only where the kill came between; all else is equal."""
    assert (differences(WHOLE, actual, hurt) == []) is is_right
