"""Planned edits as requests of the Sheets API."""

import json

from monito_ray.clients.sheets.batch_requests import value_batches
from monito_ray.sheet_model import CellBlock, SheetEdit


def test_long_lists_go_in_parts_that_google_takes():
    """Values are parted by their size in bytes, and every row goes once."""
    rows = tuple((f"Teh Botol «{number}»", number) for number in range(1000))
    edit = SheetEdit(sheet_id=1, title="O'Brien", blocks=(CellBlock(1, 0, rows), CellBlock(0, 27, (("x",),))))
    parts = list(value_batches([edit], most_bytes=5_000))
    assert max(len(json.dumps(part).encode()) for part in parts) < 6_000
    assert tuple(row for part in parts for part_range in part if len(part_range["values"][0]) == 2 for row in part_range["values"]) == rows
    assert parts[0][0]["range"].startswith("'O''Brien'!A2:B")
    assert parts[-1][-1]["range"] == "'O''Brien'!AB1:AB1"
