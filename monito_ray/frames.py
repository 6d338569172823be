"""Conversion of records to Arrow tables and back; rows cross processes and are stored in Parquet as tables."""

import types
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

R = TypeVar("R")
#: Money and sizes: as exact and as large as the store's `NUMERIC(28, 6)`.
DECIMAL = pa.decimal128(28, 6)
_STEP = Decimal("0.000001")
#: Columns of so many texts are looked through for equal ones; in shorter ones that takes longer than it is worth.
_SHARED_FROM = 500
_ARROW: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    Decimal: DECIMAL,
}


@cache
def schema(record_type: type) -> pa.Schema:
    """Return the Arrow schema of a record type: a column for each field, in order; decimals are `DECIMAL`, named tuples lists of floats."""
    hints = get_type_hints(record_type)
    return pa.schema([pa.field(f.name, _arrow_type(hints[f.name])) for f in fields(record_type)])


def to_table(records: Sequence[Any], record_type: type) -> pa.Table:
    """Return `records`, all of `record_type`, as one table."""
    table_schema = schema(record_type)
    columns = []
    for column in table_schema:
        values = list(map(attrgetter(column.name), records))
        if column.type == DECIMAL:
            values = [None if value is None else value.quantize(_STEP) for value in values]
        columns.append(pa.array(values, column.type))
    return pa.Table.from_arrays(columns, schema=table_schema)


def slice_copied(table: pa.Table, start: int, rows: int) -> pa.Table:
    """Return a copy of some rows of `table`; the whole table where it has no others. A slice that is pickled takes all rows of its table along."""
    part = table.slice(start, rows)
    if part.num_rows == table.num_rows:
        return table
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, part.schema) as stream:
        stream.write_table(part)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def from_table(table: pa.Table, record_type: type[R]) -> list[R]:
    """Return the rows of `table` as records. Columns that are no fields are ignored; fields without a column keep their default.

    Records are filled column by column through their slots: their constructor would take twice as long. So they must have slots and no
    `__post_init__`.
    """
    hints = get_type_hints(record_type)
    records = [object.__new__(record_type) for _ in range(table.num_rows)]
    for field in fields(record_type):  # type: ignore[arg-type]
        values = _values(table, field, hints[field.name])
        deque(map(getattr(record_type, field.name).__set__, records, values), maxlen=0)
    return records


def to_parquet(records: Sequence[Any], record_type: type) -> bytes:
    """Return `records` as the bytes of a Parquet file, small rather than fast: a list of a thousand rows has some 40 KB."""
    sink = pa.BufferOutputStream()
    pq.write_table(to_table(records, record_type), sink, compression="zstd", write_statistics=False)
    return bytes(sink.getvalue().to_pybytes())


def from_parquet(content: bytes, record_type: type[R]) -> list[R]:
    """Return the records that `to_parquet` was called with."""
    return from_table(pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False), record_type)


def _values(table: pa.Table, field: "Field[Any]", hint: Any) -> Iterable[Any]:
    """Return the values of a field for each row of `table`."""
    if field.name not in table.column_names:
        if field.default is MISSING:
            raise KeyError(field.name)
        return repeat(field.default)
    if _is_named_floats(hint):
        return _named_floats(table.column(field.name), hint)
    column = table.column(field.name)
    values: list[Any] = _texts(column) if column.type == pa.string() and len(column) >= _SHARED_FROM else column.to_pylist()
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        members = {value: hint(value) for value in set(values)}
        return map(members.__getitem__, values)
    return values


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    """Return the texts of a column. Equal ones are one object: a list says the same file, supplier and section in each of its rows."""
    encoded = column.combine_chunks().dictionary_encode()
    texts = [*encoded.dictionary.to_pylist(), None]
    return [texts[index] for index in pc.fill_null(encoded.indices, len(texts) - 1).to_numpy(zero_copy_only=False).tolist()]


def _is_named_floats(hint: Any) -> bool:
    """Whether `hint` is a `NamedTuple`; those that travel hold floats alone."""
    return isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields")


def _named_floats(column: pa.ChunkedArray, hint: Any) -> Iterable[Any]:
    """Return the tuples of a column; rows that are equal share theirs, since few differ."""
    flat = column.combine_chunks().flatten().to_pylist()
    width = len(hint._fields)
    shared: dict[tuple[float, ...], Any] = {}
    rows = zip(*[iter(flat)] * width, strict=True)
    return [shared.setdefault(row, hint._make(row)) if row not in shared else shared[row] for row in rows]


def _arrow_type(hint: Any) -> pa.DataType:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if issubclass(hint, StrEnum):
        return pa.string()
    if _is_named_floats(hint):
        return pa.list_(pa.float64(), len(hint._fields))
    return _ARROW[hint]
