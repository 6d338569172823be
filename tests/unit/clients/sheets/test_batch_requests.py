"""Planned edits as requests of the Sheets API."""

import json

from monito_ray.clients.sheets.batch_requests import structure_requests, value_batches
from monito_ray.sheet_model import CellBlock, ColumnFormat, ColumnKind, SheetEdit


def test_long_lists_go_in_parts_that_google_takes():
    """Values are parted by their size in bytes, and every row goes once."""
    rows = tuple((f"Teh Botol «{number}»", number) for number in range(1000))
    edit = SheetEdit(sheet_id=1, title="O'Brien", blocks=(CellBlock(1, 0, rows), CellBlock(0, 27, (("x",),))))
    parts = list(value_batches([edit], most_bytes=5_000))
    assert max(len(json.dumps(part).encode()) for part in parts) < 6_000
    assert tuple(row for part in parts for part_range in part if len(part_range["values"][0]) == 2 for row in part_range["values"]) == rows
    assert parts[0][0]["range"].startswith("'O''Brien'!A2:B")
    assert parts[-1][-1]["range"] == "'O''Brien'!AB1:AB1"


def test_a_new_column_helps_people_to_answer():
    """Choices are offered and others warned of, the title has its note, and changes are red or green."""
    formats = (
        ColumnFormat(0, ColumnKind.TEXT, 1, is_new=True, is_input=True, note="One of these.", choices=("1", "none")),
        ColumnFormat(1, ColumnKind.CHANGE, 1, is_new=True),
    )
    requests = structure_requests([SheetEdit(sheet_id=5, title="Same?", column_formats=formats)])
    by_kind = {kind: body for request in requests for kind, body in request.items()}
    rule = by_kind["setDataValidation"]["rule"]
    assert [value["userEnteredValue"] for value in rule["condition"]["values"]] == ["1", "none"]
    assert (rule["strict"], by_kind["setDataValidation"]["range"]["startRowIndex"]) == (False, 1)
    assert by_kind["updateCells"]["rows"] == [{"values": [{"note": "One of these."}]}]
    assert sum("addConditionalFormatRule" in request for request in requests) == 2
