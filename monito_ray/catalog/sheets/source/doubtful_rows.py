"""The rows in doubt, read from the store, which leaves out those that cannot be."""

from collections import Counter
from collections.abc import Collection, Mapping
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
from monito_ray.catalog.sheets.source.compared_prices import read_prices_of
from monito_ray.pipeline.units import loose_units
from monito_ray.records import PRICE_OF_PICTURE, Method, ProductRow
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
# Counted here: the database would look each product up, which takes five times as long as to read them.
_STANDING = select(offers.c.product_id).where(~offers.c.is_gone)
_CATEGORIES = select(products.c.id, products.c.category, products.c.size.is_not(None))


def read_doubts(connection: Connection) -> DoubtGroups[ProductRow]:
    """Return what Review shows."""
    counts = Counter(product_id for (product_id,) in connection.execute(_STANDING).all())
    shared = read_prices_of(
        connection, [product_id for product_id, count in counts.items() if count > 1]
    )  # else there is none to be far from
    sized = _sized_categories(connection, counts)
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
    may_be_doubted = or_(offers.c.method != Method.MANUAL, offers.c.doubt.startswith(PRICE_OF_PICTURE), offers.c.suspicion != "")
    query = select(*_DOUBT_COLUMNS).where(~offers.c.is_gone, may_be_doubted, in_doubt)
    lines = ((row, row.product_id, row.suspicion) for row in map(_DoubtfulRow._make, connection.execute(query).all()))
    return _with_rows(connection, group_entries(entries_in_doubt(lines, sized, far, rivals(shared))))


def _sized_categories(connection: Connection, standing: Collection[str]) -> set[str]:
    """Return the categories in which a product without a size is odd; `standing` are the products that are offered."""
    kinds = Counter(
        (category, has_size) for product_id, category, has_size in connection.execute(_CATEGORIES).all() if product_id in standing
    )
    total = Counter[str]()
    for (category, _), count in kinds.items():
        total[category] += count
    return {category for category, count in total.items() if is_usually_sized(count, kinds[category, True])}


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
