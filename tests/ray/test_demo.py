"""The whole journey, as a newcomer plays it."""

import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


@pytest.mark.command
def test_the_demo_plays_to_its_end(tmp_path: Path):
    """Two lists go into a chat; the cleaned lists come back, and the spreadsheet holds July's prices."""
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, cwd=tmp_path, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    assert "bali_grocery_july-clean.xlsx" in done.stdout
    assert "25 changed prices, 6 new products" in done.stdout
