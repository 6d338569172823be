"""Law 1: rows are conserved."""

from collections import Counter
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import Inline

from monito_ray import frames
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.rows import validation
from monito_ray.records import RawRow
from monito_ray.steps.validate import judge_together

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
LISTS = st.lists(st.tuples(st.lists(ROWS, max_size=12), st.booleans()), min_size=1, max_size=4)


@settings(deadline=None)
@given(LISTS)
def test_every_row_is_written_rejected_or_a_duplicate(lists: list[tuple[list[RawRow], bool]]):
    """Whatever stands in the lists that are judged together, each row of each list comes out of it exactly once."""
    tables = [(frames.to_table(rows, RawRow), is_lenient) for rows, is_lenient in lists]
    for (rows, _), judged in zip(lists, judge_together(Inline(), tables), strict=True):
        good, rejects = validation.partition(judged)
        raw = frames.from_table(good, RawRow)
        written = build.build_products(raw, rules.standardize(raw))
        assert _places(good) + _places(rejects) == Counter((row.original_name, row.source_row) for row in rows)
        assert [(row.original_name, row.price) for row in written] == [(row.original_name, row.price) for row in raw]
        assert all(rejects.column("reason").to_pylist())


def _places(table: pa.Table) -> Counter[tuple[str, int]]:
    return Counter(zip(table.column("original_name").to_pylist(), table.column("source_row").to_pylist(), strict=True))
