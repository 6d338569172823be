"""Edits as requests of the Sheets v4 API, each within the size that Google recommends."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import Block, ColumnFormat, ColumnKind, Insertion, Scalar, SheetEdit

MOST_BYTES = 1_900_000
"""Google recommends at most 2 MB a request."""

Json = dict[str, Any]

_PIXELS_A_CHARACTER = 7
_HEADER = {
    "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}}},
    "backgroundColorStyle": {"rgbColor": {"red": 0.12, "green": 0.31, "blue": 0.37}},
    "wrapStrategy": "WRAP",
    "verticalAlignment": "MIDDLE",
}
# A text that begins with = stays a text also when a person edits its cell, because the cell's format says so.
_FORMATS = {
    ColumnKind.TEXT: {"type": "TEXT"},
    ColumnKind.NUMBER: {"type": "NUMBER", "pattern": "#,##0.######"},
    ColumnKind.MONEY: {"type": "NUMBER", "pattern": "#,##0"},
    ColumnKind.SHARE: {"type": "NUMBER", "pattern": "0.00"},
    ColumnKind.DATE: {"type": "DATE", "pattern": "yyyy-mm-dd"},
}
_DECIMALS = {"type": "NUMBER", "pattern": "#,##0.00"}


def structure(edits: Sequence[SheetEdit]) -> list[Json]:
    """The requests of one batchUpdate: sheets, grids, insertions, and the keys that tell that they were made."""
    return [request for edit in edits for request in _structure(edit)]


def values(edits: Sequence[SheetEdit], most_bytes: int = MOST_BYTES) -> Iterator[list[Json]]:
    """The ValueRanges of the blocks, in as few requests of `most_bytes` as hold them."""
    batch: list[Json] = []
    size = 0
    for edit in edits:
        for block in edit.blocks:
            for part, part_bytes in _parts(block, most_bytes):
                if batch and size + part_bytes > most_bytes:
                    yield batch
                    batch, size = [], 0
                batch.append({"range": range_of(edit.title, part), "values": part.cells})
                size += part_bytes + len(edit.title.encode()) + 60
    if batch:
        yield batch


def range_of(title: str, block: Block) -> str:
    """A1 notation, the title quoted."""
    right = block.column + len(block.cells[0]) - 1
    return f"{quoted(title)}!{column_letters(block.column)}{block.row + 1}:{column_letters(right)}{block.row + len(block.cells)}"


def quoted(title: str) -> str:
    """A title as ranges have it."""
    return "'" + title.replace("'", "''") + "'"


def _parts(block: Block, most_bytes: int) -> Iterator[tuple[Block, int]]:
    """A block in parts that fit into a request, with the size of each."""
    start, size = 0, 0
    for place, row in enumerate(block.cells):
        row_bytes = len(json.dumps(row))
        if place > start and size + row_bytes > most_bytes:
            yield Block(block.row + start, block.column, block.cells[start:place]), size
            start, size = place, 0
        size += row_bytes
    yield Block(block.row + start, block.column, block.cells[start:]), size


def _structure(edit: SheetEdit) -> Iterator[Json]:
    if edit.is_new:
        yield _added(edit)
    else:
        yield from (_inserted(edit.sheet_id, insertion) for insertion in edit.insertions)
        for dimension, count in (("ROWS", edit.more_rows), ("COLUMNS", edit.more_columns)):
            if count:
                yield {"appendDimension": {"sheetId": edit.sheet_id, "dimension": dimension, "length": count}}
    yield from (_keyed(edit.sheet_id, block) for block in edit.keys)
    yield from _dressed(edit)


def _added(edit: SheetEdit) -> Json:
    grid = {
        "rowCount": edit.more_rows,
        "columnCount": edit.more_columns,
        "frozenRowCount": edit.frozen_rows,
        # Google refuses a grid in which all columns are frozen.
        "frozenColumnCount": min(edit.frozen_columns, edit.more_columns - 1),
    }
    return {"addSheet": {"properties": {"sheetId": edit.sheet_id, "title": edit.title, "gridProperties": grid}}}


def _inserted(sheet_id: int, insertion: Insertion) -> Json:
    end = insertion.at + insertion.count
    dimension = "ROWS" if insertion.is_rows else "COLUMNS"
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": insertion.at, "endIndex": end}
    # A row beside its kin looks like them; a column next to a person's gets its looks from us.
    return {"insertDimension": {"range": span, "inheritFromBefore": insertion.at > (1 if insertion.is_rows else 0)}}


def _keyed(sheet_id: int, block: Block) -> Json:
    start = {"sheetId": sheet_id, "rowIndex": block.row, "columnIndex": block.column}
    rows = [{"values": [{"userEnteredValue": _extended(cell)} for cell in row]} for row in block.cells]
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def _extended(cell: Scalar) -> Json:
    if isinstance(cell, bool):
        return {"boolValue": cell}
    return {"stringValue": cell} if isinstance(cell, str) else {"numberValue": cell}


def _dressed(edit: SheetEdit) -> Iterator[Json]:
    fresh = [dress for dress in edit.column_formats if dress.is_new]
    for first, last in _spans(dress.column for dress in fresh):
        header = {"sheetId": edit.sheet_id, "startRowIndex": fresh[0].first_row - 1, "endRowIndex": fresh[0].first_row}
        columns = {"startColumnIndex": first, "endColumnIndex": last + 1}
        yield {"repeatCell": {"range": header | columns, "cell": {"userEnteredFormat": _HEADER}, "fields": "userEnteredFormat"}}
    for dress in edit.column_formats:
        yield _formatted(edit.sheet_id, dress)
        if dress.is_new:
            yield _sized(edit.sheet_id, dress)
    if edit.is_new:
        span = {"sheetId": edit.sheet_id, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": edit.more_columns}
        yield {"setBasicFilter": {"filter": {"range": span}}}


def _formatted(sheet_id: int, dress: ColumnFormat) -> Json:
    span = {"sheetId": sheet_id, "startRowIndex": dress.first_row, "startColumnIndex": dress.column, "endColumnIndex": dress.column + 1}
    shown = {"numberFormat": _DECIMALS if dress.has_decimals else _FORMATS[dress.kind]}
    return {"repeatCell": {"range": span, "cell": {"userEnteredFormat": shown}, "fields": "userEnteredFormat.numberFormat"}}


def _sized(sheet_id: int, dress: ColumnFormat) -> Json:
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": dress.column, "endIndex": dress.column + 1}
    look = {"pixelSize": round(dress.width * _PIXELS_A_CHARACTER) + 5, "hiddenByUser": dress.is_hidden}
    return {"updateDimensionProperties": {"range": span, "properties": look, "fields": "pixelSize,hiddenByUser"}}


def _spans(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    run: list[int] = []
    for place in sorted(places):
        if run and place != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(place)
    if run:
        yield run[0], run[-1]
