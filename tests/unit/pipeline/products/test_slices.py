"""Standardizing slice by slice gives what standardizing the whole list gives."""

from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_rows import RAW_ROWS

from monito_ray import frames
from monito_ray.pipeline.products import rules, slices
from monito_ray.records import RawRow, Standard


def _sliced(table: pa.Table, ends: list[int]) -> list[pa.Table]:
    starts = sorted({0, *(end for end in ends if end < table.num_rows)})
    return [table.slice(start, end - start) for start, end in zip(starts, [*starts[1:], table.num_rows], strict=True)]


@settings(max_examples=25, deadline=None)  # the first example loads the dictionaries
@given(rows=st.lists(RAW_ROWS, min_size=8, max_size=30), ends=st.lists(st.integers(1, 29), min_size=1, max_size=4))
def test_slices_give_what_the_whole_list_gives(rows: list[RawRow], ends: list[int]):
    """Wherever a list is cut, in either pass, the table is the same to the byte."""
    good = frames.to_table(rows, RawRow)
    measured = pa.concat_tables([slices.measure(part) for part in _sliced(good, ends)])
    context = slices.collect_context(measured)
    standards = pa.concat_tables([slices.standardize(part, context) for part in _sliced(measured, ends[1:] or ends)])
    assert standards.equals(frames.to_table(rules.standardize(rows), Standard))


def test_rows_that_kill_keep_their_names_and_say_nothing_of_the_list():
    """Left out of the first pass or of the second, a row is written under its name alone, and others come out as without it."""
    rows = [
        RawRow(source_file="a", source_sheet="s", source_row=n, original_name=f"Zarvex {n} Popcorn", price=Decimal(1)) for n in range(3)
    ]
    good = frames.to_table(rows, RawRow)
    measured = pa.concat_tables([slices.measure(good.slice(0, 2)), slices.leave_unmeasured(good.slice(2))])
    context = slices.collect_context(measured)
    assert context == slices.collect_context(measured.slice(0, 2))
    bare = Standard(standardized_name="Zarvex 2 Popcorn")
    assert frames.from_table(slices.standardize(measured, context), Standard)[2] == bare
    assert frames.from_table(slices.leave_unstandardized(measured), Standard)[2] == bare
