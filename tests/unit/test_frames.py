"""Records as Arrow tables and back."""

import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import RICE

from monito_ray import frames
from monito_ray.records import FieldConfidence, Method, ProductRow, RawRow, Standard

STANDARDS = st.builds(
    Standard,
    standardized_name=st.text(max_size=5),
    size=st.none() | st.decimals(0, 10**6, places=3).map(Decimal),
    pack_count=st.integers(1, 10**6),
    field_confidence=st.tuples(*[st.floats(0, 1)] * 5).map(FieldConfidence._make),
    method=st.sampled_from(Method),
)


@given(st.lists(STANDARDS, max_size=5))
def test_records_come_back_as_they_were(records: list[Standard]):
    """Every type of field, with nothing between the lines."""
    found = frames.from_table(frames.to_table(records, Standard), Standard)
    assert found == records
    assert [type(record.method) for record in found] == [Method] * len(records)


def test_dates_and_money_come_back():
    """A written row, whose records can be hashed like those that were built."""
    (row,) = frames.from_table(frames.to_table([RICE], ProductRow), ProductRow)
    assert (row, hash(row)) == (RICE, hash(RICE))
    assert (row.list_date, row.price) == (date(2024, 6, 1), Decimal("75000.5"))


def test_a_field_without_a_column_keeps_its_default():
    """A table that an earlier version left, or part of one; a field without a default must have its column."""
    raw = RawRow(source_file="a", source_sheet="s", source_row=1, original_name="Tea", price=Decimal(1), section="Drinks")
    table = frames.to_table([raw], RawRow)
    assert frames.from_table(table.drop_columns("section"), RawRow)[0].section == ""
    with pytest.raises(KeyError, match="original_name"):
        frames.from_table(table.drop_columns("original_name"), RawRow)


def test_a_slice_that_is_copied_travels_without_the_rest():
    """What is pickled of a slice is the whole table it was cut from."""
    raw = [RawRow(source_file="a", source_sheet="s", source_row=row, original_name=f"Tea {row}", price=Decimal(1)) for row in range(1000)]
    table = frames.to_table(raw, RawRow)
    part = frames.slice_copied(table, 10, 20)
    assert frames.from_table(part, RawRow) == raw[10:30]
    assert len(pickle.dumps(part)) < len(pickle.dumps(table)) / 10 < len(pickle.dumps(table.slice(10, 20)))
    assert frames.slice_copied(table, 0, 1000) is table
    assert frames.slice_copied(table.slice(0, 0), 0, 5).num_rows == 0


def test_equal_texts_of_a_long_table_are_one_object():
    """A list says its file and supplier in each row; blanks and absent texts stay what they are."""
    rows = [replace(RICE, original_name=f"Tea {number % 700}", sku="" if number % 2 else "7", source_row=number) for number in range(1_400)]
    found = frames.from_table(frames.to_table(rows, ProductRow), ProductRow)
    assert found == rows
    assert len({id(row.supplier) for row in found}) == 1
    assert len({id(row.original_name) for row in found}) == 700
