"""The rows of a list as files for people and programs: xlsx, csv, jsonl, parquet.

Rejects and duplicates go to the sheet `Rejected` of an xlsx, else to `<name>.rejected.<suffix>` beside it. That file is written
every time, also when it has no rows, so that one of an earlier run never stands beside a newer result.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, overload

import pyarrow as pa
import pyarrow.parquet as pq

from monito_ray.clients.output_paths import OutputFormat, atomic_write, rejected_path
from monito_ray.clients.workbook.drawing import draw_workbook
from monito_ray.frames import schema
from monito_ray.records import ProductRow, RejectedRow
from monito_ray.sheet_model import PlannedSheet, record_columns

if TYPE_CHECKING:
    import pandas as pd

# Rows that are Python objects at one time, so that memory does not grow with the list.
_BLOCK_ROWS = 5_000
_PRODUCT_FROZEN_COLUMNS, _REJECT_FROZEN_COLUMNS = 2, 1
# What a spreadsheet takes for a formula at the start of a CSV cell; the wide forms are typed in East Asia, and obeyed. A program that
# splits the file at another sign than the comma (`;` in most of Europe, Indonesia and Latin America, a tab) finds cells within our texts:
# quotes do not hold it off, since a quote within a cell that it sees begun is a letter to it. So what follows such a sign counts, too, and
# blanks, quotes and controls, which some programs take away, are passed over.
_CELL_BORDERS = ";|\\t\\n\\v\\f\\r\\x1c-\\x1e\\x85\\u2028\\u2029"
_PASSED_OVER = rf"[\s\"'{_CELL_BORDERS}\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]"
_FORMULA_START = re.compile(rf"(?<!{_PASSED_OVER})(?P<before>{_PASSED_OVER}*+)(?P<sign>[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")
_CELL_BORDER = re.compile(f"[{_CELL_BORDERS}]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d., ]+")
_LINE_BREAKS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write_list(products: pa.Table, rejects: pa.Table, path: Path, output_format: OutputFormat) -> list[Path]:
    """Write a list's products (columns of `ProductRow`) and rejects (of `RejectedRow`), and return the paths written.

    Raises:
        OutputNotWritable: naming the path and the cause; a file of that name is then as it was.
    """
    products = products.select(schema(ProductRow).names)
    rejects = rejects.select(schema(RejectedRow).names)
    if output_format is OutputFormat.XLSX:
        sheets = [_plan_sheet("Products", products, _PRODUCT_FROZEN_COLUMNS), _plan_sheet("Rejected", rejects, _REJECT_FROZEN_COLUMNS)]
        return [draw_workbook(sheets, path)]
    files = {path: products, rejected_path(path): rejects}
    for file, table in files.items():
        with atomic_write(file) as temporary:
            _WRITERS[output_format](table.schema, [table], temporary)
    return list(files)


def write_table(title: str, table: pa.Table, path: Path, output_format: OutputFormat) -> Path:
    """Write one table as it is, and return its path; `title` is its sheet's where there are sheets.

    Raises:
        OutputNotWritable: as `write_list`.
    """
    write_tables(title, table.schema, [table], path, output_format)
    return path


def write_tables(title: str, columns: pa.Schema, tables: Iterable[pa.Table], path: Path, output_format: OutputFormat) -> int:
    """Write tables of the same `columns` below one another as they come, and return the number of rows; memory does not grow with them.

    Raises:
        OutputNotWritable: as `write_list`.
    """
    if output_format is not OutputFormat.XLSX:
        with atomic_write(path) as temporary:
            return _WRITERS[output_format](columns, tables, temporary)
    with TemporaryDirectory(prefix="monito-") as folder:  # a sheet says first how many rows it has
        stored = Path(folder) / "rows.parquet"
        count = _write_parquet(columns, tables, stored)
        rows = _StoredRows(stored, count)
        draw_workbook([PlannedSheet(title, record_columns(columns.names), rows, _PRODUCT_FROZEN_COLUMNS)], path)
    return count


def write_frame(title: str, frame: "pd.DataFrame", path: Path, output_format: OutputFormat) -> Path:
    """Write a pandas frame as `write_table` does a table; columns of `ProductRow` have the types that they have in a list's own result."""
    table, types = pa.Table.from_pandas(frame, preserve_index=False), schema(ProductRow)
    columns = [_typed(table.column(name), types.field(name).type) if name in types.names else table.column(name) for name in frame.columns]
    return write_table(title, pa.table(columns, names=list(frame.columns)), path, output_format)


