"""The catalogue: products and each supplier's current offers, written list by list and read as a whole."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Row, bindparam, case, insert, select, update

from monito_ray.catalog.articles.identity import identity, identity_hash
from monito_ray.catalog.changes import (
    CatalogChanges,
    CatalogPlan,
    ExistingOffer,
    OfferKey,
    PlannedOffer,
    PlannedProduct,
    plan_offers,
    plan_products,
)
from monito_ray.catalog.suppliers.supplier_names import settle_suppliers
from monito_ray.pipeline.products.build import to_frame
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow
from monito_ray.store.database import Store, batched, has_one_of, new_id
from monito_ray.store.schema import catalog_writes, offers, price_history, products

if TYPE_CHECKING:
    import pandas as pd

_ROW_FIELDS = ProductRow.__slots__
#: Rows that one transaction writes. Longer lists take several, so that the writes of short lists come between.
SLICE_ROWS = 200
#: Pause between two slices. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02

# Statements are built once: building one takes longer than running it.
_WRITE_OF_TASK = select(catalog_writes).where(catalog_writes.c.task_id == bindparam("task"))
_ADD_PRODUCT, _ADD_OFFER, _ADD_PRICE, _ADD_WRITE = insert(products), insert(offers), insert(price_history), insert(catalog_writes)
_CHANGE_WRITE = update(catalog_writes).where(catalog_writes.c.task_id == bindparam("task"))
_CHANGE_PRODUCT = (
    update(products)
    .where(products.c.id == bindparam("changed_id"))
    .values(
        last_updated=bindparam("at"),
        # The first category of a product stays; otherwise it would alternate between the words of two suppliers.
        category=case(((products.c.category == "") | (products.c.category == OTHER), bindparam("new_category")), else_=products.c.category),
    )
)
_CHANGE_OFFER = (
    update(offers)
    .where(offers.c.id == bindparam("changed_id"))
    .values({name: bindparam(f"new_{name}") for name in (*_ROW_FIELDS, "others", "task_id", "last_seen")})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product and pack; times are aware UTC."""

    #: Never changes, whatever happens to the other fields.
    product_id: str
    brand: str
    name: str
    size: Decimal | None
    unit: str
    pack_count: int
    category: str
    first_added: datetime
    last_updated: datetime
    #: Equal for all sizes and packs of one thing.
    family_id: str = ""
    #: What the price is for, canonical: "kg", "carton"; "" where nothing says.
    price_unit: str = ""
    #: What tells it from a product that is otherwise equal, as a supplier wrote it: an article number, a section; "" where nothing has to.
    mark: str = ""

    @property
    def label(self) -> str:
        """The product in one line: name, brand, size and pack, and what tells it apart: "Cola, Teratai, 330 ml × 24"."""
        content = f"{self.size.normalize():f} {self.unit}" if self.size is not None else ""
        pack = f"{content} × {self.pack_count}".lstrip() if self.pack_count != 1 else content
        return ", ".join(part for part in (self.name, self.brand, pack, self.mark) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one supplier's newest list with the article says: an offer that stands."""

    product_id: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    #: When a list of the supplier had the product last.
    updated: datetime
    row: ProductRow
    #: Rows of that list that repeat `row` in all that a buyer sees, in list order.
    others: tuple[ProductRow, ...] = ()
    #: Never changes, whatever happens to the other fields.
    offer_id: str = ""
    #: When the article came first.
    first_seen: datetime | None = None
    #: The price before the last change; None where it never changed.
    previous_price: Decimal | None = None
    #: Why the price may be wrong beside the other offers for the product, "" for no reason; such a price is no best one.
    suspicion: str = ""

    @property
    def listed_on(self) -> date:
        """The date of the price: that of the list, where it has none the day it came."""
        return self.row.list_date or self.updated.date()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole catalogue at one moment."""

    #: Ordered by name, brand, unit and pack.
    products: tuple[Product, ...]
    #: Ordered by supplier, then as in the list.
    offers: tuple[Offer, ...]


def upsert(
    store: Store, task_id: str, rows: Sequence[ProductRow], now: datetime, confirm: Callable[[Connection], None] = lambda _: None
) -> CatalogChanges:
    """Write a list to the catalogue and return what changed. A second call for the same task changes nothing and returns the same.

    Rows go to the supplier whose name theirs is, also by a former name or with another legal form; see `suppliers.supplier_names`.

    A long list is written in slices of about `SLICE_ROWS` rows, each in a transaction. A call that was interrupted is continued by the
    next call with the slice after the last one written. `confirm` is called in each transaction, and raises when the caller's lease is
    lost.

    Raises:
        StoreUnavailable: the slices written until then stay.
    """
    slices = split_by_product(rows, SLICE_ROWS)
    changes = _write_next_slice(store, task_id, slices, now, confirm)
    while changes is None:
        time.sleep(_PAUSE_S)
        changes = _write_next_slice(store, task_id, slices, now, confirm)
    return changes


def split_by_product(rows: Sequence[ProductRow], most: int) -> list[list[ProductRow]]:
    """Split rows into slices of about `most`, with all rows of one product in one slice. Equal lists give equal slices."""
    by_product: dict[str, list[ProductRow]] = defaultdict(list)
    for row in rows:
        by_product[identity_hash(identity(row))].append(row)
    slices: list[list[ProductRow]] = [[]]
    for group in by_product.values():
        if len(slices[-1]) >= most:
            slices.append([])
        slices[-1] += group
    return slices


def _write_next_slice(
    store: Store, task_id: str, slices: Sequence[Sequence[ProductRow]], now: datetime, confirm: Callable[[Connection], None]
) -> CatalogChanges | None:
    """Write the first slice that is not written yet; return the changes of all slices once it was the last, else None."""
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        earlier = _write_of(connection, task_id)
        if earlier and not earlier.slices_left:
            return CatalogChanges(earlier.products_new, earlier.prices_changed)
        index = len(slices) - earlier.slices_left if earlier else 0
        plan = _plan(connection, settle_suppliers(connection, slices[index], task_id, now))
        _write_products(connection, plan.products, now)
        _write_offers(connection, plan.offers, task_id, now)
        new, changed = (earlier.products_new, earlier.prices_changed) if earlier else (0, 0)
        changes = CatalogChanges(new + plan.changes.products_new, changed + plan.changes.prices_changed)
        slices_left = len(slices) - index - 1
        values = {
            "products_new": changes.products_new,
            "prices_changed": changes.prices_changed,
            "slices_left": slices_left,
            "written_at": now,
        }
        if earlier:
            connection.execute(_CHANGE_WRITE, {"task": task_id, **values})
        else:
            connection.execute(_ADD_WRITE, {"task_id": task_id, **values})
    return None if slices_left else changes


def written_changes(store: Store, task_id: str) -> CatalogChanges | None:
    """Return what a task's list changed; None while it is not written, or not completely."""
    with store.read() as connection:
        write = _write_of(connection, task_id)
    return None if write is None or write.slices_left else CatalogChanges(write.products_new, write.prices_changed)


def _write_of(connection: Connection, task_id: str) -> Row[Any] | None:
    return connection.execute(_WRITE_OF_TASK, {"task": task_id}).one_or_none()


def snapshot(store: Store) -> Snapshot:
    """Return the whole catalogue, read in one transaction."""
    by_name = select(products).order_by(products.c.name, products.c.brand, products.c.unit, products.c.pack_count, products.c.id)
    by_supplier = select(offers).order_by(
        offers.c.supplier, offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id
    )
    with store.read() as connection:
        all_products = tuple(product_from_row(row) for row in connection.execute(by_name))
        all_offers = tuple(_offer(row) for row in connection.execute(by_supplier))
    return Snapshot(all_products, all_offers)


def products_of(store: Store, product_ids: Sequence[str]) -> dict[str, tuple[Product, tuple[Offer, ...]]]:
    """Return the products with these ids, each with its offers; ids without a product are omitted."""
    by_id: dict[str, Product] = {}
    its_offers: dict[str, list[Offer]] = defaultdict(list)
    with store.read() as connection:
        for part in batched(product_ids):
            by_id |= {row.id: product_from_row(row) for row in connection.execute(select(products).where(products.c.id.in_(part)))}
            for row in connection.execute(select(offers).where(offers.c.product_id.in_(part)).order_by(offers.c.supplier, offers.c.id)):
                its_offers[row.product_id].append(_offer(row))
    return {product_id: (product, tuple(its_offers[product_id])) for product_id, product in by_id.items()}


def frame(store: Store) -> "pd.DataFrame":
    """Return the catalogue as a table of offers: `product_id`, the columns of `ProductRow`, `updated`."""
    all_offers = snapshot(store).offers
    table = to_frame([offer.row for offer in all_offers])
    table.insert(0, "product_id", [offer.product_id for offer in all_offers])
    table["updated"] = [offer.updated for offer in all_offers]
    return table


def _plan(connection: Connection, rows: Sequence[ProductRow]) -> CatalogPlan:
    hashes = list({identity_hash(identity(row)) for row in rows})
    query = select(products.c.identity_hash, products.c.id).where(has_one_of(connection, products.c.identity_hash, hashes))
    existing_ids = {row.identity_hash: row.id for row in connection.execute(query)}
    planned = plan_products(rows, existing_ids, new_id)
    existing_offers: dict[OfferKey, ExistingOffer] = {}
    columns = (offers.c.product_id, offers.c.supplier, offers.c.currency, offers.c.id, offers.c.price, offers.c.list_date)
    for part in batched([product.product_id for product in planned if not product.is_new]):
        for product_id, supplier, currency, *values in connection.execute(select(*columns).where(offers.c.product_id.in_(part))):
            existing_offers[product_id, supplier, currency] = ExistingOffer(*values)
    return plan_offers(rows, planned, existing_offers, new_id)


def _write_products(connection: Connection, planned: Sequence[PlannedProduct], now: datetime) -> None:
    new = [
        {
            "id": product.product_id,
            "identity_hash": product.identity_hash,
            "brand": product.row.brand,
            "name": product.row.standardized_name,
            "size": product.row.size,
            "unit": product.row.unit,
            "pack_count": product.row.pack_count,
            "category": product.row.category,
            "first_added": now,
            "last_updated": now,
        }
        for product in planned
        if product.is_new
    ]
    existing = [
        {"changed_id": product.product_id, "new_category": product.row.category, "at": now} for product in planned if not product.is_new
    ]
    _execute_each(connection, _ADD_PRODUCT, new)
    _execute_each(connection, _CHANGE_PRODUCT, existing)


def _write_offers(connection: Connection, planned: Sequence[PlannedOffer], task_id: str, now: datetime) -> None:
    new = [
        {"id": offer.offer_id, "product_id": offer.product_id, **_columns(offer), "task_id": task_id, "first_seen": now, "last_seen": now}
        for offer in planned
        if offer.is_new
    ]
    existing = [
        {"changed_id": offer.offer_id}
        | {f"new_{name}": value for name, value in (_columns(offer) | {"task_id": task_id, "last_seen": now}).items()}
        for offer in planned
        if not offer.is_new
    ]
    prices = [
        {
            "offer_id": offer.offer_id,
            "price": offer.row.price,
            "base_price": offer.row.base_price,
            "list_date": offer.row.list_date,
            "seen_at": now,
            "task_id": task_id,
        }
        for offer in planned
        if offer.is_new or offer.price_changed
    ]
    _execute_each(connection, _ADD_OFFER, new)
    _execute_each(connection, _CHANGE_OFFER, existing)
    _execute_each(connection, _ADD_PRICE, prices)


def _execute_each(connection: Connection, statement: Executable, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)


def _columns(offer: PlannedOffer) -> dict[str, Any]:
    own = {name: getattr(offer.row, name) for name in _ROW_FIELDS}
    return own | {"others": [_to_json(row) for row in offer.others]}


def _to_json(row: ProductRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _ROW_FIELDS}
    return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in values.items()}


def _from_json(values: Mapping[str, Any]) -> ProductRow:
    numbers = {name: None if values[name] is None else Decimal(values[name]) for name in ("size", "price", "base_price", "min_quantity")}
    list_date = values["list_date"] and date.fromisoformat(values["list_date"])
    return ProductRow(**{**values, **numbers, "list_date": list_date, "method": Method(values["method"])})


def product_from_row(row: Row[Any]) -> Product:
    """Return the product of a row that has the columns of `products`."""
    return Product(
        product_id=row.id,
        brand=row.brand,
        name=row.name,
        size=row.size,
        unit=row.unit,
        pack_count=row.pack_count,
        category=row.category,
        first_added=row.first_added,
        last_updated=row.last_updated,
    )


def _offer(row: Row[Any]) -> Offer:
    values = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    own = {name: values[name] for name in _ROW_FIELDS} | {"method": Method(values["method"])}
    return Offer(
        product_id=row.product_id,
        supplier=row.supplier,
        currency=row.currency,
        price=row.price,
        base_price=row.base_price,
        base_unit=row.base_unit,
        updated=row.last_seen,
        row=ProductRow(**own),
        others=tuple(_from_json(other) for other in row.others),
        offer_id=row.id,
        first_seen=row.first_seen,
    )
