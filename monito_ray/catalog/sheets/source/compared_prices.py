"""The products and prices that are compared, read from the store as they are needed: there are hundreds of thousands."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, Select, String, func, select, type_coerce

from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers, products


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
#: Rows that are turned into ours before the next are fetched, so that their memory is used again.
_ROWS_AT_ONCE = 500
# A named tuple's own way to make one takes twice the time.
_new_tuple: Any = tuple.__new__


def read_prices(connection: Connection) -> list[StandingPrice]:
    """Return the price of every offer that stands."""
    return _read(connection, _PRICES)


def read_prices_of(connection: Connection, product_ids: Sequence[str]) -> list[StandingPrice]:
    """Return the prices of these products."""
    return _read(connection, _PRICES.where(has_one_of(connection, offers.c.product_id, product_ids)))


def read_moved_prices(connection: Connection) -> list[StandingPrice]:
    """Return the prices that were others in an earlier list."""
    return _read(connection, _PRICES.where(offers.c.previous_price.is_not(None)))


def read_products(connection: Connection, ids: Collection[str]) -> list[TableProduct]:
    """Return the products with these ids."""
    return [_table_product(row) for part in connection.execute(_PRODUCTS).partitions(_ROWS_AT_ONCE) for row in part if row[0] in ids]


def _read(connection: Connection, query: Select[Any]) -> list[StandingPrice]:
    return [_price(row) for part in connection.execute(query).partitions(_ROWS_AT_ONCE) for row in part]


# There are few sizes and few days, in very many rows.
_amount = cache(Decimal)


@cache
def _day(at: Any) -> date:
    return date.fromisoformat(at) if isinstance(at, str) else at


def _price(row: Sequence[Any]) -> StandingPrice:
    offer_id, product_id, supplier, currency, price, base_price, base_unit, last_seen, listed_on, previous, suspicion = row
    base = None if base_price is None else Decimal(base_price)
    before = None if previous is None else Decimal(previous)
    own = offer_id, product_id, supplier, currency, Decimal(price), base, base_unit, last_seen, _day(listed_on), before, suspicion
    price_read: StandingPrice = _new_tuple(StandingPrice, own)
    return price_read


def _table_product(row: Sequence[Any]) -> TableProduct:
    product_id, brand, name, size, unit, pack_count, category, first_added, family_id, price_unit, mark = row
    amount = None if size is None else _amount(size)
    own = product_id, brand, name, amount, unit, pack_count, category, _day(first_added), family_id, price_unit, mark
    product: TableProduct = _new_tuple(TableProduct, own)
    return product
