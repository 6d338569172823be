"""A sample of `benchmarks/mutations.py`: our own lists, bent, crash nothing and lose no row."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import mutations


def test_bent_lists_crash_nothing_and_are_mostly_read_as_before():
    """Two hundred seeded cases: rows are conserved in each, and seven of ten offers are read as before.

    When their titles go, of grids none are, nor of lists that nothing but a title tells from others ("Pcs | Lusin | Karton", "PU HT | PU TTC").
    """
    cases = list(mutations.cases(200, seed=11))
    assert [case for case in cases if case.crash] == []
    assert sum(case.share for case in cases) / len(cases) > 0.7


def test_lists_that_only_begin_elsewhere_are_read_as_before():
    """Blank rows above and columns to the left change nothing on sheets."""
    for name, sheets in mutations.lists():
        if sheets[0].paged:
            continue
        moved = [mutations.moved(sheet, mutations.Random(name)) for sheet in sheets]
        assert mutations.offers(moved, name) == mutations.offers(sheets, name), name
