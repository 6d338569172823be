"""A short list in one go: read, judged, and standardized by the rules. To hand it from one process to the next would take longer."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from monito_ray import frames
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.price_list import Hints, PriceList
from monito_ray.records import RawRow, Standard

SHORT_ROWS = 500


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as read; where more was done at once, `judged` is as `validation.validate` makes it, and `by_rules` has a standard for each good row."""

    read: PriceList
    judged: pa.Table | None = None
    by_rules: Sequence[Standard] = ()


def read_only(data: bytes, file_name: str, hints: Hints) -> ListRead:
    """Read a list and leave it at that; raises as `reading.read`."""
    return ListRead(price_list.read_price_list(data, file_name, hints))


def read_and_standardize(data: bytes, file_name: str, hints: Hints, *, lenient: bool) -> ListRead:
    """Read a list and, when it has `SHORT_ROWS` at the most and none of its tables is in doubt, go on; raises as `reading.read`."""
    with gc_paused():
        found = price_list.read_price_list(data, file_name, hints)
        if found.doubtful or found.rows.num_rows > SHORT_ROWS:
            return ListRead(found)
        judged = validation.validate(found.rows, lenient=lenient)
        good, _ = validation.partition(judged)
        return ListRead(found, judged, rules.standardize(frames.from_table(good, RawRow)))
