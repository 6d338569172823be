"""Edits as requests of the Sheets v4 API, each within the size that Google recommends."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import CellBlock, ColumnFormat, ColumnKind, Deletion, Insertion, Scalar, SheetEdit

# Google recommends at most 2 MB a request.
MOST_BYTES = 1_900_000

Json = dict[str, Any]

# Widths are planned in characters of a workbook's standard font, where Excel counts 7 pixels for each and 5 of padding.
_PIXELS_A_CHARACTER = 7
_PADDING_PIXELS = 5
# Of a range's JSON beside its title and cells.
_RANGE_BYTES = 60
_HEADER = {
    "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}}},
    "backgroundColorStyle": {"rgbColor": {"red": 0.12, "green": 0.31, "blue": 0.37}},
    "wrapStrategy": "WRAP",
    "verticalAlignment": "MIDDLE",
}
_INPUT_HEADER = _HEADER | {
    "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": {"red": 0.36, "green": 0.27, "blue": 0}}},
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 0.88, "blue": 0.54}},
}
# What became dearer is red, what became cheaper green.
_CHANGE_COLORS = {"NUMBER_GREATER": {"red": 0.65, "green": 0.11, "blue": 0.11}, "NUMBER_LESS": {"red": 0.04, "green": 0.36, "blue": 0.23}}
# A text that begins with = stays a text also when a person edits its cell, because the cell's format says so.
_FORMATS = {
    ColumnKind.TEXT: {"type": "TEXT"},
    ColumnKind.NUMBER: {"type": "NUMBER", "pattern": "#,##0.######"},
    ColumnKind.MONEY: {"type": "NUMBER", "pattern": "#,##0"},
    ColumnKind.SHARE: {"type": "NUMBER", "pattern": "0.00"},
    ColumnKind.DATE: {"type": "DATE", "pattern": "yyyy-mm-dd"},
    ColumnKind.CHANGE: {"type": "NUMBER", "pattern": "+0.0%;-0.0%;0.0%"},
}
_DECIMALS = {"type": "NUMBER", "pattern": "#,##0.00"}


def structure_requests(edits: Sequence[SheetEdit]) -> list[Json]:
    """Return the requests of one batchUpdate: sheets, grids, insertions, the keys that show that these were made, and formats."""
    return [request for edit in edits for request in _structure_of(edit)]


def cell_requests(edit: SheetEdit) -> list[Json]:
    """Return the requests that write the blocks of an edit in a batchUpdate, together with its other requests."""
    return [_write_block(edit.sheet_id, block) for block in edit.blocks]


def size_of(requests: Sequence[Json]) -> int:
    """Return the bytes of requests."""
    return len(json.dumps(requests))


def value_batches(edits: Sequence[SheetEdit], most_bytes: int = MOST_BYTES) -> Iterator[list[Json]]:
    """Yield the ValueRanges of the blocks, in as few batches of `most_bytes` as hold them."""
    batch: list[Json] = []
    size = 0
    for edit in edits:
        for block in edit.blocks:
            for part, part_bytes in _split_block(block, most_bytes):
                if batch and size + part_bytes > most_bytes:
                    yield batch
                    batch, size = [], 0
                batch.append({"range": a1_range(edit.title, part), "values": part.cells})
                size += part_bytes + len(edit.title.encode()) + _RANGE_BYTES
    if batch:
        yield batch


def a1_range(title: str, block: CellBlock) -> str:
    """Return a block's range in A1 notation."""
    right = block.column + len(block.cells[0]) - 1
    return f"{quote_title(title)}!{column_letters(block.column)}{block.row + 1}:{column_letters(right)}{block.row + len(block.cells)}"


def quote_title(title: str) -> str:
    """Return a sheet's title as it stands in a range."""
    return "'" + title.replace("'", "''") + "'"


def _split_block(block: CellBlock, most_bytes: int) -> Iterator[tuple[CellBlock, int]]:
    """Yield a block in parts that fit into a batch, with the bytes of each; a single row is never split."""
    start, size = 0, 0
    for index, row in enumerate(block.cells):
        row_bytes = len(json.dumps(row))
        if index > start and size + row_bytes > most_bytes:
            yield CellBlock(block.row + start, block.column, block.cells[start:index]), size
            start, size = index, 0
        size += row_bytes
    yield CellBlock(block.row + start, block.column, block.cells[start:]), size


def _structure_of(edit: SheetEdit) -> Iterator[Json]:
    if edit.is_new:
        yield _add_sheet(edit)
    else:
        yield from (_delete(edit.sheet_id, deletion) for deletion in edit.deletions)
        yield from (_insert(edit.sheet_id, insertion) for insertion in edit.insertions)
        for dimension, count in (("ROWS", edit.more_rows), ("COLUMNS", edit.more_columns)):
            if count:
                yield {"appendDimension": {"sheetId": edit.sheet_id, "dimension": dimension, "length": count}}
    yield from (_write_block(edit.sheet_id, block) for block in edit.keys)
    yield from _format_columns(edit)


def _add_sheet(edit: SheetEdit) -> Json:
    grid = {
        "rowCount": edit.more_rows,
        "columnCount": edit.more_columns,
        "frozenRowCount": edit.frozen_rows,
        # Google refuses a grid in which all columns are frozen.
        "frozenColumnCount": min(edit.frozen_columns, edit.more_columns - 1),
    }
    return {"addSheet": {"properties": {"sheetId": edit.sheet_id, "title": edit.title, "gridProperties": grid}}}


