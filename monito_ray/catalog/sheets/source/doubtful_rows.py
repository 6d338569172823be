"""The rows in doubt, read from the store, which leaves out those that cannot be."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, String, func, or_, select, type_coerce

from monito_ray.catalog.offer_rows import row_of
from monito_ray.catalog.sheets.review import (
    NO_CATEGORY_NAMES,
    DoubtEntry,
    ReviewEntry,
    entries_in_doubt,
    far_apart,
    is_usually_sized,
    rivals,
    unsure_fields,
)
from monito_ray.catalog.sheets.review_sheet import DoubtGroup, DoubtGroups, group_entries
from monito_ray.catalog.sheets.source.compared_prices import read_shared_prices
from monito_ray.pipeline.units import loose_units
from monito_ray.records import Method, ProductRow
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers, products


class _DoubtfulRow(NamedTuple):
    """What of a row says whether it is in doubt, and where it stands in the order; named as in `ProductRow`."""

    id: str
    product_id: str
    suspicion: str
    original_name: str
    category: str
    price_unit: str
    currency: str
    supplier: str
    source_file: str
    source_row: int
    confidence: float
    method: str
    field_confidence: str
    doubt: str
    #: A number or its text: whether there is one is all that counts.
    size: object


_DOUBT_COLUMNS = (*(offers.c[name] for name in _DoubtfulRow._fields[:-1]), type_coerce(offers.c.size, String))
_STANDING_PRODUCTS = select(offers.c.product_id).where(~offers.c.is_gone)
_SIZES_BY_CATEGORY = (
    select(products.c.category, func.count(), func.count(products.c.size))
    .where(products.c.id.in_(_STANDING_PRODUCTS))
    .group_by(products.c.category)
)


def read_doubts(connection: Connection) -> DoubtGroups[ProductRow]:
    """Return what Review shows."""
    shared = read_shared_prices(connection)  # without another price there is none to be far from
    sized = {category for category, count, with_size in connection.execute(_SIZES_BY_CATEGORY) if is_usually_sized(count, with_size)}
    far = far_apart(shared)
    far_ids = [price.offer_id for price in shared if (price.product_id, price.supplier, price.currency) in far]
    confidences = connection.execute(select(offers.c.field_confidence).distinct()).scalars()
    unsure = [confidence for confidence in confidences if unsure_fields(confidence)]
    in_doubt = or_(
        offers.c.doubt != "",
        offers.c.suspicion != "",
        offers.c.currency == "",
        func.lower(offers.c.category).in_(sorted(NO_CATEGORY_NAMES)),
        has_one_of(connection, offers.c.field_confidence, unsure),
        has_one_of(connection, offers.c.id, far_ids),
        offers.c.size.is_(None)
        & has_one_of(connection, offers.c.category, sorted(sized))
        & offers.c.price_unit.not_in(sorted(loose_units())),
    )
    query = select(*_DOUBT_COLUMNS).where(~offers.c.is_gone, offers.c.method != Method.MANUAL, in_doubt)
    lines = ((row, row.product_id, row.suspicion) for row in map(_DoubtfulRow._make, connection.execute(query).all()))
    return _with_rows(connection, group_entries(entries_in_doubt(lines, sized, far, rivals(shared))))


def _with_rows(connection: Connection, doubts: DoubtGroups[_DoubtfulRow]) -> DoubtGroups[ProductRow]:
    """Give the entries that the sheet shows their whole rows."""
    ids = [entry.row.id for group in doubts.groups for entry in group.shown]
    query = select(offers).where(has_one_of(connection, offers.c.id, ids))
    rows = {row.id: row_of(row) for row in connection.execute(query)}
    groups = [
        DoubtGroup(group.count, group.why, group.supplier, group.examples, tuple(_with_row(entry, rows) for entry in group.shown))
        for group in doubts.groups
    ]
    return DoubtGroups(tuple(groups), doubts.left_out)


def _with_row(entry: DoubtEntry[_DoubtfulRow], rows: Mapping[str, ProductRow]) -> ReviewEntry:
    return DoubtEntry(entry.why, rows[entry.row.id], entry.product_id, entry.stake, entry.has_rivals)
