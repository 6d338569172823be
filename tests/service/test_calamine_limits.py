"""Why the extent of a workbook is measured before calamine reads it."""

import subprocess
import sys

from bad_files import whole_grid

READ_FIRST_SHEET = """
import io, sys
from python_calamine import CalamineWorkbook
CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
"""


def test_a_far_cell_ends_the_process():
    """For a sheet that it cannot hold calamine does not raise: it takes the process with it."""
    done = subprocess.run([sys.executable, "-c", READ_FIRST_SHEET], input=whole_grid(), capture_output=True, check=False)
    assert done.returncode < 0
