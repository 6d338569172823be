"""What the catalogue needs of the rows of a long list, made by other processes a part ahead of the one that is written."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from monito_ray import log
from monito_ray.catalog.lists.derived_rows import (
    DerivedRow,
    DeriveRows,
    derive_here,
    derive_table,
    derived_rows,
    leave_underived,
    table_of_rows,
)
from monito_ray.catalog.lists.keys_ahead import OFFERS_AHEAD
from monito_ray.errors import ClusterUnavailable
from monito_ray.pipeline import short_list
from monito_ray.records import ProductRow
from monito_ray.steps.background.row_batches import RowBatches

#: Rows that are made at a time: as many as the driver takes at once, so that it never waits for a second part. A block takes about half a second.
PART_ROWS, BLOCK_ROWS = OFFERS_AHEAD, 1_250


def derive_ahead(batches: RowBatches) -> DeriveRows:
    """Return what derives the rows of long lists on `batches`, and those of short ones in this process."""

    def derive(rows: Sequence[ProductRow], is_first: Sequence[bool]) -> Iterator[DerivedRow]:
        return derive_here(rows, is_first) if len(rows) <= short_list.SHORT_ROWS else _derive(batches, rows, is_first)

    return derive


def _derive(batches: RowBatches, rows: Sequence[ProductRow], is_first: Sequence[bool]) -> Iterator[DerivedRow]:
    parts = [slice(start, start + PART_ROWS) for start in range(0, len(rows), PART_ROWS)]
    with ThreadPoolExecutor(1, "rows-ahead") as thread:
        ahead = [thread.submit(_derive_part, batches, rows[parts[0]], is_first[parts[0]])]
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            table = ahead.pop().result()
            if following is not None:
                ahead.append(thread.submit(_derive_part, batches, rows[following], is_first[following]))
            yield from derive_here(rows[part], is_first[part]) if table is None else derived_rows(rows[part], table)


def _derive_part(batches: RowBatches, rows: Sequence[ProductRow], is_first: Sequence[bool]) -> pa.Table | None:
    """Return what is made of some rows, None where there is nobody to make it: a write that has begun goes on."""
    try:
        return batches.map(table_of_rows(rows, is_first), derive_table, leave_underived, BLOCK_ROWS, lambda: None)
    except ClusterUnavailable as error:
        log.warning("rows.derived_here", message="the rows of a long list are worked on in the driver", cause=str(error))
        return None