def _typed(column: pa.ChunkedArray, column_type: pa.DataType) -> pa.ChunkedArray:
    """Return the column as one of this type; without a value it may have been taken for any."""
    return pa.nulls(len(column), column_type) if column.null_count == len(column) else column.cast(column_type)


def plain_number(number: Decimal | float) -> str:
    """Return `number` in digits alone: no exponent, no zeros behind the last digit that counts."""
    text = format(number if isinstance(number, Decimal) else Decimal(repr(number)), "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def shield_formula(text: str) -> str:
    """Return `text` for a CSV cell that a spreadsheet will open: an apostrophe stands before each sign that would begin a formula.

    Such a sign is the first of the text, or of a part of it that a program would take for a cell of its own. It gets an apostrophe also
    behind apostrophes, so that taking a single one away from before each of them gives back every text as it was.
    """
    return text if _PLAIN_NUMBER.fullmatch(text) else _FORMULA_START.sub(_shielded, text)


def _shielded(start: re.Match[str]) -> str:
    begins_cell = start.start() == 0 or _CELL_BORDER.search(start["before"])
    return f"{start['before']}'{start['sign']}" if begins_cell else start[0]


def _plan_sheet(title: str, table: pa.Table, frozen_columns: int) -> PlannedSheet:
    return PlannedSheet(title, record_columns(table.column_names), list(_row_tuples(table)), frozen_columns)


def _row_tuples(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for block in table.to_batches(max_chunksize=_BLOCK_ROWS):
        yield from zip(*(column.to_pylist() for column in block.columns), strict=True)


class _StoredRows(Sequence[tuple[Any, ...]]):
    """The rows of a Parquet file, of which a block at a time is in memory; they can be counted and gone through."""

    def __init__(self, path: Path, count: int) -> None:
        self._path, self._count = path, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        with pq.ParquetFile(self._path) as file:
            for block in file.iter_batches(_BLOCK_ROWS):
                yield from _row_tuples(pa.Table.from_batches([block]))

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Any, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | Sequence[tuple[Any, ...]]:
        if index == slice(None):
            return self
        return list(self)[index]


def _write_csv(columns: pa.Schema, tables: Iterable[pa.Table], path: Path) -> int:
    texts = [_csv_text(column.type) for column in columns]
    count = 0
    # The mark at the start tells Excel that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(map(shield_formula, columns.names))
        for table in tables:
            writer.writerows([text(cell) for text, cell in zip(texts, cells, strict=True)] for cells in _row_tuples(table))
            count += table.num_rows
    return count


def _write_jsonl(columns: pa.Schema, tables: Iterable[pa.Table], path: Path) -> int:
    fields = [(f"{encode_basestring(column.name)}: ", _json_text(column.type)) for column in columns]
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for table in tables:
            for cells in _row_tuples(table):
                pairs = [name + ("null" if cell is None else text(cell)) for (name, text), cell in zip(fields, cells, strict=True)]
                file.write("{" + ", ".join(pairs) + "}\n")
            count += table.num_rows
    return count


def _write_parquet(columns: pa.Schema, tables: Iterable[pa.Table], path: Path) -> int:
    count = 0
    with pq.ParquetWriter(path, columns, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
            count += table.num_rows
    return count


def _csv_text(column_type: pa.DataType) -> Callable[[Any], str]:
    """Return the function that makes a CSV cell of a value of this column."""
    text = _value_text(column_type, shield_formula)
    return lambda cell: "" if cell is None else text(cell)


def _json_text(column_type: pa.DataType) -> Callable[[Any], str]:
    """Return the function that makes JSON of a value of this column: the very digits of a decimal, which json.dumps would not give."""
    if pa.types.is_temporal(column_type):
        return lambda at: f'"{at.isoformat()}"'
    return _value_text(column_type, _json_string)


def _json_string(text: str) -> str:
    return encode_basestring(text).translate(_LINE_BREAKS)  # readers that split at any line break see one object a line


def _value_text(column_type: pa.DataType, string_text: Callable[[str], str]) -> Callable[[Any], str]:
    if pa.types.is_decimal(column_type) or pa.types.is_floating(column_type):
        return plain_number
    if pa.types.is_temporal(column_type):
        return lambda at: str(at.isoformat())
    return str if pa.types.is_integer(column_type) else string_text


_WRITERS: dict[OutputFormat, Callable[[pa.Schema, Iterable[pa.Table], Path], int]] = {
    OutputFormat.CSV: _write_csv,
    OutputFormat.JSONL: _write_jsonl,
    OutputFormat.PARQUET: _write_parquet,
}
