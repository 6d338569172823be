"""The rows of a list as files for people and programs: xlsx, csv, jsonl, parquet.

Rejects and duplicates go to the sheet `Rejected` of an xlsx, else to `<name>.rejected.<suffix>` beside it. That file is written
every time, also when it has no rows, so that one of an earlier run never stands beside a newer result.
"""

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from json.encoder import encode_basestring
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from monito_ray.clients.output_paths import OutputFormat, atomic_write, rejected_path
from monito_ray.clients.workbook import draw_workbook
from monito_ray.frames import schema
from monito_ray.records import ProductRow, RejectedRow
from monito_ray.sheet_model import PlannedSheet, record_columns

if TYPE_CHECKING:
    import pandas as pd

_BLOCK_ROWS = 5_000
_COMMANDS = re.compile(r"'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]")  # the wide forms are typed in East Asia, and obeyed
_PLAIN_NUMBER = re.compile(r"[+-]?[\d., ]+")
_LINE_BREAKS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write_list(products: pa.Table, rejects: pa.Table, path: Path, form: OutputFormat) -> list[Path]:
    """Write a list's products (columns of `ProductRow`) and rejects (of `RejectedRow`); returns the files made.

    Raises:
        OutputNotWritable: naming the path and the cause; a file of that name is then as it was.
    """
    products = products.select(schema(ProductRow).names)
    rejects = rejects.select(schema(RejectedRow).names)
    if form is OutputFormat.XLSX:
        return [draw_workbook([_sheet("Products", products, 2), _sheet("Rejected", rejects, 1)], path)]
    beside = rejected_path(path)
    for table, place in ((products, path), (rejects, beside)):
        with atomic_write(place) as made:
            _WRITERS[form](table, made)
    return [path, beside]


def write_table(title: str, table: pa.Table, path: Path, form: OutputFormat) -> Path:
    """Write one table as it is, `title` being its sheet's where there are sheets; returns the file made.

    Raises:
        OutputNotWritable: as `write`.
    """
    if form is OutputFormat.XLSX:
        return draw_workbook([_sheet(title, table, 2)], path)
    with atomic_write(path) as made:
        _WRITERS[form](table, made)
    return path


def write_frame(title: str, frame: "pd.DataFrame", path: Path, form: OutputFormat) -> Path:
    """Write a pandas frame as `write_table` does a table."""
    return write_table(title, pa.Table.from_pandas(frame, preserve_index=False), path, form)


def plain_number(number: Decimal | float) -> str:
    """`number` in digits alone: no exponent, no zeros behind the last that counts."""
    text = format(number if isinstance(number, Decimal) else Decimal(repr(number)), "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def shield_formula(text: str) -> str:
    """`text` for a CSV cell that a spreadsheet will open: behind an apostrophe when it would be taken for a formula.

    A text that already hides one gets one more, so that taking a single apostrophe away from before `=`, `+`, `-`, `@` gives
    back every text as it was.
    """
    return f"'{text}" if _COMMANDS.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _sheet(title: str, table: pa.Table, frozen: int) -> PlannedSheet:
    return PlannedSheet(title, record_columns(table.column_names), list(_rows(table)), frozen)


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for block in table.to_batches(max_chunksize=_BLOCK_ROWS):
        yield from zip(*(column.to_pylist() for column in block.columns), strict=True)


def _write_csv(table: pa.Table, path: Path) -> None:
    says = [_csv_cell(column.type) for column in table.schema]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(table.column_names)
        out.writerows([say(cell) for say, cell in zip(says, cells, strict=True)] for cells in _rows(table))


def _write_jsonl(table: pa.Table, path: Path) -> None:
    says = [(f"{encode_basestring(column.name)}: ", _json_value(column.type)) for column in table.schema]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for cells in _rows(table):
            body = ", ".join([name + ("null" if cell is None else say(cell)) for (name, say), cell in zip(says, cells, strict=True)])
            file.write("{" + body + "}\n")


def _csv_cell(kind: pa.DataType) -> Callable[[Any], str]:
    say = _value(kind, shield_formula)
    return lambda cell: "" if cell is None else say(cell)


def _json_value(kind: pa.DataType) -> Callable[[Any], str]:
    return _value(kind, _json_text) if not pa.types.is_temporal(kind) else lambda at: f'"{at.isoformat()}"'


def _json_text(text: str) -> str:
    return encode_basestring(text).translate(_LINE_BREAKS)  # readers that split at any line break see one object a line


def _value(kind: pa.DataType, text: Callable[[str], str]) -> Callable[[Any], str]:
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return plain_number
    if pa.types.is_temporal(kind):
        return lambda at: str(at.isoformat())
    return str if pa.types.is_integer(kind) else text


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")


_WRITERS: dict[OutputFormat, Callable[[pa.Table, Path], None]] = {
    OutputFormat.CSV: _write_csv,
    OutputFormat.JSONL: _write_jsonl,
    OutputFormat.PARQUET: _write_parquet,
}
