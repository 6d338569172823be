"""Law 1: rows are conserved."""

from collections import Counter
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import map_inline, never_stop

from monito_ray import frames
from monito_ray.pipeline.products import build
from monito_ray.records import RawRow, Standard
from monito_ray.steps.apply_rules import standardize_rows
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.validate import validate_rows

TEXTS = st.sampled_from(
    ["", "Beras 5 kg", "TOTAL", "Grand total", "Minyak 2 L", "12 x 330 ml Cola", "=1+1", "-", "Рис 1 кг", "call", "n/a"]
)
ROWS = st.builds(
    RawRow,
    source_file=st.just("june.csv"),
    source_sheet=st.just("csv"),
    source_row=st.integers(1, 10**6),
    original_name=TEXTS,
    price=st.none() | st.decimals(-10, 10**9, places=2).map(Decimal),
    price_text=TEXTS,
    section=TEXTS,
    unit_text=TEXTS,
    size_text=TEXTS,
    min_quantity=st.text(max_size=5),
    cells=st.just("[]"),
    fingerprint=st.sampled_from(["", "a", "b", "c"]),
    role=st.sampled_from(["", "section", "note"]),
)
BATCHES = RowBatches(map_inline, lambda: 1)


@settings(deadline=None)
@given(st.lists(ROWS, max_size=12), st.booleans())
def test_every_row_is_written_rejected_or_a_duplicate(rows: list[RawRow], lenient: bool):
    """Whatever stands in a list, each of its rows comes out of it exactly once."""
    good, rejects = validate_rows(BATCHES, frames.to_table(rows, RawRow), never_stop, lenient=lenient, block_rows=3)
    raw = frames.from_table(good, RawRow)
    standards = frames.from_table(standardize_rows(BATCHES, good, never_stop, block_rows=3), Standard)
    written = build.build_products(raw, standards)
    assert _places(good) + _places(rejects) == Counter((row.original_name, row.source_row) for row in rows)
    assert [(row.original_name, row.price) for row in written] == [(row.original_name, row.price) for row in raw]
    assert all(rejects.column("reason").to_pylist())


def _places(table: pa.Table) -> Counter[tuple[str, int]]:
    return Counter(zip(table.column("original_name").to_pylist(), table.column("source_row").to_pylist(), strict=True))
