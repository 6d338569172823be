"""The catalogue as Arrow tables, part by part: what is exported, in memory that does not grow with it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from monito_ray import frames
from monito_ray.catalog.offer_rows import repeats_of, row_of
from monito_ray.records import ProductRow
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, products

#: Offers of a table: some 20 MB while they are Python objects.
_MOST_OFFERS = 5_000
_IDS = pa.schema([("product_id", pa.string()), ("family_id", pa.string())])
_TIMES = pa.schema([("updated", pa.timestamp("us", tz="UTC"))])
#: The columns of `offers.frame`.
SCHEMA = pa.schema([*_IDS, *frames.schema(ProductRow), *_TIMES])


def offer_tables(store: Store) -> Iterator[pa.Table]:
    """Yield the rows of `offers.frame`, by supplier and as in its lists, as tables of `SCHEMA`; all are of one moment."""
    order = offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id
    columns = select(offers, products.c.family_id).join(products, products.c.id == offers.c.product_id)
    with store.read() as connection:
        suppliers = connection.execute(select(offers.c.supplier).distinct().order_by(offers.c.supplier)).scalars().all()
        for supplier in suppliers:
            query = columns.where(offers.c.supplier == supplier, ~offers.c.is_gone).order_by(*order)
            result = connection.execution_options(yield_per=_MOST_OFFERS).execute(query)
            for part in result.partitions():
                yield _table(part)


def _table(part: Sequence[Any]) -> pa.Table:
    rows = [(row, written) for row in part for written in (row_of(row), *repeats_of(row))]
    written = frames.to_table([own for _, own in rows], ProductRow)
    ids = [pa.array([getattr(row, name) for row, _ in rows], _IDS.field(name).type) for name in _IDS.names]
    times = [pa.array([row.last_seen for row, _ in rows], _TIMES.field(0).type)]
    return pa.Table.from_arrays([*ids, *written.columns, *times], schema=SCHEMA)
