"""Doubts about texts that are too long to be read whole."""

from collections.abc import Iterator, Sequence

from monito_ray.isolation.limits import LONGEST_CELL, LONGEST_NAME
from monito_ray.pipeline.rows.offer_line import SheetTables

CUT_NAME = f"the name has more than {LONGEST_NAME:,} characters and is cut"


def doubt_cut_cells(sheets: Sequence[SheetTables]) -> Iterator[str]:
    """Yield a sentence for each sheet with cells that were cut."""
    for sheet in sheets:
        if count := sheet.sheet.cut_cells:
            cells = "1 cell is" if count == 1 else f"{count:,} cells are"
            yield f"Sheet {sheet.sheet.name}: {cells} longer than {LONGEST_CELL:,} characters and cut there"
