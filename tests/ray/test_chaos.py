"""A sample of `benchmarks/chaos.py`: whatever dies, nothing is lost and nothing said or paid twice."""

import random
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

import chaos
from service import service


@pytest.mark.command
def test_a_list_survives_whoever_is_killed():
    """A worker of the LLM, the driver: no list is sent again, none lost, each row stands once in the spreadsheet, nothing is said twice."""
    with service(latency_s=0.5) as made:
        for target in ("actor", "driver"):
            dice = random.Random(target)  # noqa: S311
            run = chaos.one_list(made, target, 200, dice, f"{target} 1", chaos.Wound(target, 200))
            is_whole = run.is_done and run.rows_once and run.closings <= 1 and not run.broken
            assert is_whole, f"{run}\n{(made.home / 'serve.log').read_text()[-3000:]}"


@pytest.mark.parametrize("broken", ["the old driver wrote: 3 became 4", "there is no actor to kill"])
def test_a_run_is_not_good_when_its_fault_broke_a_promise_or_never_happened(broken):
    """Whatever came of the list, what was found while it was hurt counts."""
    run = chaos.Run("stopped 1", True, True, 1, 0, 0, 1.0)  # noqa: FBT003
    assert run.is_good
    assert not replace(run, broken=broken).is_good


def test_a_fault_that_does_not_happen_is_reported(monkeypatch):
    """A pair whose database cannot be locked shows nothing about locked databases."""

    def refuse(_made):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setitem(chaos.FAULTS, "locked", refuse)
    with pytest.raises(chaos.Lost, match="the fault locked did not happen: database is locked"):
        chaos._befall(None, "locked", 0.0)
