"""What the process of long lists asks of the driver."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from monito_ray.steps.context import Stopped
from monito_ray.steps.long_lists.remote_services import MOST_ROWS_SENT, RemoteBatches


class _Driver:
    """A channel to a driver that works on rows by itself."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def call(self, name: str, number: int, rows: pa.Table, function: Callable[[pa.Table], pa.Table], *_: Any) -> pa.Table:
        assert (name, number) == ("map_rows", 7)
        self.sizes.append(rows.num_rows)
        return function(rows)


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, [0]),
        (10, [10]),
        (MOST_ROWS_SENT, [MOST_ROWS_SENT]),
        (2 * MOST_ROWS_SENT + 5, [MOST_ROWS_SENT, MOST_ROWS_SENT, 5]),
    ],
)
def test_the_driver_has_a_part_of_a_very_long_list_at_a_time(count: int, sizes: list[int]):
    """Rows come back in order, whatever the parts."""
    driver = _Driver()
    rows = pa.table({"row": pa.array(range(count), pa.int64())})
    mapped = RemoteBatches(driver, 7).map(rows, lambda part: part, lambda part: part, 5_000, lambda: None)
    assert (mapped, driver.sizes) == (rows, sizes)


def test_a_very_long_list_stops_between_parts():
    """A person cancelled it."""
    driver = _Driver()
    rows = pa.table({"row": pa.array(range(MOST_ROWS_SENT + 1), pa.int64())})

    def check_stop() -> None:
        if driver.sizes:
            raise Stopped

    with pytest.raises(Stopped):
        RemoteBatches(driver, 7).map(rows, lambda part: part, lambda part: part, 5_000, check_stop)
    assert driver.sizes == [MOST_ROWS_SENT]
