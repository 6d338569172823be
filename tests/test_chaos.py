"""A sample of `benchmarks/chaos.py`: whatever dies, nothing is lost and nothing said or paid twice."""

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "benchmarks"))

import chaos
from service import service


@pytest.mark.command
def test_a_list_survives_whoever_is_killed():
    """A worker of the LLM, the driver: no list is sent again, none lost.

    Each row stands once in the spreadsheet, there is one closing message, and nothing is paid beyond what was in flight.
    """
    with service(latency_s=0.5) as made:
        for target in ("actor", "driver"):
            dice = random.Random(target)  # noqa: S311
            run = chaos.one_list(made, target, 200, dice, f"{target} 1", chaos.Wound(target, 200))
            assert run.is_good, f"{run}\n{(made.home / 'serve.log').read_text()[-3000:]}"
