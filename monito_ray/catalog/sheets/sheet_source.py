"""What the workbook shows, read from the store: of each offer only what is compared, its rows only where they have to be drawn again."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple, overload

from sqlalchemy import Connection, Date, String, cast, func, or_, select, type_coerce

from monito_ray.catalog.offer_rows import row_of
from monito_ray.catalog.offers import offer_from_row
from monito_ray.catalog.prices import change_log
from monito_ray.catalog.prices.price_history import histories
from monito_ray.catalog.sheets.charts_sheet import PriceLine, most_changed, price_lines
from monito_ray.catalog.sheets.review import (
    NO_CATEGORY_NAMES,
    DoubtEntry,
    ReviewEntry,
    entries_in_doubt,
    far_apart,
    rivals,
    sized_categories,
    unsure_fields,
)
from monito_ray.catalog.sheets.review_sheet import DoubtGroup, DoubtGroups, group_entries
from monito_ray.catalog.sheets.workbook_plan import Catalogue, ListedRows, in_order, listed_rows
from monito_ray.pipeline.units import loose_units
from monito_ray.records import Method, ProductRow
from monito_ray.sheet_model import Cell
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import corrections, offers, products, supplier_lists, supplier_names


class StandingPrice(NamedTuple):
    """What is compared of an offer that stands; see `catalog.offers.Offer`."""

    offer_id: str
    product_id: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    #: As the database has it.
    last_seen: Any
    listed_on: date
    previous_price: Decimal | None
    suspicion: str

    @property
    def updated(self) -> datetime:
        """When the list came; it is looked at where prices and dates are equal, so it is not read for every offer."""
        at = datetime.fromisoformat(self.last_seen) if isinstance(self.last_seen, str) else self.last_seen
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at


class TableProduct(NamedTuple):
    """What the master table shows of a product; see `catalog.offers.Product`."""

    product_id: str
    brand: str
    name: str
    size: Decimal | None
    unit: str
    pack_count: int
    category: str
    first_added: date
    family_id: str
    price_unit: str
    mark: str

    @property
    def last_updated(self) -> date:
        """The day it was added: only products that are offered are read, and their offers have dates of their own."""
        return self.first_added


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
# Amounts are read as the database has them: of all columns their conversion takes the longest.
_PRICES = select(
    offers.c.id,
    offers.c.product_id,
    offers.c.supplier,
    offers.c.currency,
    type_coerce(offers.c.price, String),
    type_coerce(offers.c.base_price, String),
    offers.c.base_unit,
    type_coerce(offers.c.last_seen, String),
    type_coerce(func.coalesce(offers.c.list_date, func.date(offers.c.last_seen), type_=Date), String),
    type_coerce(offers.c.previous_price, String),
    offers.c.suspicion,
).where(~offers.c.is_gone)


_PRODUCTS = select(
    products.c.id,
    products.c.brand,
    products.c.name,
    type_coerce(products.c.size, String),
    products.c.unit,
    products.c.pack_count,
    products.c.category,
    type_coerce(func.date(products.c.first_added, type_=Date), String),
    products.c.family_id,
    products.c.price_unit,
    products.c.mark,
)


def read_catalogue(store: Store) -> tuple[Catalogue, list[PriceLine]]:
    """Return what the sheets show, and the price histories to draw. The rows of a supplier are read when they are looked at."""
    changes = change_log.latest_changes(store)
    with store.read() as connection:
        prices = [_price(*row) for row in connection.execute(_PRICES).all()]
        standing = {price.product_id for price in prices}
        own_products = [_table_product(*row) for row in connection.execute(_PRODUCTS).all() if row[0] in standing]
        doubts = _doubts(connection, own_products, prices)
        lists = _lists(store, connection)
        changed = most_changed(prices)
        names = {product.product_id: product.name for product in own_products}
        lines = price_lines(changed, names, histories(connection, [price.offer_id for price in changed]))
    return Catalogue(own_products, prices, lists, doubts, changes), lines


def _table_product(
    product_id: str, brand: str, name: str, size: Any, unit: str, pack_count: int, category: str, first_added: Any,
    family_id: str, price_unit: str, mark: str,
) -> TableProduct:  # fmt: skip
    amount = None if size is None else _amount(size)
    return TableProduct(
        product_id, brand, name, amount, unit, pack_count, category, _day(first_added), family_id, price_unit, mark
    )  # fmt: skip


def _price(
    offer_id: str, product_id: str, supplier: str, currency: str, price: Any, base_price: Any, unit: str,
    last_seen: Any, listed_on: Any, previous: Any, suspicion: str,
) -> StandingPrice:  # fmt: skip
    base = None if base_price is None else Decimal(base_price)
    before = None if previous is None else Decimal(previous)
    return StandingPrice(
        offer_id, product_id, supplier, currency, Decimal(price), base, unit, last_seen, _day(listed_on), before, suspicion
    )  # fmt: skip


# There are few sizes and few days, in very many rows.
_amount = cache(Decimal)


@cache
def _day(at: Any) -> date:
    return date.fromisoformat(at) if isinstance(at, str) else at


def _doubts(connection: Connection, own_products: Sequence[TableProduct], prices: Sequence[StandingPrice]) -> DoubtGroups[ProductRow]:
    """Return the rows in doubt; the database leaves out those that cannot be."""
    sized, far = sized_categories(own_products), far_apart(prices)
    far_ids = [price.offer_id for price in prices if (price.product_id, price.supplier, price.currency) in far]
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
    return _with_rows(connection, group_entries(entries_in_doubt(lines, sized, far, rivals(prices))))


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


def _lists(store: Store, connection: Connection) -> list[ListedRows]:
    versions, counts = _versions(connection)
    return [
        ListedRows(name, _LazyRows(counts[name], partial(_read_rows, store, name)), versions.get(name, "")) for name in in_order(counts)
    ]


def _read_rows(store: Store, supplier: str) -> list[tuple[Cell, ...]]:
    query = select(offers).where(offers.c.supplier == supplier, ~offers.c.is_gone)
    query = query.order_by(offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id)
    with store.read() as connection:
        return listed_rows([offer_from_row(row) for row in connection.execute(query)])


def _versions(connection: Connection) -> tuple[dict[str, str], dict[str, int]]:
    """Return for each supplier a text that changes when its rows do, and the number of its rows, repeats too.

    Rows follow from the supplier's lists and from people's corrections, under any of its names; sums over the rows notice what else may
    change them.
    """
    parts: dict[str, list[object]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for supplier, task_id, count, repeats, *values in connection.execute(_SUMS):
        parts[supplier].append((task_id, count, *values))
        counts[supplier] += int(count) + int(repeats)
    lists = select(supplier_lists.c.supplier, supplier_lists.c.task_id, supplier_lists.c.written_at)
    for supplier, *values in connection.execute(lists.order_by(supplier_lists.c.task_id)):
        parts[supplier].append(values)
    name = func.coalesce(supplier_names.c.supplier, corrections.c.supplier)
    corrected = select(name, func.count(), func.max(corrections.c.corrected_at))
    corrected = corrected.outerjoin_from(corrections, supplier_names, corrections.c.supplier == supplier_names.c.name).group_by(name)
    for supplier, *values in connection.execute(corrected):
        parts[supplier].append(values)
    versions = {supplier: hashlib.blake2b(repr((supplier, own)).encode(), digest_size=16).hexdigest() for supplier, own in parts.items()}
    return versions, counts


_TEXTS = (
    offers.c.original_name,
    offers.c.standardized_name,
    offers.c.brand,
    offers.c.unit,
    offers.c.category,
    offers.c.price_unit,
    offers.c.doubt,
    offers.c.field_confidence,
)
_SUMS = (
    select(
        offers.c.supplier,
        offers.c.task_id,
        func.count(),
        func.sum(func.json_array_length(offers.c.others)),
        cast(func.max(offers.c.last_seen), String),
        func.sum(offers.c.source_row),
        func.sum(offers.c.pack_count),
        *(func.sum(func.length(column)) for column in _TEXTS),
    )
    .where(~offers.c.is_gone)
    .group_by(offers.c.supplier, offers.c.task_id)
    .order_by(offers.c.supplier, offers.c.task_id)
)


class _LazyRows(Sequence[tuple[Cell, ...]]):
    """Rows that are counted already, and read when one of them is looked at."""

    def __init__(self, count: int, read: Callable[[], Sequence[tuple[Cell, ...]]]) -> None:
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self._read())

    @overload
    def __getitem__(self, index: int) -> tuple[Cell, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Cell, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Cell, ...] | Sequence[tuple[Cell, ...]]:
        return self._read()[index]
