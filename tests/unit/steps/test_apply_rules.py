"""Validation and rules: a list comes out the same on both roads."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import map_inline, never_stop
from raw_rows import RAW_ROWS

from monito_ray import frames
from monito_ray.pipeline import short_list
from monito_ray.records import RawRow
from monito_ray.steps.apply_rules import standardize_rows
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.validate import validate_rows


@settings(deadline=None, max_examples=40)  # the first example loads the dictionaries
@given(rows=st.lists(RAW_ROWS, max_size=30), lenient=st.booleans())
def test_both_roads_give_the_same_tables(rows: list[RawRow], lenient: bool):
    """In one process, or in slices of six rows and blocks of three: good rows, rejects and standards are equal to the byte."""
    raw = frames.to_table(rows, RawRow)
    short = short_list.validate_and_standardize(raw, lenient=lenient)
    batches = RowBatches(map_inline, lambda: 1)
    good, rejects = validate_rows(batches, raw, never_stop, lenient=lenient, block_rows=3)
    by_rules = standardize_rows(batches, good, never_stop, block_rows=3)
    for one, other in ((short.good, good), (short.rejects, rejects), (short.by_rules, by_rules)):
        assert _bytes(one) == _bytes(other)


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())
