"""Rows of long lists derived a part ahead, by others as long as there are any."""

import time
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pytest
from lists import map_inline
from rows import RICE

from monito_ray.catalog.lists.derived_rows import derive_here, derive_row
from monito_ray.catalog.search.entry import index_entry, product_alone
from monito_ray.errors import ClusterUnavailable
from monito_ray.pipeline import short_list
from monito_ray.steps.background import rows_ahead
from monito_ray.steps.background.row_batches import RowBatches

ROWS = [replace(RICE, original_name=f"Rice {number}", source_row=number) for number in range(23)]


class CountedRows(RowBatches):
    """Rows as the driver has them worked on, in this process, and how many of each part."""

    def __init__(self, *, fails_at: int = -1) -> None:
        super().__init__(map_inline, lambda: 1)
        self.parts: list[int] = []
        self._fails_at = fails_at

    def map(self, rows: pa.Table, *rest: object) -> pa.Table:
        """Work on a part."""
        self.parts.append(rows.num_rows)
        if len(self.parts) - 1 == self._fails_at:
            raise ClusterUnavailable("Ray is gone")
        return super().map(rows, *rest)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_list, "SHORT_ROWS", 5)
    monkeypatch.setattr(rows_ahead, "PART_ROWS", 10)


@pytest.mark.parametrize("fails_at", [-1, 0, 1, 2])
def test_each_row_comes_once_in_order(fails_at: int):
    """Whether Ray is there for all parts or not; entries are made of the rows that are a product's first."""
    batches = CountedRows(fails_at=fails_at)
    derived = list(rows_ahead.derive_ahead(batches)(ROWS, [number % 2 == 0 for number in range(23)]))
    assert [row._replace(entry=None) for row in derived] == [derive_row(row) for row in ROWS]
    made = {number: row.entry for number, row in enumerate(derived) if row.entry is not None}
    assert made == {number: index_entry(product_alone(ROWS[number])) for number in range(0, 23, 2)}
    assert batches.parts == [10, 10, 3]


def test_no_more_than_a_part_is_made_ahead():
    """A list is not held in memory as a whole for the second time."""
    batches = CountedRows()
    derived = rows_ahead.derive_ahead(batches)(ROWS, [True] * 23)
    next(derived)
    _wait_for(lambda: len(batches.parts) == 2)
    assert batches.parts == [10, 10]
    derived.close()  # type: ignore[attr-defined]
    assert batches.parts == [10, 10]


def test_short_lists_are_derived_in_the_driver():
    """An execution of Ray Data costs more than their rows."""
    batches = CountedRows()
    assert list(rows_ahead.derive_ahead(batches)(ROWS[:5], [True] * 5)) == list(derive_here(ROWS[:5], [True] * 5))
    assert batches.parts == []


def _wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    pytest.fail("it took too long")
