"""Rows of a sheet in little memory."""

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.catalog.sheets.reading.compact_rows import CompactRows

CELLS = st.tuples(*[st.sampled_from(["", "a", 1, 2.5])] * 4)


@given(st.lists(st.tuples(st.tuples(st.sampled_from("abc")), CELLS)))
def test_rows_come_back_as_they_were(rows: list[tuple[tuple[str, ...], tuple[str | int | float, ...]]]):
    """Of two rows with one key the first is there, with its empty cells."""
    compact = CompactRows(4, rows)
    assert dict(compact) == dict(reversed(rows))
    assert len(compact) == len({key for key, _ in rows})
