"""Conversion of records to Arrow tables and back; rows cross processes and are stored in Parquet as tables."""

import types
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

R = TypeVar("R")
#: Money and sizes: as exact and as large as the store's `NUMERIC(28, 6)`.
DECIMAL = pa.decimal128(28, 6)
_STEP = Decimal("0.000001")
_ARROW: dict[type, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32(), Decimal: DECIMAL}


@cache
def schema(record_type: type) -> pa.Schema:
    """Return the Arrow schema of a record type: a column for each field, in order; decimals are `DECIMAL`."""
    hints = get_type_hints(record_type)
    return pa.schema([pa.field(f.name, _arrow_type(hints[f.name])) for f in fields(record_type)])


def to_table(records: Sequence[Any], record_type: type) -> pa.Table:
    """Return `records`, all of `record_type`, as one table."""
    table_schema = schema(record_type)
    columns = []
    for column in table_schema:
        values = [getattr(record, column.name) for record in records]
        if column.type == DECIMAL:
            values = [None if value is None else value.quantize(_STEP) for value in values]
        columns.append(pa.array(values, column.type))
    return pa.Table.from_arrays(columns, schema=table_schema)


def from_table(table: pa.Table, record_type: type[R]) -> list[R]:
    """Return the rows of `table` as records. Columns that are no fields are ignored; fields without a column keep their default."""
    hints = get_type_hints(record_type)
    names = [f.name for f in fields(record_type) if f.name in table.column_names]  # type: ignore[arg-type]
    columns: list[Iterable[Any]] = []
    for name in names:
        values = table.column(name).to_pylist()
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            values = [hint(value) for value in values]
        columns.append(values)
    return [record_type(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _arrow_type(hint: Any) -> pa.DataType:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if issubclass(hint, StrEnum):
        return pa.string()
    return _ARROW[hint]