def _delete(sheet_id: int, deletion: Deletion) -> Json:
    dimension = "ROWS" if deletion.is_rows else "COLUMNS"
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": deletion.at, "endIndex": deletion.at + deletion.count}
    return {"deleteDimension": {"range": span}}


def _insert(sheet_id: int, insertion: Insertion) -> Json:
    end = insertion.at + insertion.count
    dimension = "ROWS" if insertion.is_rows else "COLUMNS"
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": insertion.at, "endIndex": end}
    # An inserted row takes the looks of the row above, unless that is the header; a column may stand next to a person's, so it gets ours.
    return {"insertDimension": {"range": span, "inheritFromBefore": insertion.at > (1 if insertion.is_rows else 0)}}


def _write_block(sheet_id: int, block: CellBlock) -> Json:
    start = {"sheetId": sheet_id, "rowIndex": block.row, "columnIndex": block.column}
    # A cell without a value is emptied.
    rows = [{"values": [{} if cell == "" else {"userEnteredValue": _extended_value(cell)} for cell in row]} for row in block.cells]
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def _extended_value(cell: Scalar) -> Json:
    if isinstance(cell, bool):
        return {"boolValue": cell}
    return {"stringValue": cell} if isinstance(cell, str) else {"numberValue": cell}


def _format_columns(edit: SheetEdit) -> Iterator[Json]:
    new = [column_format for column_format in edit.column_formats if column_format.is_new]
    for first, last in _runs(column_format.column for column_format in new):
        header = {"sheetId": edit.sheet_id, "startRowIndex": new[0].first_row - 1, "endRowIndex": new[0].first_row}
        columns = {"startColumnIndex": first, "endColumnIndex": last + 1}
        yield {"repeatCell": {"range": header | columns, "cell": {"userEnteredFormat": _HEADER}, "fields": "userEnteredFormat"}}
    for column_format in edit.column_formats:
        yield _set_number_format(edit.sheet_id, column_format)
        if column_format.choices:
            yield _set_choices(edit.sheet_id, column_format)
        if column_format.is_new:
            yield _set_width(edit.sheet_id, column_format)
            yield from _set_header(edit.sheet_id, column_format)
            if column_format.kind is ColumnKind.CHANGE:
                yield from _color_changes(edit.sheet_id, column_format)
    if edit.is_new:
        span = {"sheetId": edit.sheet_id, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": edit.more_columns}
        yield {"setBasicFilter": {"filter": {"range": span}}}


def _column_span(sheet_id: int, column_format: ColumnFormat) -> Json:
    """Return the cells of the column from the first that the format is for."""
    column = column_format.column
    return {"sheetId": sheet_id, "startRowIndex": column_format.first_row, "startColumnIndex": column, "endColumnIndex": column + 1}


def _set_choices(sheet_id: int, column_format: ColumnFormat) -> Json:
    """Offer the choices in the cells; another value is taken, with a warning, since the answer beside it says more than Google does."""
    values = [{"userEnteredValue": choice} for choice in column_format.choices]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True, "strict": False}
    return {"setDataValidation": {"range": _column_span(sheet_id, column_format), "rule": rule}}


def _set_header(sheet_id: int, column_format: ColumnFormat) -> Iterator[Json]:
    """Yield what sets the header of a column apart: a note, and another color where people write."""
    row, column = column_format.first_row - 1, column_format.column
    if column_format.is_input:
        span = {"sheetId": sheet_id, "startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column, "endColumnIndex": column + 1}
        yield {"repeatCell": {"range": span, "cell": {"userEnteredFormat": _INPUT_HEADER}, "fields": "userEnteredFormat"}}
    if column_format.note:
        start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
        yield {"updateCells": {"start": start, "rows": [{"values": [{"note": column_format.note}]}], "fields": "note"}}


def _color_changes(sheet_id: int, column_format: ColumnFormat) -> Iterator[Json]:
    for condition, color in _CHANGE_COLORS.items():
        rule = {
            "condition": {"type": condition, "values": [{"userEnteredValue": "0"}]},
            "format": {"textFormat": {"foregroundColorStyle": {"rgbColor": color}}},
        }
        yield {"addConditionalFormatRule": {"rule": {"ranges": [_column_span(sheet_id, column_format)], "booleanRule": rule}, "index": 0}}


def _set_number_format(sheet_id: int, column_format: ColumnFormat) -> Json:
    span = _column_span(sheet_id, column_format)
    number_format = _DECIMALS if column_format.has_decimals else _FORMATS[column_format.kind]
    cell = {"userEnteredFormat": {"numberFormat": number_format}}
    return {"repeatCell": {"range": span, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}


def _set_width(sheet_id: int, column_format: ColumnFormat) -> Json:
    column = column_format.column
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    pixels = round(column_format.width * _PIXELS_A_CHARACTER) + _PADDING_PIXELS
    properties = {"pixelSize": pixels, "hiddenByUser": column_format.is_hidden}
    return {"updateDimensionProperties": {"range": span, "properties": properties, "fields": "pixelSize,hiddenByUser"}}


def _runs(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers."""
    run: list[int] = []
    for index in sorted(indexes):
        if run and index != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(index)
    if run:
        yield run[0], run[-1]
