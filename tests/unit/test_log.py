"""Events and faults as lines on stderr."""

import logging
import os
from contextlib import suppress
from pathlib import Path

import pytest

from monito_ray import log
from monito_ray.events import StageFinished, TaskFailed
from monito_ray.stages import Stage


def test_events_are_lines_on_stderr(capsys: pytest.CaptureFixture[str]):
    """Name and fields stand on one line; stdout stays clean."""
    log.configure(logging.INFO)
    log.log_event(StageFinished("t1", Stage.FILE_PROCESSING, 188, 12))
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert all(part in line for part in ("stage.finished", "task_id=t1", "file_processing", "rows=188", "duration_ms=12"))


def test_by_default_only_what_went_wrong_is_logged(capsys: pytest.CaptureFixture[str]):
    """A finished stage is silent, a failed task is not."""
    log.configure()
    log.log_event(StageFinished("t1", Stage.FILE_PROCESSING, 188, 12))
    log.log_event(TaskFailed("t1", "FileDamaged", "june.xlsx: broken"))
    (line,) = capsys.readouterr().err.splitlines()
    assert "june.xlsx: broken" in line


def test_a_fault_comes_with_its_traceback(capsys: pytest.CaptureFixture[str]):
    """The place in the program stands in the log."""
    log.configure()
    try:
        int("by nothing")
    except ValueError as error:
        log.fault("stage.crashed", error, task_id="t1")
    out, err = capsys.readouterr()
    assert out == ""
    assert "stage.crashed" in err
    assert "test_log.py" in err
    assert "by nothing" in err


def test_what_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch):
    """Where stderr is a file on a full disk, events and lines are lost, and nobody sees an error of it."""
    log.configure(logging.INFO)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stderr", full)
        log.log_event(StageFinished("t1", Stage.FILE_PROCESSING, 188, 12))
        log.write_line("the driver starts")
        with suppress(OSError):
            full.flush()
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
