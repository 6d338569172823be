"""That the example lists are what their maker says."""

import runpy
from pathlib import Path

import openpyxl
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
JUNE, JULY = "bali_grocery_june.xlsx", "bali_grocery_july.xlsx"


def _cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def _prices(path: Path) -> dict[str, tuple[object, ...]]:
    return {str(row[2]): row[5:7] for row in _cells(path)["Daftar Harga"] if isinstance(row[0], int)}


@pytest.mark.parametrize("name", [JUNE, JULY])
def test_the_lists_are_made_by_the_script(tmp_path: Path, name: str):
    """The lists in the folder hold the very cells that the script writes."""
    runpy.run_path(str(EXAMPLES / "make_lists.py"))["main"](tmp_path)
    assert _cells(tmp_path / name) == _cells(EXAMPLES / name)


def test_july_differs_from_june_as_described():
    """July changes 25 prices, adds six products and drops four."""
    june, july = _prices(EXAMPLES / JUNE), _prices(EXAMPLES / JULY)
    changed = [name for name in june.keys() & july.keys() if june[name] != july[name]]
    assert (len(changed), len(july.keys() - june.keys()), len(june.keys() - july.keys())) == (25, 6, 4)
